// Package rough makes a network worse than any real one, for tests: frames are held back and let go in a random order
// across connections, and connections are cut at random, before and after what they carried has arrived. Within one
// connection frames keep their order, as TCP has it.
package rough

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"sotto/wasm/client"
)

// Network holds back what its transports carry.
type Network struct {
	mu      sync.Mutex
	random  *rand.Rand
	cut     float64 // chance that a frame's connection is cut instead
	calm    bool
	waiting []chan struct{}
	stop    chan struct{}
	cuts    int
}

// pace is how often the network lets frames go. Nothing waits for a number of paces.
const pace = 2 * time.Millisecond

// New starts a network that is random by seed and cuts a connection at one frame in 1/cut.
func New(seed uint64, cut float64) *Network {
	n := &Network{random: rand.New(rand.NewPCG(seed, seed)), cut: cut, stop: make(chan struct{})}
	go n.run()
	return n
}

// Close lets everything go at once from now on and ends the network's goroutine.
func (n *Network) Close() {
	n.Calm()
	close(n.stop)
}

// Calm ends the cutting and the holding back.
func (n *Network) Calm() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calm = true
	for _, w := range n.waiting {
		close(w)
	}
	n.waiting = nil
}

// Cuts counts the connections that were cut.
func (n *Network) Cuts() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.cuts
}

func (n *Network) run() {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		select {
		case <-n.stop:
			return
		case <-tick.C:
			n.release()
		}
	}
}

// release lets a random half of what waits go, in a random order.
func (n *Network) release() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.random.Shuffle(len(n.waiting), func(i, j int) { n.waiting[i], n.waiting[j] = n.waiting[j], n.waiting[i] })
	half := (len(n.waiting) + 1) / 2
	for _, w := range n.waiting[:half] {
		close(w)
	}
	n.waiting = append([]chan struct{}(nil), n.waiting[half:]...)
}

// pass waits for a frame's turn and says whether its connection is cut.
func (n *Network) pass() (cut bool) {
	n.mu.Lock()
	if n.calm {
		n.mu.Unlock()
		return false
	}
	w := make(chan struct{})
	n.waiting = append(n.waiting, w)
	cut = n.random.Float64() < n.cut
	if cut {
		n.cuts++
	}
	n.mu.Unlock()
	<-w
	return cut
}

// Transport gives inner as seen through the network.
func (n *Network) Transport(inner client.Transport) client.Transport {
	return transport{n, inner}
}

type transport struct {
	n     *Network
	inner client.Transport
}

var errCut = errors.New("the network cut the connection")

// Dial implements [client.Transport].
func (t transport) Dial(ctx context.Context) (client.Conn, error) {
	if t.n.pass() {
		return nil, errCut
	}
	conn, err := t.inner.Dial(ctx)
	if err != nil {
		return nil, err
	}
	return &connection{n: t.n, Conn: conn}, nil
}

type connection struct {
	n *Network
	client.Conn
	writing sync.Mutex
}

// Read cuts after the frame was read: the other side believes it arrived.
func (c *connection) Read(ctx context.Context) ([]byte, error) {
	data, err := c.Conn.Read(ctx)
	if err == nil && c.n.pass() {
		_ = c.Conn.Close()
		return nil, errCut
	}
	return data, err
}

// Write cuts before or after the frame is written.
func (c *connection) Write(ctx context.Context, data []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.n.pass() {
		_ = c.Conn.Close()
		return errCut
	}
	err := c.Conn.Write(ctx, data)
	if err == nil && c.n.pass() {
		_ = c.Conn.Close()
		return errCut
	}
	return err
}
