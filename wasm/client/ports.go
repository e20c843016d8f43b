package client

import (
	"context"
	"crypto"
	"errors"
	"io"
	"time"

	"sotto/wasm/cose"
)

// Key is a record's place in a [Store]: a kind and a key within the kind. Keys of one kind order bytewise.
type Key struct {
	Kind string // a short word of the engine's: "message", "conversation"
	ID   []byte // at most 64 bytes
}

// Record is a stored value.
type Record struct {
	Key   Key
	Value []byte
}

// Write is one change of a batch: a value to put, or with Delete a record to remove.
type Write struct {
	Record
	Delete bool
}

// Store keeps records at rest. A batch is atomic and, when Apply returns nil, survives a crash. What implements it
// authenticates every value together with its kind and key, so that records cannot be exchanged.
type Store interface {
	// Apply does all writes or none. It returns [ErrStorageFull] or [ErrStorageFailed].
	Apply(ctx context.Context, writes []Write) error
	// Get gives the records that exist among keys, in the order of keys; a missing one has a nil Value.
	Get(ctx context.Context, keys []Key) ([]Record, error)
	// Range gives at most limit records of a kind with from <= ID < to, ascending, or descending from below to
	// when reverse. A nil to has no end.
	Range(ctx context.Context, kind string, from, to []byte, limit int, reverse bool) ([]Record, error)
	// Erase removes every record, and whatever is kept beside them in the same place, all or nothing, and closes the
	// store. Private keys that are kept there go with them.
	Erase(ctx context.Context) error
	// Close releases what is open.
	Close() error
}

// What a [Store] can fail with.
var (
	ErrStorageFull    = errors.New("storage is full")
	ErrStorageFailed  = errors.New("storage failed")
	ErrStorageCorrupt = errors.New("a stored record is damaged or was exchanged")
)

// Keys makes and keeps a device's private RSA keys, each under a name of the engine's. They never leave it.
type Keys interface {
	// NewSigner generates an RSA-3072 key for PSS with SHA-256 and keeps it.
	NewSigner(ctx context.Context, name string) (crypto.Signer, error)
	// NewDecrypter generates an RSA-3072 key for OAEP with SHA-256 and keeps it.
	NewDecrypter(ctx context.Context, name string) (crypto.Decrypter, error)
	// Signer and Decrypter give a kept key, or [ErrNoKey].
	Signer(ctx context.Context, name string) (crypto.Signer, error)
	Decrypter(ctx context.Context, name string) (crypto.Decrypter, error)
	// Destroy removes a key for good. A key that is not there is no error.
	Destroy(ctx context.Context, name string) error
}

// ErrNoKey is a private key that [Keys] does not have.
var ErrNoKey = errors.New("no such key")

// Transport opens connections to the relay.
type Transport interface {
	Dial(ctx context.Context) (Conn, error)
}

// Conn is one connection: whole binary messages, in order, until it breaks.
type Conn interface {
	// Read gives the next message. It ends with an error when the connection does; [CloseError] tells a reason the relay gave.
	Read(ctx context.Context) ([]byte, error)
	Write(ctx context.Context, data []byte) error
	// Close ends the connection; reads and writes that wait return.
	Close() error
}

// CloseError is how a [Conn] ends when the relay closed it.
type CloseError struct {
	Code   int
	Reason string
}

// Error names the reason.
func (e *CloseError) Error() string { return "relay closed the connection: " + e.Reason }

// Clock is the time as the engine sees it.
type Clock interface {
	Now() time.Time
	// AfterFunc runs f in its own goroutine after d; the function it returns stops it.
	AfterFunc(d time.Duration, f func()) (stop func())
}

// Ports is everything the engine needs from outside.
type Ports struct {
	Store      Store
	Keys       Keys
	Transport  Transport
	Clock      Clock
	Random     io.Reader
	Primitives cose.Primitives
}
