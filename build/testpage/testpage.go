// Package testpage runs tests of a package compiled to js/wasm in a Web Worker of a browser that the caller started,
// with an environment of the caller's: for tests that need a server of their own beside them, or do something to the
// browser meanwhile. Where the engine runs in production, these tests do too; tests that need none of this run
// through `task test:wasm`.
package testpage

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

//go:embed worker.js
var worker []byte

// limit ends tests that never end.
const limit = 2 * time.Minute

const page = `<!doctype html>
<meta charset="utf-8">
<title>tests</title>
<script>
	globalThis.run = (args, env, limit) => new Promise((resolve) => {
		const worker = new Worker('/worker.js');
		let output = '';
		const end = (code, last) => { worker.terminate(); resolve({ code, output: output + last }); };
		worker.onmessage = ({ data }) => { data.output === undefined ? end(data.code, '') : output += data.output; };
		worker.onerror = (e) => end(-1, e.message);
		setTimeout(() => end(-1, 'not at its end within the limit'), limit);
		worker.postMessage({ args, env });
	});
</script>
`

// Page serves one package's tests at one origin.
type Page struct {
	URL string // http, on loopback
}

// Result is how a run of tests ended.
type Result struct {
	Code   int    `json:"code"` // exit code of the test program, -1 where it did not end
	Output string `json:"output"`
}

// New compiles the tests of the package in the working folder and serves them until t ends.
func New(t testing.TB) *Page {
	t.Helper()
	file := filepath.Join(t.TempDir(), "test.wasm")
	compile := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", file, ".")
	compile.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("compile the tests: %v\n%s", err, out)
	}
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatalf("go env: %v", err)
	}
	runtime := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	mux := http.NewServeMux()
	serve := func(path, mime string, content []byte) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", mime)
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
		})
	}
	serve("/{$}", "text/html; charset=utf-8", []byte(page))
	serve("/worker.js", "text/javascript", worker)
	serve("/wasm_exec.js", "text/javascript", mustRead(t, runtime))
	serve("/test.wasm", "application/wasm", mustRead(t, file))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return &Page{URL: server.URL}
}

func mustRead(t testing.TB, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// Run runs the tests that match a pattern of -test.run in the tab of ctx, with env as their environment. The error
// means that they did not get to their end.
func (p *Page) Run(ctx context.Context, pattern string, env map[string]string) (Result, error) {
	args, err := json.Marshal([]string{"-test.v", "-test.run=" + pattern})
	if err != nil {
		return Result{}, fmt.Errorf("run %s: %w", pattern, err)
	}
	environment, err := json.Marshal(env)
	if err != nil {
		return Result{}, fmt.Errorf("run %s: %w", pattern, err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(p.URL)); err != nil {
		return Result{}, fmt.Errorf("run %s: %w", pattern, err)
	}
	call := fmt.Sprintf("run(%s, %s, %d)", args, environment, limit.Milliseconds())
	result, err := chromedp.Run(ctx, chromedp.Evaluate[Result](call, chromedp.EvalAwaitPromise))
	if err != nil {
		return Result{}, fmt.Errorf("run %s: %w", pattern, err)
	}
	return result, nil
}

// Check runs tests as [Page.Run] does and fails t where they fail, where none ran, or where one was skipped.
func (p *Page) Check(ctx context.Context, t testing.TB, pattern string, env map[string]string) {
	t.Helper()
	result, err := p.Run(ctx, pattern, env)
	if err != nil {
		t.Fatal(err)
	}
	if result.Code != 0 || !strings.Contains(result.Output, "--- PASS") || strings.Contains(result.Output, "--- SKIP") {
		t.Fatalf("%s: exit code %d\n%s", pattern, result.Code, result.Output)
	}
}
