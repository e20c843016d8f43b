package soak

import (
	"context"
	"errors"
	"sync"

	"sotto/wasm/client"
)

// gate stands between one user and the relay. What passes can be held back and let go piece by piece, connections can
// be cut with what is held back in them, and none are made while it is shut.
type gate struct {
	inner client.Transport

	mu    sync.Mutex
	shut  bool
	holds bool
	conns map[*gated]bool
}

func newGate(inner client.Transport) *gate { return &gate{inner: inner, conns: map[*gated]bool{}} }

var errShut = errors.New("the gate is shut")

// Dial implements [client.Transport].
func (g *gate) Dial(ctx context.Context) (client.Conn, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return nil, errShut
	}
	inner, err := g.inner.Dial(ctx)
	if err != nil {
		return nil, err
	}
	life, end := context.WithCancel(context.Background())
	c := &gated{gate: g, inner: inner, life: life, end: end, ready: make(chan struct{}, 1)}
	g.conns[c] = true
	go c.pump()
	return c, nil
}

// hold keeps back from now on what comes and goes.
func (g *gate) hold(yes bool) {
	g.mu.Lock()
	g.holds = yes
	conns := g.open()
	g.mu.Unlock()
	if !yes {
		for _, c := range conns {
			c.let(1 << 20)
		}
	}
}

// let lets some messages go, in each direction and each connection.
func (g *gate) let(n int) {
	g.mu.Lock()
	conns := g.open()
	g.mu.Unlock()
	for _, c := range conns {
		c.let(n)
	}
}

// cut breaks all connections: what was held back in them is lost.
func (g *gate) cut() {
	g.mu.Lock()
	conns := g.open()
	g.mu.Unlock()
	for _, c := range conns {
		_ = c.Close()
	}
}

// close shuts the gate, or opens it again.
func (g *gate) close(yes bool) {
	g.mu.Lock()
	g.shut = yes
	g.mu.Unlock()
	if yes {
		g.cut()
	}
}

// open lists the connections. The caller holds mu.
func (g *gate) open() []*gated {
	var conns []*gated
	for c := range g.conns {
		conns = append(conns, c)
	}
	return conns
}

// gated is one connection through a gate.
type gated struct {
	gate  *gate
	inner client.Conn
	life  context.Context
	end   context.CancelFunc
	ready chan struct{} // holds one: there may be something to read

	sending sync.Mutex // held while messages are written to the relay in their order

	mu     sync.Mutex
	in     [][]byte // came and is held back
	passed [][]byte // came and may be read
	out    [][]byte // was written and is held back
}

var errCutOff = errors.New("the connection was cut")

// pump takes what comes from the relay.
func (c *gated) pump() {
	for {
		data, err := c.inner.Read(c.life)
		if err != nil {
			_ = c.Close()
			return
		}
		c.mu.Lock()
		c.in = append(c.in, data)
		c.mu.Unlock()
		if !c.gate.holding() {
			c.let(1 << 20)
		}
	}
}

func (g *gate) holding() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.holds
}

// let lets n messages go in each direction.
func (c *gated) let(n int) {
	c.mu.Lock()
	in := min(n, len(c.in))
	c.passed = append(c.passed, c.in[:in]...)
	c.in = c.in[in:]
	c.mu.Unlock()
	select {
	case c.ready <- struct{}{}:
	default:
	}
	c.sending.Lock()
	defer c.sending.Unlock()
	c.mu.Lock()
	out := c.out[:min(n, len(c.out))]
	c.out = c.out[len(out):]
	c.mu.Unlock()
	for _, data := range out {
		if c.inner.Write(c.life, data) != nil {
			return
		}
	}
}

// Read implements [client.Conn].
func (c *gated) Read(ctx context.Context) ([]byte, error) {
	for {
		c.mu.Lock()
		if len(c.passed) > 0 {
			data := c.passed[0]
			c.passed = c.passed[1:]
			c.mu.Unlock()
			return data, nil
		}
		c.mu.Unlock()
		select {
		case <-c.ready:
		case <-c.life.Done():
			return nil, errCutOff
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Write implements [client.Conn].
func (c *gated) Write(_ context.Context, data []byte) error {
	if c.life.Err() != nil {
		return errCutOff
	}
	c.mu.Lock()
	c.out = append(c.out, data)
	c.mu.Unlock()
	if !c.gate.holding() {
		c.let(1 << 20)
	}
	return nil
}

// Close implements [client.Conn].
func (c *gated) Close() error {
	c.end()
	c.gate.mu.Lock()
	delete(c.gate.conns, c)
	c.gate.mu.Unlock()
	return c.inner.Close()
}
