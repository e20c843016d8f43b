package cose

import (
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"sotto/wasm/check"
)

// Type is an object's name for itself, header 16 (RFC 9596): a media type.
type Type string

// ErrType is an object that is not of the type its place asks for.
var ErrType = errors.New("object of another type")

const (
	algPS256   = -37 // RFC 8230 §2
	algA256GCM = 3   // RFC 9053 §4.1
)

// signHeader is the protected header of a COSE_Sign1.
type signHeader struct {
	Algorithm int64  `cbor:"1,keyasint"`
	Kid       []byte `cbor:"4,keyasint"`
	Type      Type   `cbor:"16,keyasint"`
}

type sign1Array struct {
	_           struct{} `cbor:",toarray"`
	Protected   []byte
	Unprotected map[int64]Raw
	Payload     []byte
	Signature   []byte
}

type sigStructure struct {
	_         struct{} `cbor:",toarray"`
	Context   string
	Protected []byte
	External  []byte
	Payload   []byte
}

// Sign1 is a COSE_Sign1 that was read and whose signature may not yet be verified.
type Sign1 struct {
	Kid       Thumbprint // the signing key it names
	Payload   []byte
	protected []byte
	signature []byte
}

// MaxSign1Overhead is what a COSE_Sign1 has at most around its payload, in bytes.
const MaxSign1Overhead = 512

// Sign makes a COSE_Sign1 by the key with thumbprint kid over payload.
func Sign(random io.Reader, signer crypto.Signer, kid Thumbprint, typ Type, payload []byte) ([]byte, error) {
	protected := Marshal(signHeader{Algorithm: algPS256, Kid: kid[:], Type: typ})
	signature, err := crypto.SignMessage(signer, random, toBeSigned(protected, payload), PSSOptions())
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", typ, err)
	}
	return Marshal(sign1Array{Protected: protected, Payload: payload, Signature: signature}), nil
}

// ParseSign1 reads a COSE_Sign1 of type typ and at most limit bytes. It refuses with [ErrMalformed] or [ErrType]
// and verifies nothing.
func ParseSign1(data []byte, typ Type, limit int) (*Sign1, error) {
	var a sign1Array
	if err := Unmarshal(data, &a, limit); err != nil {
		return nil, fmt.Errorf("%s: %w", typ, err)
	}
	var h signHeader
	if err := Unmarshal(a.Protected, &h, 256); err != nil {
		return nil, fmt.Errorf("%s header: %w", typ, err)
	}
	switch {
	case h.Algorithm != algPS256 && !check.Off(check.Algorithm):
		return nil, fmt.Errorf("%s: %w: algorithm %d, want %d", typ, ErrMalformed, h.Algorithm, algPS256)
	case h.Type != typ && !check.Off(check.Type):
		return nil, fmt.Errorf("%w: want %s", ErrType, typ)
	case len(a.Unprotected) != 0 && !check.Off(check.Unprotected):
		return nil, fmt.Errorf("%s: %w: unprotected header", typ, ErrMalformed)
	case len(h.Kid) != len(Thumbprint{}):
		return nil, fmt.Errorf("%s: %w: kid of %d bytes", typ, ErrMalformed, len(h.Kid))
	case len(a.Signature) != SignatureSize:
		return nil, fmt.Errorf("%s: %w: signature of %d bytes", typ, ErrMalformed, len(a.Signature))
	}
	return &Sign1{Kid: Thumbprint(h.Kid), Payload: a.Payload, protected: a.Protected, signature: a.Signature}, nil
}

// Verify checks the signature by key, which must be the one that kid names. It returns [ErrSignature].
func (s *Sign1) Verify(p Primitives, key RSAKey) error {
	if key.Thumbprint() != s.Kid && !check.Off(check.Signature) {
		return fmt.Errorf("%w: by another key than the one named", ErrSignature)
	}
	err := p.VerifyPSS(key, toBeSigned(s.protected, s.Payload), s.signature)
	if err != nil && check.Off(check.Signature) {
		return nil
	}
	return err
}

// Hash is the SHA-256 of what is signed, the Sig_structure: the signature's own bytes are random and no part of it.
func (s *Sign1) Hash() [32]byte { return sha256.Sum256(toBeSigned(s.protected, s.Payload)) }

// toBeSigned is the Sig_structure of RFC 9052 §4.4 with empty external_aad.
func toBeSigned(protected, payload []byte) []byte {
	return Marshal(sigStructure{Context: "Signature1", Protected: protected, Payload: payload})
}
