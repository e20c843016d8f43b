package kem_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"

	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/seed"
)

func FuzzParseKey(f *testing.F) {
	seed.Add(f, "composite-key", "bytes")
	f.Fuzz(func(t *testing.T, data []byte) {
		if k, err := kem.ParseKey(data); err == nil && !bytes.Equal(k.COSE(), data) {
			t.Errorf("%x encodes otherwise again", data)
		}
		if k, err := kem.ParsePublicKey(data); err == nil && !bytes.Equal(k.Bytes(), data) {
			t.Errorf("%x encodes otherwise again", data)
		}
	})
}

func FuzzDecapsulate(f *testing.F) {
	seed.Add(f, "kem", "ciphertext")
	key, err := kem.NewPrivateKey(keys.Alice.Seed(), keys.Alice.Decrypter())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := key.Decapsulate(rand.Reader, data); err != nil && !errors.Is(err, kem.ErrDecapsulate) {
			t.Errorf("an error of another kind: %v", err)
		}
	})
}
