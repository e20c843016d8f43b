package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPackRefuses(t *testing.T) {
	cases := []struct {
		name, file, from, to, want string
	}{
		{"a page without the script", "frontend/index.html", "js/main.js", "js/other.js", "want once"},
		{"a page without the style", "frontend/index.html", `href="css/main.css"`, `href='css/main.css'`, "want once"},
		{"a page that names the script twice", "frontend/index.html", "<html lang=\"en\">", `<html lang="en"><script src="js/main.js"></script>`, "want once"},
		{"a page that names a missing asset", "frontend/index.html", "assets/icon.svg", "assets/none.svg", "assets/none.svg"},
		{"a page that refers to another host", "frontend/index.html", "<html lang=\"en\">", `<html lang="en"><script src="https://example.org/x.js"></script>`, "example.org"},
		{"a page with a script without integrity", "frontend/index.html", "<html lang=\"en\">", `<html lang="en"><script src="/a/x.js"></script>`, "exactly one integrity"},
		{"a page with integrity that the build does not give", "frontend/index.html", `src="assets/first.js"`, `src="assets/first.js" integrity="sha256-x"`, "exactly one integrity"},
		{"a web app manifest with a missing icon", "frontend/assets/app.webmanifest", "icon.svg", "none.svg", "assets/none.svg"},
		{"a style with a missing picture", "frontend/css/dot.css", "dot.svg", "none.svg", "none.svg"},
		{"a style with a picture of another host", "frontend/css/dot.css", "../assets/icons/dot.svg", "https://example.org/x.svg", "example.org"},
		{"a script with a missing import", "frontend/js/main.js", "double.js", "none.js", "none.js"},
		{"a script that does not parse", "frontend/js/main.js", "import", "impost", "main.js:1"},
		{"an engine that does not compile", "wasm/main.go", "js.Global", "js.Local", "undefined: js.Local"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			root := t.TempDir()
			if err := os.CopyFS(root, os.DirFS("testdata/app")); err != nil {
				t.Fatal(err)
			}
			replace(t, filepath.Join(root, tc.file), tc.from, tc.to)
			_, err := pack(root, t.TempDir(), shared)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one with %q", err, tc.want)
			}
		})
	}
}

func TestPackRefusesAnAssetOfUnknownType(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.exe"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := addAssets(&set{}, dir); err == nil || !strings.Contains(err.Error(), ".exe") {
		t.Errorf("error %v, want one that names .exe", err)
	}
}
