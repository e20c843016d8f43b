package cose_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1" // a hash of others, that opens nothing here
	"encoding/hex"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/keys"
)

// TestAEAD has the 256-bit cases 13 and 14 of the GCM specification (McGrew and Viega, appendix B).
func TestAEAD(t *testing.T) {
	aead := cose.Native{}.AEAD(cose.Secret{})
	if aead.NonceSize() != cose.NonceSize || aead.Overhead() != cose.TagSize {
		t.Errorf("nonce of %d, tag of %d bytes", aead.NonceSize(), aead.Overhead())
	}
	cases := []struct {
		name  string
		plain int
		want  string
	}{
		{"nothing", 0, "530f8afbc74536b9a963b4f1c4cb738b"},
		{"a block of zeros", 16, "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
	}
	for _, c := range cases {
		sealed := aead.Seal(nil, make([]byte, 12), make([]byte, c.plain), nil)
		if hex.EncodeToString(sealed) != c.want {
			t.Errorf("%s: %x, want %s", c.name, sealed, c.want)
		}
	}
}

func TestOAEP(t *testing.T) {
	private := keys.Alice.Decrypter()
	key := publicKey(t, private)
	for _, n := range []int{0, 1, 32, 318} {
		message := bytes.Repeat([]byte{9}, n)
		sealed, err := cose.Native{}.EncryptOAEP(key, message)
		if err != nil || len(sealed) != cose.ModulusSize {
			t.Fatalf("%d bytes: %d bytes, %v", n, len(sealed), err)
		}
		plain, err := private.Decrypt(rand.Reader, sealed, cose.OAEPOptions())
		if err != nil || !bytes.Equal(plain, message) {
			t.Errorf("%d bytes: %x, %v", n, plain, err)
		}
		if _, err := private.Decrypt(rand.Reader, sealed, &rsa.OAEPOptions{Hash: crypto.SHA256, Label: []byte("x")}); err == nil {
			t.Error("opens under a label")
		}
		if _, err := private.Decrypt(rand.Reader, sealed, &rsa.OAEPOptions{Hash: crypto.SHA1}); err == nil {
			t.Error("opens with SHA-1")
		}
		if _, err := keys.Bob.Decrypter().Decrypt(rand.Reader, sealed, cose.OAEPOptions()); err == nil {
			t.Error("opens with another key")
		}
	}
	if _, err := (cose.Native{}).EncryptOAEP(key, make([]byte, 319)); err == nil {
		t.Error("319 bytes were encrypted")
	}
}
