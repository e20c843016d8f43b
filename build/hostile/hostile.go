// Package hostile stands between clients and an honest relay and lies to the clients, for tests: what the relay sends
// passes through a [Lie], which may change it, keep it back, or add to it. What a lying relay could do by itself, it
// can do to the client this way; the relay's store stays what the clients made it.
package hostile

import (
	"context"
	"sync"

	"sotto/wasm/client"
	"sotto/wasm/wire"
)

// Lie gives the frames that a client gets instead of frame. It is called for one frame of a connection at a time.
type Lie func(frame wire.Frame) []wire.Frame

// Honest passes everything.
func Honest(frame wire.Frame) []wire.Frame { return []wire.Frame{frame} }

// Change gives a lie that changes the bodies of one kind of frame; nil keeps the frame back.
func Change[B any, P interface {
	*B
	wire.Body
}](change func(body B) []wire.Body) Lie {
	return func(frame wire.Frame) []wire.Frame {
		var body B
		if frame.Kind != P(&body).Kind() || wire.DecodeBody(frame, P(&body)) != nil {
			return []wire.Frame{frame}
		}
		var frames []wire.Frame
		for _, b := range change(body) {
			changed, err := wire.Decode(wire.Encode(frame.ID, b))
			if err != nil {
				panic(err) // it was encoded just now
			}
			frames = append(frames, changed)
		}
		return frames
	}
}

// All gives a lie that applies several, one after the other.
func All(lies ...Lie) Lie {
	return func(frame wire.Frame) []wire.Frame {
		frames := []wire.Frame{frame}
		for _, lie := range lies {
			var next []wire.Frame
			for _, f := range frames {
				next = append(next, lie(f)...)
			}
			frames = next
		}
		return frames
	}
}

// Relay lies to everyone who connects through it. The lie can be exchanged at any time.
type Relay struct {
	mu  sync.Mutex
	lie Lie
}

// New gives a relay that is honest until told otherwise.
func New() *Relay { return &Relay{lie: Honest} }

// Tell makes the relay tell a lie from now on.
func (r *Relay) Tell(lie Lie) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lie = lie
}

// told gives the messages that a client gets instead of data.
func (r *Relay) told(data []byte) [][]byte {
	frame, err := wire.Decode(data)
	if err != nil {
		return [][]byte{data}
	}
	r.mu.Lock()
	lie := r.lie
	r.mu.Unlock()
	var messages [][]byte
	for _, f := range lie(frame) {
		messages = append(messages, encode(f))
	}
	return messages
}

// Transport gives inner as the relay lets clients see it.
func (r *Relay) Transport(inner client.Transport) client.Transport { return transport{r, inner} }

type transport struct {
	relay *Relay
	inner client.Transport
}

// Dial implements [client.Transport].
func (t transport) Dial(ctx context.Context) (client.Conn, error) {
	conn, err := t.inner.Dial(ctx)
	if err != nil {
		return nil, err
	}
	return &connection{Conn: conn, relay: t.relay}, nil
}

type connection struct {
	client.Conn
	relay *Relay
	next  [][]byte // read by the one reader
}

func (c *connection) Read(ctx context.Context) ([]byte, error) {
	for len(c.next) == 0 {
		data, err := c.Conn.Read(ctx)
		if err != nil {
			return nil, err
		}
		c.next = c.relay.told(data)
	}
	data := c.next[0]
	c.next = c.next[1:]
	return data, nil
}
