//go:build js && wasm

package webcrypto

import (
	"crypto/cipher"
	"fmt"
	"io"
	"slices"
	"sync"
	"syscall/js"

	"sotto/wasm/cose"
)

// aead is AES-256-GCM under one key: a secret that is imported with its first use, or a key the browser keeps.
type aead struct {
	p *Primitives

	once   sync.Once
	secret cose.Secret // destroyed once imported
	key    js.Value    // CryptoKey, not extractable
	err    error
}

// StorageAEAD is AES-256-GCM under a key of [Primitives.NewStorageKey].
func (p *Primitives) StorageAEAD(key js.Value) cipher.AEAD {
	a := &aead{p: p, key: key}
	a.once.Do(func() {})
	return a
}

// Format keeps the secret out of every print: fmt does not ask the secret itself, since its field is not exported.
func (*aead) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[AES-256-GCM]") }

// NonceSize implements [cipher.AEAD].
func (*aead) NonceSize() int { return cose.NonceSize }

// Overhead implements [cipher.AEAD].
func (*aead) Overhead() int { return cose.TagSize }

// Seal implements [cipher.AEAD]. It panics where the browser refuses to encrypt, for which it has no reason.
func (a *aead) Seal(dst, nonce, plaintext, additional []byte) []byte {
	out, err := a.run(a.p.subtle.encrypt, dst, nonce, plaintext, additional, len(plaintext)+cose.TagSize)
	if err != nil {
		panic(fmt.Errorf("seal with AES-GCM: %w", err))
	}
	return out
}

// Open implements [cipher.AEAD]. Its only error is [cose.ErrDecrypt].
func (a *aead) Open(dst, nonce, ciphertext, additional []byte) ([]byte, error) {
	if len(ciphertext) < cose.TagSize {
		return nil, cose.ErrDecrypt
	}
	out, err := a.run(a.p.subtle.decrypt, dst, nonce, ciphertext, additional, len(ciphertext)-cose.TagSize)
	if err != nil {
		return nil, cose.ErrDecrypt
	}
	return out, nil
}

// run encrypts or decrypts input and appends the result, whose length is known beforehand, to dst.
func (a *aead) run(operation js.Value, dst, nonce, input, additional []byte, length int) ([]byte, error) {
	if len(nonce) != cose.NonceSize {
		panic(fmt.Sprintf("AES-GCM nonce of %d bytes", len(nonce)))
	}
	if a.once.Do(a.importSecret); a.err != nil {
		return nil, a.err
	}
	call := a.p.issue(func(d *desk) js.Value {
		d.nonce.hold(nonce)
		a.p.algorithms.gcm.Set("additionalData", d.additional.hold(additional))
		return operation.Invoke(a.p.algorithms.gcm, a.key, d.data.hold(input))
	})
	result, err := a.p.secrets.Await(call)
	if err != nil {
		return nil, err
	}
	out := slices.Grow(dst, length)[:len(dst)+length]
	if n := js.CopyBytesToGo(out[len(dst):], uint8Array.New(result)); n != length {
		return nil, fmt.Errorf("AES-GCM gave %d bytes, want %d", n, length)
	}
	return out, nil
}

func (a *aead) importSecret() {
	call := a.p.issue(func(d *desk) js.Value {
		defer d.key.wipe(cose.SecretSize)
		return a.p.subtle.importKey.Invoke(a.p.algorithms.raw, d.key.hold(a.secret[:]), a.p.algorithms.gcmName, false, a.p.algorithms.sealOpen)
	})
	a.secret.Destroy()
	a.key, a.err = a.p.secrets.Await(call)
}
