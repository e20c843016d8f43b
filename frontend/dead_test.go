package frontend

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	rule     = regexp.MustCompile(`([^{};]+)\{`)
	class    = regexp.MustCompile(`\.([a-z][a-z-]*)`)
	element  = regexp.MustCompile(`\bsotto-[a-z]+\b`)
	data     = regexp.MustCompile(`\[data-([a-z-]+)`)
	property = regexp.MustCompile(`(?m)(?:^|\{)\s*(--[a-z0-9-]+):`)
)

// unfit gives the classes, elements and data attributes of a style sheet that nothing has which a script or a page makes.
func unfit(css, all string) []string {
	var found []string
	for _, m := range rule.FindAllStringSubmatch(css, -1) {
		for _, c := range class.FindAllStringSubmatch(m[1], -1) {
			if !regexp.MustCompile("['\"` ]" + c[1] + "['\"` ]").MatchString(all) {
				found = append(found, "."+c[1])
			}
		}
		for _, e := range element.FindAllString(m[1], -1) {
			if !strings.Contains(all, "'"+e+"'") {
				found = append(found, e)
			}
		}
		for _, d := range data.FindAllStringSubmatch(m[1], -1) {
			words := strings.Split(d[1], "-")
			for i := 1; i < len(words); i++ {
				words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
			}
			if !strings.Contains(all, "data-"+d[1]) && !strings.Contains(all, "dataset."+strings.Join(words, "")) {
				found = append(found, "[data-"+d[1]+"]")
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// TestEverySelectorFitsSomething finds rules of the chat for what no script makes, and tokens that no rule uses.
func TestEverySelectorFitsSomething(t *testing.T) {
	var scripts, sheets strings.Builder
	for _, file := range []string{"index.html", "assets/first.js", "assets/icons.svg"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		scripts.Write(text)
	}
	walk(t, "js", ".js", func(name string, text []byte) {
		if !strings.HasSuffix(name, ".test.js") && !strings.HasPrefix(name, "js/testing/") && !strings.HasPrefix(name, "js/demo/") {
			scripts.Write(text)
		}
	})
	all := scripts.String()
	walk(t, "css", ".css", func(name string, text []byte) {
		if strings.HasPrefix(name, "css/demo/") {
			return
		}
		css := comment.ReplaceAllString(string(text), "")
		sheets.WriteString(css)
		for _, selector := range unfit(css, all) {
			t.Errorf("%s: nothing is %s", name, selector)
		}
	})
	for _, m := range property.FindAllStringSubmatch(sheets.String(), -1) {
		if !regexp.MustCompile(`var\(` + m[1] + `[,)]`).MatchString(sheets.String() + all) {
			t.Errorf("nothing uses %s", m[1])
		}
	}
	const dead = ".gone { sotto-gone & {} } p:hover, .here[data-gone-by] > .soft {}"
	if got := unfit(dead, "el('p', { class: 'here soft' })"); !slices.Equal(got, []string{".gone", "[data-gone-by]", "sotto-gone"}) {
		t.Errorf("found dead: %q", got)
	}
}
