package frontend

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// TestTheSpriteHasEveryIcon compares the names that scripts may use, which the type checker knows, with the symbols.
func TestTheSpriteHasEveryIcon(t *testing.T) {
	script, err := os.ReadFile("js/ui/icons.js")
	if err != nil {
		t.Fatal(err)
	}
	sprite, err := os.ReadFile("assets/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"mark"}
	for _, line := range regexp.MustCompile(`@typedef \{[^}]*\} (?:Icon|Sign)Name`).FindAllString(string(script), -1) {
		for _, m := range regexp.MustCompile(`'(\w+)'`).FindAllStringSubmatch(line, -1) {
			names = append(names, m[1])
		}
	}
	var symbols []string
	for _, m := range regexp.MustCompile(`<symbol id="(\w+)"`).FindAllSubmatch(sprite, -1) {
		symbols = append(symbols, string(m[1]))
	}
	slices.Sort(names)
	slices.Sort(symbols)
	if !slices.Equal(names, symbols) || len(names) < 20 {
		t.Errorf("names %q, symbols %q", names, symbols)
	}
	if m := regexp.MustCompile(`<(?:script|foreignObject|image|a)\b|\bhref=|\bon\w+=`).Find(sprite); m != nil {
		t.Errorf("the sprite has %s", m)
	}
}
