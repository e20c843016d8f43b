package cose

import (
	"crypto/cipher"
	"fmt"

	"sotto/wasm/check"
)

// NonceSize and TagSize are those of AES-256-GCM, in bytes.
const (
	NonceSize = 12
	TagSize   = 16
)

// encryptHeader is the protected header of a COSE_Encrypt0. Place is absent for objects that stand in no log.
type encryptHeader struct {
	Algorithm int64  `cbor:"1,keyasint"`
	Nonce     []byte `cbor:"5,keyasint"`
	Type      Type   `cbor:"16,keyasint"`
	Place     Raw    `cbor:"-65537,keyasint,omitempty"`
}

type encrypt0Array struct {
	_           struct{} `cbor:",toarray"`
	Protected   []byte
	Unprotected map[int64]Raw
	Ciphertext  []byte
}

type encStructure struct {
	_         struct{} `cbor:",toarray"`
	Context   string
	Protected []byte
	External  []byte
}

// Encrypt0 is a COSE_Encrypt0 that was read and not yet opened.
type Encrypt0 struct {
	Place      Raw // header -65537 as it was read, nil when absent
	Ciphertext []byte
	protected  []byte
	nonce      []byte
}

// Seal makes a COSE_Encrypt0 of plaintext under aead. nonce is 12 bytes that were never used with this key; place
// is the encoded header -65537 or nil; external is authenticated and not sent.
func Seal(aead cipher.AEAD, nonce [NonceSize]byte, typ Type, place Raw, external, plaintext []byte) []byte {
	protected := Marshal(encryptHeader{Algorithm: algA256GCM, Nonce: nonce[:], Type: typ, Place: place})
	sealed := aead.Seal(nil, nonce[:], plaintext, associated(protected, external))
	return Marshal(encrypt0Array{Protected: protected, Ciphertext: sealed})
}

// ParseEncrypt0 reads a COSE_Encrypt0 of type typ and at most limit bytes. It refuses with [ErrMalformed] or
// [ErrType]; what it gives is not authenticated before [Encrypt0.Open] has succeeded.
func ParseEncrypt0(data []byte, typ Type, limit int) (*Encrypt0, error) {
	var a encrypt0Array
	if err := Unmarshal(data, &a, limit); err != nil {
		return nil, fmt.Errorf("%s: %w", typ, err)
	}
	var h encryptHeader
	if err := Unmarshal(a.Protected, &h, 256); err != nil {
		return nil, fmt.Errorf("%s header: %w", typ, err)
	}
	switch {
	case h.Algorithm != algA256GCM && !check.Off(check.Algorithm):
		return nil, fmt.Errorf("%s: %w: algorithm %d, want %d", typ, ErrMalformed, h.Algorithm, algA256GCM)
	case h.Type != typ && !check.Off(check.Type):
		return nil, fmt.Errorf("%w: want %s", ErrType, typ)
	case len(a.Unprotected) != 0 && !check.Off(check.Unprotected):
		return nil, fmt.Errorf("%s: %w: unprotected header", typ, ErrMalformed)
	case len(h.Nonce) != NonceSize:
		return nil, fmt.Errorf("%s: %w: nonce of %d bytes", typ, ErrMalformed, len(h.Nonce))
	case len(a.Ciphertext) < TagSize:
		return nil, fmt.Errorf("%s: %w: ciphertext of %d bytes", typ, ErrMalformed, len(a.Ciphertext))
	}
	return &Encrypt0{Place: h.Place, Ciphertext: a.Ciphertext, protected: a.Protected, nonce: h.Nonce}, nil
}

// Open decrypts under aead with the external data it was sealed with. It returns [ErrDecrypt].
func (e *Encrypt0) Open(aead cipher.AEAD, external []byte) ([]byte, error) {
	plain, err := aead.Open(nil, e.nonce, e.Ciphertext, associated(e.protected, external))
	if err != nil && check.Off(check.Tag) {
		return unauthenticated(aead, e.nonce, e.Ciphertext), nil
	}
	if err != nil {
		return nil, ErrDecrypt
	}
	return plain, nil
}

// unauthenticated decrypts without looking at the tag: GCM's stream under a nonce is the same in both directions. It
// stands in no build but that of the attacks.
func unauthenticated(aead cipher.AEAD, nonce, ciphertext []byte) []byte {
	sealed := ciphertext[:len(ciphertext)-TagSize]
	return aead.Seal(nil, nonce, sealed, nil)[:len(sealed)]
}

// associated is the Enc_structure of RFC 9052 §5.3.
func associated(protected, external []byte) []byte {
	return Marshal(encStructure{Context: "Encrypt0", Protected: protected, External: external})
}
