package cose

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
)

// SecretSize is the length of every symmetric secret of suite 1, in bytes.
const SecretSize = 32

// Secret is a symmetric secret: an epoch secret, a chain key, a message key. It prints as "[secret]" whatever
// the verb, is encoded as a byte string only where a state at rest or a wrap is written, and is compared in constant time.
type Secret [SecretSize]byte

// NewSecret draws a fresh secret.
func NewSecret(random io.Reader) (Secret, error) {
	var s Secret
	if _, err := io.ReadFull(random, s[:]); err != nil {
		return Secret{}, fmt.Errorf("draw a secret: %w", err)
	}
	return s, nil
}

// Format keeps the secret out of every print.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// Equal compares in constant time.
func (s Secret) Equal(t Secret) bool { return subtle.ConstantTimeCompare(s[:], t[:]) == 1 }

// Destroy overwrites the secret. Copies that the runtime made of it are out of reach.
func (s *Secret) Destroy() { clear(s[:]) }

// Extract is HKDF-Extract with SHA-256 (RFC 5869 §2.2).
func Extract(salt, input Secret) Secret {
	prk, err := hkdf.Extract(sha256.New, input[:], salt[:])
	if err != nil {
		panic(err) // no length of ours is refused
	}
	return Secret(prk)
}

// Expand is HKDF-Expand with SHA-256 (RFC 5869 §2.3) and
// info = CBOR ["sotto/1", label, context, length], after RFC 9420 §8. At most 255*32 bytes.
func Expand(s Secret, label string, context []byte, length int) []byte {
	info := Marshal([]any{"sotto/1", label, emptyNotNil(context), uint64(length)})
	out, err := hkdf.Expand(sha256.New, s[:], string(info), length)
	if err != nil {
		panic(err) // lengths are constants of ours
	}
	return out
}

// Derive is [Expand] to one secret.
func Derive(s Secret, label string, context []byte) Secret {
	return Secret(Expand(s, label, context, SecretSize))
}

// MAC is HMAC-SHA-256 of message under s (RFC 2104). 32 bytes.
func MAC(s Secret, message []byte) [32]byte {
	h := hmac.New(sha256.New, s[:])
	h.Write(message)
	return [32]byte(h.Sum(nil))
}

func emptyNotNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
