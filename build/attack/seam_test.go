//go:build attack

package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"sotto/build/module"
)

// constants gives the constants of a file of package check with the text of their values.
func constants(t *testing.T, name string) map[string]string {
	t.Helper()
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "wasm", "check", name), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		switch v := spec.Values[0].(type) {
		case *ast.BasicLit:
			found[spec.Names[0].Name] = v.Value
		case *ast.Ident:
			found[spec.Names[0].Name] = v.Name
		}
		return true
	})
	return found
}

// checkNames gives the checks' names with their constants.
func checkNames(t *testing.T) map[string]string {
	t.Helper()
	names := map[string]string{}
	for constant, value := range constants(t, "names_attack.go") {
		name, err := strconv.Unquote(value)
		if err != nil {
			t.Fatal(err)
		}
		if other, twice := names[name]; twice {
			t.Errorf("%s and %s have one name", constant, other)
		}
		names[name] = constant
	}
	return names
}

// TestBothBuildsHaveTheSameChecks compares the two lists, of which every other build has the one where all are false.
func TestBothBuildsHaveTheSameChecks(t *testing.T) {
	with, without := constants(t, "names_attack.go"), constants(t, "off.go")
	if a, b := slices.Sorted(maps.Keys(with)), slices.Sorted(maps.Keys(without)); !slices.Equal(a, b) {
		t.Errorf("with the tag %v\nwithout it %v", a, b)
	}
	for name, value := range without {
		if value != "false" {
			t.Errorf("%s is %s without the tag", name, value)
		}
	}
}

// TestNothingOfItShips compiles the engine as it ships and with the tag, and looks for the names of functions that stand
// there for the attacks alone.
func TestNothingOfItShips(t *testing.T) {
	ships, attacked := compiled(t), compiled(t, "-tags=attack")
	for _, name := range []string{
		"sotto/wasm/check.Off", "sotto/wasm/check.Gone", "sotto/wasm/cose.lax", "sotto/wasm/cose.unauthenticated",
		"sotto/wasm/cose.oddModulus", "sotto/wasm/kem.unreduced",
	} {
		if !bytes.Contains(attacked, []byte(name)) {
			t.Errorf("%s is not in the build with the tag: looking for it shows nothing", name)
		}
		if bytes.Contains(ships, []byte(name)) {
			t.Errorf("%s ships", name)
		}
	}
	if bytes.Contains(ships, []byte("sotto/wasm/check")) {
		t.Error("something of package check ships")
	}
}

// compiled gives the engine for the browser, inlining switched off as in the build that ships.
func compiled(t *testing.T, args ...string) []byte {
	t.Helper()
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "engine.wasm")
	cmd := exec.Command("go", slices.Concat([]string{"build", "-gcflags=./wasm/...=-l", "-ldflags=-s -w", "-o", file}, args, []string{"./wasm"})...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
