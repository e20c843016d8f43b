// Package lint holds the checks of form: gofmt, go vet and staticcheck for the
// native build and for js/wasm, and that no generated file is committed.
package lint

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sotto/build/module"
)

// root returns the module's folder.
func root(t *testing.T) string {
	t.Helper()
	dir, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// tool runs a program in dir and returns what it printed; fails reports whether
// it ended with an error.
func tool(t *testing.T, dir string, env []string, name string, args ...string) (out string, fails bool) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	got, err := cmd.CombinedOutput()
	if _, exit := errors.AsType[*exec.ExitError](err); err != nil && !exit {
		t.Fatalf("%s: %v", name, err)
	}
	return string(got), err != nil
}

// target is a platform that is checked, with its packages.
type target struct {
	name     string
	env      []string
	patterns []string
}

// targets are the native build, which is all, what runs in the browser, and the build of the attacks.
var targets = []target{
	{"native", nil, []string{"./..."}},
	{"js/wasm", []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0"}, []string{"./wasm/..."}},
	{"attack", []string{"GOFLAGS=-tags=attack"}, []string{"./build/attack", "./wasm/check"}},
}

// vet runs go vet in the module at dir.
func vet(t *testing.T, dir string, to target) (string, bool) {
	return tool(t, dir, to.env, "go", append([]string{"vet"}, to.patterns...)...)
}

// staticcheck runs the pinned staticcheck on the module at dir.
func staticcheck(t *testing.T, program, dir string, to target) (string, bool) {
	return tool(t, dir, to.env, program, to.patterns...)
}

// buildStaticcheck builds the pinned staticcheck for this machine: the go tool
// command would build it for the target.
func buildStaticcheck(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "staticcheck")
	out, fails := tool(t, root(t), nil, "go", "build", "-modfile="+module.ToolsFile, "-o", program, "honnef.co/go/tools/cmd/staticcheck")
	if fails {
		t.Fatal(out)
	}
	return program
}

func TestGofmt(t *testing.T) {
	out, fails := tool(t, root(t), nil, "gofmt", "-l", ".")
	if fails || out != "" {
		t.Errorf("not formatted:\n%s", out)
	}
}

func TestVet(t *testing.T) {
	for _, to := range targets {
		t.Run(to.name, func(t *testing.T) {
			if out, fails := vet(t, root(t), to); fails {
				t.Error(out)
			}
		})
	}
}

func TestStaticcheck(t *testing.T) {
	program := buildStaticcheck(t)
	for _, to := range targets {
		t.Run(to.name, func(t *testing.T) {
			if out, fails := staticcheck(t, program, root(t), to); fails {
				t.Error(out)
			}
		})
	}
}

// TestFaultsAreFound runs the checks on a module with one fault for each, the
// ones of js/wasm in a file that only that platform has.
func TestFaultsAreFound(t *testing.T) {
	dir, err := filepath.Abs("testdata/faults")
	if err != nil {
		t.Fatal(err)
	}
	program := buildStaticcheck(t)
	for _, tc := range []struct {
		target
		vets, static string
	}{
		{target{"native", nil, []string{"./..."}}, "native.go:9", "native.go:13"},
		{target{"js/wasm", targets[1].env, []string{"./..."}}, "browser_js.go:7", "browser_js.go:11"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if out, fails := vet(t, dir, tc.target); !fails || !strings.Contains(out, tc.vets) {
				t.Errorf("go vet: failed %v, want %s in\n%s", fails, tc.vets, out)
			}
			if out, fails := staticcheck(t, program, dir, tc.target); !fails || !strings.Contains(out, tc.static) {
				t.Errorf("staticcheck: failed %v, want %s in\n%s", fails, tc.static, out)
			}
		})
	}
}

// TestNothingGeneratedIsCommitted looks at every file that git tracks.
func TestNothingGeneratedIsCommitted(t *testing.T) {
	dir := root(t)
	if _, err := os.Stat(filepath.Join(dir, ".git")); err != nil {
		t.Skip("not a git checkout: what is committed cannot be known")
	}
	out, fails := tool(t, dir, nil, "git", "-c", "safe.directory=*", "ls-files", "-z")
	if fails {
		t.Fatal(out)
	}
	for name := range strings.SplitSeq(strings.TrimRight(out, "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, os.ErrNotExist) {
			continue // removed, not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		if why := generated(name, content); why != "" {
			t.Errorf("%s is committed and is generated: %s", name, why)
		}
	}
}

// generated says by what a file is known to be made by a program, "" if it is not.
func generated(name string, content []byte) string {
	if strings.HasPrefix(name, "build/dist/") && name != "build/dist/.keep" {
		return "it lies in build/dist"
	}
	switch ext := filepath.Ext(name); ext {
	case ".wasm", ".br", ".gz", ".map", ".exe", ".test", ".db":
		return "it ends with " + ext
	}
	if bytes.HasPrefix(content, []byte("\x7fELF")) {
		return "it is a program"
	}
	for line := range bytes.Lines(content[:min(len(content), 4096)]) {
		s := strings.TrimSpace(string(line))
		if strings.HasPrefix(s, "// Code generated ") && strings.HasSuffix(s, " DO NOT EDIT.") {
			return s
		}
	}
	return ""
}

func TestGenerated(t *testing.T) {
	cases := []struct {
		name, content string
		want          bool
	}{
		{"build/dist/.keep", "", false},
		{"build/dist/index.html", "<!doctype html>", true},
		{"wasm/main.go", "package main\n", false},
		{"wasm/table.go", "// Code generated by table; DO NOT EDIT.\n\npackage wasm\n", true},
		{"engine.wasm", "", true},
		{"sotto", "\x7fELF\x02", true},
	}
	for _, tc := range cases {
		if got := generated(tc.name, []byte(tc.content)); (got != "") != tc.want {
			t.Errorf("%s: %q, want generated %v", tc.name, got, tc.want)
		}
	}
}
