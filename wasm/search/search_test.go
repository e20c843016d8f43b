package search_test

import (
	"slices"
	"strings"
	"testing"

	"sotto/wasm/search"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Hello_World 7", "hello_world 7"}, {"GRÜSSE", "grusse"}, {"Grüße", "grusse"}, {"Ærøskøbing", "aeroskobing"}, {"Łódź", "lodz"},
		{"İstanbul IĞDIR ılık", "istanbul igdir ilik"}, {"Việt Nam", "viet nam"}, {"e\u0301tude", "etude"}, {"ÉTUDE", "etude"},
		{"Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", "οδυσσευσ οδυσσευσ"}, {"ЁЛКА ёлка й", "елка елка й"}, {"Ｆｕｌｌ　１２", "full　12"}, {"ﬁne ﬀ", "fine ff"},
		{"שָׁלוֹם", "שלום"}, {"مُحَمَّد", "محمد"}, {"a\u200bb\u00adc\u202ed", "abcd"}, {"हिन्दी", "हिन्दी"}, {"👍🏽", "👍"}, {"×÷", "×÷"}, {"Ｈ", "h"},
	} {
		if got := search.Fold(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
		if again := search.Fold(c.want); again != c.want {
			t.Errorf("%q folds on to %q", c.want, again)
		}
	}
}

func TestTerms(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Don't panic, don't!", "don t panic"}, {"", ""}, {" \n\t.,;", ""}, {"a1 B2_c", "a1 b2_c"}, {"https://Example.org/x?y=1", "https example org x y 1"},
		{"東京タワー", "東京 京タ タワ ワー ー"}, {"東", "東"}, {"go東京go", "go 東京 京"}, {"안녕 하", "안녕 녕 하"}, {"สวัสดี", "สว วั ัส สด ดี ี"},
		{"ok 👍👍 🇩🇪", "ok 👍 🇩 🇪"}, {"word " + strings.Repeat("x", 1000), "word " + strings.Repeat("x", 32)},
		{"«Ça»—va? „gut“ ¿qué? ،مرحبا؟ 、你 №5 €20", "ca va gut que مرحبا 你 №5 20"}, {"\xff\xfe x", "x"},
		{strings.Repeat("ä̈", 40), strings.Repeat("a", 32)}, {"x" + strings.Repeat("ж", 40), "x" + strings.Repeat("ж", 15)},
	} {
		if got := strings.Join(search.Terms(c.text), " "); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		query, text string
		want        []string // what matches
	}{
		{"hel", "Hello, HELP the other", []string{"Hel", "HEL"}},
		{"etude", "mes E\u0301tudes", []string{"E\u0301tude"}},
		{"strasse", "Straße und Straßen", []string{"Straße", "Straße"}},
		{"stras", "Straße", []string{"Straß"}},
		{"two words", "words, then two", []string{"words", "two"}},
		{"two words", "two only", nil},
		{"ello", "hello", nil},
		{"京タ", "東京タワー", []string{"京タ"}},
		{"東京", "go東京go", []string{"東京"}},
		{"go東", "go東京", []string{"go東"}},
		{"👍", "yes 👍🏽!", []string{"👍🏽"}},
		{"a\u0301\u0301\u0301", "ábc", []string{"á"}},
		{"...", "...", nil},
		{"", "x", nil},
	} {
		spans, ok := search.Parse(c.query).Match(c.text)
		var got []string
		for _, s := range spans {
			got = append(got, c.text[s.Start:s.End])
		}
		if ok != (c.want != nil) || ok && !slices.Equal(got, c.want) {
			t.Errorf("%q in %q: %q, %t, want %q", c.query, c.text, got, ok, c.want)
		}
	}
}

func TestHostileTexts(t *testing.T) {
	many := "a" + strings.Repeat("\u0301", 10_000) + "b"
	if got := search.Terms(many); !slices.Equal(got, []string{"ab"}) {
		t.Errorf("%d terms", len(got))
	}
	if spans, ok := search.Parse("a").Match(many); !ok || spans[0] != (search.Span{End: len(many) - 1}) {
		t.Errorf("%v", spans)
	}
	long := strings.Repeat("x", 128<<10)
	if got := search.Terms(long); len(got) != 1 || len(got[0]) != search.MaxTerm {
		t.Errorf("%d terms", len(got))
	}
	if _, ok := search.Parse(long[:100]).Match(long); !ok {
		t.Error("the beginning of a long word is not found")
	}
	var words strings.Builder
	for i := range rune(20_000) {
		words.WriteRune(0x4e00 + i)
	}
	if got := search.Terms(words.String()); len(got) != 4096 {
		t.Errorf("%d terms", len(got))
	}
}

func TestPlaces(t *testing.T) {
	all := search.Sorted([]search.Place{{Log: 2, Position: 9}, {Log: 0, Position: 5}, {Log: 2, Position: 1}, {Log: 0, Position: 0}, {Log: 2, Position: 9}})
	want := search.Places{{Log: 0, Position: 0}, {Log: 0, Position: 5}, {Log: 2, Position: 1}, {Log: 2, Position: 9}}
	if !slices.Equal(all, want) {
		t.Errorf("sorted %v", all)
	}
	if got, err := search.Decode(all.Encode()); err != nil || !slices.Equal(got, all) {
		t.Errorf("decoded %v, %v", got, err)
	}
	some := search.Places{{Log: 0, Position: 5}, {Log: 1, Position: 5}, {Log: 2, Position: 9}}
	if got := all.Intersect(some); !slices.Equal(got, search.Places{{Log: 0, Position: 5}, {Log: 2, Position: 9}}) {
		t.Errorf("both %v", got)
	}
	if got := all.Union(some); len(got) != 5 || got[2] != (search.Place{Log: 1, Position: 5}) {
		t.Errorf("union %v", got)
	}
	if got := all.Without(search.Place{Log: 2, Position: 1}); len(got) != 3 || len(all) != 4 || len(all.Without(search.Place{Log: 7})) != 4 {
		t.Errorf("without %v", got)
	}
	for _, bad := range [][]byte{{0}, {0, 0}, {0, 1}, {0, 2, 1}, {0, 2, 1, 0}, {1, 1, 1, 0, 1, 1}, {0x80}, {0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}} {
		if got, err := search.Decode(bad); err == nil {
			t.Errorf("%x is %v", bad, got)
		}
	}
}
