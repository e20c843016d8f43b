package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/evanw/esbuild/pkg/api"

	"sotto/build/rawtext"
)

// demoName is the offline demo in dist: one file that needs no other.
const demoName = "sotto-demo.html"

// maxDemo is how large it may be, in bytes: 2.5 MB.
const maxDemo = 2_500_000

// The demo is frontend/demo.html with everything it refers to inside. The style sheet and the script that starts it
// stand in it as they are; what is large stands behind them as blocks, gzipped, one character for each byte (package rawtext):
//
//	engine   wasm/demo, compiled for js/wasm
//	worker   js/demo/worker.js with Go's wasm_exec.js, which runs it
//	page     js/demo/main.js
//	vectors  wasm/vectors/data
//
// js/demo/start.js inflates them. A policy in the page lets run only what has one of its hashes, and nothing reach out.
type demoPage struct {
	style, start, page []byte // what the policy has hashes of
	sprite             []byte // the icons
	blocks             []block
}

// block is a part of the page that is inflated when it runs.
type block struct {
	name string
	data []byte
}

// Places in frontend/demo.html.
const (
	demoCharset = `<meta charset="utf-8">`
	demoPolicy  = `<!-- policy -->`
	demoSprite  = `<!-- icons -->`
	demoStyle   = `<link rel="stylesheet" href="css/demo/main.css">`
	demoScript  = `<script src="js/demo/start.js"></script>`
)

// addDemo adds the demo to s, where the module has one.
func addDemo(s *set, b bundler, root string, engine asset, build string, c *cache) error {
	html, err := os.ReadFile(filepath.Join(b.frontend, "demo.html"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	p, err := bundleDemo(b, root, engine, build)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	whole, err := p.render(html, c)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if len(whole) > maxDemo {
		return fmt.Errorf("demo: %d bytes, at most %d", len(whole), maxDemo)
	}
	if err := s.addAt(demoName, whole); err != nil {
		return err
	}
	page := &s.assets[len(s.assets)-1]
	page.policy, page.mime = p.policy()+"; frame-ancestors 'none'", "text/html; charset="+rawtext.Charset
	return nil
}

// bundleDemo compiles and bundles the parts.
func bundleDemo(b bundler, root string, chat asset, build string) (demoPage, error) {
	engine, err := compileDemo(root)
	if err != nil {
		return demoPage{}, err
	}
	shared, err := sharedPackages(root)
	if err != nil {
		return demoPage{}, err
	}
	sum := sha256.Sum256(engine)
	known := defines(map[string]any{
		"__DEMO_SHA256__": hex.EncodeToString(sum[:]), "__CHAT_SHA256__": hex.EncodeToString(chat.sha256[:]),
		"__SHARED__": shared, "__BUILD__": build, "__ASSETS__": map[string]string{"icons.svg": ""}, // the sprite stands in the page
	})
	classic := func(inject ...string) func(*api.BuildOptions) {
		return func(o *api.BuildOptions) { o.Format, o.Define, o.Inject = api.FormatIIFE, known, inject }
	}
	var p demoPage
	var worker []byte
	for _, part := range []struct {
		entry string
		into  *[]byte
		set   func(*api.BuildOptions)
	}{
		{"css/demo/main.css", &p.style, func(o *api.BuildOptions) { o.Plugins = []api.Plugin{b.assetURLs()} }},
		{"js/demo/start.js", &p.start, classic()}, {"js/demo/worker.js", &worker, classic(b.wasmExec)},
		{"js/demo/main.js", &p.page, func(o *api.BuildOptions) {
			classic()(o)
			o.Plugins = []api.Plugin{b.ownCatalogue()}
		}},
	} {
		if *part.into, err = b.bundle(part.entry, part.set); err != nil {
			return demoPage{}, err
		}
		*part.into = bytes.TrimSpace(*part.into)
	}
	if p.sprite, err = os.ReadFile(filepath.Join(b.frontend, "assets", "icons.svg")); err != nil {
		return demoPage{}, err
	}
	vectors, err := gatherVectors(filepath.Join(root, "wasm", "vectors", "data"))
	p.blocks = []block{{"page", p.page}, {"worker", worker}, {"engine", engine}, {"vectors", vectors}}
	return p, err
}

// ownCatalogue puts the demo's words in the place of the chat's.
func (b bundler) ownCatalogue() api.Plugin {
	own := filepath.Join(b.frontend, "js", "demo", "strings.js")
	return api.Plugin{Name: "catalogue", Setup: func(p api.PluginBuild) {
		p.OnResolve(api.OnResolveOptions{Filter: `/core/strings\.js$`}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: own}, nil
		})
	}}
}

// policy is the page's Content-Security-Policy: scripts and style by their hashes, workers from blobs, and no
// connection to anywhere. The pictures are icons.
func (p demoPage) policy() string {
	hash := func(data []byte) string {
		sum := sha256.Sum256(data)
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src " + hash(p.start) + " " + hash(p.page) + " 'wasm-unsafe-eval'", "worker-src blob:",
		"connect-src 'none'", "style-src " + hash(p.style), "img-src data:", "base-uri 'none'", "form-action 'none'",
		"require-trusted-types-for 'script'", "trusted-types sotto",
	}, "; ")
}

// render puts everything into the page.
func (p demoPage) render(html []byte, c *cache) ([]byte, error) {
	for _, r := range []struct{ place, with string }{
		{demoCharset, `<meta charset="` + rawtext.Charset + `">`},
		{demoPolicy, `<meta http-equiv="Content-Security-Policy" content="` + p.policy() + `">`},
		{demoSprite, strings.Replace(string(p.sprite), "<svg ", `<svg class="sprite" aria-hidden="true" `, 1)},
		{demoStyle, "<style>" + string(p.style) + "</style>"},
		{demoScript, "<script>" + string(p.start) + "</script>"},
	} {
		if n := bytes.Count(html, []byte(r.place)); n != 1 {
			return nil, fmt.Errorf("%s stands in demo.html %d times, want once", r.place, n)
		}
		html = bytes.Replace(html, []byte(r.place), []byte(r.with), 1)
	}
	for _, m := range anyAttribute.FindAll(html, -1) {
		if !bytes.Contains(m, []byte("data:")) {
			return nil, fmt.Errorf("demo.html refers to another file: %s", m)
		}
	}
	for _, inline := range [][]byte{p.start, p.style} {
		if bytes.Contains(inline, []byte("</s")) {
			return nil, fmt.Errorf("a script or style would end its own element")
		}
	}
	if bytes.ContainsFunc(html, func(r rune) bool { return r > unicode.MaxASCII }) {
		return nil, fmt.Errorf("demo.html, its style or its first script has a letter beyond ASCII, which would be another one in %s", rawtext.Charset)
	}
	var blocks bytes.Buffer
	for _, b := range p.blocks {
		packed, err := c.gzip(b.data)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&blocks, "<script type=\"application/gzip\" id=%q>%s</script>\n", b.name, rawtext.Encode(packed))
	}
	// Before the script that starts, so that they are there when it runs.
	return bytes.Replace(html, []byte("<script>"), append(blocks.Bytes(), "<script>"...), 1), nil
}

// hexRun is what the block of vectors has as bytes: twice as many digits would cost a quarter more, compressed.
var hexRun = regexp.MustCompile(`\b(?:[0-9a-f]{2}){4,}\b`)

// gatherVectors gives all files of vectors as one JSON array without white space, in which "`n" stands for the
// hexadecimal digits of the next n bytes of what comes behind it, after a line feed.
func gatherVectors(dir string) ([]byte, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no vectors in %s", dir)
	}
	var all, behind bytes.Buffer
	for i, file := range files { // Glob sorts
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		all.WriteByte(map[bool]byte{true: '[', false: ','}[i == 0])
		if err := json.Compact(&all, data); err != nil {
			return nil, fmt.Errorf("vectors: %s: %w", file, err)
		}
	}
	all.WriteByte(']')
	if bytes.ContainsAny(all.Bytes(), "`\n") {
		return nil, fmt.Errorf("vectors hold a backquote or a line feed")
	}
	text := hexRun.ReplaceAllFunc(all.Bytes(), func(digits []byte) []byte {
		n := hex.DecodedLen(len(digits))
		behind.Write(mustHex(digits))
		return fmt.Appendf(nil, "`%d", n)
	})
	return slices.Concat(text, []byte{'\n'}, behind.Bytes()), nil
}

func mustHex(digits []byte) []byte {
	b, err := hex.AppendDecode(nil, digits)
	if err != nil {
		panic(err) // hexRun finds nothing else
	}
	return b
}

// sharedPackage is a package of ours in the demo's engine.
type sharedPackage struct {
	Name   string `json:"name"`   // below sotto/
	SHA256 string `json:"sha256"` // of its files' names and contents
	Chat   bool   `json:"chat"`   // it is in the chat's engine too
}

// sharedPackages lists the packages that the demo's engine is compiled from, and says which of them the chat's is
// compiled from as well. The hash lets anyone compare them with a checkout.
func sharedPackages(root string) ([]sharedPackage, error) {
	const format = "{{if not .Standard}}{{.ImportPath}}|{{.Dir}}|{{join .GoFiles \" \"}}|{{join .EmbedFiles \" \"}}{{end}}"
	list := func(of string) (map[string][]string, []string, error) {
		out, err := goCommand(root, "list", "-deps", "-f", format, of)
		found := map[string][]string{}
		var order []string
		for line := range strings.Lines(out) {
			parts := strings.Split(strings.TrimSpace(line), "|")
			if len(parts) == 4 && strings.HasPrefix(parts[0], "sotto/") {
				found[parts[0]] = parts[1:]
				order = append(order, parts[0])
			}
		}
		return found, order, err
	}
	chat, _, err := list("./wasm")
	if err != nil {
		return nil, err
	}
	demo, order, err := list("./wasm/demo")
	if err != nil {
		return nil, err
	}
	var shared []sharedPackage
	for _, name := range order {
		at := demo[name]
		h := sha256.New()
		for _, file := range strings.Fields(at[1] + " " + at[2]) {
			data, err := os.ReadFile(filepath.Join(at[0], file))
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(h, "%s %d\n%s", path.Clean(filepath.ToSlash(file)), len(data), data)
		}
		_, inChat := chat[name]
		shared = append(shared, sharedPackage{strings.TrimPrefix(name, "sotto/"), hex.EncodeToString(h.Sum(nil)), inChat})
	}
	return shared, nil
}
