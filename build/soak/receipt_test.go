package soak

import (
	"context"
	"crypto/rand"
	"io"
	"sync"
	"testing"

	"sotto/wasm/client"
	"sotto/wasm/cose"
	"sotto/wasm/wire"
)

// hooked is a source of randomness that calls something before its next use.
type hooked struct {
	mu   sync.Mutex
	next func()
}

func (h *hooked) before(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.next = f
}

func (h *hooked) Read(p []byte) (int, error) {
	h.mu.Lock()
	f := h.next
	h.next = nil
	h.mu.Unlock()
	if f != nil {
		f()
	}
	return rand.Read(p)
}

var _ io.Reader = (*hooked)(nil)

// peerRead gives the position up to which the other side has read.
func (u *user) peerRead(conv string) int64 {
	for _, c := range u.engine.Conversations() {
		if c.ID == conv {
			return c.Read
		}
	}
	return 0
}

// TestReadWhileAReceiptIsSealed reads at the moment when the receipt of the delivery is made: the reading is told too.
func TestReadWhileAReceiptIsSealed(t *testing.T) {
	h := newHouse(t)
	alice, bob := newUser(t, h, "alice"), newUser(t, h, "bob")
	random := &hooked{}
	bob.stop()
	bob.engine = client.New(client.Ports{
		Store: bob.store, Keys: bob.keys, Transport: h, Clock: bob.clock, Random: random, Primitives: cose.Native{},
	}, origin, bob.event)
	if _, err := bob.engine.Boot(context.Background()); err != nil {
		t.Fatal(err)
	}
	alice.join()
	bob.join()
	conv := alice.open(bob)
	alice.send(conv, "one")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	alice.until("told of the delivery", func() bool { return alice.engine.Conversations()[0].Delivered == 2 })
	random.before(func() {
		if err := bob.engine.Read(context.Background(), conv, 3); err != nil {
			t.Error(err)
		}
	})
	alice.send(conv, "two")
	bob.until("both", func() bool { return len(bob.texts(conv)) == 2 })
	alice.until("told of the reading", func() bool { return alice.peerRead(conv) == 3 })
}

// losing breaks the connection instead of sending the next receipt.
type losing struct {
	client.Transport
	mu   sync.Mutex
	next bool
}

type losingConn struct {
	client.Conn
	from *losing
}

func (l *losing) Dial(ctx context.Context) (client.Conn, error) {
	conn, err := l.Transport.Dial(ctx)
	return losingConn{conn, l}, err
}

func (c losingConn) Write(ctx context.Context, data []byte) error {
	c.from.mu.Lock()
	frame, err := wire.Decode(data)
	lose := c.from.next && err == nil && frame.Kind == wire.KindReceipt
	if lose {
		c.from.next = false
	}
	c.from.mu.Unlock()
	if lose {
		return c.Close()
	}
	return c.Conn.Write(ctx, data)
}

// TestReceiptLostWithItsConnection loses a receipt on its way: it is told again.
func TestReceiptLostWithItsConnection(t *testing.T) {
	h := newHouse(t)
	network := &losing{Transport: h}
	alice, bob := newUser(t, h, "alice"), newUser(t, network, "bob")
	alice.join()
	bob.join()
	conv := alice.open(bob)
	alice.send(conv, "one")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	alice.until("told of the delivery", func() bool { return alice.engine.Conversations()[0].Delivered == 2 })
	network.mu.Lock()
	network.next = true
	network.mu.Unlock()
	if err := bob.engine.Read(t.Context(), conv, 2); err != nil {
		t.Fatal(err)
	}
	alice.until("told of the reading", func() bool { return alice.peerRead(conv) == 2 })
}

// TestReadBeforeTheEnd ends an engine before it has told what was read: the next one does.
func TestReadBeforeTheEnd(t *testing.T) {
	h := newHouse(t)
	network := &losing{Transport: h}
	alice, bob := newUser(t, h, "alice"), newUser(t, network, "bob")
	alice.join()
	bob.join()
	conv := alice.open(bob)
	alice.send(conv, "one")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	alice.until("told of the delivery", func() bool { return alice.engine.Conversations()[0].Delivered == 2 })
	h.shut()
	if err := bob.engine.Read(t.Context(), conv, 2); err != nil {
		t.Fatal(err)
	}
	bob.crash()
	h.open()
	alice.until("told of the reading", func() bool { return alice.peerRead(conv) == 2 })
}
