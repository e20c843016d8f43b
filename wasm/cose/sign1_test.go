package cose_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
)

const testType cose.Type = "application/vnd.sotto.test"

// signed is a COSE_Sign1 taken apart, to be put together wrongly.
type signed struct {
	header      map[int64]any
	unprotected any
	payload     []byte
	signature   []byte
}

func takeApart(t testing.TB, payload []byte) signed {
	t.Helper()
	s := signed{unprotected: map[int64]any{}, payload: payload}
	thumbprint := publicKey(t, keys.Alice.Signer()).Thumbprint()
	s.header = map[int64]any{1: -37, 4: thumbprint[:], 16: testType}
	s.signature = s.sign(t, &rsa.PSSOptions{SaltLength: 32, Hash: crypto.SHA256})
	return s
}

func (s signed) protected() []byte { return cose.Marshal(s.header) }

// toBeSigned is the Sig_structure, put together here by itself.
func (s signed) toBeSigned() []byte {
	return cose.Marshal([]any{"Signature1", s.protected(), []byte{}, s.payload})
}

func (s signed) sign(t testing.TB, options crypto.SignerOpts) []byte {
	t.Helper()
	digest := sha256.Sum256(s.toBeSigned())
	signature, err := keys.Alice.Signer().Sign(rand.Reader, digest[:], options)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

func (s signed) bytes() []byte {
	return cose.Marshal([]any{s.protected(), s.unprotected, s.payload, s.signature})
}

func open(data []byte) error {
	s, err := cose.ParseSign1(data, testType, 4096)
	if err != nil {
		return err
	}
	key, err := cose.NewRSAKey(&keys.Alice.Signer().PublicKey)
	if err != nil {
		return err
	}
	return s.Verify(cose.Native{}, key)
}

func TestSign(t *testing.T) {
	key := publicKey(t, keys.Alice.Signer())
	for _, payload := range [][]byte{nil, {0}, []byte("words"), make([]byte, 3000)} {
		data, err := cose.Sign(rand.Reader, keys.Alice.Signer(), key.Thumbprint(), testType, payload)
		if err != nil {
			t.Fatal(err)
		}
		if overhead := len(data) - len(payload); overhead > cose.MaxSign1Overhead {
			t.Errorf("overhead of %d bytes", overhead)
		}
		s, err := cose.ParseSign1(data, testType, len(data))
		if err != nil {
			t.Fatal(err)
		}
		if s.Kid != key.Thumbprint() || !bytes.Equal(s.Payload, payload) {
			t.Error("kid or payload differs")
		}
		if err := s.Verify(cose.Native{}, key); err != nil {
			t.Error(err)
		}
		_, err = cose.ParseSign1(data, testType, len(data)-1)
		refused(t, "over the limit", err, cose.ErrTooLarge)
	}
}

// TestSignedByHand checks that what is signed is the Sig_structure, so that a second implementation agrees.
func TestSignedByHand(t *testing.T) {
	s := takeApart(t, []byte("payload"))
	if err := open(s.bytes()); err != nil {
		t.Fatal(err)
	}
	parsed, err := cose.ParseSign1(s.bytes(), testType, 4096)
	if err != nil {
		t.Fatal(err)
	}
	if parsed.Hash() != sha256.Sum256(s.toBeSigned()) {
		t.Error("hash is not the SHA-256 of the Sig_structure")
	}
	s.signature = s.sign(t, &rsa.PSSOptions{SaltLength: 32, Hash: crypto.SHA256})
	again, err := cose.ParseSign1(s.bytes(), testType, 4096)
	if err != nil || again.Hash() != parsed.Hash() {
		t.Error("another signature of the same gives another hash")
	}
}

func TestSignFails(t *testing.T) {
	_, err := cose.Sign(rand.Reader, brokenSigner{}, cose.Thumbprint{}, testType, nil)
	refused(t, "broken signer", err, errBroken)
}

var errBroken = errors.New("broken")

type brokenSigner struct{}

func (brokenSigner) Public() crypto.PublicKey                                  { return nil }
func (brokenSigner) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return nil, errBroken }

func TestSign1Refuses(t *testing.T) {
	pss := func(salt int) crypto.SignerOpts { return &rsa.PSSOptions{SaltLength: salt, Hash: crypto.SHA256} }
	cases := []struct {
		name   string
		change func(*signed)
		want   error
	}{
		{"salt of 0", func(s *signed) { s.signature = s.sign(t, pss(0)) }, cose.ErrSignature},
		{"salt of 20", func(s *signed) { s.signature = s.sign(t, pss(20)) }, cose.ErrSignature},
		{"salt of 31", func(s *signed) { s.signature = s.sign(t, pss(31)) }, cose.ErrSignature},
		{"salt of 33", func(s *signed) { s.signature = s.sign(t, pss(33)) }, cose.ErrSignature},
		{"salt as long as it gets", func(s *signed) { s.signature = s.sign(t, pss(384-32-2)) }, cose.ErrSignature},
		{"PKCS #1 v1.5", func(s *signed) { s.signature = s.sign(t, crypto.SHA256) }, cose.ErrSignature},
		{"signature of zeros", func(s *signed) { s.signature = make([]byte, 384) }, cose.ErrSignature},
		{"signature beyond the modulus", func(s *signed) { s.signature = bytes.Repeat([]byte{0xff}, 384) }, cose.ErrSignature},
		{"another payload", func(s *signed) { s.payload = []byte("other") }, cose.ErrSignature},
		{"signature of 383 bytes", func(s *signed) { s.signature = s.signature[:383] }, cose.ErrMalformed},
		{"signature of 385 bytes", func(s *signed) { s.signature = append(s.signature, 0) }, cose.ErrMalformed},
		{"no signature", func(s *signed) { s.signature = nil }, cose.ErrMalformed},
		{"another type", func(s *signed) { s.header[16] = testType + "s" }, cose.ErrType},
		{"no type", func(s *signed) { delete(s.header, 16) }, cose.ErrMalformed},
		{"type as a number", func(s *signed) { s.header[16] = 42 }, cose.ErrMalformed},
		{"algorithm RS256", func(s *signed) { s.header[1] = -257 }, cose.ErrMalformed},
		{"algorithm PS512", func(s *signed) { s.header[1] = -39 }, cose.ErrMalformed},
		{"algorithm ES256", func(s *signed) { s.header[1] = -7 }, cose.ErrMalformed},
		{"algorithm by name", func(s *signed) { s.header[1] = "PS256" }, cose.ErrMalformed},
		{"no algorithm", func(s *signed) { delete(s.header, 1) }, cose.ErrMalformed},
		{"kid of 31 bytes", func(s *signed) { s.header[4] = make([]byte, 31) }, cose.ErrMalformed},
		{"kid of 33 bytes", func(s *signed) { s.header[4] = make([]byte, 33) }, cose.ErrMalformed},
		{"no kid", func(s *signed) { delete(s.header, 4) }, cose.ErrMalformed},
		{"kid of another key", func(s *signed) { s.header[4] = make([]byte, 32) }, cose.ErrSignature},
		{"critical headers", func(s *signed) { s.header[2] = []int{1} }, cose.ErrMalformed},
		{"content type as well", func(s *signed) { s.header[3] = "text/plain" }, cose.ErrMalformed},
		{"unprotected header", func(s *signed) { s.unprotected = map[int64]any{4: []byte{1}} }, cose.ErrMalformed},
		{"algorithm in the unprotected header", func(s *signed) { s.unprotected = map[int64]any{1: -37} }, cose.ErrMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := takeApart(t, []byte("payload"))
			c.change(&s)
			refused(t, c.name, open(s.bytes()), c.want)
		})
	}
}

func TestSign1RefusesOtherKeys(t *testing.T) {
	s := takeApart(t, []byte("payload"))
	parsed, err := cose.ParseSign1(s.bytes(), testType, 4096)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, "another key", parsed.Verify(cose.Native{}, publicKey(t, keys.Bob.Signer())), cose.ErrSignature)
	refused(t, "no key", parsed.Verify(cose.Native{}, cose.RSAKey{}), cose.ErrSignature)
}

func TestSign1RefusesOtherEncodings(t *testing.T) {
	s := takeApart(t, []byte("payload"))
	for _, v := range mangle.Encodings(s.bytes()) {
		refused(t, v.Name, open(v.Bytes), cose.ErrMalformed)
	}
	for _, v := range mangle.Encodings(s.protected()) {
		data := cose.Marshal([]any{v.Bytes, s.unprotected, s.payload, s.signature})
		refused(t, "header "+v.Name, open(data), cose.ErrMalformed)
	}
	padded := cose.Marshal([]any{append(s.protected(), make([]byte, 300)...), s.unprotected, s.payload, s.signature})
	refused(t, "long header", open(padded), cose.ErrMalformed)
}

// TestSign1AlteredBytes alters each byte in turn: nothing of it may pass.
func TestSign1AlteredBytes(t *testing.T) {
	data := takeApart(t, []byte("payload")).bytes()
	for i := range data {
		for _, mask := range []byte{0x01, 0x80} {
			altered := bytes.Clone(data)
			altered[i] ^= mask
			err := open(altered)
			if !errors.Is(err, cose.ErrMalformed) && !errors.Is(err, cose.ErrSignature) && !errors.Is(err, cose.ErrType) {
				t.Errorf("byte %d with %#x: %v", i, mask, err)
			}
		}
	}
}

func TestVerifyPSSLengths(t *testing.T) {
	key := publicKey(t, keys.Alice.Signer())
	for _, n := range []int{0, 1, 383, 385, 1 << 10} {
		refused(t, fmt.Sprintf("signature of %d bytes", n), cose.Native{}.VerifyPSS(key, nil, make([]byte, n)), cose.ErrSignature)
	}
}
