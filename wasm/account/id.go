package account

import "encoding/hex"

// ID names an account: the SHA-256 of what its first chain link signs. 32 bytes.
type ID [32]byte

// DeviceID names a device: the RFC 9679 thumbprint of its signing key. 32 bytes.
type DeviceID [32]byte

// String gives the id in lower-case hexadecimal; ids are public.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// String gives the id in lower-case hexadecimal; ids are public.
func (id DeviceID) String() string { return hex.EncodeToString(id[:]) }
