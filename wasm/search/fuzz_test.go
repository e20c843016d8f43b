package search_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sotto/wasm/search"
)

// FuzzFind holds a query against the terms of a text: a text that matches is found by its index.
func FuzzFind(f *testing.F) {
	for _, s := range [][2]string{
		{"strasse", "Straße"}, {"京タ", "東京タワー"}, {"a\u0301", "ábc"}, {"👍", "👍🏽"}, {"ok go", "go, ok"}, {"\xff", "\xff\xffx"}, {"ー", "ワー"},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		q := search.Parse(query)
		spans, ok := q.Match(text)
		for i, s := range spans {
			if s.Start < 0 || s.Start >= s.End || s.End > len(text) || i > 0 && s.Start <= spans[i-1].End ||
				utf8.ValidString(text) && !utf8.ValidString(text[s.Start:s.End]) {
				t.Fatalf("spans %v in %q", spans, text)
			}
		}
		terms := search.Terms(text)
		if !ok || len(terms) >= 4096 {
			return
		}
		for _, wanted := range q.Terms() {
			if !slices.ContainsFunc(terms, func(term string) bool { return strings.HasPrefix(term, wanted) }) {
				t.Errorf("%q matches %q, whose terms %q have no %q", query, text, terms, wanted)
			}
		}
	})
}

func FuzzPlaces(f *testing.F) {
	f.Add(search.Places{{Log: 1, Position: 2}, {Log: 1, Position: 300}, {Log: 4, Position: 1}}.Encode())
	f.Add([]byte{0, 1, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := search.Decode(data)
		if err != nil {
			return
		}
		again, err := search.Decode(p.Encode())
		if err != nil || !slices.Equal(again, p) || !slices.Equal(search.Sorted(slices.Clone(p)), p) {
			t.Errorf("%x: %v, again %v, %v", data, p, again, err)
		}
	})
}
