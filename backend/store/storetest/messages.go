package storetest

import (
	"bytes"
	"math"
	"slices"
	"testing"

	"sotto/backend/store"
	"sotto/wasm/epoch"
)

func testMessage(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := w.Open(alice, bob)
	var sent []store.Message
	for i, by := range []Person{alice, alice, bob, alice} {
		m := c.Message(by, uint64(i), 100)
		got := w.message(m)
		if w.stored(got) != epoch.Position(i+2) || got.value.Repeated || len(got.value.Roster) != 2 {
			t.Errorf("message %d: %+v", i, got.value)
		}
		sent = append(sent, m)
	}
	for i, m := range sent {
		if again := w.message(m); w.stored(again) != epoch.Position(i+2) || !again.value.Repeated {
			t.Errorf("message %d again: %+v", i, again.value)
		}
	}
	log := w.log(bob, c.ID)
	if len(log) != len(sent)+1 || log[0].Kind != epoch.KindCommit {
		t.Fatalf("%d events", len(log))
	}
	for i, e := range log[1:] {
		if e.Kind != epoch.KindMessage || !bytes.Equal(e.Bytes, sent[i].Event) || e.Wrap != nil {
			t.Errorf("event %d is another", e.Position)
		}
	}
}

func testMessageRefused(t *testing.T, w *World) {
	alice, bob, mallory := w.Register("alice"), w.Register("bob"), w.Register("mallory")
	none := Between(alice, mallory)
	refused(t, "no such conversation", w.message(none.Message(alice, 0, 10)).err, store.ErrNotMember)
	c := w.Open(alice, bob)
	first := c.Message(alice, 7, 10)
	w.Append(first)

	other := c.Message(alice, 7, 10)
	refused(t, "another event in the slot", w.message(other).err, store.ErrReused)
	slot := c.Message(alice, 8, 10)
	slot.Sender = bob.Sender
	refused(t, "slot of the other", w.message(slot).err, store.ErrWrongSender)
	beyond := c.Message(alice, 8, 10)
	beyond.Place.Index = 2
	refused(t, "slot that does not exist", w.message(beyond).err, store.ErrWrongSender)
	outside := c.Message(alice, 8, 10)
	outside.Sender = mallory.Sender
	refused(t, "sender is no member", w.message(outside).err, store.ErrNotMember)
	early := c.Message(alice, 8, 10)
	early.Place.Number = 1
	staleAt(t, "epoch that is not open", w.message(early).err, 0)
	device := c.Message(alice, 8, 10)
	device.Sender.Device = mallory.Sender.Device
	refused(t, "device that is not in the roster", w.message(device).err, store.ErrWrongSender)
	for name, change := range map[string]func(*epoch.Place){
		"generation": func(p *epoch.Place) { p.Generation = math.MaxUint64 },
		"number":     func(p *epoch.Place) { p.Number = math.MaxUint64 },
		"index":      func(p *epoch.Place) { p.Index = math.MaxUint64 },
	} {
		huge := c.Message(alice, 8, 10)
		change(&huge.Place)
		refused(t, name+" out of range", w.message(huge).err, store.ErrRange)
	}
	if w.Append(c.Message(bob, 7, 10)) != 3 {
		t.Error("a refused message took a position")
	}
}

func testMessageAgainInOldEpoch(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := w.Open(alice, bob)
	old := c.Message(alice, 0, 10)
	late := c.Message(alice, 1, 10)
	w.Append(old)
	next := w.Next(c, bob)
	w.stored(w.commit(next))
	c.Opened(next)
	if again := w.message(old); w.stored(again) != 2 || !again.value.Repeated {
		t.Errorf("stored message again: %+v", again.value)
	}
	staleAt(t, "message that came late", w.message(late).err, 1)
	copied := old
	copied.Sender = bob.Sender
	staleAt(t, "someone else's message again", w.message(copied).err, 1)
	if w.Append(c.Message(alice, 0, 10)) != 4 {
		t.Error("a generation of the old epoch is used up in the new one")
	}
}

func testEpochFull(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := w.Open(alice, bob)
	last := make(chan result[store.Appended], epoch.MaxEvents)
	first := c.Message(bob, 0, 10)
	w.Append(first)
	for g := range uint64(epoch.MaxEvents - 2) {
		w.Store.Message(c.Message(alice, g, 10), func(a store.Appended, err error) { last <- result[store.Appended]{a, err} })
	}
	for range epoch.MaxEvents - 2 {
		w.stored(<-last)
	}
	refused(t, "one more", w.message(c.Message(bob, 1, 10)).err, store.ErrEpochFull)
	if again := w.message(first); w.stored(again) != 2 {
		t.Errorf("the first again: %+v", again.value)
	}
	next := w.Next(c, bob)
	if w.stored(w.commit(next)) != epoch.MaxEvents+1 {
		t.Error("the commit has another position")
	}
	c.Opened(next)
	w.Append(c.Message(bob, 0, 10))
}

func testManyWriters(t *testing.T, w *World) {
	people := []Person{w.Register("a"), w.Register("b"), w.Register("c"), w.Register("d")}
	var all []*Conversation
	for i, a := range people {
		for _, b := range people[i+1:] {
			all = append(all, w.Open(a, b))
		}
	}
	const each = 40
	positions := make([][]epoch.Position, 2*len(all)) // by writer, in the order of the answers
	together(len(positions), func(i int) {
		c := all[i/2]
		by := []Person{c.Low, c.High}[i%2]
		answers := make(chan result[store.Appended], each)
		for g := range uint64(each) {
			w.Store.Message(c.Message(by, g, 50), func(a store.Appended, err error) { answers <- result[store.Appended]{a, err} })
		}
		for range each {
			r := <-answers
			if r.err != nil {
				t.Errorf("append: %v", r.err)
			}
			positions[i] = append(positions[i], r.value.Position)
		}
	})
	for i, c := range all {
		for _, p := range positions[2*i : 2*i+2] {
			if !slices.IsSorted(p) {
				t.Errorf("answers to one writer came in the order %v", p)
			}
		}
		given := slices.Sorted(slices.Values(slices.Concat(positions[2*i], positions[2*i+1])))
		if len(w.log(c.Low, c.ID)) != 2*each+1 || len(slices.Compact(given)) != 2*each || given[2*each-1] != 2*each+1 {
			t.Errorf("conversation %d: positions %v", i, given)
		}
	}
}

func testRefusalsLeaveOthersAlone(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := w.Open(alice, bob)
	const n = 100
	answers := make(chan result[store.Appended], 4*n)
	done := func(a store.Appended, err error) { answers <- result[store.Appended]{a, err} }
	good := 0
	for g := range uint64(n) {
		w.Store.Message(c.Message(alice, g, 10), done)
		w.Store.Message(c.Message(alice, g, 10), done) // reused
		wrong := c.Message(bob, g, 10)
		wrong.Place.Index = 9
		w.Store.Message(wrong, done)
		w.Store.Commit(w.Next(Between(alice, bob), bob), done) // stale
	}
	for range 4 * n {
		if r := <-answers; r.err == nil {
			good++
		}
	}
	if good != n || len(w.log(bob, c.ID)) != n+1 {
		t.Errorf("%d were stored, %d events in the log, want %d", good, len(w.log(bob, c.ID)), n)
	}
}
