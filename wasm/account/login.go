package account

import (
	"crypto"
	"errors"
	"fmt"
	"io"

	"sotto/wasm/check"
	"sotto/wasm/cose"
)

// TypeLogin is header 16 of a login.
const TypeLogin cose.Type = "application/vnd.sotto.login"

// MaxLoginBytes bounds a signed login.
const MaxLoginBytes = 2048

// Why a login is refused.
var (
	ErrOrigin = errors.New("login is for another origin")
	ErrNonce  = errors.New("login has another nonce")
)

// Login proves to the relay at an origin that a session is a device's.
type Login struct {
	Origin  string   // scheme, host and port as the browser shows them: "https://chat.example.org"
	Nonce   [32]byte // the relay's, for this session
	Account ID
	Device  DeviceID
}

type loginArray struct {
	_       struct{} `cbor:",toarray"`
	Purpose string
	Origin  string
	Nonce   [32]byte
	Account ID
	Device  DeviceID
}

const loginPurpose = "login"

// SignLogin makes the signed login by the device's signer.
func SignLogin(random io.Reader, signer crypto.Signer, l Login) ([]byte, error) {
	payload := cose.Marshal(loginArray{
		Purpose: loginPurpose, Origin: l.Origin, Nonce: l.Nonce, Account: l.Account, Device: l.Device,
	})
	return cose.Sign(random, signer, cose.Thumbprint(l.Device), TypeLogin, payload)
}

// SignedLogin is a login that was read and not yet verified.
type SignedLogin struct {
	Login
	signed *cose.Sign1
}

// ParseLogin reads a login and verifies nothing: see [SignedLogin.Verify].
func ParseLogin(data []byte) (*SignedLogin, error) {
	signed, err := cose.ParseSign1(data, TypeLogin, MaxLoginBytes)
	if err != nil {
		return nil, err
	}
	var a loginArray
	if err := cose.Unmarshal(signed.Payload, &a, MaxLoginBytes); err != nil {
		return nil, fmt.Errorf("login: %w", err)
	}
	if a.Purpose != loginPurpose || cose.Thumbprint(a.Device) != signed.Kid {
		return nil, fmt.Errorf("login: %w: purpose or signer", cose.ErrMalformed)
	}
	return &SignedLogin{Login: Login{Origin: a.Origin, Nonce: a.Nonce, Account: a.Account, Device: a.Device}, signed: signed}, nil
}

// Verify checks the login against what the relay expects and the key of the device it names, which the caller took
// from the account's chain. It returns [ErrOrigin], [ErrNonce] or [cose.ErrSignature].
func (l *SignedLogin) Verify(p cose.Primitives, key cose.RSAKey, origin string, nonce [32]byte) error {
	switch {
	case l.Origin != origin && !check.Off(check.LoginOrigin):
		return ErrOrigin
	case l.Nonce != nonce && !check.Off(check.LoginNonce):
		return ErrNonce
	}
	if err := l.signed.Verify(p, key); err != nil {
		return fmt.Errorf("login: %w", err)
	}
	return nil
}
