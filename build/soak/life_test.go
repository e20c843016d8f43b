package soak

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"sotto/wasm/client"
)

// turning is a clock that can be turned forward. Its timers run when their time has come by it.
type turning struct {
	mu     sync.Mutex
	ahead  time.Duration
	lives  time.Duration // waits that are shorter run by the machine's clock, so that the engine lives
	timers map[*timer]bool
}

type timer struct {
	at time.Time
	f  func()
}

func newTurning() *turning { return &turning{lives: time.Minute, timers: map[*timer]bool{}} }

func (c *turning) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

// AfterFunc runs short waits by the machine's clock and long ones when turned to.
func (c *turning) AfterFunc(d time.Duration, f func()) func() {
	if d < c.lives {
		return client.SystemClock{}.AfterFunc(d, f)
	}
	t := &timer{at: c.Now().Add(d), f: f}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timers[t] = true
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.timers, t)
	}
}

func (c *turning) turn(d time.Duration) {
	c.mu.Lock()
	c.ahead += d
	now := time.Now().Add(c.ahead)
	var due []func()
	for t := range c.timers {
		if !t.at.After(now) {
			due = append(due, t.f)
			delete(c.timers, t)
		}
	}
	c.mu.Unlock()
	for _, f := range due {
		f()
	}
}

func newPair(t *testing.T) (h *house, alice, bob *user, conv string) {
	h = newHouse(t)
	alice, bob = newUser(t, h, "alice"), newUser(t, h, "bob")
	alice.join()
	bob.join()
	return h, alice, bob, alice.open(bob)
}

func TestOfflineAndBack(t *testing.T) {
	_, alice, bob, conv := newPair(t)
	bob.stop()
	for _, text := range []string{"one", "two", "three"} {
		alice.send(conv, text)
	}
	alice.until("sent", func() bool { return alice.settled(conv) })
	bob.start()
	bob.until("3 messages", func() bool { return len(bob.texts(conv)) == 3 })
	if got := bob.engine.Conversations()[0]; got.Unread != 3 || got.Handle != "alice" || got.Last.Text != "three" {
		t.Errorf("conversation: %+v", got)
	}
	if err := bob.engine.Read(t.Context(), conv, 3); err != nil {
		t.Fatal(err)
	}
	if got := bob.engine.Conversations()[0]; got.Unread != 1 {
		t.Errorf("unread after reading up to 3: %d", got.Unread)
	}
}

func TestRelayGoneAndBack(t *testing.T) {
	h, alice, bob, conv := newPair(t)
	alice.send(conv, "before")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	h.shut()
	alice.until("offline", func() bool { return alice.engine.Connection().State == client.StateOffline })
	entry := alice.send(conv, "meanwhile")
	if *entry.State != client.EntryWaiting {
		t.Errorf("state %s, want waiting", *entry.State)
	}
	if err := alice.engine.Draft(t.Context(), conv, "half a thought"); err != nil {
		t.Fatal(err)
	}
	alice.crash()
	if c := alice.engine.Conversations()[0]; c.Draft != "half a thought" {
		t.Errorf("draft after a restart: %q", c.Draft)
	}
	h.open()
	alice.engine.Connect()
	bob.engine.Connect()
	bob.until("both messages", func() bool {
		bob.engine.Connect()
		return slices.Equal(bob.texts(conv), []string{"alice: before", "alice: meanwhile"})
	})
}

// TestADraftBecomesItsMessage in one step: there is no moment at which a crash leaves both, or neither.
func TestADraftBecomesItsMessage(t *testing.T) {
	_, alice, _, conv := newPair(t)
	draft := func(text string) {
		t.Helper()
		if err := alice.engine.Draft(t.Context(), conv, text); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ draft, text, left string }{
		{"half", "half a thought", ""}, {"the same", "the same", ""}, {"", "none", ""}, {"another", "thought", "another"},
	} {
		draft(c.draft)
		alice.send(conv, c.text)
		alice.crash()
		if got := alice.engine.Conversations()[0].Draft; got != c.left {
			t.Errorf("%q, then %q sent: the draft is %q", c.draft, c.text, got)
		}
	}
}

func TestSendTwiceIsOnce(t *testing.T) {
	_, alice, bob, conv := newPair(t)
	const id = "00112233445566778899aabbccddeeff"
	for range 3 {
		entry, err := alice.engine.Send(t.Context(), conv, "once", id)
		if err != nil || entry.ID != id {
			t.Fatal(entry, err)
		}
		alice.until("sent", func() bool { return alice.settled(conv) })
	}
	alice.send(conv, "end")
	bob.until("the end", func() bool { return slices.Contains(bob.texts(conv), "alice: end") })
	if got := bob.texts(conv); len(got) != 2 {
		t.Errorf("bob sees %q", got)
	}
}

func TestRefusals(t *testing.T) {
	h, alice, bob, conv := newPair(t)
	carol := newUser(t, h, "alice") // a handle that is taken
	tests := map[string]struct {
		do   func() error
		code string
	}{
		"handle taken":   {func() error { _, err := carol.engine.Join(t.Context(), "alice"); return err }, client.CodeHandleTaken},
		"handle invalid": {func() error { _, err := carol.engine.Join(t.Context(), "Alice!"); return err }, client.CodeHandleInvalid},
		"joined twice":   {func() error { _, err := alice.engine.Join(t.Context(), "alicia"); return err }, client.CodeJoined},
		"unknown handle": {func() error { _, err := alice.engine.Open(t.Context(), "nobody"); return err }, client.CodeUnknownHandle},
		"oneself":        {func() error { _, err := alice.engine.Open(t.Context(), "alice"); return err }, client.CodeSelf},
		"not joined":     {func() error { _, err := carol.engine.Open(t.Context(), "bob"); return err }, client.CodeNotJoined},
		"empty":          {func() error { _, err := alice.engine.Send(t.Context(), conv, "", ""); return err }, client.CodeEmpty},
		"too long": {func() error {
			_, err := alice.engine.Send(t.Context(), conv, string(make([]byte, 65537)), "")
			return err
		}, client.CodeTooLong},
		"no conversation": {func() error { _, err := bob.engine.Send(t.Context(), "00", "x", ""); return err }, client.CodeNotFound},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var named *client.Error
			if err := test.do(); !errors.As(err, &named) || named.Code() != test.code {
				t.Errorf("got %v, want %s", err, test.code)
			}
		})
	}
	if _, err := carol.engine.Join(t.Context(), "carol"); err != nil {
		t.Errorf("join under another handle: %v", err)
	}
}

// TestKeysAreRenewed turns the clock: a used prekey is replaced and destroyed, a day later a new epoch opens.
func TestKeysAreRenewed(t *testing.T) {
	h := newHouse(t)
	alice, bob := newUser(t, h, "alice"), newUser(t, h, "bob")
	clock := newTurning()
	for _, u := range []*user{alice, bob} {
		u.stop()
		u.clock = clock
		u.start()
		u.join()
	}
	conv := alice.open(bob)
	alice.send(conv, "first")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	clock.turn(time.Hour)
	until(t, "bob's first prekey is destroyed", func() bool {
		_, err := bob.keys.Decrypter(context.Background(), "prekey-1")
		return errors.Is(err, client.ErrNoKey)
	})
	if _, err := bob.keys.Decrypter(context.Background(), "prekey-2"); err != nil {
		t.Errorf("bob's second prekey: %v", err)
	}
	if _, err := alice.keys.Decrypter(context.Background(), "prekey-1"); err != nil {
		t.Errorf("alice's prekey was not used to admit her and is kept: %v", err)
	}
	clock.turn(24 * time.Hour)
	bob.send(conv, "second")
	alice.until("both messages", func() bool { return len(alice.texts(conv)) == 2 })
	insp, err := alice.engine.Inspect(t.Context(), conv, last(alice.timeline(conv)).ID)
	if err != nil {
		t.Fatal(err)
	}
	if at := slices.IndexFunc(insp.Fields, func(f client.Field) bool { return f.Name == "epoch" }); at < 0 || insp.Fields[at].Value != "1" {
		t.Errorf("fields of the second message: %+v", insp.Fields)
	}
	clock.turn(8 * 24 * time.Hour)
	until(t, "alice's prekey is replaced after a week", func() bool {
		_, err := alice.keys.Decrypter(context.Background(), "prekey-1")
		return errors.Is(err, client.ErrNoKey)
	})
	alice.send(conv, "third")
	bob.until("all messages", func() bool { return len(bob.texts(conv)) == 3 })
}

func last(entries []client.Entry) client.Entry { return entries[len(entries)-1] }

// until polls a condition that no event announces.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("still waiting until %s", what)
		}
	}
}

// TestCopiedProfile runs one profile in two places: the one that did not write stops and says so.
func TestCopiedProfile(t *testing.T) {
	_, alice, bob, conv := newPair(t)
	alice.send(conv, "one")
	alice.until("sent", func() bool { return alice.settled(conv) })
	copied := &user{
		t: t, name: "alice", transport: alice.transport, store: alice.store.Clone(), keys: alice.keys.Clone(),
		clock: alice.clock, changed: make(chan struct{}), disk: alice.disk,
	}
	copied.start()
	t.Cleanup(func() { _ = copied.engine.Close() })
	copied.online()
	alice.send(conv, "two")
	copied.until("stopped", func() bool {
		c := copied.engine.Conversations()[0]
		return c.Blocked != nil && c.Blocked.Code == client.NoticeCopiedProfile
	})
	if !slices.Contains(copied.notices(conv), client.NoticeCopiedProfile) {
		t.Errorf("notices: %q", copied.notices(conv))
	}
	if _, err := copied.engine.Send(t.Context(), conv, "x", ""); err == nil {
		t.Error("a copied profile still sends")
	}
	alice.stop() // from here on the copy is the only one: it was restored
	if _, err := copied.engine.Accept(t.Context(), conv); err != nil {
		t.Fatal(err)
	}
	copied.send(conv, "three")
	bob.until("three messages", func() bool {
		return slices.Equal(bob.texts(conv), []string{"alice: one", "alice: two", "alice: three"})
	})
}

// TestKeysLeftBehind crashes between the removal of a prekey's record and the destruction of its key.
func TestKeysLeftBehind(t *testing.T) {
	h := newHouse(t)
	alice, bob := newUser(t, h, "alice"), newUser(t, h, "bob")
	clock := newTurning()
	bob.stop()
	bob.clock = clock
	bob.start()
	alice.join()
	bob.join()
	conv := alice.open(bob)
	alice.send(conv, "first")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	clock.turn(time.Hour)
	until(t, "the first prekey is destroyed", func() bool {
		_, err := bob.keys.Decrypter(context.Background(), "prekey-1")
		return errors.Is(err, client.ErrNoKey)
	})
	kept := bob.store.Clone()
	_ = bob.engine.Close()
	bob.store = kept
	if _, err := bob.keys.NewDecrypter(context.Background(), "prekey-1"); err != nil {
		t.Fatal(err) // stands for the key that the crash left behind
	}
	bob.start()
	if _, err := bob.keys.Decrypter(context.Background(), "prekey-1"); !errors.Is(err, client.ErrNoKey) {
		t.Errorf("the key is still there: %v", err)
	}
}

// TestConnectionsBreak breaks every connection after each message.
func TestConnectionsBreak(t *testing.T) {
	h, alice, bob, conv := newPair(t)
	for i := range 5 {
		for _, u := range []*user{alice, bob} {
			if u == bob && i == 0 {
				bob.open(alice)
			}
			u.send(conv, strconv.Itoa(i))
			h.cutAll()
		}
	}
	check(alice, bob, conv, 5)
}
