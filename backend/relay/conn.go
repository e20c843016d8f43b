package relay

import (
	"context"
	"errors"
	"net/netip"

	"sotto/wasm/wire"
)

// Conn is a client's connection: whole binary messages, in order. Read is called from one goroutine, Write from one
// at a time, Ping and Close from any.
type Conn interface {
	// Read gives the next message, which the caller may keep. It returns [ErrTooLarge] for one of more than limit
	// bytes, [ErrNotBinary], or how the connection ended.
	Read(limit int) ([]byte, error)
	// Write sends the frames, all of them in as few calls to the network as it can. It does not keep or change them. It
	// returns [ErrSlow] when the client did not take them in time.
	Write(frames [][]byte) error
	// Ping asks the client for a sign of life and waits for it.
	Ping(ctx context.Context) error
	// Close tells the client why, as far as it listens, and ends the connection: Read and Write return.
	Close(code int, reason wire.Reason)
}

// What a [Conn] can fail with beside its end.
var (
	ErrTooLarge  = errors.New("message over the read limit")
	ErrNotBinary = errors.New("message is not binary")
	ErrSlow      = errors.New("client does not read")
)

// Peer is what the transport knows of a client.
type Peer struct {
	Origin  string     // the origin a login must name
	Address netip.Addr // whose limits count before a login
}

// Close codes of RFC 6455 §7.4.1.
const (
	codeGoingAway = 1001
	codeNotFrame  = 1003
	codePolicy    = 1008
	codeTooLarge  = 1009
	codeInternal  = 1011
	codeTryLater  = 1013
)

// closeCode gives the WebSocket code of a reason.
func closeCode(reason wire.Reason) int {
	switch reason {
	case wire.ReasonClosing:
		return codeGoingAway
	case wire.ReasonMalformed:
		return codeNotFrame
	case wire.ReasonTooLarge:
		return codeTooLarge
	case wire.ReasonSlow:
		return codeTryLater
	}
	return codePolicy
}
