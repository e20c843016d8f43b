package cose

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"

	"sotto/wasm/check"
)

// ErrSignature is a signature that does not verify. A security failure.
var ErrSignature = errors.New("signature does not verify")

// ErrDecrypt is ciphertext, nonce, tag or associated data that do not belong together. A security failure.
var ErrDecrypt = errors.New("decryption failed")

// Primitives are the operations of suite 1 whose place differs: the standard library natively, SubtleCrypto in a
// browser. Private keys are not among them; those are [crypto.Signer] and [crypto.Decrypter] values.
type Primitives interface {
	// AEAD is AES-256-GCM under key with nonces of 12 and tags of 16 bytes (SP 800-38D). It is used for one key
	// and then forgotten.
	AEAD(key Secret) cipher.AEAD
	// VerifyPSS checks an RSASSA-PSS signature with SHA-256 and a salt of exactly 32 bytes (RFC 8017 §8.1.2).
	// It returns [ErrSignature].
	VerifyPSS(key RSAKey, message, signature []byte) error
	// EncryptOAEP encrypts at most 318 bytes with RSAES-OAEP, SHA-256 and no label (RFC 8017 §7.1.1) to 384 bytes.
	EncryptOAEP(key RSAKey, plaintext []byte) ([]byte, error)
}

// PSSOptions are the options of every signature of suite 1: SHA-256 and a salt of exactly 32 bytes.
func PSSOptions() *rsa.PSSOptions {
	return &rsa.PSSOptions{SaltLength: sha256.Size, Hash: crypto.SHA256}
}

// OAEPOptions are the options of every RSA decryption of suite 1: SHA-256, MGF1 with SHA-256, no label.
func OAEPOptions() *rsa.OAEPOptions {
	return &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA256}
}

// Native runs the primitives with the standard library.
type Native struct{}

var _ Primitives = Native{}

// AEAD implements [Primitives].
func (Native) AEAD(key Secret) cipher.AEAD {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has blocks of 16 bytes
	}
	return aead
}

// VerifyPSS implements [Primitives].
func (Native) VerifyPSS(key RSAKey, message, signature []byte) error {
	digest := sha256.Sum256(message)
	err := rsa.VerifyPSS(key.Public(), crypto.SHA256, digest[:], signature, PSSOptions())
	if err != nil && check.Off(check.Salt) {
		err = rsa.VerifyPSS(key.Public(), crypto.SHA256, digest[:], signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthAuto})
	}
	if err != nil {
		return ErrSignature
	}
	return nil
}

// EncryptOAEP implements [Primitives].
func (Native) EncryptOAEP(key RSAKey, plaintext []byte) ([]byte, error) {
	sealed, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, key.Public(), plaintext, nil)
	if err != nil {
		return nil, fmt.Errorf("encrypt to an RSA key: %w", err)
	}
	return sealed, nil
}
