package main

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// packFixture packs testdata/app, as it is or changed by edit, and returns the
// folder it wrote.
func packFixture(t *testing.T, c *cache, edit func(root string)) (manifest, string) {
	t.Helper()
	root, out := t.TempDir(), t.TempDir()
	if err := os.CopyFS(root, os.DirFS("testdata/app")); err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(root)
	}
	m, err := pack(root, out, c)
	if err != nil {
		t.Fatal(err)
	}
	return m, out
}

// shared is the cache of all tests but those about caches: the fixture's engine is
// compressed once.
var shared *cache

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "sotto-pack-cache-")
	if err == nil {
		shared, err = newCacheAt(dir, brotli.BestSpeed)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// testCache returns an empty cache.
func testCache(t *testing.T) *cache {
	t.Helper()
	c, err := newCacheAt(t.TempDir(), brotli.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// files returns every file below dir by its path.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	got := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, p))
		got[p] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// find returns the one file whose path ends so.
func find(t *testing.T, got map[string]string, end string) (path, content string) {
	t.Helper()
	for p, c := range got {
		if strings.HasSuffix(p, end) {
			if path != "" {
				t.Fatalf("two files end with %s: %s and %s", end, path, p)
			}
			path, content = p, c
		}
	}
	if path == "" {
		t.Fatalf("no file ends with %s among %v", end, slices.Sorted(maps.Keys(got)))
	}
	return path, content
}

func hexSum(data string) string {
	sum := sha256.Sum256([]byte(data))
	return hex.EncodeToString(sum[:])
}

func TestPackWritesTheApplication(t *testing.T) {
	m, out := packFixture(t, shared, nil)
	got := files(t, out)

	t.Run("the worker holds the engine's address and hash, and Go's script", func(t *testing.T) {
		path, engine := find(t, got, "/sotto.wasm")
		_, worker := find(t, got, "/worker.js")
		for _, want := range []string{"/" + path, hexSum(engine), "globalThis.Go"} {
			if !strings.Contains(worker, want) {
				t.Errorf("worker.js lacks %q", want)
			}
		}
	})
	t.Run("the page's script holds the worker's address, the build and the assets", func(t *testing.T) {
		worker, _ := find(t, got, "/worker.js")
		dot, _ := find(t, got, "/dot.svg")
		_, script := find(t, got, "/main.js")
		for _, want := range []string{"/" + worker, m.Build, "/" + dot} {
			if !strings.Contains(script, want) {
				t.Errorf("main.js lacks %q: %s", want, script)
			}
		}
	})
	t.Run("the style sheet holds its imports and the address of the picture", func(t *testing.T) {
		dot, _ := find(t, got, "/dot.svg")
		_, css := find(t, got, "/main.css")
		if !strings.Contains(css, "url(/"+dot+")") || !strings.Contains(css, "body{margin:0}") || strings.Contains(css, "@import") {
			t.Errorf("main.css: %s", css)
		}
	})
	t.Run("the page names scripts, style and icon, all but the last with integrity", func(t *testing.T) {
		html := got["index.html"]
		for _, name := range []string{"main.js", "main.css", "first.js"} {
			path, content := find(t, got, "/"+name)
			sum := sha256.Sum256([]byte(content))
			want := `="/` + path + `" integrity="sha256-` + base64.StdEncoding.EncodeToString(sum[:]) + `"`
			if !strings.Contains(html, want) {
				t.Errorf("index.html lacks %s: %s", want, html)
			}
		}
		icon, _ := find(t, got, "/icon.svg")
		if !strings.Contains(html, `href="/`+icon+`"`) || !strings.Contains(html, `href="#top"`) {
			t.Errorf("index.html: %s", html)
		}
	})
	t.Run("the web app manifest names its icon", func(t *testing.T) {
		icon, _ := find(t, got, "/icon.svg")
		if _, app := find(t, got, "/app.webmanifest"); !strings.Contains(app, `"src":"/`+icon+`"`) {
			t.Errorf("app.webmanifest: %s", app)
		}
	})
	t.Run("the service worker knows the build and every other file with its integrity", func(t *testing.T) {
		service := got["sw.js"]
		if !strings.Contains(service, m.Build) {
			t.Errorf("sw.js lacks the build: %s", service)
		}
		known := regexp.MustCompile(`"([A-Za-z0-9+/]{43}=) ([^"]*)"`).FindAllStringSubmatch(service, -1)
		if len(known) != len(m.Assets)-1 {
			t.Errorf("sw.js knows %d files, there are %d others", len(known), len(m.Assets)-1)
		}
		for _, n := range known {
			path := "index.html"
			if n[2] != "" {
				path, _ = find(t, got, "/"+n[2])
			}
			sum := sha256.Sum256([]byte(got[path]))
			if n[1] != base64.StdEncoding.EncodeToString(sum[:]) {
				t.Errorf("sw.js: the hash of %q is %s", path, n[1])
			}
		}
	})
	t.Run("each address starts with the hash of its content", func(t *testing.T) {
		n := 0
		for p, c := range got {
			if m := regexp.MustCompile(`^a/([0-9a-f]{20})/[^/]+\.(js|css|wasm|svg|webmanifest)$`).FindStringSubmatch(p); m != nil {
				n++
				if !strings.HasPrefix(hexSum(c), m[1]) {
					t.Errorf("%s: the SHA-256 is %s", p, hexSum(c))
				}
			}
		}
		if n != 8 {
			t.Errorf("%d hashed files, want 8", n)
		}
	})
}

func TestManifestListsEveryFile(t *testing.T) {
	m, out := packFixture(t, shared, nil)
	got := files(t, out)
	var read manifest
	if err := json.Unmarshal([]byte(got["manifest.json"]), &read); err != nil {
		t.Fatal(err)
	}
	if read.Build != m.Build || len(read.Build) != 12 {
		t.Errorf("build %q in the file, %q returned", read.Build, m.Build)
	}
	delete(got, "manifest.json")
	for _, e := range read.Assets {
		plain := got[e.Path]
		if len(plain) != e.Size || hexSum(plain) != e.SHA256 || e.Type == "" {
			t.Errorf("%+v: the file has %d bytes, SHA-256 %s", e, len(plain), hexSum(plain))
		}
		br, err := io.ReadAll(brotli.NewReader(strings.NewReader(got[e.Path+".br"])))
		if err != nil || string(br) != plain || len(got[e.Path+".br"]) != e.Brotli {
			t.Errorf("%s.br does not hold the file (%v)", e.Path, err)
		}
		z, err := gzip.NewReader(strings.NewReader(got[e.Path+".gz"]))
		if err != nil {
			t.Fatal(err)
		}
		gz, err := io.ReadAll(z)
		if err != nil || string(gz) != plain || len(got[e.Path+".gz"]) != e.Gzip {
			t.Errorf("%s.gz does not hold the file (%v)", e.Path, err)
		}
		delete(got, e.Path)
		delete(got, e.Path+".br")
		delete(got, e.Path+".gz")
	}
	if len(got) != 0 {
		t.Errorf("not in the manifest: %v", slices.Sorted(maps.Keys(got)))
	}
}

func TestPackIsTheSameInAnyFolder(t *testing.T) {
	_, out1 := packFixture(t, shared, nil)
	_, out2 := packFixture(t, testCache(t), nil)
	one, two := files(t, out1), files(t, out2)
	if !maps.Equal(one, two) {
		t.Errorf("two folders gave different files: %v and %v",
			slices.Sorted(maps.Keys(one)), slices.Sorted(maps.Keys(two)))
	}
}

func TestPackUsesTheCacheAndRemovesOldFiles(t *testing.T) {
	c := testCache(t)
	_, out := packFixture(t, c, nil)
	before := files(t, c.dir)
	stale := filepath.Join(out, "a", "0", "old.js")
	if err := os.MkdirAll(filepath.Dir(stale), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{stale, filepath.Join(out, placeholder)} {
		if err := os.WriteFile(f, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want := files(t, out)
	delete(want, "a/0/old.js")

	root, err := filepath.Abs("testdata/app")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pack(root, out, c); err != nil {
		t.Fatal(err)
	}
	if got := files(t, out); !maps.Equal(got, want) {
		t.Errorf("packed again: %v, want %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	if _, err := os.Stat(filepath.Dir(stale)); !os.IsNotExist(err) {
		t.Errorf("the empty folder of an old file is still there (%v)", err)
	}
	if after := files(t, c.dir); !maps.Equal(before, after) {
		t.Errorf("the cache went from %d to %d files", len(before), len(after))
	}
}

func TestAChangeReachesThePage(t *testing.T) {
	plain, out := packFixture(t, shared, nil)
	page := files(t, out)["index.html"]
	for _, tc := range []struct{ file, from, to string }{
		{"wasm/main.go", "engine", "motor"},
		{"frontend/js/core/double.js", "n * 2", "n * 3"},
		{"frontend/js/io/worker.js", "not the one", "another than"},
		{"frontend/css/dot.css", "background", "list-style"},
		{"frontend/assets/icons/dot.svg", `r="1"`, `r="2"`},
		{"frontend/js/io/service.js", "kept", "held"},
		{"frontend/index.html", ">top<", ">up<"},
	} {
		t.Run(tc.file, func(t *testing.T) {
			changed, out := packFixture(t, shared, func(root string) { replace(t, filepath.Join(root, tc.file), tc.from, tc.to) })
			if changed.Build == plain.Build || files(t, out)["index.html"] == page {
				t.Error("neither the name of the build nor the page showed the change")
			}
		})
	}
}

// replace puts to in the place of from in a file, which must have it.
func replace(t *testing.T, file, from, to string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.ReplaceAll(string(src), from, to)
	if changed == string(src) {
		t.Fatalf("%s has no %q", file, from)
	}
	if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
}
