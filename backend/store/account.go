package store

import (
	"time"

	"sotto/wasm/account"
	"sotto/wasm/cose"
)

// Device is a device of an account as its chain has it.
type Device struct {
	ID      account.DeviceID
	Account account.ID
	Key     cose.RSAKey // its signing key
	Active  bool        // not revoked
}

// Link is one link of an account's chain.
type Link struct {
	Number uint64
	Hash   [32]byte // of what it signs
	Bytes  []byte
}

// Prekey is a device's current prekey.
type Prekey struct {
	Device     account.DeviceID
	Counter    uint64
	Thumbprint cose.Thumbprint
	Bytes      []byte // the signed prekey
}

// Registration is a new account with its first device.
type Registration struct {
	Account account.ID
	Handle  account.Handle
	Link    Link // number 0
	Device  Device
	Prekey  Prekey
	Created time.Time
}

// Chain is a part of an account's chain. The prekeys of its active devices come with the last part.
type Chain struct {
	Handle  account.Handle
	Links   []Link
	More    bool
	Prekeys []Prekey
}
