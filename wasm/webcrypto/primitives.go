//go:build js && wasm

// Package webcrypto runs suite 1's primitives in the browser's SubtleCrypto: [Primitives] is [cose.Primitives], and
// [Keys] makes and keeps RSA private keys whose bytes no script can read.
//
// Go's own AES and RSA compiled to WASM are 7 to 17 times slower than the browser's, and its AES is constant-time
// only with AES hardware, which WASM has not.
//
// The way of an operation: its goroutine copies the arguments into buffers that are kept on the JavaScript side,
// calls SubtleCrypto, which copies them again before it returns (Web Cryptography API §14.3: "get a copy of the
// bytes"), and joins a [promise.Group]. So many goroutines share one callback, and callbacks are what costs. All
// methods may be called by many goroutines at once and none from inside a js.Func.
//
// What fails for a reason that a peer can cause is [cose.ErrDecrypt] or [cose.ErrSignature], whatever the browser
// says about it.
package webcrypto

import (
	"crypto/cipher"
	"errors"
	"fmt"
	"sync"
	"syscall/js"

	"sotto/wasm/cose"
	"sotto/wasm/promise"
)

// insecure is the type of [ErrInsecure].
type insecure struct{}

// Error says what to do.
func (insecure) Error() string { return "no crypto.subtle: the page needs https or localhost" }

// Code is the error's code for the page.
func (insecure) Code() string { return "insecure" }

// ErrInsecure is a browser without SubtleCrypto: browsers have it only in secure contexts.
var ErrInsecure error = insecure{}

// Primitives is [cose.Primitives] over SubtleCrypto. It has no state but caches.
type Primitives struct {
	subtle     subtle
	algorithms algorithms

	mu   sync.Mutex // held from the first copy into desk to the return of the call that reads it
	desk desk

	secrets   promise.Group // AES: microseconds
	verifying promise.Group // RSA public operations: tens of microseconds
	private   promise.Group // RSA private operations: milliseconds

	verifiers keyCache
}

var _ cose.Primitives = (*Primitives)(nil)

// New gives the primitives of the global object's crypto.subtle, or [ErrInsecure].
func New() (*Primitives, error) { return newPrimitives(js.Global()) }

func newPrimitives(global js.Value) (*Primitives, error) {
	crypto := global.Get("crypto")
	if crypto.Type() != js.TypeObject || crypto.Get("subtle").Type() != js.TypeObject {
		return nil, ErrInsecure
	}
	p := &Primitives{subtle: newSubtle(crypto.Get("subtle")), desk: newDesk()}
	p.algorithms = newAlgorithms(p.desk.nonce.array)
	p.verifiers.limit = maxVerifiers
	return p, nil
}

// AEAD implements [cose.Primitives]. The key is imported with its first use.
func (p *Primitives) AEAD(key cose.Secret) cipher.AEAD { return &aead{p: p, secret: key} }

// VerifyPSS implements [cose.Primitives].
func (p *Primitives) VerifyPSS(key cose.RSAKey, message, signature []byte) error {
	if len(signature) != cose.SignatureSize {
		return cose.ErrSignature
	}
	verifier, err := p.verifiers.get(key, func() (js.Value, error) { return p.importPublic(key, p.algorithms.pssKey, "verify") })
	if err != nil {
		return cose.ErrSignature
	}
	call := p.issue(func(d *desk) js.Value {
		return p.subtle.verify.Invoke(p.algorithms.pss, verifier, d.tag.hold(signature), d.data.hold(message))
	})
	if valid, err := p.verifying.Await(call); err != nil || !valid.Bool() {
		return cose.ErrSignature
	}
	return nil
}

var errTooLong = errors.New("encrypt to an RSA key: more than 318 bytes")

const maxOAEP = cose.ModulusSize - 2*32 - 2 // RFC 8017 §7.1.1

// EncryptOAEP implements [cose.Primitives].
func (p *Primitives) EncryptOAEP(key cose.RSAKey, plaintext []byte) ([]byte, error) {
	if len(plaintext) > maxOAEP {
		return nil, errTooLong
	}
	public, err := p.importPublic(key, p.algorithms.oaepKey, "encrypt")
	if err != nil {
		return nil, err
	}
	call := p.issue(func(d *desk) js.Value {
		defer d.data.wipe(len(plaintext))
		return p.subtle.encrypt.Invoke(p.algorithms.oaep, public, d.data.hold(plaintext))
	})
	sealed, err := awaitBytes(&p.verifying, call)
	if err != nil {
		return nil, fmt.Errorf("encrypt to an RSA key: %w", err)
	}
	return sealed, nil
}
