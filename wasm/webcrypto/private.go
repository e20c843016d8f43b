//go:build js && wasm

package webcrypto

import (
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"syscall/js"

	"sotto/wasm/cose"
)

// private is an RSA private key that stays in the browser: a CryptoKey that cannot be exported.
type private struct {
	p      *Primitives
	key    js.Value
	public *rsa.PublicKey
}

// Public gives the public half, an *rsa.PublicKey.
func (k *private) Public() crypto.PublicKey { return k.public }

// Format keeps the key out of every print.
func (k *private) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[private key]") }

// signer is a [crypto.MessageSigner] for RSASSA-PSS with SHA-256 and a salt of 32 bytes, and nothing else.
type signer struct{ private }

var _ crypto.MessageSigner = (*signer)(nil)

var (
	errDigest  = errors.New("sign a digest: SubtleCrypto signs whole messages, use crypto.SignMessage")
	errOptions = errors.New("options that suite 1 does not have")
)

// Sign implements [crypto.Signer] and always fails: SubtleCrypto hashes what it signs itself.
func (*signer) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return nil, errDigest }

// SignMessage implements [crypto.MessageSigner]. The options must be [cose.PSSOptions]; the randomness is the
// browser's. 384 bytes.
func (k *signer) SignMessage(_ io.Reader, message []byte, options crypto.SignerOpts) ([]byte, error) {
	if o, ok := options.(*rsa.PSSOptions); !ok || o == nil || *o != *cose.PSSOptions() {
		return nil, fmt.Errorf("sign a message: %w", errOptions)
	}
	call := k.p.issue(func(d *desk) js.Value {
		return k.p.subtle.sign.Invoke(k.p.algorithms.pss, k.key, d.data.hold(message))
	})
	signature, err := awaitBytes(&k.p.private, call)
	if err != nil {
		return nil, fmt.Errorf("sign a message: %w", err)
	}
	return signature, nil
}

// decrypter is a [crypto.Decrypter] for RSAES-OAEP with SHA-256 and no label, and nothing else.
type decrypter struct{ private }

var _ crypto.Decrypter = (*decrypter)(nil)

// Decrypt implements [crypto.Decrypter]. The options must be [cose.OAEPOptions]. Whatever is wrong with the
// ciphertext, the error is [cose.ErrDecrypt].
func (k *decrypter) Decrypt(_ io.Reader, ciphertext []byte, options crypto.DecrypterOpts) ([]byte, error) {
	o, ok := options.(*rsa.OAEPOptions)
	if want := cose.OAEPOptions(); !ok || o == nil || o.Hash != want.Hash || o.MGFHash != want.MGFHash || len(o.Label) != 0 {
		return nil, fmt.Errorf("decrypt with an RSA key: %w", errOptions)
	}
	call := k.p.issue(func(d *desk) js.Value {
		return k.p.subtle.decrypt.Invoke(k.p.algorithms.oaep, k.key, d.data.hold(ciphertext))
	})
	plaintext, err := awaitBytes(&k.p.private, call)
	if err != nil {
		return nil, cose.ErrDecrypt
	}
	return plaintext, nil
}
