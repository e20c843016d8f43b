package web

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/coder/websocket"

	"sotto/backend/relay"
	"sotto/wasm/wire"
)

// client is a WebSocket as the relay sees it.
type client struct {
	ws   *websocket.Conn
	line *line
	rest io.Reader // of a message that was refused; read by Read alone
}

// Read implements [relay.Conn]. While it waits for a message it holds no buffer.
func (c *client) Read(limit int) ([]byte, error) {
	c.ws.SetReadLimit(-1) // the limit is looked at here, so that the reason of the close is one of ours
	if err := c.skip(); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	kind, body, err := c.ws.Reader(context.Background())
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if kind != websocket.MessageBinary {
		c.rest = body
		return nil, relay.ErrNotBinary
	}
	b := buffer()
	defer buffers.Put(b)
	if _, err := b.ReadFrom(io.LimitReader(body, int64(limit)+1)); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if b.Len() > limit {
		c.rest = body
		return nil, relay.ErrTooLarge
	}
	return bytes.Clone(b.Bytes()), nil
}

// skip passes over what is left of a message that was refused.
func (c *client) skip() error {
	if c.rest == nil {
		return nil
	}
	_, err := io.Copy(io.Discard, c.rest)
	c.rest = nil
	return err
}

// Write implements [relay.Conn].
func (c *client) Write(frames [][]byte) error {
	c.line.hold()
	var err error
	for _, f := range frames {
		if err = c.ws.Write(context.Background(), websocket.MessageBinary, f); err != nil {
			break
		}
	}
	if flushed := c.line.release(); err == nil {
		err = flushed
	}
	switch {
	case err == nil:
		return nil
	case late(c.line.failed()):
		return relay.ErrSlow
	}
	_ = c.ws.CloseNow()
	return fmt.Errorf("write: %w", err)
}

// Ping implements [relay.Conn].
func (c *client) Ping(ctx context.Context) error { return c.ws.Ping(ctx) }

// Close implements [relay.Conn].
func (c *client) Close(code int, reason wire.Reason) {
	if c.line.failed() != nil {
		_ = c.ws.CloseNow() // the stream ends within a frame: there is nothing more to say
		return
	}
	_ = c.ws.Close(websocket.StatusCode(code), string(reason))
}
