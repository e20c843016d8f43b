package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// bundler turns the entries of the frontend into one file each.
type bundler struct {
	frontend string           // the folder
	wasmExec string           // path of Go's wasm_exec.js
	assets   map[string]asset // by name under frontend/assets
}

// named are the assets that index.html and the web app manifest name, and no script.
var named = regexp.MustCompile(`^(?:first\.js|app\.webmanifest|favicon\.svg|apple-touch-icon\.png|icon-(?:maskable-)?512\.png)$`)

// addresses is what scripts know of the assets.
func (b bundler) addresses() map[string]string {
	urls := map[string]string{}
	for name, a := range b.assets {
		if !named.MatchString(name) {
			urls[name] = a.url()
		}
	}
	return urls
}

// worker bundles the worker's script, which starts engine.
func (b bundler) worker(engine asset) ([]byte, error) {
	return b.bundle("js/io/worker.js", func(o *api.BuildOptions) {
		o.Inject = []string{b.wasmExec}
		o.Define = defines(map[string]any{
			"__WASM_URL__":    engine.url(),
			"__WASM_SHA256__": hex.EncodeToString(engine.sha256[:]),
		})
	})
}

// page bundles the page's script, which starts worker.
func (b bundler) page(worker asset, build string) ([]byte, error) {
	return b.bundle("js/main.js", func(o *api.BuildOptions) {
		o.Plugins = []api.Plugin{catalogue()}
		o.Define = defines(map[string]any{
			"__WORKER_URL__": worker.url(),
			"__BUILD__":      build,
			"__ASSETS__":     b.addresses(),
		})
	})
}

// service bundles the service worker's script, which keeps files: of each its
// SHA-256 and its name.
func (b bundler) service(files []string, build string) ([]byte, error) {
	return b.bundle("js/io/service.js", func(o *api.BuildOptions) {
		o.Define = defines(map[string]any{"__FILES__": files, "__BUILD__": build})
	})
}

// style bundles the style sheets.
func (b bundler) style() ([]byte, error) {
	css, err := b.bundle("css/main.css", func(o *api.BuildOptions) {
		o.Plugins = []api.Plugin{b.assetURLs()}
	})
	return shortenTokens(css, b.assets), err
}

// bundle runs esbuild on one entry, a path from the frontend's folder.
func (b bundler) bundle(entry string, set func(*api.BuildOptions)) ([]byte, error) {
	o := api.BuildOptions{
		EntryPoints:       []string{filepath.Join(b.frontend, filepath.FromSlash(entry))},
		AbsWorkingDir:     b.frontend,
		Outdir:            filepath.Join(b.frontend, "out"), // names the result, is not written
		Bundle:            true,
		Format:            api.FormatESModule,
		Platform:          api.PlatformBrowser,
		Target:            api.ESNext,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsInline,
		TsconfigRaw:       "{}",
		LogLevel:          api.LogLevelSilent,
		LogOverride:       map[string]api.LogLevel{"empty-import-meta": api.LogLevelError},
	}
	set(&o)
	r := api.Build(o)
	if err := faults(r.Errors, r.Warnings); err != nil {
		return nil, fmt.Errorf("bundle %s: %w", entry, err)
	}
	if len(r.OutputFiles) != 1 {
		return nil, fmt.Errorf("bundle %s: %d files, want 1", entry, len(r.OutputFiles))
	}
	return r.OutputFiles[0].Contents, nil
}

// faults joins what esbuild reports. A warning stops the build as an error does.
func faults(messages ...[]api.Message) error {
	var all []error
	for _, ms := range messages {
		for _, m := range ms {
			text := m.Text
			if l := m.Location; l != nil {
				text = fmt.Sprintf("%s:%d:%d: %s", l.File, l.Line, l.Column+1, m.Text)
			}
			all = append(all, errors.New(text))
		}
	}
	return errors.Join(all...)
}

// defines writes each value as the JavaScript expression that it is.
func defines(values map[string]any) map[string]string {
	out := map[string]string{}
	for name, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			panic(err) // impossible: strings and maps of strings
		}
		out[name] = string(text)
	}
	return out
}

// assetURLs puts the addresses of assets in the place of url(../assets/name).
func (b bundler) assetURLs() api.Plugin {
	dir := filepath.Join(b.frontend, "assets") + string(filepath.Separator)
	resolve := func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		if args.Kind != api.ResolveCSSURLToken || strings.HasPrefix(args.Path, "#") || strings.HasPrefix(args.Path, "data:") {
			return api.OnResolveResult{}, nil
		}
		name, ok := strings.CutPrefix(filepath.Join(args.ResolveDir, filepath.FromSlash(args.Path)), dir)
		a, known := b.assets[filepath.ToSlash(name)]
		if !ok || !known {
			return api.OnResolveResult{}, fmt.Errorf("url(%s): no such file in assets", args.Path)
		}
		return api.OnResolveResult{Path: a.url(), External: true}, nil
	}
	return api.Plugin{Name: "assets", Setup: func(p api.PluginBuild) {
		p.OnResolve(api.OnResolveOptions{Filter: ".*"}, resolve)
	}}
}
