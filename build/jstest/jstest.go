// Package jstest runs JavaScript unit tests in Chromium.
//
// A test file is an ES module that imports node:test and node:assert/strict, so
// `node --test` runs it as it is. Here nothing but Go and Chromium is needed: the
// file is bundled, with the modules of shim in the place of Node's, and loaded
// by a page of its own in a real browser.
package jstest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/evanw/esbuild/pkg/api"

	"sotto/build/module"
)

// Result is one test of a file.
type Result struct {
	Name  string `json:"name"`
	Error string `json:"error"` // "" where it passed
}

// page loads one bundle and keeps the promise of its results. A fault outside
// any test, also in a promise that nobody waits for, rejects it.
const page = `<!doctype html>
<meta charset="utf-8">
<title>unit tests</title>
<script>
	globalThis.results = new Promise((resolve, reject) => {
		addEventListener('error', (e) => reject(e.error ?? new Error(e.message || 'the test file did not load')), true);
		addEventListener('unhandledrejection', (e) => reject(e.reason));
		// A turn later: rejected promises are told of after the turn that made them.
		globalThis.finish = (results) => setTimeout(() => resolve(results));
	});
</script>
<script type="module" src="/test.js"></script>
`

// Run runs the tests of one file in a new tab of the browser of ctx (see
// chromium.Start) and returns them in their order. An error means that the file
// did not get to its end: it does not bundle, throws while it loads, leaves a
// rejected promise behind, or ctx ended.
func Run(ctx context.Context, file string) ([]Result, error) {
	script, err := bundle(file)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	serve := func(path, mime string, content []byte) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", mime)
			w.Write(content)
		})
	}
	serve("/{$}", "text/html; charset=utf-8", []byte(page))
	serve("/test.js", "text/javascript; charset=utf-8", script)
	serve("/favicon.ico", "image/x-icon", nil)
	server := httptest.NewServer(mux)
	defer server.Close()

	tab, cancel := chromedp.NewContext(ctx)
	defer cancel()
	if err := chromedp.Do(tab, chromedp.Navigate(server.URL)); err != nil {
		return nil, fmt.Errorf("run %s: %w", file, err)
	}
	results, err := chromedp.Run(tab, chromedp.Evaluate[[]Result]("results", chromedp.EvalAwaitPromise))
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", file, err)
	}
	return results, nil
}

// bundle makes one script of a test file, what it imports and the shims. It hands
// the results to the page.
func bundle(file string) ([]byte, error) {
	root, err := module.Root()
	if err != nil {
		return nil, err
	}
	file, err = filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	shim := filepath.Join(root, "build", "jstest", "shim")
	r := api.Build(api.BuildOptions{
		Stdin: &api.StdinOptions{
			Contents:   fmt.Sprintf("import %q; import { run } from 'node:test'; run().then(finish);", filepath.ToSlash(file)),
			ResolveDir: root,
		},
		Alias: map[string]string{
			"node:test":          filepath.Join(shim, "test.js"),
			"node:assert/strict": filepath.Join(shim, "assert.js"),
		},
		Bundle:      true,
		Format:      api.FormatESModule,
		Platform:    api.PlatformBrowser,
		Target:      api.ESNext,
		Charset:     api.CharsetUTF8,
		TsconfigRaw: "{}",
		LogLevel:    api.LogLevelSilent,
	})
	if len(r.Errors) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(r.Errors, api.FormatMessagesOptions{}), ""))
	}
	return r.OutputFiles[0].Contents, nil
}
