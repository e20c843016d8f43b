// Package soak drives real engines against a real relay with its real store, natively: the tests here are the
// client's behaviour over everything below it, on networks good and bad.
package soak

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/backend/store"
	"sotto/backend/store/sqlite"
	"sotto/build/testkeys"
	"sotto/wasm/client"
	"sotto/wasm/client/memory"
	"sotto/wasm/cose"
)

const origin = "http://sotto.test"

// patience bounds every wait of a test: who waits longer has failed. Nothing is measured by it.
const patience = 2 * time.Minute

var keys = testkeys.NewPool()

// house is a relay with its store. It is also the transport of its users.
type house struct {
	t     *testing.T
	dir   string
	mu    sync.Mutex
	store store.Store
	relay *relay.Relay
	ends  []*relaytest.End
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, dir: t.TempDir()}
	h.open()
	t.Cleanup(h.shut)
	return h
}

func (h *house) open() {
	s, err := sqlite.Open(context.Background(), h.dir)
	if err != nil {
		h.t.Fatal(err)
	}
	limits := relay.DefaultLimits()
	limits.Address, limits.Account, limits.Device, limits.Commits = relay.Rate{}, relay.Rate{}, relay.Rate{}, relay.Rate{}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.store = s
	h.relay = relay.New(relay.Options{Store: s, Registration: true, Limits: limits})
}

// shut stops the relay; connections end.
func (h *house) shut() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.relay == nil {
		return
	}
	h.relay.Close()
	_ = h.store.Close()
	h.relay = nil
}

// Dial implements [client.Transport].
func (h *house) Dial(context.Context) (client.Conn, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.relay == nil {
		return nil, errors.New("nobody is at home")
	}
	theirs, ours := relaytest.Pipe()
	h.ends = append(h.ends, ours)
	go h.relay.Serve(theirs, relay.Peer{Origin: origin, Address: netip.MustParseAddr("127.0.0.1")})
	return ours, nil
}

// cutAll breaks every connection there is.
func (h *house) cutAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.ends {
		_ = e.Close()
	}
	h.ends = nil
}

// user is a person with one device.
type user struct {
	t         *testing.T
	name      string
	transport client.Transport
	store     *memory.Store
	disk      func(client.Store) client.Store // what the engine sees of it
	keys      *memory.Keys
	clock     client.Clock
	engine    *client.Engine

	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every event
	alarms  []string
	skew    int64
	erased  int
	typing  map[string][]client.Person // by conversation
}

func newUser(t *testing.T, transport client.Transport, name string) *user {
	u := &user{
		t: t, name: name, transport: transport, store: memory.NewStore(), keys: memory.NewKeysFrom(keys.Next),
		clock: client.SystemClock{}, changed: make(chan struct{}), typing: map[string][]client.Person{},
		disk: func(s client.Store) client.Store { return s },
	}
	u.start()
	t.Cleanup(func() {
		if u.engine != nil {
			u.stop()
		}
	})
	return u
}

// start boots an engine on what the user has stored.
func (u *user) start() client.Boot {
	u.engine = client.New(client.Ports{
		Store: u.disk(u.store), Keys: u.keys, Transport: u.transport, Clock: u.clock, Random: rand.Reader, Primitives: cose.Native{},
	}, origin, u.event)
	booted, err := u.engine.Boot(context.Background())
	if err != nil {
		u.t.Fatalf("boot %s: %v", u.name, err)
	}
	return booted
}

// crash ends the engine without letting it finish anything more than a power cut would, and boots another one on a
// copy of what was stored.
func (u *user) crash() {
	u.stop()
	u.start()
}

// stop ends the engine; what was stored when stop began is what the next one starts on.
func (u *user) stop() {
	u.store, u.keys = u.store.Clone(), u.keys.Clone()
	before := u.engine
	u.engine = nil
	_ = before.Close()
}

func (u *user) event(e client.Event) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if a, ok := e.(client.AlarmEvent); ok {
		u.alarms = append(u.alarms, a.Code)
	}
	if _, ok := e.(client.ErasedEvent); ok {
		u.erased++
	}
	if w, ok := e.(client.TypingEvent); ok {
		u.typing[w.Conversation] = w.People
	}
	if c, ok := e.(client.ClockEvent); ok {
		u.skew = c.Skew
	}
	close(u.changed)
	u.changed = make(chan struct{})
}

// until waits for a condition that events bring about.
func (u *user) until(what string, holds func() bool) {
	u.t.Helper()
	deadline := time.After(patience)
	for {
		u.mu.Lock()
		changed := u.changed
		u.mu.Unlock()
		if holds() {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			u.t.Fatalf("%s: still waiting until %s", u.name, what)
		}
	}
}

func (u *user) join() {
	u.t.Helper()
	for {
		_, err := u.engine.Join(context.Background(), u.name)
		if err == nil {
			break
		}
		var named *client.Error
		if !errors.As(err, &named) || named.Code() != client.CodeOffline {
			u.t.Fatalf("join %s: %v", u.name, err)
		}
	}
	u.online()
}

func (u *user) online() {
	u.t.Helper()
	u.until("online", func() bool { return u.engine.Connection().State == client.StateOnline })
}

func (u *user) open(other *user) string {
	u.t.Helper()
	for {
		c, err := u.engine.Open(context.Background(), other.name)
		if err == nil {
			return c.ID
		}
		var named *client.Error
		if !errors.As(err, &named) || named.Code() != client.CodeOffline {
			u.t.Fatalf("%s opens %s: %v", u.name, other.name, err)
		}
		u.online()
	}
}

func (u *user) send(conv, text string) client.Entry {
	u.t.Helper()
	entry, err := u.engine.Send(context.Background(), conv, text, "")
	if err != nil {
		u.t.Fatalf("%s sends: %v", u.name, err)
	}
	return entry
}

// timeline gives everything of a conversation, oldest first.
func (u *user) timeline(conv string) []client.Entry {
	u.t.Helper()
	var all []client.Entry
	var before *int64
	for {
		page, err := u.engine.History(context.Background(), conv, before, 100)
		if err != nil {
			return nil // the conversation is not here yet
		}
		all = append(page.Entries, all...)
		if !page.More {
			return all
		}
		before = page.Entries[0].Position
	}
}

// texts gives the messages of a conversation as "sender: text" in their order, those that wait last.
func (u *user) texts(conv string) []string {
	var texts []string
	for _, e := range u.timeline(conv) {
		if e.Kind == client.EntryMessage && e.Text != nil {
			texts = append(texts, fmt.Sprintf("%s: %s", e.Sender.Handle, *e.Text))
		}
	}
	return texts
}

// settled says whether nothing of the user's own waits in a conversation.
func (u *user) settled(conv string) bool {
	for _, e := range u.timeline(conv) {
		if e.Own && e.Position == nil {
			return false
		}
	}
	return true
}

// notices gives the codes of the notices in a conversation.
func (u *user) notices(conv string) []string {
	var codes []string
	for _, e := range u.timeline(conv) {
		if e.Notice != nil {
			codes = append(codes, e.Notice.Code)
		}
	}
	return codes
}
