package frontend

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// readable is the contrast that WCAG 2.2 asks for of text (success criterion 1.4.3).
const readable = 4.5

var token = regexp.MustCompile(`(--[a-z0-9-]+): (?:light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|(#[0-9a-f]{6}));`)

// tint is the colour of an account, as what is behind letters and as words.
var tint = regexp.MustCompile(`\[data-tint="(\d)"\] \{ --tint: (#[0-9a-f]{6}); --name: light-dark\(var\(--tint\), (#[0-9a-f]{6})\); \}`)

// luminance is that of a colour as #rrggbb (WCAG 2.2, relative luminance).
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(colour[1:], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i, weight := range []float64{0.0722, 0.7152, 0.2126} {
		c := float64(n>>(8*i)&0xff) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// TestNamesCanBeRead holds the colours of the names of those who write, and of letters on avatars, against what is
// behind them in both themes.
func TestNamesCanBeRead(t *testing.T) {
	css, err := os.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string][2]string{}
	for _, m := range token.FindAllStringSubmatch(string(css), -1) {
		tokens[m[1]] = [2]string{m[2] + m[4], m[3] + m[4]}
	}
	for _, m := range tint.FindAllStringSubmatch(string(css), -1) {
		tokens["--tint-"+m[1]], tokens["--name-"+m[1]] = [2]string{m[2], m[2]}, [2]string{m[2], m[3]}
	}
	for i := range 8 {
		for theme, of := range []string{"light", "dark"} {
			for _, pair := range [][2]string{{"--name-%d", "--color-other"}, {"--name-%d", "--color-canvas"}, {"--tint-%d", "--color-on-fill"}} {
				front, back := tokens[fmt.Sprintf(pair[0], i)][theme], tokens[pair[1]][theme]
				if c := contrast(t, front, back); c < readable {
					t.Errorf("%s on %s in %s: %.2f, want %v", fmt.Sprintf(pair[0], i), pair[1], of, c, readable)
				}
			}
		}
	}
	if c := contrast(t, "#ffffff", "#000000"); math.Abs(c-21) > 0.01 {
		t.Errorf("white on black: %.2f, want 21", c)
	}
}
