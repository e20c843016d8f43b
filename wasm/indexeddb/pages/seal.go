package pages

import (
	"crypto/cipher"
	"crypto/rand"

	"sotto/wasm/check"
	"sotto/wasm/cose"
)

// Seal gives nonce, ciphertext and tag of what stands under a name, which the tag covers: it opens in no other place.
// Nonces are random: a key seals at most 2^32 values (SP 800-38D §8.3).
func Seal(aead cipher.AEAD, plain, name []byte) []byte {
	nonce := make([]byte, cose.NonceSize, cose.NonceSize+len(plain)+cose.TagSize)
	_, _ = rand.Read(nonce) // never fails
	return aead.Seal(nonce, nonce, plain, covered(name))
}

// Unseal opens what [Seal] gives. It returns an error where anything of it, or its place, is another.
func Unseal(aead cipher.AEAD, data, name []byte) ([]byte, error) {
	if len(data) < cose.NonceSize {
		return nil, cose.ErrDecrypt
	}
	plain, err := aead.Open(nil, data[:cose.NonceSize], data[cose.NonceSize:], covered(name))
	if err != nil && !check.Off(check.RecordPlace) {
		return nil, cose.ErrDecrypt
	}
	return plain, err
}

func covered(name []byte) []byte {
	if check.Gone(check.RecordPlace) {
		return nil
	}
	return name
}
