//go:build js && wasm

package subtle_test

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"syscall/js"

	"sotto/wasm/promise"
	"sotto/wasm/webcrypto"
)

// shelf keeps CryptoKeys in memory.
type shelf map[string]js.Value

// Put implements [webcrypto.Shelf].
func (s shelf) Put(_ context.Context, name string, object js.Value) error {
	s[name] = object
	return nil
}

// Get implements [webcrypto.Shelf].
func (s shelf) Get(_ context.Context, name string) (js.Value, error) { return s[name], nil }

// Delete implements [webcrypto.Shelf].
func (s shelf) Delete(_ context.Context, name string) error { delete(s, name); return nil }

// decrypter gives a fixed key's holder for OAEP, as [webcrypto.Keys] would load it.
func decrypter(ctx context.Context, p *webcrypto.Primitives, key *rsa.PrivateKey) (crypto.Decrypter, error) {
	pair, err := importPair(ctx, key, "RSA-OAEP", "decrypt", "encrypt")
	if err != nil {
		return nil, err
	}
	return webcrypto.NewKeys(p, shelf{"key": pair}).Decrypter(ctx, "key")
}

// signer gives a fixed key's holder for PSS, as [webcrypto.Keys] would load it.
func signer(ctx context.Context, p *webcrypto.Primitives, key *rsa.PrivateKey) (crypto.Signer, error) {
	pair, err := importPair(ctx, key, "RSA-PSS", "sign", "verify")
	if err != nil {
		return nil, err
	}
	return webcrypto.NewKeys(p, shelf{"key": pair}).Signer(ctx, "key")
}

func importPair(ctx context.Context, key *rsa.PrivateKey, algorithm, private, public string) (js.Value, error) {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return js.Undefined(), err
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return js.Undefined(), err
	}
	privateKey, err := importKey(ctx, "pkcs8", pkcs8, algorithm, private, false)
	if err != nil {
		return js.Undefined(), err
	}
	publicKey, err := importKey(ctx, "spki", spki, algorithm, public, true)
	if err != nil {
		return js.Undefined(), err
	}
	return js.ValueOf(map[string]any{"privateKey": privateKey, "publicKey": publicKey}), nil
}

func importKey(ctx context.Context, format string, data []byte, algorithm, usage string, extractable bool) (js.Value, error) {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	parameters := map[string]any{"name": algorithm, "hash": "SHA-256"}
	subtle := js.Global().Get("crypto").Get("subtle")
	return promise.Await(ctx, subtle.Call("importKey", format, array, parameters, extractable, []any{usage}))
}
