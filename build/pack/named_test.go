package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sotto/build/module"
)

// TestScriptsKnowTheAssetsTheyAskFor compares what is compiled into the page's script with what the sources ask for, and
// what is left out with what the page and its manifest name.
func TestScriptsKnowTheAssetsTheyAskFor(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	frontend := filepath.Join(root, "frontend")
	b := bundler{frontend: frontend}
	if b.assets, err = addAssets(&set{}, filepath.Join(frontend, "assets")); err != nil {
		t.Fatal(err)
	}
	var asked []*regexp.Regexp
	err = filepath.WalkDir(filepath.Join(frontend, "js"), func(p string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(p) != ".js" || apart.MatchString(filepath.ToSlash(p)) {
			return err
		}
		source, err := os.ReadFile(p)
		for _, m := range regexp.MustCompile("__ASSETS__\\[['`]([^'`]+)['`]\\]").FindAllSubmatch(source, -1) {
			parts := regexp.MustCompile(`\$\{\w+\}`).Split(string(m[1]), -1)
			for i := range parts {
				parts[i] = regexp.QuoteMeta(parts[i])
			}
			asked = append(asked, regexp.MustCompile("^"+strings.Join(parts, `\w+`)+"$"))
		}
		return err
	})
	if err != nil || len(asked) < 4 {
		t.Fatalf("%d places that ask for an asset (%v): the test looks in the wrong place", len(asked), err)
	}
	for _, re := range asked {
		found := false
		for name := range b.addresses() {
			found = found || re.MatchString(name)
		}
		if !found {
			t.Errorf("a script asks for %s and does not know its address", re)
		}
	}
	page, err := os.ReadFile(filepath.Join(frontend, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(filepath.Join(frontend, "assets", "app.webmanifest"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range b.assets {
		if named.MatchString(name) && !strings.Contains(string(page)+string(manifest), `"assets/`+name+`"`) {
			t.Errorf("neither the page nor its manifest names %s", name)
		}
	}
}
