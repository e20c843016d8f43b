package e2e

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// axeFolder holds axe-core as it is published, with its licence.
const axeFolder = "testdata/axe-core@4.14.1"

// axeRun gives what axe finds on a page: in words, and how many rules were held.
const axeRun = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations, passes }) => ({
	Passed: passes.length,
	Found: violations.flatMap(({ id, help, nodes }) => nodes.map((n) => id + ': ' + help + ': ' + n.html.slice(0, 200) + ' ' + n.failureSummary)),
}))`

type axeResult struct {
	Passed int
	Found  []string
}

// axe lets axe look at the page of a tab. It comes in through the debugger, past the rules of the page.
func (p *tab) axe() axeResult {
	p.t.Helper()
	if p.read("typeof axe") != "object" {
		source, err := os.ReadFile(filepath.Join(axeFolder, "axe.min.js"))
		if err != nil {
			p.t.Fatal(err)
		}
		p.do(string(source) + "\n;undefined")
	}
	result, err := eval[axeResult](p, axeRun)
	if err != nil {
		p.t.Fatalf("%s: axe: %v", p.name, err)
	}
	return result
}

// TestAxe finds nothing on any screen in both colours.
func TestAxe(t *testing.T) {
	t.Parallel()
	tour(t, func(screen string, p *tab) {
		for _, colours := range []string{"light", "dark"} {
			p.scheme(colours)
			result := p.axe()
			if result.Passed < 10 {
				t.Errorf("%s in %s: only %d rules applied", screen, colours, result.Passed)
			}
			for _, found := range result.Found {
				t.Errorf("%s in %s: %s", screen, colours, found)
			}
		}
	})
}

// TestAxeFinds takes a name and a contrast from a page: both are found, so that finding nothing means something.
func TestAxeFinds(t *testing.T) {
	t.Parallel()
	s := newServer(t) // it goes after the tab
	p := newProfile(t, "alice").tab()
	p.goTo(s.url())
	p.until("joining is possible", css(joinName)+`?.checkVisibility()`)
	p.do(css(joinName) + `.labels[0].remove(); ` + css(joinName) + `.removeAttribute('placeholder');
		document.querySelector('sotto-join .hint').style.color = 'color-mix(in srgb, CanvasText 20%, Canvas)';`)
	found := strings.Join(p.axe().Found, "\n")
	for _, rule := range []string{"label: ", "color-contrast: "} {
		if !strings.Contains(found, rule) {
			t.Errorf("axe does not find %q, only %s", rule, found)
		}
	}
}

// TestAxeIsAsPublished compares the files with the hashes noted when they were taken from the published archive.
func TestAxeIsAsPublished(t *testing.T) {
	var manifest struct {
		Name, Version, License, Why, Integrity string
		Files                                  map[string]string // SHA-256 in hex by name
	}
	data, err := os.ReadFile(filepath.Join(axeFolder, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		t.Fatal(err)
	}
	sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(manifest.Integrity, "sha512-"))
	if err != nil || len(sum) != 64 || manifest.License == "" || manifest.Why == "" {
		t.Errorf("the manifest lacks something: %+v", manifest)
	}
	if want := fmt.Sprintf("testdata/%s@%s", manifest.Name, manifest.Version); want != axeFolder {
		t.Errorf("the folder is %s, the manifest says %s", axeFolder, want)
	}
	entries, err := os.ReadDir(axeFolder)
	if err != nil || len(entries) != len(manifest.Files)+1 {
		t.Errorf("%d files in the folder, %v", len(entries), err)
	}
	for name, want := range manifest.Files {
		data, err := os.ReadFile(filepath.Join(axeFolder, name))
		if sum := sha256.Sum256(data); err != nil || hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s: not as published, %v", name, err)
		}
	}
}
