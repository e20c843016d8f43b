package storetest

import (
	"bytes"
	"math"
	"slices"
	"sync/atomic"
	"testing"

	"sotto/backend/store"
	"sotto/wasm/account"
)

func testRegister(t *testing.T, w *World) {
	alice := w.Register("alice")
	if err := w.Store.Register(t.Context(), alice.Registration); err != nil {
		t.Errorf("the same again: %v", err)
	}
	other := NewPerson("alice")
	refused(t, "handle of another", w.Store.Register(t.Context(), other.Registration), store.ErrHandleTaken)
	renamed := alice.Registration
	renamed.Handle = "alice2"
	refused(t, "account with another handle", w.Store.Register(t.Context(), renamed), store.ErrExists)
	moved := NewPerson("bob").Registration
	moved.Device.ID = alice.Sender.Device
	refused(t, "device of another account", w.Store.Register(t.Context(), moved), store.ErrExists)
	huge := NewPerson("carol").Registration
	huge.Prekey.Counter = math.MaxUint64
	refused(t, "counter out of range", w.Store.Register(t.Context(), huge), store.ErrRange)
	for _, handle := range []account.Handle{"alice2", "bob", "carol"} {
		_, err := w.Store.Lookup(t.Context(), handle)
		refused(t, "lookup of "+string(handle), err, store.ErrNotFound)
	}
}

func testRegisterRace(t *testing.T, w *World) {
	var won atomic.Int32
	var winner atomic.Pointer[Person]
	together(16, func(int) {
		p := NewPerson("alice")
		switch err := w.Store.Register(t.Context(), p.Registration); err {
		case nil:
			won.Add(1)
			winner.Store(&p)
		default:
			refused(t, "register", err, store.ErrHandleTaken)
		}
	})
	if won.Load() != 1 {
		t.Fatalf("%d registrations of one handle succeeded", won.Load())
	}
	if id, err := w.Store.Lookup(t.Context(), "alice"); err != nil || id != winner.Load().Sender.Account {
		t.Errorf("lookup: %v %v", id, err)
	}
}

func testDirectory(t *testing.T, w *World) {
	alice, ctx := w.Register("alice"), t.Context()
	w.Register("bob")
	if id, err := w.Store.Lookup(ctx, "alice"); err != nil || id != alice.Sender.Account {
		t.Errorf("lookup: %v %v", id, err)
	}
	_, err := w.Store.Lookup(ctx, "nobody")
	refused(t, "lookup", err, store.ErrNotFound)
	if d, err := w.Store.Device(ctx, alice.Sender.Device); err != nil || d != alice.Registration.Device {
		t.Errorf("device: %v %v", d, err)
	}
	_, err = w.Store.Device(ctx, account.DeviceID{1})
	refused(t, "device", err, store.ErrNotFound)
	_, err = w.Store.Chain(ctx, account.ID{1}, 0, 1000)
	refused(t, "chain", err, store.ErrNotFound)
	for from, links := range map[uint64]int{0: 1, 1: 0, math.MaxUint64: 0} {
		c, err := w.Store.Chain(ctx, alice.Sender.Account, from, 1)
		if err != nil || c.Handle != "alice" || len(c.Links) != links || c.More || len(c.Prekeys) != 1 || !samePrekey(c.Prekeys[0], alice.Prekey) {
			t.Errorf("chain from %d: %+v %v", from, c, err)
		}
		if links == 1 && (c.Links[0].Hash != alice.Link.Hash || !bytes.Equal(c.Links[0].Bytes, alice.Link.Bytes)) {
			t.Errorf("chain from %d: another link", from)
		}
	}
}

func samePrekey(a, b store.Prekey) bool {
	return a.Device == b.Device && a.Counter == b.Counter && a.Thumbprint == b.Thumbprint && bytes.Equal(a.Bytes, b.Bytes)
}

func testPrekeys(t *testing.T, w *World) {
	alice, ctx := w.Register("alice"), t.Context()
	second := NewPrekey(alice.Sender.Device, 2)
	for _, name := range []string{"higher counter", "the same again"} {
		if _, err := w.Store.ReplacePrekey(ctx, second); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, p := range map[string]store.Prekey{
		"the first again": alice.Prekey,
		"same counter":    NewPrekey(alice.Sender.Device, 2),
		"counter 0":       NewPrekey(alice.Sender.Device, 0),
	} {
		_, err := w.Store.ReplacePrekey(ctx, p)
		refused(t, name, err, store.ErrStaleCounter)
	}
	_, err := w.Store.ReplacePrekey(ctx, NewPrekey(alice.Sender.Device, math.MaxUint64))
	refused(t, "counter out of range", err, store.ErrRange)
	_, err = w.Store.ReplacePrekey(ctx, NewPrekey(account.DeviceID{1}, 1))
	refused(t, "unknown device", err, store.ErrNotFound)
	c, err := w.Store.Chain(ctx, alice.Sender.Account, 1, 1000)
	if err != nil || len(c.Prekeys) != 1 || !samePrekey(c.Prekeys[0], second) {
		t.Errorf("current prekey: %+v %v", c, err)
	}
}

func testPrekeyHeads(t *testing.T, w *World) {
	alice, bob, carol := w.Register("alice"), w.Register("bob"), w.Register("carol")
	var want []store.Head
	for i, c := range []*Conversation{w.Open(alice, bob), w.Open(carol, alice)} {
		for g := range i + 2 {
			w.Append(c.Message(alice, uint64(g), 10))
		}
		want = append(want, store.Head{Conversation: c.ID, Position: w.page(alice, c.ID, 0, 1).Head.Position})
	}
	w.Open(bob, carol)
	slices.SortFunc(want, func(a, b store.Head) int { return bytes.Compare(a.Conversation[:], b.Conversation[:]) })
	got, err := w.Store.ReplacePrekey(t.Context(), NewPrekey(alice.Sender.Device, 2))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("heads %v %v, want %v", got, err, want)
	}
}
