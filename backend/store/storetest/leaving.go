package storetest

import (
	"bytes"
	"slices"
	"sync/atomic"
	"testing"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

func testLeave(t *testing.T, w *World) {
	alice, bob, carol := w.Register("alice"), w.Register("bob"), w.Register("carol")
	c := w.Found(alice, bob, carol)
	early, late := c.Message(bob, 0, 10), c.Message(bob, 1, 10)
	w.Append(early)
	leave := w.leaving(c, carol)
	got := w.leave(leave)
	if w.stored(got) != 3 || got.value.Repeated || len(got.value.Roster) != 3 {
		t.Errorf("leave: %+v", got.value)
	}
	c.Left = []account.ID{carol.Sender.Account}
	for _, restarted := range []bool{false, true} {
		if restarted {
			w.Restart()
		}
		standing, err := w.Store.Standing(t.Context(), c.ID)
		if err != nil || !slices.Equal(standing.Left, c.Left) || standing.LeftAt != 3 {
			t.Errorf("standing after the leave: %v at %d, %v", standing.Left, standing.LeftAt, err)
		}
		refused(t, "message after the leave", w.message(late).err, store.ErrEpochFull)
		refused(t, "the leaver's", w.message(c.Message(carol, 0, 10)).err, store.ErrEpochFull)
		if again := w.message(early); w.stored(again) != 2 || !again.value.Repeated {
			t.Errorf("the message before it again: %+v", again.value)
		}
		refused(t, "leaving twice", w.leave(w.leaving(c, carol)).err, store.ErrLeft)
	}
	if w.Leave(c, bob) != 4 {
		t.Error("the second leave has another position")
	}
	standing, err := w.Store.Standing(t.Context(), c.ID)
	if want := []account.ID{carol.Sender.Account, bob.Sender.Account}; err != nil || !slices.Equal(standing.Left, want) || standing.LeftAt != 4 {
		t.Errorf("standing after the second: %v at %d, %v", standing.Left, standing.LeftAt, err)
	}
	c.Expel(carol)
	c.Expel(bob)
	w.Commit(c, alice)
	if standing, err := w.Store.Standing(t.Context(), c.ID); err != nil || len(standing.Left) != 0 || standing.LeftAt != 0 {
		t.Errorf("standing after the commit: %+v, %v", standing, err)
	}
	if again := w.leave(leave); w.stored(again) != 3 || !again.value.Repeated {
		t.Errorf("leave again when it is over: %+v", again.value)
	}
	stolen := leave
	stolen.Sender = bob.Sender
	refused(t, "someone else's leave", w.leave(stolen).err, store.ErrNotMember)
	w.Append(c.Message(alice, 0, 10))
	if log := w.log(alice, c.ID); log[2].Kind != epoch.KindLeave || !bytes.Equal(log[2].Bytes, leave.Event) || len(log) != 6 {
		t.Errorf("the log has %d events", len(log))
	}
}

func testLeaveRefused(t *testing.T, w *World) {
	alice, bob, mallory := w.Register("alice"), w.Register("bob"), w.Register("mallory")
	c := w.Found(alice, bob)
	w.Append(c.Message(alice, 0, 10))
	leave := func(change func(*store.Leave)) error {
		l := w.leaving(c, bob)
		change(&l)
		return w.leave(l).err
	}
	refused(t, "no such conversation", leave(func(l *store.Leave) { l.Conversation = epoch.ConversationID{1} }), store.ErrNotMember)
	refused(t, "no member", leave(func(l *store.Leave) { l.Sender = mallory.Sender }), store.ErrNotMember)
	refused(t, "device that is not in the roster", leave(func(l *store.Leave) { l.Sender.Device = mallory.Sender.Device }), store.ErrWrongSender)
	staleAt(t, "another epoch", leave(func(l *store.Leave) { l.Epoch[0] ^= 1 }), 0)
	staleAt(t, "somebody left who has not", leave(func(l *store.Leave) { l.Left = []account.ID{alice.Sender.Account} }), 0)
	refused(t, "another history", leave(func(l *store.Leave) { l.Seen.Log[0] ^= 1 }), store.ErrSeen)
	if n := len(w.log(alice, c.ID)); n != 2 {
		t.Errorf("refused leaves left %d events, want 2", n)
	}
	answers := make(chan error, epoch.MaxEvents)
	for g := range uint64(epoch.MaxEvents - 4) {
		w.Store.Message(c.Message(alice, 1+g, 10), func(_ store.Appended, err error) { answers <- err })
	}
	for range epoch.MaxEvents - 4 {
		if err := <-answers; err != nil {
			t.Fatal(err)
		}
	}
	last := w.leaving(c, bob)
	w.Append(c.Message(bob, 0, 10))
	staleAt(t, "before an event of one's own", w.leave(last).err, 0)
	w.Append(c.Message(bob, 1, 10))
	refused(t, "message in a full epoch", w.message(c.Message(bob, 2, 10)).err, store.ErrEpochFull)
	if w.Leave(c, bob) != epoch.MaxEvents+1 {
		t.Error("the leave in a full epoch has another position")
	}
	c.Expel(bob)
	if w.Commit(c, alice) != epoch.MaxEvents+2 {
		t.Error("the commit after it has another position")
	}
}

// testLeaveRace has what was checked without knowing of a leave lose against it.
func testLeaveRace(t *testing.T, w *World) {
	alice, bob, carol := w.Register("alice"), w.Register("bob"), w.Register("carol")
	for round := range 20 {
		c := w.Found(alice, bob, carol)
		events := []func() error{
			func() error { return w.leave(w.leaving(c, bob)).err },
			func() error { return w.leave(w.leaving(c, carol)).err },
			func() error { return w.commit(w.Next(c, alice)).err },
		}
		var won atomic.Int32
		together(len(events), func(i int) {
			if err := events[i](); err == nil {
				won.Add(1)
			} else {
				var newest uint64
				if i < 2 && standsAt(t, w, c) == 1 {
					newest = 1 // the commit won
				}
				staleAt(t, "loser", err, newest)
			}
		})
		if won.Load() != 1 {
			t.Fatalf("round %d: %d events were stored", round, won.Load())
		}
	}
}

func standsAt(t *testing.T, w *World, c *Conversation) epoch.Number {
	standing, err := w.Store.Standing(t.Context(), c.ID)
	if err != nil {
		t.Error(err)
	}
	return standing.Number
}

func testCommitAfterLeave(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := w.Found(alice, bob)
	unaware := w.Next(c, alice)
	w.Leave(c, bob)
	staleAt(t, "commit that knows of no leave", w.commit(unaware).err, 0)
	c.Expel(bob)
	if w.Commit(c, alice) != 3 {
		t.Error("the commit has another position")
	}
	wrong := w.Next(c, alice)
	wrong.Left = []account.ID{bob.Sender.Account}
	staleAt(t, "commit that knows of a leave that is over", w.commit(wrong).err, 1)
}

func testSeen(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	fresh := Between(alice, bob)
	for name, change := range map[string]func(*epoch.Seen){
		"another start": func(s *epoch.Seen) { s.Log[0] ^= 1 },
		"something":     func(s *epoch.Seen) { s.Position = 1 },
	} {
		commit := w.Next(fresh, alice)
		change(&commit.Header.Seen)
		refused(t, "first commit that has seen "+name, w.commit(commit).err, store.ErrSeen)
	}
	c := w.Open(alice, bob)
	old := w.seen(c)
	w.Append(c.Message(bob, 0, 10))
	w.Commit(c, alice)
	opened := w.seen(c)
	w.Append(c.Message(bob, 0, 10))
	own := w.seen(c)
	w.Append(c.Message(alice, 0, 10))
	head := w.seen(c)
	commit := func(by Person, seen epoch.Seen) result[store.Appended] {
		next := w.Next(c, by)
		next.Header.Seen = seen
		return w.commit(next)
	}
	refused(t, "before the epoch", commit(bob, old).err, store.ErrSeen)
	refused(t, "another history at the head", commit(bob, epoch.Seen{Position: head.Position, Log: own.Log}).err, store.ErrSeen)
	refused(t, "another history before it", commit(bob, epoch.Seen{Position: own.Position, Log: head.Log}).err, store.ErrSeen)
	refused(t, "beyond the head", commit(bob, epoch.Seen{Position: head.Position + 1, Log: head.Log}).err, store.ErrSeen)
	staleAt(t, "before one's own event", commit(bob, opened).err, 1)
	staleAt(t, "before one's own newest event", commit(alice, own).err, 1)
	w.Restart()
	if w.stored(commit(bob, own)) != head.Position+1 {
		t.Error("what has seen one's own newest event has another position")
	}
}

// testSeenSince has everything between the opening and the head be seen by who wrote nothing.
func testSeenSince(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	for at := range 4 {
		c := w.Found(alice, bob)
		seen := []epoch.Seen{w.seen(c)}
		for g := range uint64(3) {
			w.Append(c.Message(alice, g, 10))
			seen = append(seen, w.seen(c))
		}
		next := w.Next(c, bob)
		next.Header.Seen = seen[at]
		if w.stored(w.commit(next)) != 5 {
			t.Errorf("a commit that has seen %d has another position", at)
		}
		leave := w.leaving(c, alice)
		leave.Epoch, leave.Seen.Log[0] = next.ID, leave.Seen.Log[0]^1
		refused(t, "leave with another history", w.leave(leave).err, store.ErrSeen)
	}
}
