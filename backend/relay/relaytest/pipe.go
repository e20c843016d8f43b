package relaytest

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"sotto/backend/relay"
	"sotto/wasm/wire"
)

// WriteTimeout is how long the relay's end of a [Pipe] waits for a client that does not read.
const WriteTimeout = 10 * time.Second

// Pipe gives both ends of a connection in memory. A message is in the client's hands when the relay's Write returns;
// the client answers pings while it reads.
func Pipe() (relay.Conn, *End) {
	e := &End{
		up: make(chan []byte, 1), down: make(chan []byte), pings: make(chan struct{}),
		closed: make(chan struct{}),
	}
	return (*relayEnd)(e), e
}

// End is the client's end.
type End struct {
	up, down chan []byte
	pings    chan struct{}

	once   sync.Once
	closed chan struct{}
	how    error // set before closed is
}

// Closed is how a connection ended that the relay closed.
type Closed struct {
	Code   int
	Reason wire.Reason
}

// Error names the reason.
func (c *Closed) Error() string { return fmt.Sprintf("closed with %d %s", c.Code, c.Reason) }

func (e *End) close(how error) {
	e.once.Do(func() {
		e.how = how
		close(e.closed)
	})
}

// Read gives the next message, or [*Closed].
func (e *End) Read(ctx context.Context) ([]byte, error) {
	for {
		select {
		case data := <-e.down:
			return data, nil
		case <-e.pings:
		case <-e.closed:
			return nil, e.how
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Write sends a message.
func (e *End) Write(ctx context.Context, data []byte) error {
	select {
	case e.up <- data:
		return nil
	case <-e.closed:
		return e.how
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close ends the connection as if the network had.
func (e *End) Close() error {
	e.close(io.EOF)
	return nil
}

type relayEnd End

// Read implements [relay.Conn].
func (e *relayEnd) Read(limit int) ([]byte, error) {
	select {
	case <-e.closed:
		return nil, io.EOF
	case data := <-e.up:
		if len(data) > limit {
			return nil, relay.ErrTooLarge
		}
		return data, nil
	}
}

// Write implements [relay.Conn].
func (e *relayEnd) Write(frames [][]byte) error {
	deadline := time.NewTimer(WriteTimeout)
	defer deadline.Stop()
	for _, f := range frames {
		select {
		case e.down <- f:
		case <-e.closed:
			return io.ErrClosedPipe
		case <-deadline.C:
			return relay.ErrSlow
		}
	}
	return nil
}

// Ping implements [relay.Conn].
func (e *relayEnd) Ping(ctx context.Context) error {
	select {
	case e.pings <- struct{}{}:
		return nil
	case <-e.closed:
		return io.ErrClosedPipe
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close implements [relay.Conn].
func (e *relayEnd) Close(code int, reason wire.Reason) { (*End)(e).close(&Closed{code, reason}) }
