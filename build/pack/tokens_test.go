package main

import "testing"

func TestTokensAreShortened(t *testing.T) {
	assets := map[string]asset{
		"icons.svg":  {mime: mimeTypes[".svg"], data: []byte(`<path stroke="var(--color-cut)"/>`)},
		"words.json": {mime: mimeTypes[".json"], data: []byte(`{"a":"--color-line"}`)},
	}
	const css = `:root{--color-line:#fff;--color-line-soft:#eee;--color-cut:var(--color-line)}p{margin:-1px;color:var(--color-line-soft);border-color:var(--color-line)}`
	const want = `:root{--0:#fff;--1:#eee;--color-cut:var(--0)}p{margin:-1px;color:var(--1);border-color:var(--0)}`
	if got := string(shortenTokens([]byte(css), assets)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
