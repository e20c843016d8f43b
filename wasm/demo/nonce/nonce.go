// Package nonce shows what AES-GCM gives away when a nonce is used twice with one key. Sotto never does: each message
// has a key of its own. It stands in the demo apart from the protocol.
//
// Two things fall. The keystream is the same, so the two ciphertexts differ exactly as the two texts do. And the two
// tags give away H, the key of the authentication (Joux, Authentication Failures in NIST version of GCM, 2006): for
// two messages of one block, T1 + T2 = (C1 + C2) H^2 in GF(2^128), and a square root there is always to be had. Whoever
// has H makes right tags for ciphertexts of their own.
package nonce

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
)

// Size is that of a message here: one block.
const Size = aes.BlockSize

// ErrNotOne is a text that is not one block long.
var ErrNotOne = errors.New("a text of 16 bytes is needed")

// Lab has one key and one nonce, used for whatever it is given.
type Lab struct {
	aead  cipher.AEAD
	nonce []byte
}

// New draws a key and a nonce.
func New() *Lab {
	key, nonce := make([]byte, 32), make([]byte, 12)
	_, _ = rand.Read(key) // never fails
	_, _ = rand.Read(nonce)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has blocks of 16 bytes
	}
	return &Lab{aead: aead, nonce: nonce}
}

// Seal gives ciphertext and tag of a text of one block.
func (l *Lab) Seal(text string) ([]byte, error) {
	if len(text) != Size {
		return nil, fmt.Errorf("%w: %d", ErrNotOne, len(text))
	}
	return l.aead.Seal(nil, l.nonce, []byte(text), nil), nil
}

// Open is the receiver, who has the key.
func (l *Lab) Open(sealed []byte) (string, error) {
	text, err := l.aead.Open(nil, l.nonce, sealed, nil)
	if err != nil {
		return "", errors.New("decryption failed")
	}
	return string(text), nil
}

// Leak is what someone without the key finds out from two sealed texts of one nonce.
type Leak struct {
	Difference []byte // of the texts
	H          []byte // the key of the authentication
}

// Find needs the two ciphertexts alone.
func Find(one, two []byte) Leak {
	difference := xor(one[:Size], two[:Size])
	h := root(times(load(xor(one[Size:], two[Size:])), inverse(load(difference))))
	return Leak{Difference: difference, H: h.bytes()}
}

// Forge makes a sealed text that says otherwise, of one whose text is known, without the key.
func (k Leak) Forge(sealed []byte, known, wanted string) []byte {
	change := xor([]byte(known), []byte(wanted))
	h := load(k.H)
	tag := load(sealed[Size:]).plus(times(load(change), times(h, h)))
	return append(xor(sealed[:Size], change), tag.bytes()...)
}

func xor(a, b []byte) []byte {
	out := make([]byte, len(a))
	for i := range a {
		out[i] = a[i] ^ b[i]
	}
	return out
}

// field is an element of GF(2^128) as GCM writes it: the first bit of the first byte is the coefficient of x^0
// (NIST SP 800-38D §6.3).
type field struct{ high, low uint64 }

func load(b []byte) field {
	return field{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

func (f field) bytes() []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, f.high), f.low)
}

func (f field) plus(g field) field { return field{f.high ^ g.high, f.low ^ g.low} }

// times multiplies modulo x^128 + x^7 + x^2 + x + 1.
func times(f, g field) field {
	var product field
	for i := range 128 {
		word := g.high
		if i >= 64 {
			word = g.low
		}
		if word>>(63-i%64)&1 == 1 {
			product = product.plus(f)
		}
		carry := f.low & 1
		f = field{f.high >> 1, f.low>>1 | f.high<<63}
		f.high ^= carry * (0xe1 << 56)
	}
	return product
}

// root is f^(2^127): squaring 128 times gives f again.
func root(f field) field {
	for range 127 {
		f = times(f, f)
	}
	return f
}

// inverse is f^(2^128 - 2).
func inverse(f field) field {
	result := field{high: 1 << 63}
	for range 127 {
		f = times(f, f)
		result = times(result, f)
	}
	return result
}
