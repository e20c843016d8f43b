//go:build js && wasm

package webcrypto

import (
	"bytes"
	"crypto/cipher"
	"errors"
	"fmt"
	"sync"
	"testing"

	"sotto/wasm/cose"
)

func TestAEADsOpenEachOther(t *testing.T) {
	p := browser(t)
	for _, size := range []int{0, 1, 16, 768, 4096, 64 << 10, 64<<10 + 1, 1 << 20} {
		for _, associated := range []int{0, 1, 64, 4 << 10, 5 << 10} {
			secret, nonce := randomSecret(t), random(t, cose.NonceSize)
			plaintext, additional := random(t, size%(64<<10)), random(t, associated)
			plaintext = append(plaintext, make([]byte, size-len(plaintext))...)
			pairs := []struct {
				name       string
				seal, open cipher.AEAD
			}{
				{"native to browser", cose.Native{}.AEAD(secret), p.AEAD(secret)},
				{"browser to native", p.AEAD(secret), cose.Native{}.AEAD(secret)},
			}
			for _, pair := range pairs {
				t.Run(fmt.Sprintf("%s/%d/%d", pair.name, size, associated), func(t *testing.T) {
					sealed := pair.seal.Seal(nil, nonce, plaintext, additional)
					opened, err := pair.open.Open(nil, nonce, sealed, additional)
					if err != nil || !bytes.Equal(opened, plaintext) {
						t.Fatalf("opened %d bytes, %v; want %d", len(opened), err, len(plaintext))
					}
				})
			}
		}
	}
}

func TestAEADRefuses(t *testing.T) {
	p := browser(t)
	secret, nonce, additional := randomSecret(t), random(t, cose.NonceSize), random(t, 40)
	sealed := cose.Native{}.AEAD(secret).Seal(nil, nonce, random(t, 300), additional)
	cases := []struct {
		name                      string
		secret                    cose.Secret
		nonce, sealed, additional []byte
	}{
		{"another key", randomSecret(t), nonce, sealed, additional},
		{"changed nonce", secret, flipped(nonce, 11), sealed, additional},
		{"changed first byte", secret, nonce, flipped(sealed, 0), additional},
		{"changed tag", secret, nonce, flipped(sealed, len(sealed)-1), additional},
		{"cut by a byte", secret, nonce, sealed[:len(sealed)-1], additional},
		{"longer by a byte", secret, nonce, append(bytes.Clone(sealed), 0), additional},
		{"tag alone", secret, nonce, sealed[len(sealed)-cose.TagSize:], additional},
		{"shorter than a tag", secret, nonce, sealed[:cose.TagSize-1], additional},
		{"empty", secret, nonce, nil, additional},
		{"changed associated data", secret, nonce, sealed, flipped(additional, 3)},
		{"no associated data", secret, nonce, sealed, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			opened, err := p.AEAD(c.secret).Open(nil, c.nonce, c.sealed, c.additional)
			if opened != nil || !errors.Is(err, cose.ErrDecrypt) || err.Error() != cose.ErrDecrypt.Error() {
				t.Fatalf("got %d bytes, %v; want only ErrDecrypt", len(opened), err)
			}
		})
	}
}

func TestAEADAppendsInPlace(t *testing.T) {
	p := browser(t)
	a, nonce := p.AEAD(randomSecret(t)), random(t, cose.NonceSize)
	plaintext := random(t, 100)
	sealed := a.Seal([]byte("before"), nonce, plaintext, nil)
	if !bytes.HasPrefix(sealed, []byte("before")) || len(sealed) != 6+100+cose.TagSize {
		t.Fatalf("sealed to %d bytes", len(sealed))
	}
	inPlace := sealed[6:]
	opened, err := a.Open(inPlace[:0], nonce, inPlace, nil)
	if err != nil || !bytes.Equal(opened, plaintext) || &opened[0] != &inPlace[0] {
		t.Fatalf("opened in place: %v", err)
	}
	if a.NonceSize() != cose.NonceSize || a.Overhead() != cose.TagSize {
		t.Fatalf("nonce of %d, overhead of %d bytes", a.NonceSize(), a.Overhead())
	}
}

func TestAEADPanicsOnAnotherNonceSize(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Fatal("sealed with a nonce of 11 bytes")
		}
	}()
	browser(t).AEAD(randomSecret(t)).Seal(nil, make([]byte, 11), nil, nil)
}

// Many goroutines share the desk and the rounds, some with ciphertexts that do not open: nobody may get another's
// result.
func TestAEADsOfManyGoroutines(t *testing.T) {
	p := browser(t)
	var all sync.WaitGroup
	for i := range 1000 {
		all.Go(func() {
			secret, nonce := randomSecret(t), random(t, cose.NonceSize)
			plaintext, additional := random(t, 1+i%700), random(t, i%90)
			sealed := p.AEAD(secret).Seal(nil, nonce, plaintext, additional)
			want, err := cose.Native{}.AEAD(secret).Open(nil, nonce, sealed, additional)
			if err != nil || !bytes.Equal(want, plaintext) {
				t.Errorf("goroutine %d: native open: %v", i, err)
			}
			if i%7 == 0 {
				sealed[0] ^= 1
			}
			opened, err := p.AEAD(secret).Open(nil, nonce, sealed, additional)
			if i%7 == 0 && !errors.Is(err, cose.ErrDecrypt) || i%7 != 0 && !bytes.Equal(opened, plaintext) {
				t.Errorf("goroutine %d: opened %d bytes, %v", i, len(opened), err)
			}
		})
	}
	all.Wait()
}

func TestAEADKeyLeavesTheDesk(t *testing.T) {
	p := browser(t)
	p.AEAD(randomSecret(t)).Seal(nil, make([]byte, cose.NonceSize), nil, nil)
	left := make([]byte, cose.SecretSize)
	for i := range left {
		left[i] = byte(p.desk.key.array.Index(i).Int())
	}
	if !bytes.Equal(left, make([]byte, cose.SecretSize)) {
		t.Fatal("the key still lies in the buffer it was imported from")
	}
}
