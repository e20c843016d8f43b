package web_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"sotto/backend/relay"
	"sotto/backend/web"
)

func TestCompression(t *testing.T) {
	w := newWorld(t, nil)
	cases := []struct{ accept, path, want string }{
		{"", "/", ""},
		{"gzip, deflate, br, zstd", "/", "br"},
		{"gzip", "/", "gzip"},
		{"GZIP", "/", "gzip"},
		{"br;q=0, gzip", "/", "gzip"},
		{"br;q=0.5, gzip;q=0.9", "/", "br"},
		{"*", "/", "br"},
		{"*;q=0", "/", ""},
		{"br;q=0, *", "/", "gzip"},
		{"deflate", "/", ""},
		{"identity", "/", ""},
		{"br;q=x", "/", ""},
		{"br", "/a/0123/main.js", "br"},
		{"br", "/a/4567/image.png", ""},
	}
	want := map[string][]byte{"/": page, "/a/0123/main.js": script, "/a/4567/image.png": image}
	for _, c := range cases {
		r := w.ask("GET", c.path, "Accept-Encoding", c.accept)
		encoding := r.Header.Get("Content-Encoding")
		if encoding != c.want {
			t.Errorf("%s for %q: encoding %q, want %q", c.path, c.accept, encoding, c.want)
		}
		if got := unpack(t, encoding, body(t, r)); !bytes.Equal(got, want[c.path]) {
			t.Errorf("%s for %q: another body", c.path, c.accept)
		}
		if varies := r.Header.Get("Vary") == "Accept-Encoding"; varies != (c.path != "/a/4567/image.png") {
			t.Errorf("%s: Vary is %q", c.path, r.Header.Get("Vary"))
		}
	}
}

func TestCaching(t *testing.T) {
	w := newWorld(t, nil)
	for path, want := range map[string]struct{ cache, mime string }{
		"/":               {"no-cache", "text/html; charset=utf-8"},
		"/manifest.json":  {"no-cache", "application/json"},
		"/a/0123/main.js": {"public, max-age=31536000, immutable", "text/javascript; charset=utf-8"},
	} {
		r := w.ask("GET", path)
		if r.Header.Get("Cache-Control") != want.cache || r.Header.Get("Content-Type") != want.mime {
			t.Errorf("%s: %q, %q", path, r.Header.Get("Cache-Control"), r.Header.Get("Content-Type"))
		}
		etag := r.Header.Get("ETag")
		compressed := w.ask("GET", path, "Accept-Encoding", "br")
		if etag == "" || path != "/manifest.json" && compressed.Header.Get("ETag") == etag {
			t.Errorf("%s: ETag %q for two forms", path, etag)
		}
		for _, have := range []string{etag, "W/" + etag, `"other", ` + etag, "*"} {
			r := w.ask("GET", path, "If-None-Match", have)
			if r.StatusCode != http.StatusNotModified || len(body(t, r)) != 0 {
				t.Errorf("%s with %s: %d", path, have, r.StatusCode)
			}
		}
		if r := w.ask("GET", path, "If-None-Match", `"other"`); r.StatusCode != http.StatusOK {
			t.Errorf("%s with another ETag: %d", path, r.StatusCode)
		}
	}
}

func TestHead(t *testing.T) {
	w := newWorld(t, nil)
	r, err := http.Head("http://" + w.host + "/")
	must(t, err)
	if r.StatusCode != http.StatusOK || r.ContentLength != int64(len(page)) || len(body(t, r)) != 0 {
		t.Errorf("%d, %d bytes", r.StatusCode, r.ContentLength)
	}
}

// TestDemo serves a page with a policy of its own: to be looked at, and to be saved.
func TestDemo(t *testing.T) {
	const policy = "default-src 'none'; connect-src 'none'"
	demo := []byte("<!doctype html><title>demo</title>")
	w := newWorld(t, func(o *web.Options, _ *relay.Options) {
		files := application()
		files["sotto-demo.html"] = file(demo)
		sum := sha256.Sum256(demo)
		var m map[string]any
		must(t, json.Unmarshal(files["manifest.json"].Data, &m))
		m["assets"] = append(m["assets"].([]any), map[string]any{
			"path": "sotto-demo.html", "type": "text/html; charset=utf-8", "size": len(demo), "sha256": hex.EncodeToString(sum[:]), "policy": policy,
		})
		data, err := json.Marshal(m)
		must(t, err)
		files["manifest.json"] = file(data)
		o.Assets = files
	})
	for path, attachment := range map[string]bool{"/demo": false, "/sotto-demo.html": true} {
		r := w.ask("GET", path)
		if r.StatusCode != http.StatusOK || !bytes.Equal(body(t, r), demo) {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
		if got := r.Header.Values("Content-Security-Policy"); len(got) != 1 || got[0] != policy {
			t.Errorf("%s: policy %q", path, got)
		}
		if r.Header.Get("Cache-Control") != "no-cache" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, r.Header)
		}
		if saved := r.Header.Get("Content-Disposition") == `attachment; filename="sotto-demo.html"`; saved != attachment {
			t.Errorf("%s: Content-Disposition %q", path, r.Header.Get("Content-Disposition"))
		}
	}
	if r := w.ask("GET", "/"); r.Header.Get("Content-Security-Policy") == policy || r.Header.Get("Content-Disposition") != "" {
		t.Error("the page of the chat has the demo's headers")
	}
	if r := newWorld(t, nil).ask("GET", "/demo"); r.StatusCode != http.StatusNotFound {
		t.Errorf("without a demo: %d", r.StatusCode)
	}
}

func TestNotPacked(t *testing.T) {
	w := newWorld(t, func(o *web.Options, _ *relay.Options) { o.Assets = fstest.MapFS{".keep": file(nil)} })
	r := w.ask("GET", "/")
	if r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(body(t, r)), "task start") {
		t.Errorf("%d", r.StatusCode)
	}
	if r := w.ask("GET", "/healthz"); r.StatusCode != http.StatusOK {
		t.Errorf("health: %d", r.StatusCode)
	}
	if _, _, err := w.dial(); err != nil {
		t.Errorf("the relay does not work: %v", err)
	}
}

func TestBadPackage(t *testing.T) {
	for name, damage := range map[string]func(fstest.MapFS){
		"no manifest syntax": func(f fstest.MapFS) { f["manifest.json"] = file([]byte("{")) },
		"no page": func(f fstest.MapFS) {
			f["manifest.json"] = file([]byte(`{"build":"x","assets":[]}`))
		},
		"file altered":   func(f fstest.MapFS) { f["a/0123/main.js"] = file([]byte("alert(1)")) },
		"file missing":   func(f fstest.MapFS) { delete(f, "a/0123/main.js") },
		"brotli missing": func(f fstest.MapFS) { delete(f, "a/0123/main.js.br") },
	} {
		files := application()
		damage(files)
		if _, err := web.New(web.Options{Assets: files}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := web.New(web.Options{Assets: os.DirFS(t.TempDir())}); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
}
