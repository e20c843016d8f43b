//go:build js && wasm

package socket

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall/js"
	"time"

	"sotto/wasm/client"
	"sotto/wasm/promise"
	"sotto/wasm/wire"
)

// Limits of a connection.
const (
	MaxUnread      = 512     // messages that were not read
	MaxUnreadBytes = 8 << 20 // and their bytes
	MaxUnsent      = 4 << 20 // bytes that the browser has not sent
)

const normal = 1000 // RFC 6455 §7.4.1

// Why a [Conn] ended, beside [client.CloseError].
var (
	ErrClosed   = errors.New("connection is closed")
	ErrLost     = errors.New("connection to the relay was lost")
	ErrOverflow = errors.New("more messages than are read")
	ErrText     = errors.New("the relay sent text")
	ErrTooLarge = errors.New("the relay sent a message over the limit")
)

// Conn is one connection: [client.Conn]. One goroutine reads, any may write.
type Conn struct {
	ws    js.Value
	funcs []js.Func

	opened chan struct{} // closed when the connection is made
	ended  chan struct{} // closed when it has ended; why is then set
	fresh  chan struct{} // holds one when messages arrived

	mu          sync.Mutex
	why         error
	unread      [][]byte
	unreadBytes int
}

var _ client.Conn = (*Conn)(nil)

func newConn(ws js.Value) *Conn {
	c := &Conn{ws: ws, opened: make(chan struct{}), ended: make(chan struct{}), fresh: make(chan struct{}, 1)}
	ws.Set("binaryType", "arraybuffer")
	c.on("open", func(js.Value) { close(c.opened) })
	c.on("message", func(event js.Value) { c.receive(event.Get("data")) })
	c.on("close", func(event js.Value) {
		c.end(closeReason(event.Get("code").Int(), event.Get("reason").String()))
		for _, f := range c.funcs { // nothing comes after this event
			f.Release()
		}
	})
	return c
}

// on listens to one kind of event until the connection is closed. The event "error" says nothing that "close" does
// not say after it.
func (c *Conn) on(event string, f func(event js.Value)) {
	listener := js.FuncOf(func(_ js.Value, args []js.Value) any { f(args[0]); return nil })
	c.funcs = append(c.funcs, listener)
	c.ws.Call("addEventListener", event, listener)
}

// closeReason makes an error of a close event (RFC 6455 §7.1.5, §7.4.1): 1006 stands for no close frame.
func closeReason(code int, reason string) error {
	if code == 1006 {
		return ErrLost
	}
	return &client.CloseError{Code: code, Reason: reason}
}

// receive queues a message.
func (c *Conn) receive(data js.Value) {
	if data.Type() != js.TypeObject {
		c.end(ErrText)
		return
	}
	size := data.Get("byteLength").Int()
	if size > wire.MaxFrame {
		c.end(ErrTooLarge)
		return
	}
	c.mu.Lock()
	full := len(c.unread) == MaxUnread || c.unreadBytes+size > MaxUnreadBytes
	if !full && c.why == nil {
		message := make([]byte, size)
		js.CopyBytesToGo(message, js.Global().Get("Uint8Array").New(data))
		c.unread = append(c.unread, message)
		c.unreadBytes += size
	}
	c.mu.Unlock()
	if full {
		c.end(ErrOverflow)
		return
	}
	select {
	case c.fresh <- struct{}{}:
	default:
	}
}

// end closes the connection, unless it has ended before. Messages that have arrived can still be read.
func (c *Conn) end(why error) {
	c.mu.Lock()
	first := c.why == nil
	if first {
		c.why = why
	}
	c.mu.Unlock()
	if !first {
		return
	}
	close(c.ended)
	_, _ = promise.Catch(func() js.Value { return c.ws.Call("close", normal) })
}

// Read implements [client.Conn]. Messages that arrived before the end are given first, except after Close.
func (c *Conn) Read(ctx context.Context) ([]byte, error) {
	for {
		if message, err := c.next(); message != nil || err != nil {
			return message, err
		}
		select {
		case <-c.fresh:
		case <-c.ended:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// next gives the oldest unread message, or why there will be none, or neither.
func (c *Conn) next() ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.unread) == 0 || c.why == ErrClosed {
		return nil, c.why
	}
	message := c.unread[0]
	c.unread = c.unread[1:]
	c.unreadBytes -= len(message)
	return message, nil
}

// drainEvery is how often Write looks whether the browser has sent enough; it tells nobody.
const drainEvery = 5 * time.Millisecond

// Write implements [client.Conn]. It returns when the browser has taken data, which says nothing about its arrival.
func (c *Conn) Write(ctx context.Context, data []byte) error {
	for c.unsent() > 0 && c.unsent()+len(data) > MaxUnsent {
		select {
		case <-time.After(drainEvery):
		case <-c.ended:
			return c.reason()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if err := c.reason(); err != nil {
		return err
	}
	_, err := promise.Catch(func() js.Value {
		array := js.Global().Get("Uint8Array").New(len(data))
		js.CopyBytesToJS(array, data)
		return c.ws.Call("send", array)
	})
	if err != nil {
		return fmt.Errorf("write to the relay: %w", err)
	}
	return nil
}

// unsent is how many bytes wait in the browser.
func (c *Conn) unsent() int { return c.ws.Get("bufferedAmount").Int() }

// reason says why the connection has ended, nil while it has not.
func (c *Conn) reason() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.why
}

// Close implements [client.Conn].
func (c *Conn) Close() error {
	c.end(ErrClosed)
	return nil
}
