// Pack turns the sources of the browser application into the files that the
// server serves.
//
// What goes in, from the module's root:
//
//	wasm                     the engine, Go compiled for js/wasm
//	frontend/index.html      the page; names js/main.js and css/main.css
//	frontend/js/main.js      entry of the page's bundle
//	frontend/js/io/worker.js entry of the worker's bundle
//	frontend/js/io/service.js entry of the service worker's bundle
//	frontend/css/main.css    entry of the style sheet; imports the others
//	frontend/assets          pictures and data, and the script that runs first;
//	                         without comments and white space (lean.go)
//
// What comes out, in build/dist:
//
//	index.html               with the addresses below and their integrity
//	sw.js                    the service worker
//	a/<hash>/<name>          everything else, under the hash of its content,
//	                         so that it never changes and caches for ever
//	<file>.br, <file>.gz     each of these files, compressed as far as it goes
//	manifest.json            each file's type, sizes and SHA-256
//
// Data flows one way, and each address is a hash of what it names: the engine
// and the assets are hashed first, the worker is bundled with the engine's
// address and SHA-256, the page with the worker's address, and index.html with
// the addresses and integrity of bundle and style sheet. So index.html alone
// decides every byte that runs. The worker is not covered by an integrity
// attribute (none exists for workers): its address carries its hash instead.
// The service worker comes last and knows every other file with its integrity:
// it keeps exactly one build, or none.
//
// The worker's bundle starts with wasm_exec.js of the very Go that compiled the
// engine, because importScripts is blocked under Trusted Types. It defines the
// global Go; the worker imports nothing for it.
//
// What scripts find compiled in:
//
//	__WASM_URL__     worker  string: address of the engine
//	__WASM_SHA256__  worker  string: its SHA-256, lower-case hex
//	__WORKER_URL__   page    string: address of the worker
//	__BUILD__        page    string: 12 hex digits that name everything packed;
//	                         the service worker's too
//	__FILES__        service array: SHA-256 in base64, a space and the name of
//	                         each other file, which give its address and integrity
//	__ASSETS__       page    object: name under frontend/assets -> address, of
//	                         those that the page or its manifest does not name
//
// A style sheet names an asset by its path from the sheet,
// url(../assets/name.svg), and index.html by href="assets/name.svg" or
// src="assets/name.js"; a script gets its integrity. A name that does not exist
// stops the build. A web app manifest among the assets names others as
// "assets/name.png".
//
// Beside these stands the offline demo, one file with all of its own inside (demo.go):
//
//	sotto-demo.html          also at /demo of the server
//
// The same sources and the same Go give the same bytes, in any folder.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"sotto/build/module"
)

func main() {
	out := flag.String("out", "", "folder to write (default build/dist in the module)")
	demo := flag.Bool("demo", false, "say where the offline demo is, and measure what it would cost the chat's engine")
	engine := flag.Bool("engine", false, "write the offline demo's engine to the output and nothing else")
	flag.Parse()
	if *engine {
		if err := printEngine(); err != nil {
			fmt.Fprintln(os.Stderr, "pack:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(*out, *demo); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

// printEngine is for whoever compares the hash that the demo shows with their own build.
func printEngine() error {
	root, err := module.Root()
	if err != nil {
		return err
	}
	engine, err := compileDemo(root)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(engine)
	return err
}

func run(out string, demo bool) error {
	root, err := module.Root()
	if err != nil {
		return err
	}
	if out == "" {
		out = filepath.Join(root, "build", "dist")
	}
	cache, err := newCache()
	if err != nil {
		return err
	}
	m, err := pack(root, out, cache)
	if err != nil {
		return err
	}
	if !demo {
		fmt.Print(m.summary())
		return nil
	}
	page, engine := m.named(demoName), m.named("sotto.wasm")
	fmt.Printf("%s: %d bytes, at most %d\n", filepath.Join(out, demoName), page.Size, maxDemo)
	said, err := cost(root, engine.Brotli, cache)
	fmt.Print(said)
	return err
}
