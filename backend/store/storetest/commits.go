package storetest

import (
	"bytes"
	"sync/atomic"
	"testing"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

func testCommit(t *testing.T, w *World) {
	c := Between(w.Register("alice"), w.Register("bob"))
	if _, err := w.Store.Standing(t.Context(), c.ID); err == nil {
		t.Error("a conversation stands before its first commit")
	}
	var commits []store.Commit
	for i, by := range []Person{c.Low, c.High, c.High} {
		commit := w.Next(c, by)
		got := w.commit(commit)
		if w.stored(got) != epoch.Position(i+1) || got.value.Repeated {
			t.Errorf("commit %d: %+v", i, got.value)
		}
		if r := got.value.Roster; len(r) != 2 || r[0] != c.Low.Sender || r[1] != c.High.Sender {
			t.Errorf("roster after commit %d: %v", i, r)
		}
		c.Opened(commit)
		commits = append(commits, commit)
		standing, err := w.Store.Standing(t.Context(), c.ID)
		if err != nil || standing.Number != epoch.Number(i) || !bytes.Equal(standing.Commit, commit.Event) {
			t.Errorf("standing after commit %d: %+v %v", i, standing, err)
		}
	}
	for i, commit := range commits {
		again := w.commit(commit)
		if w.stored(again) != epoch.Position(i+1) || !again.value.Repeated {
			t.Errorf("commit %d again: %+v", i, again.value)
		}
	}
	if n := len(w.log(c.Low, c.ID)); n != len(commits) {
		t.Errorf("%d events, want %d", n, len(commits))
	}
}

func testCommitRefused(t *testing.T, w *World) {
	alice, bob, mallory := w.Register("alice"), w.Register("bob"), w.Register("mallory")
	fresh := Between(alice, bob)
	later := w.Next(fresh, alice)
	later.Header.Number = 1
	refused(t, "epoch 1 of nothing", w.commit(later).err, store.ErrNotMember)

	c := w.Open(alice, bob)
	w.Append(c.Message(alice, 0, 10))
	staleAt(t, "a second epoch 0", w.commit(w.Next(fresh, bob)).err, 0)
	skipped := w.Next(c, bob)
	skipped.Header.Number = 2
	staleAt(t, "an epoch left out", w.commit(skipped).err, 0)
	forked := w.Next(c, bob)
	forked.Header.Prev = randomBytes(32)
	staleAt(t, "after another epoch", w.commit(forked).err, 0)
	outsider := w.Next(c, bob)
	outsider.Sender = mallory.Sender
	refused(t, "sender not in the roster", w.commit(outsider).err, store.ErrWrongSender)
	foreign := w.Next(fresh, alice)
	foreign.Sender = mallory.Sender
	refused(t, "an old number by an outsider", w.commit(foreign).err, store.ErrNotMember)
	stolen := w.Next(c, bob)
	stolen.Sender = mallory.Sender
	stolen.Header.Roster[0] = member(mallory)
	refused(t, "sender not in the roster before", w.commit(stolen).err, store.ErrNotMember)
	if n := len(w.log(alice, c.ID)); n != 2 {
		t.Errorf("refused commits left %d events, want 2", n)
	}
}

func testCommitRace(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := Between(alice, bob)
	for round := range 4 {
		var won atomic.Int32
		var winner atomic.Pointer[store.Commit]
		together(8, func(i int) {
			commit := w.Next(c, []Person{alice, bob}[i%2])
			if r := w.commit(commit); r.err == nil {
				won.Add(1)
				winner.Store(&commit)
			} else {
				staleAt(t, "loser", r.err, uint64(round))
			}
		})
		if won.Load() != 1 {
			t.Fatalf("%d commits of epoch %d were stored", won.Load(), round)
		}
		c.Opened(*winner.Load())
	}
	if n := len(w.log(alice, c.ID)); n != 4 {
		t.Errorf("%d events, want 4", n)
	}
}

func testCommitNamesCurrentKeys(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := Between(alice, bob)
	old := w.Next(c, alice)
	bob.Prekey = NewPrekey(bob.Sender.Device, 2)
	if _, err := w.Store.ReplacePrekey(t.Context(), bob.Prekey); err != nil {
		t.Fatal(err)
	}
	refused(t, "prekey that was replaced", w.commit(old).err, store.ErrStalePrekey)

	c = Between(alice, bob)
	ahead := w.Next(c, alice)
	ahead.Header.Roster[0].Head.Number = 1
	refused(t, "head that is not there yet", w.commit(ahead).err, store.ErrStaleHead)
	forked := w.Next(c, alice)
	forked.Header.Roster[1].Head.Hash[0] ^= 1
	refused(t, "another head", w.commit(forked).err, store.ErrStaleHead)
	ghost := w.Next(c, alice)
	index, _ := ghost.Header.Index(bob.Sender.Device)
	ghost.Header.Roster[index].Slots[0].Device = account.DeviceID{1}
	refused(t, "device that does not exist", w.commit(ghost).err, store.ErrStaleHead)
	moved := w.Next(c, alice)
	for i := range moved.Header.Roster {
		moved.Header.Roster[i].Slots = moved.Header.Roster[0].Slots
	}
	moved.Sender.Device = moved.Header.Roster[0].Slots[0].Device
	refused(t, "device of the other account", w.commit(moved).err, store.ErrStaleHead)

	testNamesCurrentHeads(t, w, alice, bob)

	absent := w.Next(c, alice)
	absent.Header.Roster[index].Slots[0].Prekey = nil
	absent.Wraps = [][]byte{nil, nil}
	if w.stored(w.commit(absent)) != 1 {
		t.Error("a refused commit took a position")
	}
}

// testNamesCurrentHeads has an account without devices be held against its chain all the same.
func testNamesCurrentHeads(t *testing.T, w *World, alice, bob Person) {
	t.Helper()
	c := Group(alice, bob)
	without := func(change func(*account.Head)) store.Commit {
		next := w.Next(c, alice)
		index, _ := next.Header.Index(bob.Sender.Device)
		m := &next.Header.Roster[index]
		m.Slots, next.Wraps = nil, [][]byte{nil}
		change(&m.Head)
		return next
	}
	refused(t, "no devices at a head that is not there", w.commit(without(func(h *account.Head) { h.Number = 1 })).err, store.ErrStaleHead)
	refused(t, "no devices at another head", w.commit(without(func(h *account.Head) { h.Hash[0] ^= 1 })).err, store.ErrStaleHead)
	if got := w.commit(without(func(*account.Head) {})); w.stored(got) != 1 || len(got.value.Roster) != 1 {
		t.Errorf("an account without devices: %+v", got)
	}
}
