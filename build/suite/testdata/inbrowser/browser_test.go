package inbrowser

import (
	"syscall/js"
	"testing"
)

// TestWhere fails anywhere but in a page that may use SubtleCrypto.
func TestWhere(t *testing.T) {
	if js.Global().Get("navigator").IsUndefined() || js.Global().Get("document").IsUndefined() {
		t.Fatal("not in a browser")
	}
	if js.Global().Get("crypto").Get("subtle").IsUndefined() {
		t.Error("not a secure context")
	}
}

func TestPlain(t *testing.T) {}

// FuzzSeeds has a seed here and one in a file of testdata.
func FuzzSeeds(f *testing.F) {
	f.Add([]byte("here"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) != 4 {
			t.Errorf("%q", b)
		}
	})
}
