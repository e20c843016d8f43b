package chromium

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestFind(t *testing.T) {
	bin := t.TempDir()
	for _, name := range []string{"google-chrome", "chromium", "mine"} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	empty := t.TempDir()
	cases := []struct {
		name, path, variable string
		want                 string
		err                  error
	}{
		{"the usual name comes first", bin, "", filepath.Join(bin, "chromium"), nil},
		{"the variable wins", bin, filepath.Join(bin, "mine"), filepath.Join(bin, "mine"), nil},
		{"a variable that names nothing is an error", bin, filepath.Join(bin, "none"), "", os.ErrNotExist},
		{"nothing there", empty, "", "", ErrMissing},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Setenv("PATH", tc.path)
			t.Setenv(Variable, tc.variable)
			got, err := Find()
			if got != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("got %q, %v, want %q, %v", got, err, tc.want, tc.err)
			}
		})
	}
}

func TestEnsureNamesTheCommandWhereItCannotInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv(Variable, "")
	_, err := Ensure(t.Context(), new(strings.Builder))
	if err == nil || !strings.Contains(err.Error(), "apt-get install -y --no-install-recommends chromium fonts-noto-color-emoji fonts-noto-core") {
		t.Errorf("error %v, want one that names the command", err)
	}
}

func TestStartRunsAPageAndLeavesNothing(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte("<!doctype html><title>hello</title>"))
	}))
	defer server.Close()
	ctx, stop, err := Start(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL)); err != nil {
		t.Fatal(err)
	}
	title, err := chromedp.Run(ctx, chromedp.Title())
	if err != nil || title != "hello" {
		t.Errorf("title %q, %v", title, err)
	}
	secure, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`isSecureContext && 'subtle' in crypto`))
	if err != nil || !secure {
		t.Errorf("a page on loopback is a secure context: %v, %v", secure, err)
	}
	stop()
	left, err := filepath.Glob(filepath.Join(tmp, "sotto-profile-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("profiles left behind: %v, %v", left, err)
	}
}

func TestProfileOfOnesOwnIsKept(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	dir := t.TempDir()
	visit := func(script string) string {
		ctx, stop, err := Start(context.Background(), dir)
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		if err := chromedp.Do(ctx, chromedp.Navigate(server.URL)); err != nil {
			t.Fatal(err)
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	visit(`localStorage.setItem('k', 'kept'), ''`)
	if got := visit(`localStorage.getItem('k')`); got != "kept" {
		t.Errorf("the second browser reads %q", got)
	}
}

func TestScriptStartsTheBrowser(t *testing.T) {
	dir := t.TempDir()
	if err := WriteScript(dir); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(filepath.Join(dir, "headless_shell"), "--version").Output()
	if err != nil || !strings.Contains(string(out), "Chrom") {
		t.Errorf("%q, %v", out, err)
	}
}
