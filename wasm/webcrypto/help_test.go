//go:build js && wasm

package webcrypto

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"syscall/js"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/promise"
)

func browser(t testing.TB) *Primitives {
	t.Helper()
	p, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// madeSigner and madeDecrypter make a key in the browser that nothing keeps.
func madeSigner(t testing.TB, p *Primitives) *signer {
	t.Helper()
	return &signer{made(t, p, p.algorithms.pssNew, "sign", "verify")}
}

func madeDecrypter(t testing.TB, p *Primitives) *decrypter {
	t.Helper()
	return &decrypter{made(t, p, p.algorithms.oaepNew, "decrypt", "encrypt")}
}

func made(t testing.TB, p *Primitives, algorithm js.Value, usages ...any) private {
	t.Helper()
	pair, err := promise.Await(t.Context(), p.subtle.generate.Invoke(algorithm, false, usages))
	if err != nil {
		t.Fatal(err)
	}
	k, err := NewKeys(p, nil).open(t.Context(), pair)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func publicKey(t testing.TB, k interface{ Public() crypto.PublicKey }) cose.RSAKey {
	t.Helper()
	key, err := cose.NewRSAKey(k.Public().(*rsa.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func random(t testing.TB, n int) []byte {
	t.Helper()
	data := make([]byte, n)
	if _, err := rand.Read(data); err != nil {
		t.Fatal(err)
	}
	return data
}

func randomSecret(t testing.TB) cose.Secret {
	t.Helper()
	return cose.Secret(random(t, cose.SecretSize))
}

// flipped gives a copy of data with one bit changed.
func flipped(data []byte, at int) []byte {
	changed := append([]byte(nil), data...)
	changed[at] ^= 1
	return changed
}
