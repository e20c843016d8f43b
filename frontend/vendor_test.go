// The vendored files lie here byte for byte as published, so that a build needs
// no registry and a changed byte is seen.

// Package frontend holds the browser application: a page, style sheets and
// ES modules. Its only Go code is the tests of what a browser does not check.
package frontend

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pkg is one published package of which files are kept here.
type pkg struct {
	Name      string `json:"name"`
	Version   string `json:"version"`
	License   string `json:"license"`   // SPDX expression
	Why       string `json:"why"`       // one sentence
	Integrity string `json:"integrity"` // of the published archive, as npm gives it: sha512-<base64>
	Files     []file `json:"files"`
}

// file is one file of a package.
type file struct {
	Path   string `json:"path"`   // from this folder
	From   string `json:"from"`   // inside the published archive
	SHA256 string `json:"sha256"` // lower-case hex
}

func manifest(t *testing.T) []pkg {
	t.Helper()
	f, err := os.Open("vendor/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	var pkgs []pkg
	if err := d.Decode(&pkgs); err != nil {
		t.Fatal(err)
	}
	return pkgs
}

func TestManifestIsComplete(t *testing.T) {
	for _, p := range manifest(t) {
		if p.Name == "" || p.Version == "" || p.License == "" || p.Why == "" || len(p.Files) == 0 {
			t.Errorf("package %q: name, version, license, why and files must be given", p.Name)
		}
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(p.Integrity, "sha512-"))
		if err != nil || len(sum) != 64 || !strings.HasPrefix(p.Integrity, "sha512-") {
			t.Errorf("package %q: integrity is not a SHA-512 in npm's form", p.Name)
		}
	}
}

func TestVendoredFilesAreAsPublished(t *testing.T) {
	for _, p := range manifest(t) {
		for _, f := range p.Files {
			data, err := os.ReadFile(f.Path)
			if err != nil {
				t.Errorf("package %s: %v", p.Name, err)
				continue
			}
			sum := sha256.Sum256(data)
			if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
				t.Errorf("%s: SHA-256 %s, want %s", f.Path, got, f.SHA256)
			}
		}
	}
}

func TestNothingIsVendoredUnlisted(t *testing.T) {
	listed := map[string]bool{"vendor/manifest.json": true}
	for _, p := range manifest(t) {
		for _, f := range p.Files {
			listed[f.Path] = true
		}
	}
	err := filepath.WalkDir("vendor", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !listed[filepath.ToSlash(path)] {
			t.Errorf("%s: not in vendor/manifest.json", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
