package jstest

import (
	"context"
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sotto/build/chromium"
	"sotto/build/module"
)

// limit ends a file whose tests never end.
const limit = time.Minute

// browser starts a browser for one test.
func browser(t *testing.T) context.Context {
	t.Helper()
	ctx, stop, err := chromium.Start(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return ctx
}

// runFile runs one file within limit.
func runFile(ctx context.Context, file string) ([]Result, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return Run(ctx, file)
}

// TestJavaScript runs every unit test of the frontend.
func TestJavaScript(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "frontend", "js")
	var files []string
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ".test.js") {
			files = append(files, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no *.test.js below %s", dir)
	}
	ctx := browser(t)
	for _, file := range files {
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.ToSlash(rel), func(t *testing.T) { report(t, ctx, file) })
	}
}

// report runs a file and makes a subtest of each of its tests.
func report(t *testing.T, ctx context.Context, file string) {
	results, err := runFile(ctx, file)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) == 0 {
		t.Fatalf("%s has no tests", file)
	}
	for _, r := range results {
		t.Run(r.Name, func(t *testing.T) {
			if r.Error != "" {
				t.Error(r.Error)
			}
		})
	}
}

// TestRunTells shows that the runner knows good from bad.
func TestRunTells(t *testing.T) {
	ctx := browser(t)
	cases := []struct {
		file    string
		passed  []string
		failed  map[string]string // part of the error by name
		refused string            // part of Run's own error
	}{
		{file: "mixed.test.js",
			passed: []string{"passes", "passes later", "has a page"},
			failed: map[string]string{
				"fails": "1 is not 2", "fails later": "too late", "throws a string": "thrown: plain",
				"throws an error": "null is not a thing",
			}},
		{file: "none.test.js"},
		{file: "throws.test.js", refused: "while it loads"},
		{file: "rejects.test.js", refused: "nobody waits"},
		{file: "broken.test.js", refused: "broken.test.js:1"},
		{file: "missing.test.js", refused: "missing.test.js"},
	}
	for _, tc := range cases {
		t.Run(tc.file, func(t *testing.T) {
			results, err := runFile(ctx, filepath.Join("testdata", tc.file))
			if tc.refused != "" {
				if err == nil || !strings.Contains(err.Error(), tc.refused) {
					t.Fatalf("error %v, want one with %q", err, tc.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var passed []string
			for _, r := range results {
				want, fails := tc.failed[r.Name]
				switch {
				case r.Error == "":
					passed = append(passed, r.Name)
				case !fails || !strings.Contains(r.Error, want):
					t.Errorf("%s: %s", r.Name, r.Error)
				}
			}
			if !slices.Equal(passed, tc.passed) || len(results) != len(tc.passed)+len(tc.failed) {
				t.Errorf("passed %q of %d, want %q", passed, len(results), tc.passed)
			}
		})
	}
}

func TestAHangingTestIsEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(browser(t))
	done := make(chan error)
	go func() {
		_, err := Run(ctx, "testdata/hangs.test.js")
		done <- err
	}()
	cancel()
	if err := <-done; err == nil {
		t.Error("a file that never ends gave no error")
	}
}

// TestAssertMeansWhatNodeMeans runs a file about assert with the shim, and with
// Node itself where there is one.
func TestAssertMeansWhatNodeMeans(t *testing.T) {
	const file = "testdata/assert.test.js"
	t.Run("shim", func(t *testing.T) { report(t, browser(t), file) })
	t.Run("node", func(t *testing.T) {
		node, err := exec.LookPath("node")
		if err != nil {
			t.Skip("no node here: it is not needed otherwise")
		}
		if out, err := exec.Command(node, "--test", file).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
}
