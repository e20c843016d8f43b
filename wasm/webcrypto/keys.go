//go:build js && wasm

package webcrypto

import (
	"context"
	"crypto"
	"fmt"
	"syscall/js"

	"sotto/wasm/client"
	"sotto/wasm/promise"
)

// Shelf keeps JavaScript objects that structured clone can copy, such as CryptoKeys, by name.
type Shelf interface {
	Put(ctx context.Context, name string, object js.Value) error
	// Get gives undefined for a name that is not there.
	Get(ctx context.Context, name string) (js.Value, error)
	Delete(ctx context.Context, name string) error
}

// Keys is [client.Keys]: pairs of CryptoKeys on a shelf. The browser stores a CryptoKey without showing its bytes
// to any script; it may keep them in the profile's files in the clear, and a deleted key's bytes until it
// overwrites them.
type Keys struct {
	p     *Primitives
	shelf Shelf
}

var _ client.Keys = (*Keys)(nil)

// NewKeys gives the keys on shelf.
func NewKeys(p *Primitives, shelf Shelf) *Keys { return &Keys{p: p, shelf: shelf} }

// NewSigner implements [client.Keys].
func (k *Keys) NewSigner(ctx context.Context, name string) (crypto.Signer, error) {
	made, err := k.generate(ctx, name, k.p.algorithms.pssNew, "sign", "verify")
	if err != nil {
		return nil, fmt.Errorf("make the signing key %q: %w", name, err)
	}
	return &signer{made}, nil
}

// NewDecrypter implements [client.Keys].
func (k *Keys) NewDecrypter(ctx context.Context, name string) (crypto.Decrypter, error) {
	made, err := k.generate(ctx, name, k.p.algorithms.oaepNew, "decrypt", "encrypt")
	if err != nil {
		return nil, fmt.Errorf("make the decryption key %q: %w", name, err)
	}
	return &decrypter{made}, nil
}

// Signer implements [client.Keys].
func (k *Keys) Signer(ctx context.Context, name string) (crypto.Signer, error) {
	kept, err := k.load(ctx, name, pssName)
	if err != nil {
		return nil, fmt.Errorf("signing key %q: %w", name, err)
	}
	return &signer{kept}, nil
}

// Decrypter implements [client.Keys].
func (k *Keys) Decrypter(ctx context.Context, name string) (crypto.Decrypter, error) {
	kept, err := k.load(ctx, name, oaepName)
	if err != nil {
		return nil, fmt.Errorf("decryption key %q: %w", name, err)
	}
	return &decrypter{kept}, nil
}

// Destroy implements [client.Keys].
func (k *Keys) Destroy(ctx context.Context, name string) error {
	if err := k.shelf.Delete(ctx, name); err != nil {
		return fmt.Errorf("destroy the key %q: %w", name, err)
	}
	return nil
}

// generate makes a pair whose private half cannot be exported and keeps it.
func (k *Keys) generate(ctx context.Context, name string, algorithm js.Value, usages ...any) (private, error) {
	pair, err := promise.Await(ctx, k.p.subtle.generate.Invoke(algorithm, false, usages))
	if err != nil {
		return private{}, err
	}
	made, err := k.open(ctx, pair)
	if err != nil {
		return private{}, err
	}
	return made, k.shelf.Put(ctx, name, pair)
}

// load gives the pair that is kept under name for an algorithm.
func (k *Keys) load(ctx context.Context, name, algorithm string) (private, error) {
	pair, err := k.shelf.Get(ctx, name)
	switch {
	case err != nil:
		return private{}, err
	case pair.IsUndefined(), pair.Get("privateKey").Get("algorithm").Get("name").String() != algorithm:
		return private{}, client.ErrNoKey
	}
	return k.open(ctx, pair)
}

// open reads a pair's public half.
func (k *Keys) open(ctx context.Context, pair js.Value) (private, error) {
	buffer, err := promise.Await(ctx, k.p.subtle.exportKey.Invoke(k.p.algorithms.spki, pair.Get("publicKey")))
	if err != nil {
		return private{}, err
	}
	spki := uint8Array.New(buffer)
	data := make([]byte, spki.Length())
	js.CopyBytesToGo(data, spki)
	public, err := decodeSPKI(data)
	if err != nil {
		return private{}, err
	}
	return private{p: k.p, key: pair.Get("privateKey"), public: public}, nil
}

// NewStorageKey makes an AES-256-GCM key that cannot be exported, a CryptoKey to keep on a shelf.
func (p *Primitives) NewStorageKey(ctx context.Context) (js.Value, error) {
	key, err := promise.Await(ctx, p.subtle.generate.Invoke(p.algorithms.gcmNew, false, p.algorithms.sealOpen))
	if err != nil {
		return js.Undefined(), fmt.Errorf("make the storage key: %w", err)
	}
	return key, nil
}
