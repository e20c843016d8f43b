package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// pack builds the application of the module at root into the folder out and
// returns the manifest it wrote there. Compressed forms are taken from cache
// and added to it.
func pack(root, out string, cache *cache) (manifest, error) {
	wasm, err := compileWASM(root)
	if err != nil {
		return manifest{}, err
	}
	exec, err := wasmExec(root)
	if err != nil {
		return manifest{}, err
	}
	s := &set{}
	b := bundler{frontend: filepath.Join(root, "frontend"), wasmExec: exec}
	if b.assets, err = addAssets(s, filepath.Join(b.frontend, "assets")); err != nil {
		return manifest{}, err
	}
	page, err := bundleAll(s, b, wasm)
	if err != nil {
		return manifest{}, err
	}
	if err := addPage(s, b.frontend, page, b.assets); err != nil {
		return manifest{}, err
	}
	return write(s, page.build, out, cache)
}

// page is what index.html refers to.
type page struct {
	script, style asset
	build         string // names everything packed
}

// bundleAll adds the engine and the three bundles to s.
func bundleAll(s *set, b bundler, wasm []byte) (page, error) {
	engine := s.add("sotto.wasm", wasm)
	worker, err := b.worker(engine)
	if err != nil {
		return page{}, err
	}
	workerAsset := s.add("worker.js", worker)
	css, err := b.style()
	if err != nil {
		return page{}, err
	}
	style := s.add("main.css", css)
	// The page's own bundle is part of what the name of the build stands for,
	// so it is bundled once without the name to be hashed.
	draft, err := b.page(workerAsset, "")
	if err != nil {
		return page{}, err
	}
	build := buildName(s, draft)
	script, err := b.page(workerAsset, build)
	if err != nil {
		return page{}, err
	}
	return page{script: s.add("main.js", script), style: style, build: build}, nil
}

// buildName returns the first 12 hex digits of a SHA-256 over the addresses in
// s, which are hashes of their contents, and the page's bundle.
func buildName(s *set, pageScript []byte) string {
	h := sha256.New()
	for _, a := range s.assets {
		fmt.Fprintf(h, "%s\n", a.path)
	}
	h.Write(pageScript)
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// addPage adds index.html, rewritten for p.
func addPage(s *set, frontend string, p page, assets map[string]asset) error {
	src, err := os.ReadFile(filepath.Join(frontend, "index.html"))
	if err != nil {
		return fmt.Errorf("page: %w", err)
	}
	html, err := rewritePage(src, p, assets)
	if err != nil {
		return err
	}
	return s.addAt("index.html", html)
}
