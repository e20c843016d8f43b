package main

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"

	"sotto/build/module"
)

// TestEngineIsTheSameInAnyFolder compiles the engine here and from two copies of
// its sources in two other folders, one deeper than the other.
func TestEngineIsTheSameInAnyFolder(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	here, err := compileWASM(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two/levels deeper/down"} {
		dir := filepath.Join(t.TempDir(), filepath.FromSlash(name))
		if err := os.CopyFS(filepath.Join(dir, "wasm"), os.DirFS(filepath.Join(root, "wasm"))); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{"go.mod", "go.sum"} {
			data, err := os.ReadFile(filepath.Join(root, file))
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, file), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		there, err := compileWASM(dir)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := sha256.Sum256(here), sha256.Sum256(there); a != b {
			t.Errorf("%s: SHA-256 %x (%d bytes), here %x (%d bytes)", name, b, len(there), a, len(here))
		}
	}
}
