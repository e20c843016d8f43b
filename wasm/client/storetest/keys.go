package storetest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"testing"

	"sotto/wasm/client"
	"sotto/wasm/cose"
)

// RunKeys tests a key store. open opens one place, at first an empty one; p are any primitives.
func RunKeys(t *testing.T, p cose.Primitives, open func(t testing.TB) client.Keys) {
	k := &keys{Keys: open(t), p: p}
	t.Run("none", k.testNone)
	signer, err := k.NewSigner(t.Context(), "device")
	if err != nil {
		t.Fatal(err)
	}
	decrypter, err := k.NewDecrypter(t.Context(), "prekey")
	if err != nil {
		t.Fatal(err)
	}
	signs, decrypts := publicKey(t, signer.Public()), publicKey(t, decrypter.Public())
	k.testUse(t, signer, signs, decrypter, decrypts)

	k.Keys = open(t) // again
	if signer, err = k.Signer(t.Context(), "device"); err != nil {
		t.Fatal(err)
	}
	if decrypter, err = k.Decrypter(t.Context(), "prekey"); err != nil {
		t.Fatal(err)
	}
	if publicKey(t, signer.Public()) != signs || publicKey(t, decrypter.Public()) != decrypts {
		t.Error("a kept key is another than the one that was made")
	}
	k.testUse(t, signer, signs, decrypter, decrypts)
	t.Run("roles", k.testRoles)
	t.Run("replace and destroy", func(t *testing.T) { k.testDestroy(t, decrypts) })
}

type keys struct {
	client.Keys
	p cose.Primitives
}

func publicKey(t testing.TB, public crypto.PublicKey) cose.RSAKey {
	t.Helper()
	standard, ok := public.(*rsa.PublicKey)
	if !ok {
		t.Fatalf("public key is a %T", public)
	}
	key, err := cose.NewRSAKey(standard)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (k *keys) testUse(t *testing.T, signer crypto.Signer, signs cose.RSAKey, decrypter crypto.Decrypter, decrypts cose.RSAKey) {
	t.Helper()
	message := []byte("signed")
	signature, err := crypto.SignMessage(signer, rand.Reader, message, cose.PSSOptions())
	if err != nil {
		t.Fatal(err)
	}
	if err := k.p.VerifyPSS(signs, message, signature); err != nil {
		t.Error(err)
	}
	sealed, err := k.p.EncryptOAEP(decrypts, message)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := decrypter.Decrypt(rand.Reader, sealed, cose.OAEPOptions())
	if err != nil || !bytes.Equal(opened, message) {
		t.Errorf("decrypted %q, %v", opened, err)
	}
	sealed[7] ^= 1
	if _, err := decrypter.Decrypt(rand.Reader, sealed, cose.OAEPOptions()); !errors.Is(err, cose.ErrDecrypt) {
		t.Errorf("changed ciphertext: %v, want ErrDecrypt", err)
	}
}

func (k *keys) testNone(t *testing.T) {
	if _, err := k.Signer(t.Context(), "device"); !errors.Is(err, client.ErrNoKey) {
		t.Errorf("signer: %v, want ErrNoKey", err)
	}
	if _, err := k.Decrypter(t.Context(), "device"); !errors.Is(err, client.ErrNoKey) {
		t.Errorf("decrypter: %v, want ErrNoKey", err)
	}
	if err := k.Destroy(t.Context(), "device"); err != nil {
		t.Errorf("destroy a key that is not there: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.NewSigner(ctx, "device"); !errors.Is(err, context.Canceled) {
		t.Errorf("make a key for nobody: %v, want context.Canceled", err)
	}
}

func (k *keys) testRoles(t *testing.T) {
	if _, err := k.Signer(t.Context(), "prekey"); !errors.Is(err, client.ErrNoKey) {
		t.Errorf("a decryption key as a signer: %v, want ErrNoKey", err)
	}
	if _, err := k.Decrypter(t.Context(), "device"); !errors.Is(err, client.ErrNoKey) {
		t.Errorf("a signing key as a decrypter: %v, want ErrNoKey", err)
	}
}

func (k *keys) testDestroy(t *testing.T, before cose.RSAKey) {
	made, err := k.NewDecrypter(t.Context(), "prekey")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := k.Decrypter(t.Context(), "prekey")
	if err != nil {
		t.Fatal(err)
	}
	if publicKey(t, made.Public()) == before || publicKey(t, kept.Public()) != publicKey(t, made.Public()) {
		t.Error("a new key of the same name does not replace the old one")
	}
	if err := k.Destroy(t.Context(), "prekey"); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Decrypter(t.Context(), "prekey"); !errors.Is(err, client.ErrNoKey) {
		t.Errorf("a destroyed key: %v, want ErrNoKey", err)
	}
	if _, err := k.Signer(t.Context(), "device"); err != nil {
		t.Errorf("the other key: %v", err)
	}
}
