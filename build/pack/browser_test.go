package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sotto/build/chromium"
)

// TestPackedApplicationRuns opens the packed fixture in a browser, under a policy
// that lets in only what the page has integrity for or this origin serves, and
// with Trusted Types. The title is written by the page's script when the worker
// has run the engine.
func TestPackedApplicationRuns(t *testing.T) {
	m, out := packFixture(t, shared, nil)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Join(r.URL.Path, ""), "/")
		if name == "" {
			name = "index.html"
		}
		for _, e := range m.Assets {
			if e.Path == name {
				w.Header().Set("Content-Type", e.Type)
			}
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Security-Policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'")
		http.ServeFileFS(w, r, os.DirFS(out), name)
	}))
	defer server.Close()
	ctx, stop, err := chromium.Start(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL)); err != nil {
		t.Fatal(err)
	}
	title, err := chromedp.Run(ctx, chromedp.Poll[string](
		`document.title !== 'app' && document.title`, chromedp.WithPollingTimeout(time.Minute)))
	if err != nil {
		t.Fatal(err)
	}
	dot, _ := find(t, files(t, out), "/dot.svg")
	if want := "engine " + m.Build + " 4 /" + dot; title != want {
		t.Errorf("title %q, want %q", title, want)
	}
	style, err := chromedp.Run(ctx, chromedp.Evaluate[string](`getComputedStyle(document.body).margin`))
	if err != nil || style != "0px" {
		t.Errorf("margin %q (%v), want 0px: the style sheet did not load", style, err)
	}
}
