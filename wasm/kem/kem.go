// Package kem is the composite key encapsulation MLKEM768-RSA3072-SHA3-256: ML-KEM-768 (FIPS 203) beside RSA-3072
// OAEP with SHA-256 (RFC 8017), joined so that both must fall before the shared secret does
// (draft-ietf-lamps-pq-composite-kem-18).
//
//	public key = ML-KEM encapsulation key (1184) || RSAPublicKey in DER (398)          1582 bytes
//	ciphertext = ML-KEM ciphertext (1088)        || RSA-OAEP ciphertext (384)          1472 bytes
//	secret     = SHA3-256(ML-KEM secret || RSA secret || RSA ciphertext || RSA public key || "MLKEM768-RSAOAEP3072")
//
// The RSA half decrypts behind [crypto.Decrypter], so that in a browser its key never leaves SubtleCrypto. The
// ML-KEM half is kept as its 64-byte seed.
package kem

import (
	"crypto"
	"crypto/mlkem"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha3"
	"errors"
	"fmt"
	"io"

	"sotto/wasm/check"
	"sotto/wasm/cose"
)

// Sizes in bytes.
const (
	SeedSize       = mlkem.SeedSize
	CiphertextSize = mlkem.CiphertextSize768 + cose.ModulusSize
	PublicKeySize  = mlkem.EncapsulationKeySize768 + derSize
)

const (
	label        = "MLKEM768-RSAOAEP3072"
	algComposite = -65538 // private use (RFC 9052 §16.4): no number is registered yet
	ktyAKP       = 7      // RFC 9964
)

// ErrKey is a public key that is none: its length, its ML-KEM half (a coefficient not reduced), its RSA half or its
// DER is wrong.
var ErrKey = fmt.Errorf("%w: not an MLKEM768-RSA3072 key", cose.ErrMalformed)

// ErrDecapsulate is the one error of a ciphertext that does not open, whichever half failed.
var ErrDecapsulate = errors.New("decapsulation failed")

// PublicKey is a composite public key whose halves were checked.
type PublicKey struct {
	lattice *mlkem.EncapsulationKey768
	rsa     cose.RSAKey
}

type publicMap struct {
	Type      uint64 `cbor:"1,keyasint"`
	Algorithm int64  `cbor:"3,keyasint"`
	Public    []byte `cbor:"-1,keyasint"`
}

// NewPublicKey joins the two public halves.
func NewPublicKey(lattice *mlkem.EncapsulationKey768, key cose.RSAKey) PublicKey {
	return PublicKey{lattice: lattice, rsa: key}
}

// ParsePublicKey reads the 1582 bytes of a composite public key. It refuses with [ErrKey].
func ParsePublicKey(data []byte) (PublicKey, error) {
	if len(data) != PublicKeySize && (len(data) < PublicKeySize || !check.Off(check.KEMKeyLength)) {
		return PublicKey{}, fmt.Errorf("%w: %d bytes, want %d", ErrKey, len(data), PublicKeySize)
	}
	lattice, err := mlkem.NewEncapsulationKey768(data[:mlkem.EncapsulationKeySize768])
	if err != nil && check.Off(check.KEMReduced) {
		lattice, err = unreduced(data[:mlkem.EncapsulationKeySize768])
	}
	if err != nil {
		return PublicKey{}, fmt.Errorf("%w: ML-KEM half", ErrKey)
	}
	key, err := parseDER(data[mlkem.EncapsulationKeySize768:])
	if err != nil {
		return PublicKey{}, err
	}
	return PublicKey{lattice: lattice, rsa: key}, nil
}

// ParseKey reads a COSE_Key of type AKP: { 1: 7, 3: -65538, -1: public key }.
func ParseKey(data []byte) (PublicKey, error) {
	var m publicMap
	if err := cose.Unmarshal(data, &m, PublicKeySize+64); err != nil {
		return PublicKey{}, fmt.Errorf("composite key: %w", err)
	}
	if m.Type != ktyAKP || m.Algorithm != algComposite {
		return PublicKey{}, fmt.Errorf("%w: key type %d, algorithm %d", ErrKey, m.Type, m.Algorithm)
	}
	return ParsePublicKey(m.Public)
}

// Bytes is the public key in its draft's serialization, 1582 bytes.
func (k PublicKey) Bytes() []byte {
	return append(k.lattice.Bytes(), der(k.rsa)...)
}

// COSE is the public key as a COSE_Key.
func (k PublicKey) COSE() []byte {
	return cose.Marshal(publicMap{Type: ktyAKP, Algorithm: algComposite, Public: k.Bytes()})
}

// Thumbprint is the SHA-256 of the COSE_Key (RFC 9679 §3: of an AKP key its type, algorithm and public key).
func (k PublicKey) Thumbprint() cose.Thumbprint { return sha256.Sum256(k.COSE()) }

// Encapsulate draws a secret for the holder of k and gives it with its ciphertext.
func (k PublicKey) Encapsulate(p cose.Primitives, random io.Reader) (cose.Secret, []byte, error) {
	traditional, err := cose.NewSecret(random)
	if err != nil {
		return cose.Secret{}, nil, err
	}
	sealed, err := p.EncryptOAEP(k.rsa, traditional[:])
	if err != nil {
		return cose.Secret{}, nil, err
	}
	shared, ciphertext := k.lattice.Encapsulate()
	return combine(shared, traditional[:], sealed, k.rsa), append(ciphertext, sealed...), nil
}

// PrivateKey is the holder's side of a [PublicKey].
type PrivateKey struct {
	lattice   *mlkem.DecapsulationKey768
	decrypter crypto.Decrypter
	rsa       cose.RSAKey
}

// NewPrivateKey joins an ML-KEM seed of 64 bytes with the holder of the RSA key.
func NewPrivateKey(seed []byte, decrypter crypto.Decrypter) (*PrivateKey, error) {
	lattice, err := mlkem.NewDecapsulationKey768(seed)
	if err != nil {
		return nil, fmt.Errorf("ML-KEM seed of %d bytes: %w", len(seed), err)
	}
	public, ok := decrypter.Public().(*rsa.PublicKey)
	if !ok {
		return nil, cose.ErrKey
	}
	key, err := cose.NewRSAKey(public)
	if err != nil {
		return nil, err
	}
	return &PrivateKey{lattice: lattice, decrypter: decrypter, rsa: key}, nil
}

// Format keeps the key out of every print.
func (k PrivateKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[composite private key]") }

// Public gives the public key.
func (k *PrivateKey) Public() PublicKey {
	return PublicKey{lattice: k.lattice.EncapsulationKey(), rsa: k.rsa}
}

// Decapsulate gives the secret of a ciphertext made for k. Both halves always run; whatever fails, the error is
// [ErrDecapsulate]. ML-KEM rejects implicitly: an altered ML-KEM half gives another secret and no error.
func (k *PrivateKey) Decapsulate(random io.Reader, ciphertext []byte) (cose.Secret, error) {
	if len(ciphertext) != CiphertextSize {
		if len(ciphertext) < CiphertextSize || !check.Off(check.KEMLength) {
			return cose.Secret{}, ErrDecapsulate
		}
		ciphertext = ciphertext[:CiphertextSize]
	}
	sealed := ciphertext[mlkem.CiphertextSize768:]
	traditional, errRSA := k.decrypter.Decrypt(random, sealed, cose.OAEPOptions())
	shared, errLattice := k.lattice.Decapsulate(ciphertext[:mlkem.CiphertextSize768])
	if errRSA != nil || errLattice != nil || len(traditional) != cose.SecretSize {
		return cose.Secret{}, ErrDecapsulate
	}
	return combine(shared, traditional, sealed, k.rsa), nil
}

func combine(shared, traditional, sealed []byte, key cose.RSAKey) cose.Secret {
	h := sha3.New256()
	for _, part := range [][]byte{shared, traditional, sealed, der(key), []byte(label)} {
		h.Write(part)
	}
	return cose.Secret(h.Sum(nil))
}

// unreduced takes an ML-KEM key whose coefficients, 12 bits each, may not be reduced, as one does that does not check
// (FIPS 203 §7.2). It stands in no build but that of the attacks.
func unreduced(data []byte) (*mlkem.EncapsulationKey768, error) {
	const prime, seed = 3329, 32
	data = append([]byte(nil), data...)
	for i := 0; i < len(data)-seed; i += 3 {
		low := (uint16(data[i]) | uint16(data[i+1]&15)<<8) % prime
		high := (uint16(data[i+1]>>4) | uint16(data[i+2])<<4) % prime
		data[i], data[i+1], data[i+2] = byte(low), byte(low>>8)|byte(high<<4), byte(high>>4)
	}
	return mlkem.NewEncapsulationKey768(data)
}
