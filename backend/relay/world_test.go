package relay_test

import (
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"testing"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/backend/store"
	"sotto/backend/store/sqlite"
	"sotto/wasm/wire"
)

const origin = "https://chat.example"

// world is a relay on a real store.
type world struct {
	testing.TB
	relay *relay.Relay
	store store.Store
	logs  *logs
	ends  []*relaytest.End
}

// newWorld starts a relay; change may alter its options. It is stopped when the test ends.
func newWorld(t testing.TB, change func(*relay.Options)) *world {
	t.Helper()
	s, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, store: s, logs: &logs{}}
	o := relay.Options{Store: s, Registration: true, Limits: relay.DefaultLimits(), Log: slog.New(w.logs)}
	if change != nil {
		change(&o)
	}
	w.relay = relay.New(o)
	t.Cleanup(w.stop)
	return w
}

func (w *world) stop() {
	for _, end := range w.ends {
		_ = end.Close() // a client that does not read would have to be waited for
	}
	w.relay.Close()
	if err := w.store.Close(); err != nil {
		w.Error(err)
	}
}

// dial opens a connection in memory.
func (w *world) dial() *relaytest.End {
	conn, end := relaytest.Pipe()
	w.ends = append(w.ends, end)
	go w.relay.Serve(conn, relay.Peer{Origin: origin, Address: netip.MustParseAddr("192.0.2.1")})
	return end
}

// connect opens a session.
func (w *world) connect() *relaytest.Client {
	w.Helper()
	return relaytest.NewClient(w, w.dial())
}

// register opens a session and makes the person's account in it.
func (w *world) register(p *relaytest.Person) *relaytest.Client {
	w.Helper()
	c := w.connect()
	c.Register(p)
	return c
}

// login opens a session of a person.
func (w *world) login(p *relaytest.Person) *relaytest.Client {
	w.Helper()
	c := w.connect()
	c.Login(p)
	return c
}

// closed reads on until the connection ends and gives the relay's reason.
func (w *world) closed(c relaytest.Conn) wire.Reason {
	w.Helper()
	for {
		_, err := c.Read(context.Background())
		var closed *relaytest.Closed
		switch {
		case errors.As(err, &closed):
			return closed.Reason
		case err != nil:
			w.Fatalf("connection ended without a reason: %v", err)
		}
	}
}

// logs keeps every line of a log.
type logs struct {
	mu    sync.Mutex
	lines []string
}

// Enabled implements [slog.Handler].
func (l *logs) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements [slog.Handler].
func (l *logs) Handle(_ context.Context, r slog.Record) error {
	line := r.Message
	r.Attrs(func(a slog.Attr) bool {
		line += " " + a.String()
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
	return nil
}

// WithAttrs implements [slog.Handler].
func (l *logs) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup implements [slog.Handler].
func (l *logs) WithGroup(string) slog.Handler { return l }

func (l *logs) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.lines...)
}

// people are made once: keys take a while.
var people = sync.OnceValue(func() []*relaytest.Person {
	return relaytest.NewPeople(fatal{}, "alice", "bob", "mallory", "carol", "dave")
})

// crowd gives so many people.
func crowd(n int) []*relaytest.Person { return many()[:n] }

var many = sync.OnceValue(func() []*relaytest.Person { return relaytest.NewCrowd(fatal{}, 80) })

// fatal is for what is made outside of any test.
type fatal struct{ testing.TB }

func (fatal) Helper()           {}
func (fatal) Fatal(args ...any) { panic(args) }

// three gives people whose prekeys are as they were made, so that tests do not see each other's.
func three() (alice, bob, mallory *relaytest.Person) {
	all := fresh()
	return all[0], all[1], all[2]
}

// fresh gives all of them, by their handles alice, bob, mallory, carol, dave.
func fresh() (all [5]*relaytest.Person) {
	for i, p := range people() {
		other := *p
		all[i] = &other
	}
	return all
}
