package frontend

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	comment     = regexp.MustCompile(`(?s)/\*.*?\*/`)
	declaration = regexp.MustCompile(`(?m)^\s*([a-z-]+)\s*:\s*([^;{}]+);`)
	colour      = regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch|color)a?\(|\b(?:white|black|red|green|blue|gray|grey|orange|yellow|purple)\b`)
	time        = regexp.MustCompile(`\b\d*\.?\d+m?s\b`)
	pixels      = regexp.MustCompile(`\b(\d*\.?\d+)px\b`)
	physical    = regexp.MustCompile(`^(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)|left|right|border-(?:left|right)-.*|border-(?:top|bottom)-(?:left|right)-radius)$`)
	sided       = regexp.MustCompile(`^(?:margin|padding|inset|scroll-margin|scroll-padding)$`)
)

// bySide are declarations that rightly name a side of the page, and turn it themselves: a message has the direction of its
// text, and who wrote it stands on the side of the page.
var bySide = map[string]bool{"css/sotto-message.css left": true, "css/sotto-message.css right": true}

// parts cuts a value at the spaces outside of brackets.
func parts(value string) []string {
	var found []string
	depth, word := 0, ""
	for _, r := range value + " " {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ' ' && depth == 0:
			if word != "" {
				found = append(found, word)
			}
			word = ""
			continue
		}
		word += string(r)
	}
	return found
}

// faults says what is wrong with one declaration.
func faults(property, value string) []string {
	var found []string
	if physical.MatchString(property) || slices.Contains([]string{"left", "right"}, value) && slices.Contains([]string{"float", "clear", "text-align"}, property) {
		found = append(found, "names a side of the page: right-to-left does not turn it")
	}
	if p := parts(value); sided.MatchString(property) && len(p) == 4 && p[1] != p[3] {
		found = append(found, "gives left and right different values: right-to-left does not turn them")
	}
	if colour.MatchString(value) {
		found = append(found, "has a colour of its own")
	}
	if time.MatchString(value) {
		found = append(found, "has a time of its own")
	}
	if property == "border-radius" && !strings.Contains(value, "var(") && value != "0" && value != "inherit" {
		found = append(found, "has a radius of its own")
	}
	for _, m := range pixels.FindAllStringSubmatch(value, -1) {
		if size, _ := strconv.ParseFloat(m[1], 64); size > 5 {
			found = append(found, "has a size in pixels: text that is made larger does not change it")
		}
	}
	return found
}

// TestStylesFollowTheTokensAndTheDirection finds colours, times and radii that are not tokens, sizes that do not grow
// with the text, and what right-to-left would not turn around.
func TestStylesFollowTheTokensAndTheDirection(t *testing.T) {
	seen := 0
	walk(t, "css", ".css", func(name string, data []byte) {
		if path.Base(name) == "tokens.css" {
			return
		}
		for _, m := range declaration.FindAllStringSubmatch(comment.ReplaceAllString(string(data), ""), -1) {
			seen++
			if bySide[name+" "+m[1]] {
				continue
			}
			for _, fault := range faults(m[1], strings.TrimSpace(m[2])) {
				t.Errorf("%s: %s: %s %s", name, m[1], m[2], fault)
			}
		}
	})
	if seen < 500 {
		t.Fatalf("found only %d declarations: the test looks in the wrong place", seen)
	}
	for _, bad := range [][2]string{
		{"margin-left", "1rem"}, {"text-align", "right"}, {"padding", "1px 2px 1px 3px"}, {"color", "#fff"}, {"background", "rgb(0 0 0 / 5%)"},
		{"transition", "color 200ms"}, {"border-radius", "4px"}, {"width", "200px"}, {"right", "0"}, {"color", "white"},
	} {
		if len(faults(bad[0], bad[1])) == 0 {
			t.Errorf("%s: %s is not found", bad[0], bad[1])
		}
	}
}
