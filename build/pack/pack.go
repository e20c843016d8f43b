package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path"
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
	if err := addPage(s, page, b.assets); err != nil {
		return manifest{}, err
	}
	if err := addService(s, b, page.build); err != nil {
		return manifest{}, err
	}
	// Last: the service worker keeps the chat, and whoever wants the demo downloads it.
	if err := addDemo(s, b, root, s.named("sotto.wasm"), page.build, cache); err != nil {
		return manifest{}, err
	}
	return write(s, page.build, out, cache)
}

// page is what index.html refers to.
type page struct {
	source        []byte // of index.html
	script, style asset
	build         string // names everything packed
}

// bundleAll adds the engine, the style and the bundles of worker and page to s.
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
	// The scripts that hold the name of the build are part of what it stands for,
	// so they are bundled once without it to be hashed. So is the page.
	draft, err := b.page(workerAsset, "")
	if err != nil {
		return page{}, err
	}
	service, err := b.service(nil, "")
	if err != nil {
		return page{}, err
	}
	source, err := os.ReadFile(filepath.Join(b.frontend, "index.html"))
	if err != nil {
		return page{}, fmt.Errorf("page: %w", err)
	}
	build := buildName(s, draft, service, source)
	script, err := b.page(workerAsset, build)
	if err != nil {
		return page{}, err
	}
	return page{source: source, script: s.add("main.js", script), style: style, build: build}, nil
}

// buildName returns the first 12 hex digits of a SHA-256 over the addresses in
// s, which are hashes of their contents, and the bundles that will hold it.
func buildName(s *set, drafts ...[]byte) string {
	h := sha256.New()
	for _, a := range s.assets {
		fmt.Fprintf(h, "%s\n", a.path)
	}
	for _, draft := range drafts {
		h.Write(draft)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// addPage adds index.html, rewritten for p.
func addPage(s *set, p page, assets map[string]asset) error {
	html, err := rewritePage(p.source, p, assets)
	if err != nil {
		return err
	}
	return s.addAt("index.html", html)
}

// addService adds the service worker, which keeps exactly the files of s. It
// stands at an address of its own, as browsers know a service worker by that.
func addService(s *set, b bundler, build string) error {
	var files []string
	for _, a := range s.assets {
		name := path.Base(a.path)
		if name == "index.html" {
			name = "" // the page is served at /
		}
		files = append(files, base64.StdEncoding.EncodeToString(a.sha256[:])+" "+name)
	}
	script, err := b.service(files, build)
	if err != nil {
		return err
	}
	return s.addAt("sw.js", script)
}
