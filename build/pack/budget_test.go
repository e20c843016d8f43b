package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"sotto/build/module"
)

// Budgets of the frontend. It is small so that one person can read all of it, and quick to arrive.
const (
	maxLines = 6_000 // of own JavaScript, without its tests, the demo, empty lines and comments, which are wanted
	// bytes in brotli of all that a page in English loads but the engine; emoji data and pictures not
	maxShipped = 60_000
)

var (
	// apart are the folders of scripts that are not part of the chat.
	apart = regexp.MustCompile(`/js/(?:testing|demo)/`)
	// codeLine is a line with something other than a comment.
	codeLine = regexp.MustCompile(`(?m)^[ \t]*(?:[^\s/*]|/[^/*\n]).*$`)
)

func TestTheFrontendStaysSmall(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	frontend := filepath.Join(root, "frontend")
	lines := 0
	for _, dir := range []string{"js", "assets"} {
		err := filepath.WalkDir(filepath.Join(frontend, dir), func(p string, d fs.DirEntry, err error) error {
			own := filepath.Ext(p) == ".js" && !strings.HasSuffix(p, ".test.js") && !apart.MatchString(filepath.ToSlash(p))
			if err != nil || d.IsDir() || !own {
				return err
			}
			data, err := os.ReadFile(p)
			lines += len(codeLine.FindAll(data, -1))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d lines of own JavaScript", lines)
	if lines < 1_000 || lines > maxLines {
		t.Errorf("%d lines of own JavaScript, at most %d", lines, maxLines)
	}
	shipped := 0
	for _, a := range bundleFrontend(t, root).assets {
		name := filepath.Base(a.path)
		if name == "sotto.wasm" || strings.HasPrefix(name, "emoji.") || strings.HasPrefix(name, "strings.") || strings.HasSuffix(name, ".png") {
			continue
		}
		var b bytes.Buffer
		w := brotli.NewWriterLevel(&b, brotli.BestCompression)
		if _, err := w.Write(a.data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%6d  %s", b.Len(), name)
		shipped += b.Len()
	}
	t.Logf("%6d  in all", shipped)
	if shipped > maxShipped {
		t.Errorf("%d bytes are shipped, at most %d", shipped, maxShipped)
	}
}

// bundleFrontend packs the application of this module around an empty engine.
func bundleFrontend(t *testing.T, root string) *set {
	t.Helper()
	exec, err := wasmExec(root)
	if err != nil {
		t.Fatal(err)
	}
	s := &set{}
	b := bundler{frontend: filepath.Join(root, "frontend"), wasmExec: exec}
	if b.assets, err = addAssets(s, filepath.Join(b.frontend, "assets")); err != nil {
		t.Fatal(err)
	}
	p, err := bundleAll(s, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := addPage(s, p, b.assets); err != nil {
		t.Fatal(err)
	}
	if err := addService(s, b, p.build); err != nil {
		t.Fatal(err)
	}
	return s
}
