package account

import (
	"crypto"
	"fmt"
	"io"

	"sotto/wasm/check"
	"sotto/wasm/cose"
)

// Request is a new device's own wish to join an account, signed with the key it brings.
type Request struct {
	Account ID
	Head    Head        // the newest link the device was shown
	Key     cose.RSAKey // its signing key
	Nonce   [16]byte
	Expiry  uint64 // seconds since 1970: a link with a later time may not use it
}

type requestArray struct {
	_       struct{} `cbor:",toarray"`
	Account ID
	Head    Head
	Key     cose.Raw
	Nonce   [16]byte
	Expiry  uint64
}

// SignRequest makes the signed request by the new device's signer.
func SignRequest(random io.Reader, signer crypto.Signer, r Request) ([]byte, error) {
	payload := cose.Marshal(requestArray{
		Account: r.Account, Head: r.Head, Key: r.Key.Bytes(), Nonce: r.Nonce, Expiry: r.Expiry,
	})
	return cose.Sign(random, signer, r.Key.Thumbprint(), TypeRequest, payload)
}

// parseRequest reads a request and verifies that the key it brings signed it.
func parseRequest(p cose.Primitives, data []byte) (Request, error) {
	signed, err := cose.ParseSign1(data, TypeRequest, MaxLinkBytes)
	if err != nil {
		return Request{}, err
	}
	var a requestArray
	if err := cose.Unmarshal(signed.Payload, &a, MaxLinkBytes); err != nil {
		return Request{}, fmt.Errorf("device request: %w", err)
	}
	key, err := cose.ParseRSAKey(a.Key)
	if err != nil {
		return Request{}, fmt.Errorf("device request: %w", err)
	}
	if err := signed.Verify(p, key); err != nil && !check.Off(check.Request) {
		return Request{}, fmt.Errorf("device request: %w", err)
	}
	return Request{Account: a.Account, Head: a.Head, Key: key, Nonce: a.Nonce, Expiry: a.Expiry}, nil
}
