package search

import (
	"sync"
	"unicode"
	"unicode/utf8"
)

// The letters of whole blocks as they are folded: one for each code point from the block's first on.
const (
	// U+00C0 to U+024F
	foldedLatin = "aaaaaaæceeeeiiiidnooooo×ouuuuyþßaaaaaaæceeeeiiiidnooooo÷ouuuuyþyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii" +
		"ĳĳjjkkĸllllllŀŀllnnnnnnŉŋŋooooooœœrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzsƀɓƃƃƅƅɔƈƈɖɗƌƌƍǝəɛƒƒɠɣƕɩɨƙƙƚƛɯɲƞɵooƣƣƥƥʀƨƨʃƪƫ" +
		"ƭƭʈuuʊʋƴƴƶƶʒƹƹƺƻƽƽƾƿǀǁǂǃǆǆǆǉǉǉǌǌǌaaiioouuuuuuuuuuǝaaaaææǥǥggkkooooʒʒjǳǳǳggƕƿnnaaææøøaaaaeeeeiiiioooorrrruuuussttȝȝhhƞȡȣȣȥȥ" +
		"aaeeooooooooyyȴȵȶȷȸȹⱥȼȼƚⱦȿɀɂɂƀʉʌɇɇɉɉɋɋɍɍɏɏ"
	// U+1E00 to U+1EFF
	foldedLatinMore = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv" +
		"wwwwwwwwwwxxxxyyzzzzzzhtwyẚsẜẝßẟaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyỻỻỽỽỿỿ"
	// U+0386 to U+03CE
	foldedGreek = "α·εηι΋ο΍υωιαβγδεζηθικλμνξοπρ΢στυφχψωιυαεηιυαβγδεζηθικλμνξοπρσστυφχψωιυουω"
	// U+1F00 to U+1FFF
	foldedGreekMore = "ααααααααααααααααεεεεεε἖἗εεεεεε἞἟ηηηηηηηηηηηηηηηηιιιιιιιιιιιιιιιιοοοοοο὆὇οοοοοο὎὏υυυυυυυυ὘υ὚υ὜υ὞υωωωωωωωωωωωωωωωωααεεηηιιοουυωω὾὿" +
		"ααααααααααααααααηηηηηηηηηηηηηηηηωωωωωωωωωωωωωωωωααααα᾵ααααααα᾽ι᾿῀῁ηηη῅ηηεεηηη῍῎῏ιιιι῔῕ιιιιιι῜῝῞῟υυυυρρυυυυυυρ῭΅`῰῱ωωω῵ωωοοωωω´῾῿"
)

// block is a range of code points with what each is folded to.
type block struct {
	first  rune
	folded []rune
}

var blocks = sync.OnceValue(func() []block {
	return []block{
		{0xc0, []rune(foldedLatin)}, {0x386, []rune(foldedGreek)}, {0x1e00, []rune(foldedLatinMore)}, {0x1f00, []rune(foldedGreekMore)},
	}
})

// Letters that are folded to several.
var spelled = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'œ': "oe", 'ĳ': "ij", 'þ': "th", 'ǆ': "dz", 'ǉ': "lj", 'ǌ': "nj", 'ǳ': "dz",
	'ﬀ': "ff", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬃ': "ffi", 'ﬄ': "ffl", 'ﬅ': "st", 'ﬆ': "st",
}

// appendFolded appends r as it counts; nothing for what does not count at all.
func appendFolded(to []byte, r rune) []byte {
	switch {
	case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		return append(to, byte(r))
	case 'A' <= r && r <= 'Z':
		return append(to, byte(r)+'a'-'A')
	case r < 0xc0 && r != 0xad:
		return utf8.AppendRune(to, r)
	case unseen(r):
		return to
	case 0xff01 <= r && r <= 0xff5e: // full width
		return appendFolded(to, r-0xff00+' ')
	case r == 'ё' || r == 'Ё':
		return append(to, "е"...)
	}
	for _, b := range blocks() {
		if b.first <= r && r < b.first+rune(len(b.folded)) {
			r = b.folded[r-b.first]
			break
		}
	}
	if s, ok := spelled[r]; ok {
		return append(to, s...)
	}
	return utf8.AppendRune(to, unicode.ToLower(r))
}

// unseen says whether a character belongs to the one before it, or is not seen: accents and points that are written on
// their own, and controls of joining, direction and form.
func unseen(r rune) bool {
	switch {
	case 0x300 <= r && r <= 0x36f, // accents
		0x591 <= r && r <= 0x5bd, r == 0x5bf, r == 0x5c1, r == 0x5c2, r == 0x5c4, r == 0x5c5, r == 0x5c7, // Hebrew points
		0x610 <= r && r <= 0x61a, r == 0x640, 0x64b <= r && r <= 0x65f, r == 0x670, // Arabic marks
		0x200b <= r && r <= 0x200f, 0x202a <= r && r <= 0x202e, 0x2060 <= r && r <= 0x2064, 0x2066 <= r && r <= 0x2069,
		0xfe00 <= r && r <= 0xfe0f, r == 0xfeff, r == 0xad, 0xe0000 <= r && r <= 0xe01ef, 0x1f3fb <= r && r <= 0x1f3ff:
		return true
	}
	return false
}

// Fold gives a text as it counts.
func Fold(s string) string {
	folded := make([]byte, 0, len(s))
	for _, r := range s {
		folded = appendFolded(folded, r)
	}
	return string(folded)
}
