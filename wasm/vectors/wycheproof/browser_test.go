//go:build js && wasm

package wycheproof_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"syscall/js"
	"testing"

	"sotto/wasm/promise"
	"sotto/wasm/webcrypto"
)

// TestBrowser runs through SubtleCrypto what it does for Sotto.
func TestBrowser(t *testing.T) {
	p, err := webcrypto.New()
	if err != nil {
		t.Fatal(err)
	}
	open := func(key *rsa.PrivateKey) (crypto.Decrypter, error) { return importDecrypter(t.Context(), p, key) }
	run(t, p, open)
}

// shelf keeps CryptoKeys in memory.
type shelf map[string]js.Value

func (s shelf) Put(_ context.Context, name string, object js.Value) error {
	s[name] = object
	return nil
}
func (s shelf) Get(_ context.Context, name string) (js.Value, error) { return s[name], nil }
func (s shelf) Delete(_ context.Context, name string) error          { delete(s, name); return nil }

// importDecrypter gives a fixed key to SubtleCrypto the way it would lie on a shelf.
func importDecrypter(ctx context.Context, p *webcrypto.Primitives, key *rsa.PrivateKey) (crypto.Decrypter, error) {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	private, err := importKey(ctx, "pkcs8", pkcs8, "decrypt", false)
	if err != nil {
		return nil, err
	}
	public, err := importKey(ctx, "spki", spki, "encrypt", true)
	if err != nil {
		return nil, err
	}
	pair := js.ValueOf(map[string]any{"privateKey": private, "publicKey": public})
	return webcrypto.NewKeys(p, shelf{"prekey": pair}).Decrypter(ctx, "prekey")
}

func importKey(ctx context.Context, format string, data []byte, usage string, extractable bool) (js.Value, error) {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	algorithm := map[string]any{"name": "RSA-OAEP", "hash": "SHA-256"}
	return promise.Await(ctx, js.Global().Get("crypto").Get("subtle").Call("importKey", format, array, algorithm, extractable, []any{usage}))
}
