package main

import (
	"context"
	"strings"
	"sync"

	"sotto/backend/dial"
	"sotto/build/bench/figure"
	"sotto/build/bench/raw"
	"sotto/build/bench/server"
	"sotto/wasm/client"
	"sotto/wasm/wire"
)

// text200 is the text of every message: 200 bytes.
var text200 = strings.Repeat("A quiet word. ", 14) + "Yes."

// onWire is what one message takes between a client and the relay, with the header of the WebSocket's frame.
func onWire(ctx context.Context, b *bench) ([]figure.Figure, error) {
	request := figure.Figure{Name: "sender's request", Unit: figure.Bytes, Aim: figure.AtMost(999)}
	push := figure.Figure{Name: "receiver's push", Unit: figure.Bytes, Aim: figure.AtMost(999)}
	err := b.withServer(ctx, noRates, func(s *server.Server) error {
		from, to := &tap{origin: s.Origin}, &tap{origin: s.Origin}
		if err := b.talk(ctx, s.Origin, from, to); err != nil {
			return err
		}
		for i := range b.runs {
			request.Values = append(request.Values, from.size(wire.KindMessage, i)+raw.HeaderFromClient)
			push.Values = append(push.Values, to.size(wire.KindEventPush, i+1)+raw.HeaderFromServer) // the commit came first
		}
		return nil
	})
	return []figure.Figure{request, push}, err
}

// talk lets one user send as many messages as there are runs to another, each over a transport of their own.
func (b *bench) talk(ctx context.Context, origin string, from, to client.Transport) error {
	people, err := b.crowd(2)
	if err != nil {
		return err
	}
	sender, err := newUser(ctx, origin, people[0], from)
	if err != nil {
		return err
	}
	defer sender.engine.Close()
	receiver, err := newUser(ctx, origin, people[1], to)
	if err != nil {
		return err
	}
	defer receiver.engine.Close()
	conversation, err := meet(ctx, sender, receiver)
	if err != nil {
		return err
	}
	for range b.runs - 1 {
		if err := sender.send(ctx, conversation, text200); err != nil {
			return err
		}
	}
	return receiver.until(ctx, "all messages are there", func() bool { return receiver.messages() == b.runs })
}

// tap is a transport that notes the lengths of the frames that pass, by kind, in their order.
type tap struct {
	origin string

	mu    sync.Mutex
	sizes map[wire.Kind][]int
}

// Dial implements [client.Transport].
func (t *tap) Dial(ctx context.Context) (client.Conn, error) {
	conn, err := dial.Transport{Origin: t.origin}.Dial(ctx)
	return tapped{conn, t}, err
}

func (t *tap) note(frame []byte) {
	f, err := wire.Decode(frame)
	if err != nil {
		return // the engine will say so
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sizes == nil {
		t.sizes = map[wire.Kind][]int{}
	}
	t.sizes[f.Kind] = append(t.sizes[f.Kind], len(frame))
}

// size gives the length of the i-th frame of a kind.
func (t *tap) size(kind wire.Kind, i int) float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return float64(t.sizes[kind][i])
}

type tapped struct {
	client.Conn
	tap *tap
}

func (c tapped) Read(ctx context.Context) ([]byte, error) {
	data, err := c.Conn.Read(ctx)
	if err == nil {
		c.tap.note(data)
	}
	return data, err
}

func (c tapped) Write(ctx context.Context, data []byte) error {
	c.tap.note(data)
	return c.Conn.Write(ctx, data)
}
