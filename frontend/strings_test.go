package frontend

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const english = "js/core/strings.en.json"

// parameter is a place in a text that is filled in.
var parameter = regexp.MustCompile(`\{(\w+)\}`)

// catalogue reads a catalogue: for each key its texts by plural category, "" where there are none.
func catalogue(t *testing.T, file string) map[string]map[string]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := json.Unmarshal(data, &raw); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	read := map[string]map[string]string{}
	for key, value := range raw {
		read[key] = map[string]string{}
		switch value := value.(type) {
		case string:
			read[key][""] = value
		case map[string]any:
			for category, text := range value {
				read[key][category], _ = text.(string)
			}
		default:
			t.Errorf("%s: %s is neither a text nor plural forms", file, key)
		}
	}
	// The decoder keeps the last of two values under one key.
	if n := len(regexp.MustCompile(`(?m)^  "[^"]+":`).FindAll(data, -1)); n != len(read) {
		t.Errorf("%s: %d lines of keys, %d keys", file, n, len(read))
	}
	return read
}

// parameters gives the places of a text, sorted.
func parameters(text string) []string {
	var names []string
	for _, m := range parameter.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestCataloguesSayTheSame compares every other language with English: the same keys, and in each text the same places
// to be filled in. Plural categories are the language's own.
func TestCataloguesSayTheSame(t *testing.T) {
	en := catalogue(t, english)
	files, err := filepath.Glob("assets/strings.*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no other language: %v", err)
	}
	for _, file := range files {
		other := catalogue(t, file)
		for _, key := range slices.Sorted(maps.Keys(other)) {
			if en[key] == nil {
				t.Errorf("%s: %s is not in English", file, key)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(en)) {
			compareTexts(t, file+": "+key, en[key], other[key])
		}
	}
}

func compareTexts(t *testing.T, name string, en, other map[string]string) {
	t.Helper()
	_, plain := en[""]
	_, alsoPlain := other[""]
	_, rest := other["other"]
	if other == nil || plain != alsoPlain || !plain && !rest {
		t.Errorf("%s: %q for %q", name, other, en)
		return
	}
	want := parameters(en[""] + en["other"])
	for category, text := range other {
		got := parameters(text)
		if category != "" && category != "other" && !slices.Contains(got, "n") { // "one" may be said without its number
			got = append([]string{"n"}, got...)
			slices.Sort(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: places %q, want %q", name, got, want)
		}
		if (text == "") != (en[""]+en["other"] == "") {
			t.Errorf("%s: %q for %q", name, text, en)
		}
	}
}

// literal finds where a script writes words of its own for people: into an attribute that is read out or shown, or as
// the text of a node.
var literal = regexp.MustCompile(`(?:'aria-label'|\btitle|\bplaceholder|\balt|\bariaLabel|\btextContent|\binnerText):?\s*[:=]\s*(?:'[^']*\p{L}{2}|` + "`[^`$]*" + `\p{L}{2})` +
	`|\bsay\([^,]+, (?:'[^']*\p{L}{2}|` + "`[^`$]*" + `\p{L}{2})|\bel\('[a-z0-9]+', (?:\{[^}]*\}, )?(?:'[^']*\p{L}{2})`)

// TestWordsComeFromTheCatalogue finds texts that are written into the scripts. What this cannot see, a test in a
// browser does, which marks every text of the catalogue.
func TestWordsComeFromTheCatalogue(t *testing.T) {
	walk(t, "js", ".js", func(name string, data []byte) {
		if strings.HasSuffix(name, ".test.js") || strings.HasPrefix(name, "js/testing/") {
			return
		}
		for _, m := range literal.FindAll(data, -1) {
			t.Errorf("%s: %s", name, m)
		}
	})
	for _, words := range []string{"el('p', { class: 'x' }, 'Hello')", "el('p', 'Hello')", "say(this.#node, 'Hello')", "{ title: 'Hello' }", "node.textContent = 'Hello'", "{ 'aria-label': `Hello ${x}` }"} {
		if !literal.MatchString(words) {
			t.Errorf("%s is not found", words)
		}
	}
}

// TestEveryTextIsUsed finds keys that no script names, whole or by the part before the last dots.
func TestEveryTextIsUsed(t *testing.T) {
	var scripts strings.Builder
	walk(t, "js", ".js", func(name string, data []byte) {
		if !strings.HasSuffix(name, ".test.js") {
			scripts.Write(data)
		}
	})
	all := scripts.String()
	begun := map[string]bool{"stop": true, "alarm": true} // stopText takes the family as it comes
	for _, m := range regexp.MustCompile("`([a-z.]+)\\.\\$\\{").FindAllStringSubmatch(all, -1) {
		begun[m[1]] = true
	}
	for key := range catalogue(t, english) {
		used := strings.Contains(all, "'"+key+"'")
		for part := key; !used && strings.Contains(part, "."); {
			part = part[:strings.LastIndex(part, ".")]
			used = begun[part]
		}
		if !used {
			t.Errorf("no script uses %s", key)
		}
	}
}
