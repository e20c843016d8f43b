package account

import (
	"crypto"
	"fmt"
	"io"
	"time"

	"sotto/wasm/cose"
	"sotto/wasm/kem"
)

// TypePrekey is header 16 of a signed prekey.
const TypePrekey cose.Type = "application/vnd.sotto.prekey"

// MaxPrekeyBytes bounds a signed prekey.
const MaxPrekeyBytes = 4096

// PrekeyLife is how long a prekey may be encrypted to.
const PrekeyLife = 90 * 24 * time.Hour

// Prekey is a device's signed composite public key, whose signature may not yet be verified.
type Prekey struct {
	Account ID
	Device  DeviceID
	Counter uint64 // rises with each replacement, from 1
	Expiry  uint64 // seconds since 1970: no epoch whose header has this time or a later one may use it
	Key     kem.PublicKey
	signed  *cose.Sign1
}

type prekeyArray struct {
	_       struct{} `cbor:",toarray"`
	Account ID
	Device  DeviceID
	Counter uint64
	Expiry  uint64
	Key     cose.Raw
}

// SignPrekey makes the signed prekey of k's fields by the device's signer.
func SignPrekey(random io.Reader, signer crypto.Signer, k Prekey) ([]byte, error) {
	payload := cose.Marshal(prekeyArray{
		Account: k.Account, Device: k.Device, Counter: k.Counter, Expiry: k.Expiry, Key: k.Key.COSE(),
	})
	return cose.Sign(random, signer, cose.Thumbprint(k.Device), TypePrekey, payload)
}

// ParsePrekey reads a signed prekey and verifies nothing: see [Prekey.Verify].
func ParsePrekey(data []byte) (*Prekey, error) {
	signed, err := cose.ParseSign1(data, TypePrekey, MaxPrekeyBytes)
	if err != nil {
		return nil, err
	}
	var a prekeyArray
	if err := cose.Unmarshal(signed.Payload, &a, MaxPrekeyBytes); err != nil {
		return nil, fmt.Errorf("prekey: %w", err)
	}
	if a.Counter == 0 || cose.Thumbprint(a.Device) != signed.Kid {
		return nil, fmt.Errorf("prekey: %w: counter 0 or signed by another device", cose.ErrMalformed)
	}
	key, err := kem.ParseKey(a.Key)
	if err != nil {
		return nil, fmt.Errorf("prekey: %w", err)
	}
	return &Prekey{Account: a.Account, Device: a.Device, Counter: a.Counter, Expiry: a.Expiry, Key: key, signed: signed}, nil
}

// Verify checks the signature by the device's key. It returns [cose.ErrSignature].
func (k *Prekey) Verify(p cose.Primitives, key cose.RSAKey) error {
	if err := k.signed.Verify(p, key); err != nil {
		return fmt.Errorf("prekey %d of device %s: %w", k.Counter, k.Device, err)
	}
	return nil
}

// Thumbprint names the key in rosters (RFC 9679).
func (k *Prekey) Thumbprint() cose.Thumbprint { return k.Key.Thumbprint() }
