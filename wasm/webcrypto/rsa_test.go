//go:build js && wasm

package webcrypto

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/promise"
)

func TestSignaturesVerifyEachOther(t *testing.T) {
	p := browser(t)
	nativeKey, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		t.Fatal(err)
	}
	inBrowser := madeSigner(t, p)
	for _, size := range []int{0, 1, 512, 100 << 10} {
		message := random(t, size)
		for _, key := range []crypto.Signer{inBrowser, nativeKey} {
			signature, err := crypto.SignMessage(key, rand.Reader, message, cose.PSSOptions())
			if err != nil || len(signature) != cose.SignatureSize {
				t.Fatalf("%T: signature of %d bytes, %v", key, len(signature), err)
			}
			for _, verifier := range []cose.Primitives{p, cose.Native{}} {
				if err := verifier.VerifyPSS(publicKey(t, key), message, signature); err != nil {
					t.Errorf("%T by %T over %d bytes: %v", verifier, key, size, err)
				}
			}
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	p := browser(t)
	key, message := madeSigner(t, p), random(t, 200)
	public := publicKey(t, key)
	signature, err := key.SignMessage(nil, message, cose.PSSOptions())
	if err != nil {
		t.Fatal(err)
	}
	other := publicKey(t, madeSigner(t, p))
	cases := []struct {
		name               string
		key                cose.RSAKey
		message, signature []byte
	}{
		{"another key", other, message, signature},
		{"changed message", public, flipped(message, 5), signature},
		{"empty message", public, nil, signature},
		{"changed first byte", public, message, flipped(signature, 383)},
		{"changed last byte", public, message, flipped(signature, 0)},
		{"cut signature", public, message, signature[:383]},
		{"longer signature", public, message, append(bytes.Clone(signature), 0)},
		{"no signature", public, message, nil},
		{"zero signature", public, message, make([]byte, 384)},
		{"signature above the modulus", public, message, bytes.Repeat([]byte{0xff}, 384)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if err := p.VerifyPSS(c.key, c.message, c.signature); !errors.Is(err, cose.ErrSignature) {
				t.Fatalf("got %v, want ErrSignature", err)
			}
		})
	}
}

func TestVerifyRefusesOtherSignatures(t *testing.T) {
	p := browser(t)
	key, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		t.Fatal(err)
	}
	message := random(t, 100)
	digest := sha256.Sum256(message)
	for _, salt := range []int{0, 20, 31, 33, 64} {
		options := &rsa.PSSOptions{SaltLength: salt, Hash: crypto.SHA256}
		if salt == 0 { // 0 means "as long as fits" to the library
			options.SaltLength = rsa.PSSSaltLengthAuto
		}
		signature, err := key.Sign(rand.Reader, digest[:], options)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.VerifyPSS(publicKey(t, key), message, signature); !errors.Is(err, cose.ErrSignature) {
			t.Errorf("salt of %d bytes: %v, want ErrSignature", salt, err)
		}
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	if err := p.VerifyPSS(publicKey(t, key), message, signature); !errors.Is(err, cose.ErrSignature) {
		t.Errorf("PKCS #1 v1.5: %v, want ErrSignature", err)
	}
}

func TestVerifyKeepsOnlySoManyKeys(t *testing.T) {
	p := browser(t)
	p.verifiers.limit = 2
	message := random(t, 50)
	signers := []*signer{madeSigner(t, p), madeSigner(t, p), madeSigner(t, p)}
	for range 2 {
		for i, s := range signers {
			signature, err := s.SignMessage(nil, message, cose.PSSOptions())
			if err != nil {
				t.Fatal(err)
			}
			if err := p.VerifyPSS(publicKey(t, s), message, signature); err != nil {
				t.Errorf("key %d: %v", i, err)
			}
		}
	}
	if len(p.verifiers.keys) != 2 || len(p.verifiers.order) != 2 {
		t.Errorf("%d keys are kept, want 2", len(p.verifiers.keys))
	}
}

func TestSignerTakesOnlySuite1(t *testing.T) {
	key := madeSigner(t, browser(t))
	options := []crypto.SignerOpts{
		nil, crypto.SHA256, crypto.Hash(0), (*rsa.PSSOptions)(nil), &rsa.PSSOptions{},
		&rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256},
		&rsa.PSSOptions{SaltLength: 32, Hash: crypto.SHA512}, &rsa.PSSOptions{SaltLength: 31, Hash: crypto.SHA256},
	}
	for _, o := range options {
		if signature, err := key.SignMessage(nil, []byte("message"), o); signature != nil || !errors.Is(err, errOptions) {
			t.Errorf("%#v: %d bytes, %v; want errOptions", o, len(signature), err)
		}
	}
	digest := sha256.Sum256([]byte("message"))
	if signature, err := key.Sign(rand.Reader, digest[:], cose.PSSOptions()); signature != nil || !errors.Is(err, errDigest) {
		t.Errorf("digest: %d bytes, %v; want errDigest", len(signature), err)
	}
}

func TestOAEPsDecryptEachOther(t *testing.T) {
	p := browser(t)
	nativeKey, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		t.Fatal(err)
	}
	inBrowser := madeDecrypter(t, p)
	for _, size := range []int{0, 1, 32, 318} {
		plaintext := random(t, size)
		for _, key := range []crypto.Decrypter{inBrowser, nativeKey} {
			for _, encrypter := range []cose.Primitives{p, cose.Native{}} {
				sealed, err := encrypter.EncryptOAEP(publicKey(t, key), plaintext)
				if err != nil || len(sealed) != cose.ModulusSize {
					t.Fatalf("%T to %T: %d bytes, %v", encrypter, key, len(sealed), err)
				}
				opened, err := key.Decrypt(rand.Reader, sealed, cose.OAEPOptions())
				if err != nil || !bytes.Equal(opened, plaintext) {
					t.Errorf("%T to %T of %d bytes: %v", encrypter, key, size, err)
				}
			}
		}
	}
	if _, err := p.EncryptOAEP(publicKey(t, inBrowser), make([]byte, 319)); err == nil {
		t.Error("encrypted 319 bytes")
	}
}

func TestDecryptRefuses(t *testing.T) {
	p := browser(t)
	key := madeDecrypter(t, p)
	sealed, err := cose.Native{}.EncryptOAEP(publicKey(t, key), random(t, 32))
	if err != nil {
		t.Fatal(err)
	}
	toAnother, err := cose.Native{}.EncryptOAEP(publicKey(t, madeDecrypter(t, p)), random(t, 32))
	if err != nil {
		t.Fatal(err)
	}
	labelled, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, key.public, random(t, 32), []byte("label"))
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string][]byte{
		"changed": flipped(sealed, 100), "cut": sealed[:383], "longer": append(bytes.Clone(sealed), 0), "empty": nil,
		"to another key": toAnother, "with a label": labelled, "zero": make([]byte, 384), "above the modulus": bytes.Repeat([]byte{0xff}, 384),
	}
	for name, ciphertext := range cases {
		if opened, err := key.Decrypt(nil, ciphertext, cose.OAEPOptions()); opened != nil || err == nil || err.Error() != cose.ErrDecrypt.Error() {
			t.Errorf("%s: %d bytes, %v; want only ErrDecrypt", name, len(opened), err)
		}
	}
	options := []crypto.DecrypterOpts{
		nil, struct{}{}, (*rsa.OAEPOptions)(nil), &rsa.OAEPOptions{Hash: crypto.SHA256},
		&rsa.OAEPOptions{Hash: crypto.SHA1, MGFHash: crypto.SHA256},
		&rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA256, Label: []byte("label")},
	}
	for _, o := range options {
		if opened, err := key.Decrypt(nil, sealed, o); opened != nil || !errors.Is(err, errOptions) {
			t.Errorf("%#v: %d bytes, %v; want errOptions", o, len(opened), err)
		}
	}
}

// No way of exporting a private key may give its bytes.
func TestPrivateKeysCannotBeExported(t *testing.T) {
	p := browser(t)
	for name, key := range map[string]private{"signing": madeSigner(t, p).private, "decryption": madeDecrypter(t, p).private} {
		if key.key.Get("extractable").Bool() || key.key.Get("type").String() != "private" {
			t.Errorf("%s key is extractable", name)
		}
		for _, format := range []string{"pkcs8", "jwk", "raw", "spki"} {
			if _, err := promise.Await(t.Context(), p.subtle.exportKey.Invoke(format, key.key)); err == nil {
				t.Errorf("%s key was exported as %s", name, format)
			}
		}
	}
	sealing, err := p.NewStorageKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"raw", "jwk"} {
		if _, err := promise.Await(t.Context(), p.subtle.exportKey.Invoke(format, sealing)); err == nil {
			t.Errorf("storage key was exported as %s", format)
		}
	}
}

func TestKeysDoNotPrint(t *testing.T) {
	p := browser(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if printed := fmt.Sprintf(verb, madeSigner(t, p)); printed != "[private key]" {
			t.Errorf("%s prints %q", verb, printed)
		}
	}
	secret := randomSecret(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%x"} {
		printed := fmt.Sprintf(verb, p.AEAD(secret))
		for _, form := range []string{fmt.Sprintf("%x", secret[:]), fmt.Sprint(secret[:]), string(secret[:])} {
			if strings.Contains(printed, form) {
				t.Errorf("%s prints the secret", verb)
			}
		}
	}
}
