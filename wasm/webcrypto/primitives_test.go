//go:build js && wasm

package webcrypto

import (
	"errors"
	"syscall/js"
	"testing"
)

func TestNewNeedsSubtle(t *testing.T) {
	object := js.Global().Get("Object")
	withCrypto := object.New()
	withCrypto.Set("crypto", object.New())
	for name, global := range map[string]js.Value{"no crypto": object.New(), "no subtle": withCrypto} {
		p, err := newPrimitives(global)
		if p != nil || !errors.Is(err, ErrInsecure) {
			t.Errorf("%s: %v, want ErrInsecure", name, err)
		}
	}
	var coded interface{ Code() string }
	if !errors.As(ErrInsecure, &coded) || coded.Code() != "insecure" {
		t.Error("ErrInsecure has no code")
	}
}
