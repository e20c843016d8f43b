package search

import "unicode/utf8"

// Bounds: of a term in bytes, and of the terms of one text. What is beyond is not indexed.
const (
	MaxTerm  = 32
	maxTerms = 4096
)

// Word is a word of a text: folded, with its place in the text in bytes. Of a script without spaces it is all that
// stands beside each other.
type Word struct {
	Text       string
	Start, End int
	Dense      bool // of a script without spaces
}

// class says what a character is part of.
type class uint8

const (
	between class = iota
	spaced
	dense
	symbol // a word by itself
)

func classOf(r rune) class {
	switch {
	case r < 0x80:
		if 'a' <= r|0x20 && r|0x20 <= 'z' || '0' <= r && r <= '9' || r == '_' {
			return spaced
		}
		return between
	case withoutSpaces(r):
		return dense
	case 0x2600 <= r && r <= 0x27bf, 0x1f000 <= r && r <= 0x1faff:
		return symbol
	}
	for _, s := range separators {
		if s[0] <= r && r <= s[1] {
			return between
		}
	}
	return spaced
}

// separators are the punctuation, spaces and signs beyond ASCII. What a letter is stands in package unicode, whose tables
// would be 10 kB of what a browser loads; what is missed here only makes a word longer.
var separators = [...][2]rune{
	{0x80, 0xa9}, {0xab, 0xb4}, {0xb6, 0xb9}, {0xbb, 0xbf}, {0xd7, 0xd7}, {0xf7, 0xf7}, {0x37e, 0x37e}, {0x387, 0x387}, {0x55a, 0x55f},
	{0x589, 0x58a}, {0x5be, 0x5be}, {0x5c0, 0x5c0}, {0x5c3, 0x5c3}, {0x5c6, 0x5c6}, {0x5f3, 0x5f4}, {0x609, 0x60d}, {0x61b, 0x61f},
	{0x66a, 0x66d}, {0x6d4, 0x6d4}, {0x700, 0x70d}, {0x964, 0x965}, {0x970, 0x970}, {0xdf4, 0xdf4}, {0x10fb, 0x10fb}, {0x1360, 0x1368},
	{0x1400, 0x1400}, {0x166d, 0x166e}, {0x1680, 0x1680}, {0x169b, 0x169c}, {0x16eb, 0x16ed}, {0x1800, 0x180a}, {0x2000, 0x206f},
	{0x20a0, 0x20cf}, {0x2190, 0x25ff}, {0x27c0, 0x2bff}, {0x2e00, 0x2e7f}, {0x3000, 0x3004}, {0x3008, 0x3020}, {0x3030, 0x3030},
	{0x303d, 0x303f}, {0xa4fe, 0xa4ff}, {0xa60d, 0xa60f}, {0xa874, 0xa877}, {0xa8ce, 0xa8cf}, {0xe000, 0xf8ff}, {0xfd3e, 0xfd3f},
	{0xfe10, 0xfe1f}, {0xfe30, 0xfe6f}, {0xff00, 0xff0f}, {0xff1a, 0xff20}, {0xff3b, 0xff40}, {0xff5b, 0xff65}, {0xffe0, 0xffff},
}

// withoutSpaces says whether r is of a script that puts no spaces between words, or hangs much on them: Thai to Myanmar,
// Khmer, Hangul, kana, Han.
func withoutSpaces(r rune) bool {
	return 0xe00 <= r && r <= 0xeff || 0x1000 <= r && r <= 0x109f || 0x1100 <= r && r <= 0x11ff || 0x1780 <= r && r <= 0x17ff ||
		0x2e80 <= r && r <= 0x2fdf || 0x3005 <= r && r <= 0x3007 || 0x3041 <= r && r <= 0x31ff || 0x3400 <= r && r <= 0x9fff ||
		0xac00 <= r && r <= 0xd7ff || 0xf900 <= r && r <= 0xfaff || 0xff66 <= r && r <= 0xff9d || 0x20000 <= r && r <= 0x3ffff
}

// each calls f with the words of a text, in order, until it says no.
func each(text string, f func(Word) bool) {
	var folded []byte
	start, end, now := 0, 0, between
	flush := func() bool {
		ok := len(folded) == 0 || f(Word{Text: string(folded), Start: start, End: end, Dense: now == dense})
		folded = folded[:0]
		return ok
	}
	for i, r := range text {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[i:])
		}
		if r >= 0x80 && unseen(r) {
			if len(folded) > 0 {
				end = i + size
			}
			continue
		}
		c := classOf(r)
		if c != now || c == symbol {
			if !flush() {
				return
			}
			start, now = i, c
		}
		if c != between {
			folded, end = appendFolded(folded, r), i+size
		}
	}
	flush()
}

// Terms gives what a text is found by, each once.
func Terms(text string) []string {
	seen := map[string]bool{}
	var terms []string
	add := func(term string) {
		if !seen[term] && len(terms) < maxTerms {
			seen[term] = true
			terms = append(terms, term)
		}
	}
	each(text, func(w Word) bool {
		if !w.Dense {
			add(cut(w.Text))
			return true
		}
		grams(w.Text, add)
		return len(terms) < maxTerms
	})
	return terms
}

// grams calls f with every two characters that stand beside each other, and with the last one.
func grams(s string, f func(string)) {
	before := -1
	for i := range s {
		if before >= 0 {
			_, size := utf8.DecodeRuneInString(s[i:])
			f(s[before : i+size])
		}
		before = i
	}
	f(s[before:])
}

// cut gives the beginning of a term, whole characters.
func cut(term string) string {
	if len(term) <= MaxTerm {
		return term
	}
	end := 0
	for i := range term {
		if i > MaxTerm {
			break
		}
		end = i
	}
	return term[:end]
}
