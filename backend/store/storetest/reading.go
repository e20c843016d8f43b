package storetest

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"sotto/backend/store"
	"sotto/wasm/epoch"
)

func testReceipts(t *testing.T, w *World) {
	alice, bob, mallory := w.Register("alice"), w.Register("bob"), w.Register("mallory")
	c := w.Open(alice, bob)
	receipt := func(by Person, signal string) store.Receipt {
		return store.Receipt{Sender: by.Sender, Place: c.place(by, 1), Signal: []byte(signal)}
	}
	for i, r := range []store.Receipt{receipt(alice, "a1"), receipt(bob, "b1"), receipt(alice, "a2"), receipt(alice, "a2")} {
		if got := w.receipt(r); got.err != nil || got.value.Count != uint64(i+1) || len(got.value.Roster) != 2 {
			t.Errorf("receipt %d: %+v", i, got)
		}
	}
	wrong := receipt(alice, "x")
	wrong.Sender = bob.Sender
	refused(t, "slot of the other", w.receipt(wrong).err, store.ErrWrongSender)
	outside := receipt(alice, "x")
	outside.Sender = mallory.Sender
	refused(t, "no member", w.receipt(outside).err, store.ErrNotMember)
	early := receipt(alice, "x")
	early.Place.Number = 1
	staleAt(t, "another epoch", w.receipt(early).err, 0)
	p := w.page(bob, c.ID, 0, 1000)
	if p.Head.Receipts != 4 || len(p.Receipts) != 2 || string(p.Receipts[0]) != "b1" || string(p.Receipts[1]) != "a2" {
		t.Errorf("kept %q, head %+v", p.Receipts, p.Head)
	}
}

func testCursors(t *testing.T, w *World) {
	alice, bob, mallory := w.Register("alice"), w.Register("bob"), w.Register("mallory")
	c := w.Open(alice, bob)
	w.Append(c.Message(alice, 0, 10))
	at := func(by Person, p epoch.Position) store.Cursor {
		return store.Cursor{Sender: by.Sender, Conversation: c.ID, Position: p}
	}
	for _, p := range []epoch.Position{0, 2, 1, 2} {
		if err := w.cursor(at(bob, p)); err != nil {
			t.Errorf("cursor at %d: %v", p, err)
		}
	}
	for name, p := range map[string]epoch.Position{"beyond the head": 3, "out of range": math.MaxUint64} {
		refused(t, name, w.cursor(at(bob, p)), store.ErrRange)
	}
	refused(t, "no member", w.cursor(at(mallory, 1)), store.ErrNotMember)
}

func testPages(t *testing.T, w *World) {
	alice, bob, mallory := w.Register("alice"), w.Register("bob"), w.Register("mallory")
	c := Between(alice, bob)
	first := w.Next(c, alice)
	w.stored(w.commit(first))
	c.Opened(first)
	for g := range uint64(10) {
		w.Append(c.Message(bob, g, 1000))
	}
	second := w.Next(c, bob)
	w.stored(w.commit(second))
	w.receipt(store.Receipt{Sender: bob.Sender, Place: epoch.Place{Conversation: c.ID, Number: 1, Index: c.place(bob, 0).Index}, Signal: []byte("r")})

	var positions []epoch.Position
	for after := epoch.Position(0); after < 12; after = positions[len(positions)-1] {
		p := w.page(alice, c.ID, after, 3500)
		if len(p.Events) == 0 || len(p.Events) > 3 || p.Head.Position != 12 || p.Head.Receipts != 1 {
			t.Fatalf("page after %d: %d events, head %+v", after, len(p.Events), p.Head)
		}
		for _, e := range p.Events {
			positions = append(positions, e.Position)
		}
		if atHead := positions[len(positions)-1] == 12; atHead != (len(p.Receipts) == 1) {
			t.Errorf("page after %d has %d receipts", after, len(p.Receipts))
		}
	}
	if len(positions) != 12 || !slices.IsSorted(positions) {
		t.Errorf("positions %v", positions)
	}
	for _, p := range []store.Page{w.page(bob, c.ID, 12, 1), w.page(bob, c.ID, math.MaxUint64, 1)} {
		if len(p.Events) != 0 || len(p.Receipts) != 1 || p.Head.Position != 12 {
			t.Errorf("page after the head: %+v", p)
		}
	}
	testOwnWraps(t, w, c, first, second)
	_, err := w.Store.Page(t.Context(), store.Query{Reader: mallory.Sender, Conversation: c.ID, MaxBytes: 1000})
	refused(t, "page of a conversation of others", err, store.ErrNotMember)
	_, err = w.Store.Page(t.Context(), store.Query{Reader: alice.Sender, Conversation: epoch.ConversationID{1}, MaxBytes: 1000})
	refused(t, "page of nothing", err, store.ErrNotMember)
}

// testOwnWraps checks that everyone gets the wrap made for them and no other.
func testOwnWraps(t *testing.T, w *World, c *Conversation, commits ...store.Commit) {
	t.Helper()
	for index, reader := range []Person{c.Low, c.High} {
		log := w.log(reader, c.ID)
		for _, commit := range commits {
			at := slices.IndexFunc(log, func(e store.Event) bool { return bytes.Equal(e.Bytes, commit.Event) })
			if at < 0 || !bytes.Equal(log[at].Wrap, commit.Wraps[index]) {
				t.Errorf("device %d has another wrap of commit %d", index, commit.Header.Number)
			}
		}
	}
}

func testConversations(t *testing.T, w *World) {
	alice := w.Register("alice")
	var want []store.Head
	for _, name := range []string{"b", "c", "d", "e", "f"} {
		other := w.Register(name)
		c := w.Open(alice, other)
		w.Append(c.Message(other, 0, 10))
		want = append(want, store.Head{Conversation: c.ID, Position: 2})
	}
	slices.SortFunc(want, func(a, b store.Head) int { return bytes.Compare(a.Conversation[:], b.Conversation[:]) })
	for _, limit := range []int{1, 2, 5, 100} {
		if got := w.heads(t.Context(), alice, limit); !slices.Equal(got, want) {
			t.Errorf("by %d: %v, want %v", limit, got, want)
		}
	}
	if got := w.heads(t.Context(), NewPerson("nobody"), 10); len(got) != 0 {
		t.Errorf("of nobody: %v", got)
	}
}

func testRestart(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := w.Open(alice, bob)
	m := c.Message(alice, 0, 100)
	w.Append(m)
	w.receipt(store.Receipt{Sender: bob.Sender, Place: c.place(bob, 0), Signal: []byte("r")})
	before := w.log(bob, c.ID)
	w.Restart()
	after := w.log(bob, c.ID)
	if !slices.EqualFunc(before, after, func(a, b store.Event) bool {
		return a.Position == b.Position && a.Kind == b.Kind && bytes.Equal(a.Bytes, b.Bytes) && bytes.Equal(a.Wrap, b.Wrap)
	}) {
		t.Error("the log differs after a restart")
	}
	if again := w.message(m); w.stored(again) != 2 || !again.value.Repeated {
		t.Errorf("a message again after a restart: %+v", again.value)
	}
	if w.Append(c.Message(bob, 0, 10)) != 3 {
		t.Error("positions do not go on after a restart")
	}
	if r := w.receipt(store.Receipt{Sender: alice.Sender, Place: c.place(alice, 0), Signal: []byte("s")}); r.value.Count != 2 {
		t.Errorf("receipts do not go on after a restart: %+v", r)
	}
	if id, err := w.Store.Lookup(t.Context(), "bob"); err != nil || id != bob.Sender.Account {
		t.Errorf("lookup after a restart: %v %v", id, err)
	}
}

func testClose(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := w.Open(alice, bob)
	const n = 200
	answers := make(chan error, n)
	for g := range uint64(n) {
		w.Store.Message(c.Message(alice, g, 10), func(_ store.Appended, err error) { answers <- err })
	}
	if err := w.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for range n {
		if err := <-answers; err != nil {
			t.Errorf("handed over before Close: %v", err)
		}
	}
	refused(t, "message after Close", w.message(c.Message(alice, n, 10)).err, store.ErrClosed)
	refused(t, "register after Close", w.Store.Register(t.Context(), NewPerson("x").Registration), store.ErrClosed)
	_, err := w.Store.Lookup(t.Context(), "alice")
	refused(t, "lookup after Close", err, store.ErrUnavailable)
	w.start()
	if got := len(w.log(bob, c.ID)); got != n+1 {
		t.Errorf("%d events after Close, want %d", got, n+1)
	}
}
