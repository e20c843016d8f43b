package lab

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"io"
	"sync"

	"sotto/wasm/cose"
)

// Tap is a person's primitives and randomness, and notes what passes. Its zero waivers let nothing pass that is wrong.
type Tap struct {
	cose.Primitives
	Random io.Reader

	mu      sync.Mutex
	notes   Notes
	waive   waivers
	instead []byte // what the next opening gives, whatever it is given
	rekey   map[cose.Secret]cose.Secret
}

// waivers are the checks that a tap leaves out.
type waivers struct{ tag, signature bool }

// Notes is what passed through a tap, in order.
type Notes struct {
	Drawn   [][]byte
	Sealed  []Sealing
	Opened  []Sealing
	Signed  []Signing
	Checked []Signing
	Wrapped []Wrapping
}

// Sealing is one use of AES-256-GCM. Plain is nil where it did not open.
type Sealing struct {
	Key                              cose.Secret
	Nonce, Associated, Plain, Sealed []byte
}

// Signing is a signature and what it is over.
type Signing struct{ Message, Signature []byte }

// Wrapping is what was encrypted to an RSA key.
type Wrapping struct{ Plain, Sealed []byte }

// Take gives what was noted and forgets it.
func (t *Tap) Take() Notes {
	t.mu.Lock()
	defer t.mu.Unlock()
	taken := t.notes
	t.notes = Notes{}
	return taken
}

func (t *Tap) note(write func(*Notes)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	write(&t.notes)
}

// Read is the randomness.
func (t *Tap) Read(b []byte) (int, error) {
	n, err := t.Random.Read(b)
	t.note(func(n *Notes) { n.Drawn = append(n.Drawn, bytes.Clone(b)) })
	return n, err
}

// AEAD implements [cose.Primitives].
func (t *Tap) AEAD(key cose.Secret) cipher.AEAD {
	if other, ok := t.rekey[key]; ok {
		key = other
	}
	return &tapped{AEAD: t.Primitives.AEAD(key), tap: t, key: key}
}

// VerifyPSS implements [cose.Primitives].
func (t *Tap) VerifyPSS(key cose.RSAKey, message, signature []byte) error {
	t.note(func(n *Notes) { n.Checked = append(n.Checked, Signing{message, signature}) })
	if err := t.Primitives.VerifyPSS(key, message, signature); err != nil && !t.waive.signature {
		return err
	}
	return nil
}

// EncryptOAEP implements [cose.Primitives].
func (t *Tap) EncryptOAEP(key cose.RSAKey, plain []byte) ([]byte, error) {
	sealed, err := t.Primitives.EncryptOAEP(key, plain)
	t.note(func(n *Notes) { n.Wrapped = append(n.Wrapped, Wrapping{bytes.Clone(plain), sealed}) })
	return sealed, err
}

// tapped is AES-256-GCM under one key.
type tapped struct {
	cipher.AEAD
	tap *Tap
	key cose.Secret
}

func (a *tapped) Seal(dst, nonce, plain, associated []byte) []byte {
	out := a.AEAD.Seal(dst, nonce, plain, associated)
	a.tap.note(func(n *Notes) {
		n.Sealed = append(n.Sealed, Sealing{a.key, bytes.Clone(nonce), bytes.Clone(associated), bytes.Clone(plain), out[len(dst):]})
	})
	return out
}

func (a *tapped) Open(dst, nonce, sealed, associated []byte) ([]byte, error) {
	if plain, ok := a.tap.replaced(); ok {
		return append(dst, plain...), nil
	}
	out, err := a.AEAD.Open(dst, nonce, sealed, associated)
	noted := Sealing{a.key, bytes.Clone(nonce), bytes.Clone(associated), nil, bytes.Clone(sealed)}
	if err != nil && a.tap.waive.tag {
		out, err = append(dst, untagged(a.key, nonce, sealed)...), nil
	} else if err == nil {
		noted.Plain = bytes.Clone(out[len(dst):])
	}
	a.tap.note(func(n *Notes) { n.Opened = append(n.Opened, noted) })
	return out, err
}

func (t *Tap) replaced() ([]byte, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	plain := t.instead
	t.instead = nil
	return plain, plain != nil
}

// untagged decrypts as GCM does and never looks at the tag: counter mode from the nonce and 2 (NIST SP 800-38D §7.1).
func untagged(key cose.Secret, nonce, sealed []byte) []byte {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	plain := make([]byte, len(sealed)-cose.TagSize)
	cipher.NewCTR(block, append(bytes.Clone(nonce), 0, 0, 0, 2)).XORKeyStream(plain, sealed[:len(plain)])
	return plain
}

// signer is a person's RSA key for signatures, whose signatures are noted.
type signer struct {
	crypto.Signer
	tap *Tap
}

var _ crypto.MessageSigner = signer{}

// SignMessage implements [crypto.MessageSigner].
func (s signer) SignMessage(_ io.Reader, message []byte, options crypto.SignerOpts) ([]byte, error) {
	signature, err := crypto.SignMessage(s.Signer, s.tap.Random, message, options)
	if err == nil {
		s.tap.note(func(n *Notes) { n.Signed = append(n.Signed, Signing{bytes.Clone(message), signature}) })
	}
	return signature, err
}
