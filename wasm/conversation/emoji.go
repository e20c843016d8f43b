package conversation

import "unicode/utf8"

// MaxEmoji bounds an emoji in bytes: the longest that exists today, two people kissing with two skin tones, has 35.
const MaxEmoji = 64

// Code points that join others into one emoji.
const (
	joiner      = 0x200d
	emojiStyle  = 0xfe0f
	keycap      = 0x20e3
	firstTag    = 0xe0020
	lastTag     = 0xe007e
	cancelTag   = 0xe007f
	firstTone   = 0x1f3fb
	lastTone    = 0x1f3ff
	firstLetter = 0x1f1e6 // regional indicators, of which two are a flag
	lastLetter  = 0x1f1ff
)

// emojiBlocks are where emoji lie, also those that later versions of Unicode put there: what is accepted must not
// depend on the version that a client was built with.
var emojiBlocks = [...][2]rune{
	{0xa9, 0xa9}, {0xae, 0xae}, {0x203c, 0x203c}, {0x2049, 0x2049}, {0x2122, 0x2122}, {0x2139, 0x2139},
	{0x2190, 0x21ff}, {0x2300, 0x23ff}, {0x24c2, 0x24c2}, {0x25a0, 0x27bf}, {0x2934, 0x2935}, {0x2b00, 0x2bff},
	{0x3030, 0x3030}, {0x303d, 0x303d}, {0x3297, 0x3297}, {0x3299, 0x3299}, {0x1f000, 0x1faff},
}

// Emoji says whether s is one emoji as UTS #51 composes them: a flag of two letters, a keycap, or elements joined by
// U+200D, each a character of the emoji blocks with at most a skin tone or U+FE0F and at most a sequence of tags.
func Emoji(s string) bool {
	if len(s) == 0 || len(s) > MaxEmoji || !utf8.ValidString(s) {
		return false
	}
	r := []rune(s)
	switch {
	case len(r) == 2 && letter(r[0]):
		return letter(r[1])
	case len(r) == 3 && r[2] == keycap:
		return r[1] == emojiStyle && (r[0] == '#' || r[0] == '*' || '0' <= r[0] && r[0] <= '9')
	}
	for {
		rest, ok := element(r)
		switch {
		case !ok:
			return false
		case len(rest) == 0:
			return true
		case rest[0] != joiner:
			return false
		}
		r = rest[1:]
	}
}

func letter(r rune) bool { return firstLetter <= r && r <= lastLetter }

// element takes one element off the beginning.
func element(r []rune) (rest []rune, ok bool) {
	if len(r) == 0 || letter(r[0]) || !inBlocks(r[0]) {
		return nil, false
	}
	r = r[1:]
	if len(r) > 0 && (r[0] == emojiStyle || firstTone <= r[0] && r[0] <= lastTone) {
		r = r[1:]
	}
	tags := 0
	for tags < len(r) && firstTag <= r[tags] && r[tags] <= lastTag {
		tags++
	}
	switch {
	case tags == 0:
		return r, true
	case tags == len(r) || r[tags] != cancelTag:
		return nil, false
	}
	return r[tags+1:], true
}

func inBlocks(r rune) bool {
	for _, b := range emojiBlocks {
		if b[0] <= r && r <= b[1] {
			return true
		}
	}
	return false
}
