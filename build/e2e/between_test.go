package e2e

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"sotto/build/hostile"
)

// gate is someone's network: it carries everything to a server until it is shut.
type gate struct {
	t     testing.TB
	to    string // address of the server
	port  int
	mu    sync.Mutex
	in    net.Listener
	lines map[net.Conn]bool
}

// newGate opens a gate to a server.
func newGate(t testing.TB, s *server) *gate {
	t.Helper()
	g := &gate{t: t, to: fmt.Sprintf("127.0.0.1:%d", s.port), port: freePort(t)}
	g.open()
	t.Cleanup(g.shut)
	return g
}

func (g *gate) url() string { return "http://localhost:" + strconv.Itoa(g.port) }

// open lets everything through again.
func (g *gate) open() {
	g.t.Helper()
	in, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", g.port))
	if err != nil {
		g.t.Fatal(err)
	}
	g.mu.Lock()
	g.in, g.lines = in, map[net.Conn]bool{}
	g.mu.Unlock()
	go func() {
		for {
			line, err := in.Accept()
			if err != nil {
				return
			}
			go g.carry(line)
		}
	}()
}

// shut ends all connections and takes no others.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = g.in.Close()
	for line := range g.lines {
		_ = line.Close()
	}
	g.lines = nil
}

// keep notes a connection to be cut and says whether the gate is open.
func (g *gate) keep(line net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lines == nil {
		_ = line.Close()
		return false
	}
	g.lines[line] = true
	return true
}

func (g *gate) carry(ours net.Conn) {
	defer ours.Close()
	theirs, err := net.Dial("tcp", g.to)
	if err != nil {
		return
	}
	defer theirs.Close()
	if !g.keep(ours) || !g.keep(theirs) {
		return
	}
	go func() {
		_, _ = io.Copy(theirs, ours)
		_ = theirs.Close()
	}()
	_, _ = io.Copy(ours, theirs)
}

// newLiar starts a server and, in front of it, a relay that lies when it is told to. It gives the address at which it
// does; the server's own address stays honest.
func newLiar(t testing.TB) (*server, *hostile.Relay, string) {
	t.Helper()
	in, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://localhost:" + strconv.Itoa(in.Addr().(*net.TCPAddr).Port)
	s := &server{t: t, data: t.TempDir(), port: freePort(t), said: &record{}}
	s.flags = []string{"--origin=" + s.url(), "--origin=" + address}
	s.start()
	t.Cleanup(s.kill)
	relay := hostile.New()
	handler, err := relay.Proxy(s.at("127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	front := &http.Server{Handler: handler}
	go func() { _ = front.Serve(in) }()
	t.Cleanup(func() { _ = front.Close() })
	return s, relay, address
}
