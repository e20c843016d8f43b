//go:build js && wasm

package judge_test

import (
	"crypto"
	"crypto/rsa"
	"testing"

	"sotto/wasm/vectors/imported"
	"sotto/wasm/vectors/judge"
	"sotto/wasm/webcrypto"
)

// TestBrowser gives every vector to SubtleCrypto.
func TestBrowser(t *testing.T) {
	p, err := webcrypto.New()
	if err != nil {
		t.Fatal(err)
	}
	open := func(key *rsa.PrivateKey) (crypto.Decrypter, error) { return imported.Decrypter(t.Context(), p, key) }
	run(t, judge.Bench{Primitives: p, Open: open})
}
