// Package dial is the native client's transport: [client.Transport] over github.com/coder/websocket, for the terminal
// client, the tests and the load generator. The browser's is wasm/socket.
package dial

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/coder/websocket"

	"sotto/wasm/client"
	"sotto/wasm/wire"
)

// Transport connects to the relay at an origin ("http://localhost:8080").
type Transport struct {
	Origin string
	// Client makes the handshake; nil is [http.DefaultClient].
	Client *http.Client
}

var _ client.Transport = Transport{}

// Dial implements [client.Transport].
func (t Transport) Dial(ctx context.Context) (client.Conn, error) {
	url := "ws" + strings.TrimPrefix(t.Origin, "http") + "/ws"
	ws, response, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		HTTPClient:      t.Client,
		HTTPHeader:      http.Header{"Origin": {t.Origin}},
		Subprotocols:    []string{wire.Subprotocol},
		CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", url, err)
	}
	if ws.Subprotocol() != wire.Subprotocol {
		_ = ws.CloseNow()
		return nil, fmt.Errorf("dial %s: status %d: the server does not speak %s", url, response.StatusCode, wire.Subprotocol)
	}
	ws.SetReadLimit(wire.MaxFrame + 1024)
	return conn{ws}, nil
}

type conn struct{ ws *websocket.Conn }

func (c conn) Read(ctx context.Context) ([]byte, error) {
	kind, data, err := c.ws.Read(ctx)
	if err != nil {
		return nil, closed(err)
	}
	if kind != websocket.MessageBinary {
		return nil, errors.New("the relay sent text")
	}
	return data, nil
}

func (c conn) Write(ctx context.Context, data []byte) error {
	return closed(c.ws.Write(ctx, websocket.MessageBinary, data))
}

func (c conn) Close() error { return c.ws.CloseNow() }

// closed turns the library's close error into the engine's.
func closed(err error) error {
	var e websocket.CloseError
	if errors.As(err, &e) {
		return &client.CloseError{Code: int(e.Code), Reason: e.Reason}
	}
	return err
}
