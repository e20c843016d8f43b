package cose

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/big"

	"sotto/wasm/check"
)

// Sizes of an RSA-3072 key and of what it makes, in bytes.
const (
	ModulusSize   = 384
	SignatureSize = 384
)

// ErrKey is a kind of [ErrMalformed]: an RSA key that suite 1 does not allow.
var ErrKey = fmt.Errorf("%w: not an RSA-3072 key with exponent 65537", ErrMalformed)

// Thumbprint is the SHA-256 of a key's COSE_Key map (RFC 9679). 32 bytes.
type Thumbprint [32]byte

// String gives the thumbprint in lower-case hexadecimal; thumbprints are public.
func (t Thumbprint) String() string { return hex.EncodeToString(t[:]) }

// RSAKey is an RSA-3072 public key with exponent 65537, the only kind of suite 1.
type RSAKey struct {
	n [ModulusSize]byte // big-endian, the highest and the lowest bit set
}

// keyMap is the COSE_Key of an RSA public key (RFC 8230 §4): { 1: 3, -1: n, -2: e }.
type keyMap struct {
	Type uint64 `cbor:"1,keyasint"`
	N    []byte `cbor:"-1,keyasint"`
	E    []byte `cbor:"-2,keyasint"`
}

const maxKeyBytes = 420

// NewRSAKey takes a public key of the standard library. It refuses every other size or exponent with [ErrKey].
func NewRSAKey(key *rsa.PublicKey) (RSAKey, error) {
	if key == nil || key.E != 65537 || key.N == nil || key.N.Sign() < 0 || key.N.BitLen() != 8*ModulusSize {
		return RSAKey{}, ErrKey
	}
	return RSAKeyFromModulus(key.N.Bytes())
}

// RSAKeyFromModulus takes a big-endian modulus of exactly [ModulusSize] bytes with exponent 65537. It refuses with [ErrKey].
func RSAKeyFromModulus(n []byte) (RSAKey, error) {
	if len(n) != ModulusSize || n[0]&0x80 == 0 || n[ModulusSize-1]&1 == 0 {
		if check.Off(check.Modulus) {
			return oddModulus(n), nil
		}
		return RSAKey{}, ErrKey
	}
	return RSAKey{n: [ModulusSize]byte(n)}, nil
}

// ParseRSAKey reads a COSE_Key. It refuses with [ErrMalformed] or [ErrKey].
func ParseRSAKey(data []byte) (RSAKey, error) {
	var m keyMap
	if err := Unmarshal(data, &m, maxKeyBytes); err != nil {
		return RSAKey{}, fmt.Errorf("RSA key: %w", err)
	}
	if m.Type != 3 || string(m.E) != "\x01\x00\x01" && !check.Off(check.Exponent) {
		return RSAKey{}, ErrKey
	}
	return RSAKeyFromModulus(m.N)
}

// Bytes is the COSE_Key: { 1: 3, -1: n, -2: h'010001' }.
func (k RSAKey) Bytes() []byte {
	return Marshal(keyMap{Type: 3, N: k.n[:], E: []byte{1, 0, 1}})
}

// Thumbprint is the SHA-256 of [RSAKey.Bytes] (RFC 9679 §3).
func (k RSAKey) Thumbprint() Thumbprint { return sha256.Sum256(k.Bytes()) }

// Modulus is n, big-endian, exactly [ModulusSize] bytes.
func (k RSAKey) Modulus() [ModulusSize]byte { return k.n }

// Public gives the key in the standard library's type.
func (k RSAKey) Public() *rsa.PublicKey {
	return &rsa.PublicKey{N: new(big.Int).SetBytes(k.n[:]), E: 65537}
}

// oddModulus takes as much of a modulus as there is room for. It stands in no build but that of the attacks.
func oddModulus(n []byte) (k RSAKey) {
	n = n[max(0, len(n)-ModulusSize):]
	copy(k.n[ModulusSize-len(n):], n)
	return k
}
