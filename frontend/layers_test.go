package frontend

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	importFrom = regexp.MustCompile(`(?m)^(?:import|export)\s[^;]*?from '([^']+)'|^import '([^']+)'`)
	defined    = regexp.MustCompile(`customElements\.define\('([^']+)'`)
	imported   = regexp.MustCompile(`@import "\./([^"]+)"`)
)

// mayImport says into which folders the modules of a folder may reach, and why
// nothing else: core is what tests and a second interface can use without a
// browser; ui sees the engine only as state that comes down and verbs that go
// up, so that no element can call it.
var mayImport = map[string][]string{
	"js/core":    {"js/core"},
	"js/io":      {"js/io", "js/core"},
	"js/ui":      {"js/ui", "js/core"},
	"js/testing": {"js/testing", "js/core", "js/io"},
	"js":         {"js/core", "js/io", "js/ui"},
	"js/demo":    {"js/demo", "js/core", "js/io", "js/ui"}, // a page of its own, small enough to be one layer
}

// walk calls fn with each file of a folder that has the extension.
func walk(t *testing.T, dir, ext string, fn func(name string, data []byte)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ext {
			return err
		}
		data, err := os.ReadFile(p)
		if err == nil {
			fn(filepath.ToSlash(p), data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestModulesImportOnlyWhatTheirLayerMay(t *testing.T) {
	seen := 0
	walk(t, "js", ".js", func(name string, data []byte) {
		dir := path.Dir(name)
		test := strings.HasSuffix(name, ".test.js")
		for _, m := range importFrom.FindAllSubmatch(data, -1) {
			to := string(m[1]) + string(m[2])
			seen++
			if test && (strings.HasPrefix(to, "node:") || strings.Contains(to, "/testing/")) {
				continue
			}
			if !allowed(dir, path.Dir(path.Join(dir, to))) {
				t.Errorf("%s imports %s: not for its layer", name, to)
			}
		}
	})
	if seen < 50 {
		t.Fatalf("found only %d imports: the test looks in the wrong place", seen)
	}
}

func allowed(from, to string) bool {
	for _, dir := range mayImport[from] {
		if dir == to {
			return true
		}
	}
	return false
}

func TestAnElementIsAFileAndAStyleSheet(t *testing.T) {
	for dir, prefix := range map[string]string{"js/ui": "sotto-", "js/demo": "demo-"} {
		walk(t, dir, ".js", func(name string, data []byte) {
			base := strings.TrimSuffix(path.Base(name), ".js")
			m := defined.FindAllSubmatch(data, -1)
			if strings.HasPrefix(base, prefix) != (len(m) == 1) || len(m) == 1 && string(m[0][1]) != base {
				t.Errorf("%s: must define the element of its name and no other", name)
			}
			if lines := bytes.Count(data, []byte("\n")); lines > 300 {
				t.Errorf("%s: %d lines, at most 300", name, lines)
			}
		})
	}
}

func TestEveryStyleSheetIsImported(t *testing.T) {
	listed := map[string]bool{}
	for _, dir := range []string{"css", "css/demo"} {
		main, err := os.ReadFile(dir + "/main.css")
		if err != nil {
			t.Fatal(err)
		}
		listed[dir+"/main.css"] = true
		for _, m := range imported.FindAllSubmatch(main, -1) {
			listed[dir+"/"+string(m[1])] = true
		}
	}
	walk(t, "css", ".css", func(name string, _ []byte) {
		base := path.Base(name)
		if !listed[name] {
			t.Errorf("%s: not in the main.css of its folder", name)
		}
		element := strings.TrimSuffix(base, ".css")
		if _, err := os.Stat("js/ui/" + element + ".js"); strings.HasPrefix(element, "sotto-") && err != nil {
			t.Errorf("%s: no element has this name", name)
		}
	})
}

// What would let text become markup, script or style. The browser refuses most
// of it under the page's policy; here it is not even written.
var unsafeSinks = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(|\.style\b|cssText|DOMParser|setHTMLUnsafe`)

func TestNoSinkForMarkupOrStyle(t *testing.T) {
	walk(t, "js", ".js", func(name string, data []byte) {
		if m := unsafeSinks.Find(data); m != nil {
			t.Errorf("%s: %s", name, m)
		}
	})
	for _, page := range []string{"index.html", "demo.html"} {
		html, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if m := regexp.MustCompile(`\sstyle=|<style|<script>|\son\w+=`).Find(html); m != nil {
			t.Errorf("%s: %s", page, m)
		}
	}
}
