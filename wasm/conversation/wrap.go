package conversation

import (
	"fmt"
	"io"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/cose"
	"sotto/wasm/kem"
)

// TypeWrap is header 16 of what a wrap seals.
const TypeWrap cose.Type = "application/vnd.sotto.wrap"

// MaxWrapBytes bounds a wrap: [ KEM ciphertext (1472), COSE_Encrypt0 ].
const MaxWrapBytes = 2048

// content says which secret a wrap carries.
type content uint64

const (
	contentEpochSecret content = 1 // for who holds init[n-1]
	contentJoiner      content = 2 // for who does not: newcomers and who rejoins
)

type wrapArray struct {
	_          struct{} `cbor:",toarray"`
	Ciphertext []byte
	Sealed     cose.Raw
}

type wrapContent struct {
	_       struct{} `cbor:",toarray"`
	Content content
	Secret  cose.Secret
}

// wrapTo is whom a wrap is for and what it is bound to.
type wrapTo struct {
	header [32]byte
	device account.DeviceID
	link   *cose.Secret // of the room link by which the device's account came, else nil
}

// kek is the key of the wrap, from the secret of the KEM.
func (w wrapTo) kek(shared cose.Secret) cose.Secret {
	if w.link != nil && !check.Off(check.LinkSalt) {
		shared = deriveAdmitted(*w.link, shared)
	}
	return deriveKEK(shared, w.header, w.device)
}

// sealWrap encrypts a secret to a device's prekey, bound to the header and the device.
func sealWrap(p cose.Primitives, random io.Reader, key kem.PublicKey, to wrapTo, c wrapContent) ([]byte, error) {
	shared, ciphertext, err := key.Encapsulate(p, random)
	if err != nil {
		return nil, fmt.Errorf("wrap for device %s: %w", to.device, err)
	}
	defer shared.Destroy()
	nonce, err := newNonce(random)
	if err != nil {
		return nil, err
	}
	sealed := cose.Seal(p.AEAD(to.kek(shared)), nonce, TypeWrap, nil, to.header[:], cose.Marshal(c))
	return cose.Marshal(wrapArray{Ciphertext: ciphertext, Sealed: sealed}), nil
}

// openWrap is [sealWrap] backwards. Whatever fails, the error is [ErrWrapUnusable].
func openWrap(p cose.Primitives, random io.Reader, key *kem.PrivateKey, to wrapTo, wrap []byte) (wrapContent, error) {
	var a wrapArray
	if err := cose.Unmarshal(wrap, &a, MaxWrapBytes); err != nil {
		return wrapContent{}, ErrWrapUnusable
	}
	shared, err := key.Decapsulate(random, a.Ciphertext)
	if err != nil {
		return wrapContent{}, ErrWrapUnusable
	}
	defer shared.Destroy()
	sealed, err := cose.ParseEncrypt0(a.Sealed, TypeWrap, MaxWrapBytes)
	if err != nil || sealed.Place != nil {
		return wrapContent{}, ErrWrapUnusable
	}
	plain, err := sealed.Open(p.AEAD(to.kek(shared)), to.header[:])
	if err != nil {
		return wrapContent{}, ErrWrapUnusable
	}
	defer clear(plain)
	var c wrapContent
	if err := cose.Unmarshal(plain, &c, MaxWrapBytes); err != nil {
		return wrapContent{}, ErrWrapUnusable
	}
	return c, nil
}

func newNonce(random io.Reader) ([cose.NonceSize]byte, error) {
	var nonce [cose.NonceSize]byte
	if _, err := io.ReadFull(random, nonce[:]); err != nil {
		return nonce, fmt.Errorf("draw a nonce: %w", err)
	}
	return nonce, nil
}
