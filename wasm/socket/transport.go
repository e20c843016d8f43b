//go:build js && wasm

// Package socket is [client.Transport] over the browser's WebSocket, in a window or a worker.
//
// The browser pushes messages and cannot be asked to wait, so a [Conn] keeps those that were not yet read in a
// queue with a limit and closes the connection when it is reached: the engine then connects again and asks for what
// it lacks. In the other direction the browser takes everything at once; Write waits while more than [MaxUnsent]
// bytes have not left.
//
// A browser does not say why a connection could not be made, to no page: it may be the network, the certificate,
// the origin, or another answer than a WebSocket's.
package socket

import (
	"context"
	"errors"
	"fmt"
	"syscall/js"

	"sotto/wasm/client"
	"sotto/wasm/promise"
	"sotto/wasm/wire"
)

// Transport connects to the relay.
type Transport struct {
	URL string // ws or wss, with the path
}

var _ client.Transport = Transport{}

var (
	errDial     = errors.New("the connection could not be made")
	errProtocol = errors.New("the server does not speak " + wire.Subprotocol)
)

// Dial implements [client.Transport].
func (t Transport) Dial(ctx context.Context) (client.Conn, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, fmt.Errorf("connect to the relay: %w", err)
	}
	ws, err := promise.Catch(func() js.Value {
		return js.Global().Get("WebSocket").New(t.URL, []any{wire.Subprotocol})
	})
	if err != nil {
		return nil, fmt.Errorf("connect to the relay: %w", err)
	}
	c := newConn(ws)
	select {
	case <-c.opened:
	case <-ctx.Done():
		c.end(context.Cause(ctx))
		return nil, fmt.Errorf("connect to the relay: %w", context.Cause(ctx))
	case <-c.ended:
		return nil, fmt.Errorf("connect to the relay: %w", errDial)
	}
	if ws.Get("protocol").String() != wire.Subprotocol {
		c.end(errProtocol)
		return nil, fmt.Errorf("connect to the relay: %w", errProtocol)
	}
	return c, nil
}
