package cose_test

import (
	"bytes"
	"errors"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/mangle"
)

// sealed is a COSE_Encrypt0 taken apart.
type sealed struct {
	header      map[int64]any
	unprotected any
	ciphertext  []byte
	external    []byte
}

var testNonce = [cose.NonceSize]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}

func takeSealedApart() sealed {
	s := sealed{
		header:      map[int64]any{1: 3, 5: testNonce[:], 16: testType, -65537: []any{[]byte("place"), 7}},
		unprotected: map[int64]any{}, external: []byte("external"),
	}
	s.seal([]byte("plaintext"))
	return s
}

func (s *sealed) protected() []byte { return cose.Marshal(s.header) }

// seal encrypts under the Enc_structure of RFC 9052 §5.3, put together here by itself.
func (s *sealed) seal(plaintext []byte) {
	associated := cose.Marshal([]any{"Encrypt0", s.protected(), s.external})
	s.ciphertext = cose.Native{}.AEAD(sequence(0)).Seal(nil, testNonce[:], plaintext, associated)
}

func (s *sealed) bytes() []byte {
	return cose.Marshal([]any{s.protected(), s.unprotected, s.ciphertext})
}

func openSealed(data []byte) ([]byte, error) {
	e, err := cose.ParseEncrypt0(data, testType, 4096)
	if err != nil {
		return nil, err
	}
	return e.Open(cose.Native{}.AEAD(sequence(0)), []byte("external"))
}

func TestSeal(t *testing.T) {
	aead := cose.Native{}.AEAD(sequence(0))
	cases := []struct {
		name                       string
		place                      cose.Raw
		external, plaintext, given []byte
	}{
		{"with a place", cose.Marshal([]any{1, 2}), []byte("e"), []byte("p"), []byte("e")},
		{"without a place", nil, []byte("e"), []byte("p"), []byte("e")},
		{"nothing at all", nil, nil, nil, []byte{}},
		{"long", nil, nil, make([]byte, 3000), nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data := cose.Seal(aead, testNonce, testType, c.place, c.external, c.plaintext)
			e, err := cose.ParseEncrypt0(data, testType, len(data))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(e.Place, c.place) || len(e.Ciphertext) != len(c.plaintext)+cose.TagSize {
				t.Errorf("place %x, %d bytes of ciphertext", e.Place, len(e.Ciphertext))
			}
			plain, err := e.Open(aead, c.given)
			if err != nil || !bytes.Equal(plain, c.plaintext) {
				t.Errorf("%q, %v", plain, err)
			}
			_, err = cose.ParseEncrypt0(data, testType, len(data)-1)
			refused(t, "over the limit", err, cose.ErrTooLarge)
		})
	}
}

func TestSealedByHand(t *testing.T) {
	s := takeSealedApart()
	plain, err := openSealed(s.bytes())
	if err != nil || string(plain) != "plaintext" {
		t.Fatalf("%q, %v", plain, err)
	}
	place := cose.Marshal([]any{[]byte("place"), 7})
	same := cose.Seal(cose.Native{}.AEAD(sequence(0)), testNonce, testType, place, s.external, []byte("plaintext"))
	if !bytes.Equal(same, s.bytes()) {
		t.Errorf("%x, want %x", same, s.bytes())
	}
}

func TestEncrypt0Refuses(t *testing.T) {
	cases := []struct {
		name   string
		change func(*sealed)
		want   error
	}{
		{"another external", func(s *sealed) { s.external = []byte("other"); s.seal([]byte("x")) }, cose.ErrDecrypt},
		{"another nonce", func(s *sealed) { s.header[5] = make([]byte, 12) }, cose.ErrDecrypt},
		{"another place", func(s *sealed) { s.header[-65537] = []any{[]byte("place"), 8} }, cose.ErrDecrypt},
		{"no place", func(s *sealed) { delete(s.header, -65537) }, cose.ErrDecrypt},
		{"tag cut", func(s *sealed) { s.ciphertext = s.ciphertext[:len(s.ciphertext)-1] }, cose.ErrDecrypt},
		{"ciphertext shorter than a tag", func(s *sealed) { s.ciphertext = s.ciphertext[:15] }, cose.ErrMalformed},
		{"no ciphertext", func(s *sealed) { s.ciphertext = nil }, cose.ErrMalformed},
		{"nonce of 11 bytes", func(s *sealed) { s.header[5] = make([]byte, 11) }, cose.ErrMalformed},
		{"nonce of 16 bytes", func(s *sealed) { s.header[5] = make([]byte, 16) }, cose.ErrMalformed},
		{"no nonce", func(s *sealed) { delete(s.header, 5) }, cose.ErrMalformed},
		{"algorithm A128GCM", func(s *sealed) { s.header[1] = 1 }, cose.ErrMalformed},
		{"algorithm ChaCha20/Poly1305", func(s *sealed) { s.header[1] = 24 }, cose.ErrMalformed},
		{"no algorithm", func(s *sealed) { delete(s.header, 1) }, cose.ErrMalformed},
		{"another type", func(s *sealed) { s.header[16] = "application/vnd.sotto.other" }, cose.ErrType},
		{"no type", func(s *sealed) { delete(s.header, 16) }, cose.ErrMalformed},
		{"kid as well", func(s *sealed) { s.header[4] = []byte{1} }, cose.ErrMalformed},
		{"partial IV as well", func(s *sealed) { s.header[6] = []byte{1} }, cose.ErrMalformed},
		{"unprotected header", func(s *sealed) { s.unprotected = map[int64]any{5: testNonce[:]} }, cose.ErrMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := takeSealedApart()
			c.change(&s)
			_, err := openSealed(s.bytes())
			refused(t, c.name, err, c.want)
		})
	}
}

func TestEncrypt0RefusesOtherEncodings(t *testing.T) {
	s := takeSealedApart()
	for _, v := range mangle.Encodings(s.bytes()) {
		_, err := openSealed(v.Bytes)
		refused(t, v.Name, err, cose.ErrMalformed)
	}
	delete(s.header, -65537) // what stands in a place is read by whoever knows its shape
	for _, v := range mangle.Encodings(s.protected()) {
		_, err := openSealed(cose.Marshal([]any{v.Bytes, s.unprotected, s.ciphertext}))
		refused(t, "header "+v.Name, err, cose.ErrMalformed)
	}
}

func TestEncrypt0AlteredBytes(t *testing.T) {
	s := takeSealedApart()
	data := s.bytes()
	for i := range data {
		for bit := range 8 {
			altered := bytes.Clone(data)
			altered[i] ^= 1 << bit
			_, err := openSealed(altered)
			if !errors.Is(err, cose.ErrMalformed) && !errors.Is(err, cose.ErrDecrypt) && !errors.Is(err, cose.ErrType) {
				t.Errorf("byte %d, bit %d: %v", i, bit, err)
			}
		}
	}
	e, err := cose.ParseEncrypt0(data, testType, 4096)
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Open(cose.Native{}.AEAD(sequence(1)), []byte("external"))
	refused(t, "another key", err, cose.ErrDecrypt)
}
