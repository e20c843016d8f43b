// Package weak is a chat's encryption as many tutorials have it: the text under AES-256-CBC, the AES key under the
// recipient's RSA key by OAEP, and no signature. It is INSECURE and lives in the demo alone, where it stands beside
// Sotto and falls to what Sotto refuses.
//
//	message = RSA-OAEP(AES key)  ||  IV (16)  ||  AES-256-CBC(text with PKCS #7 padding)
//
// The parts are sound, each for itself; what is missing is that anything says who wrote a message, for whom, when, and
// that it is whole.
package weak

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
)

// KeySize is that of an AES key and of what wraps it.
const (
	KeySize  = 32
	WrapSize = 384
)

// ErrPadding is what a receiver says of padding that is none. That it says so is the hole.
var ErrPadding = errors.New("invalid padding")

// ErrKey is a wrapped key that does not open.
var ErrKey = errors.New("key does not unwrap")

// Key is one conversation's AES key, drawn once by whoever wrote first.
type Key [KeySize]byte

// Format keeps the key out of every print.
func (Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("[secret]")) }

// NewKey draws a key.
func NewKey() Key {
	var k Key
	_, _ = rand.Read(k[:]) // never fails
	return k
}

// Wrap encrypts the key to a recipient.
func Wrap(k Key, to *rsa.PublicKey) ([]byte, error) {
	return rsa.EncryptOAEP(sha256.New(), rand.Reader, to, k[:], nil)
}

// Unwrap is [Wrap] backwards.
func Unwrap(wrapped []byte, by *rsa.PrivateKey) (Key, error) {
	plain, err := rsa.DecryptOAEP(sha256.New(), nil, by, wrapped, nil)
	if err != nil || len(plain) != KeySize {
		return Key{}, ErrKey
	}
	return Key(plain), nil
}

// Encrypt gives the IV and the ciphertext of a text.
func Encrypt(k Key, text string) []byte {
	pad := aes.BlockSize - len(text)%aes.BlockSize
	out := make([]byte, aes.BlockSize+len(text)+pad)
	_, _ = rand.Read(out[:aes.BlockSize])
	body := out[aes.BlockSize:]
	copy(body, text)
	for i := len(text); i < len(body); i++ {
		body[i] = byte(pad)
	}
	cipher.NewCBCEncrypter(block(k), out[:aes.BlockSize]).CryptBlocks(body, body)
	return out
}

// Decrypt is [Encrypt] backwards. What it gives was not authenticated, for nothing here is.
func Decrypt(k Key, data []byte) (string, error) {
	if len(data) < 2*aes.BlockSize || len(data)%aes.BlockSize != 0 {
		return "", fmt.Errorf("%w: %d bytes", ErrPadding, len(data))
	}
	body := make([]byte, len(data)-aes.BlockSize)
	cipher.NewCBCDecrypter(block(k), data[:aes.BlockSize]).CryptBlocks(body, data[aes.BlockSize:])
	pad := int(body[len(body)-1])
	if pad == 0 || pad > aes.BlockSize {
		return "", ErrPadding
	}
	for _, b := range body[len(body)-pad:] {
		if int(b) != pad {
			return "", ErrPadding
		}
	}
	return string(body[:len(body)-pad]), nil
}

// Open reads a whole message: the wrapped key, the IV, the ciphertext.
func Open(message []byte, by *rsa.PrivateKey) (string, error) {
	if len(message) < WrapSize {
		return "", ErrKey
	}
	k, err := Unwrap(message[:WrapSize], by)
	if err != nil {
		return "", err
	}
	return Decrypt(k, message[WrapSize:])
}

func block(k Key) cipher.Block {
	b, err := aes.NewCipher(k[:])
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	return b
}
