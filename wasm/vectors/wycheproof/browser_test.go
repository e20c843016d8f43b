//go:build js && wasm

package wycheproof_test

import (
	"crypto"
	"crypto/rsa"
	"testing"

	"sotto/wasm/vectors/imported"
	"sotto/wasm/webcrypto"
)

// TestBrowser runs through SubtleCrypto what it does for Sotto.
func TestBrowser(t *testing.T) {
	p, err := webcrypto.New()
	if err != nil {
		t.Fatal(err)
	}
	run(t, p, func(key *rsa.PrivateKey) (crypto.Decrypter, error) { return imported.Decrypter(t.Context(), p, key) })
}
