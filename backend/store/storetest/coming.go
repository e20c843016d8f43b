package storetest

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"testing"

	"sotto/backend/store"
	"sotto/wasm/epoch"
)

// testNewcomer has somebody added who gets nothing of what was before.
func testNewcomer(t *testing.T, w *World) {
	alice, bob, carol := w.Register("alice"), w.Register("bob"), w.Register("carol")
	c := w.Found(alice, bob)
	w.Append(c.Message(alice, 0, 100))
	w.Commit(c, alice)
	w.Append(c.Message(alice, 0, 100))
	seen := w.seen(c) // 4
	w.Append(c.Message(bob, 0, 100))
	w.Leave(c, bob)
	_, err := w.Store.Page(t.Context(), store.Query{Reader: carol.Sender, Conversation: c.ID, MaxBytes: 1000})
	refused(t, "page before the newcomer is one", err, store.ErrNotMember)
	c.Expel(bob)
	c.Invite(carol)
	admitting := w.Next(c, alice)
	admitting.Header.Seen = seen
	w.stored(w.commit(admitting)) // 7
	c.Opened(admitting)
	w.Append(c.Message(carol, 0, 100))
	log := w.log(alice, c.ID)
	for _, after := range []epoch.Position{0, 3, 6} {
		p := w.page(carol, c.ID, after, 1<<20)
		if len(p.Events) != 2 || p.Events[0].Position != 7 || !bytes.Equal(p.Events[0].Bytes, admitting.Event) || p.Head.Position != 8 {
			t.Fatalf("page after %d: %d events, head %+v", after, len(p.Events), p.Head)
		}
		index, _ := admitting.Header.Index(carol.Sender.Device)
		if !bytes.Equal(p.Events[0].Wrap, admitting.Wraps[index]) {
			t.Errorf("page after %d: another wrap", after)
		}
		if want := hashes(log[4:6]); !slices.Equal(p.Before, want) {
			t.Errorf("page after %d: before it %v, want %v", after, p.Before, want)
		}
	}
	for _, after := range []epoch.Position{7, 8, 9, math.MaxUint64} {
		p := w.page(carol, c.ID, after, 1<<20)
		if len(p.Before) != 0 || len(p.Events) != max(0, 8-int(min(after, 8))) {
			t.Errorf("page after %d: %d hashes, %d events", after, len(p.Before), len(p.Events))
		}
	}
	if p := w.page(alice, c.ID, 0, 1<<20); len(p.Before) != 0 || p.Events[0].Position != 1 {
		t.Errorf("the founder's page has %d hashes", len(p.Before))
	}
	if got := w.heads(t.Context(), carol, 10); !slices.Equal(got, []store.Head{{Conversation: c.ID, Position: 8}}) {
		t.Errorf("the newcomer's list: %+v", got)
	}
}

func hashes(log []store.Event) []store.EventHash {
	var list []store.EventHash
	for _, e := range log {
		list = append(list, store.EventHash{Kind: e.Kind, Hash: sha256.Sum256(e.Bytes)})
	}
	return list
}

// testNothingBefore has somebody be let in by who has seen all there is.
func testNothingBefore(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := w.Found(alice)
	w.Append(c.Message(alice, 0, 10))
	c.Invite(bob)
	w.Commit(c, alice)
	if p := w.page(bob, c.ID, 0, 1<<20); len(p.Before) != 0 || len(p.Events) != 1 || p.Events[0].Position != 3 {
		t.Errorf("%d hashes, %d events", len(p.Before), len(p.Events))
	}
}

// testRemoved has somebody taken out who reads up to that and no further.
func testRemoved(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := w.Found(alice, bob)
	w.Append(c.Message(alice, 0, 100))
	w.receipt(store.Receipt{Sender: alice.Sender, Place: c.place(alice, 0), Signal: []byte("r")})
	left, early := c.Message(bob, 1, 10), c.Message(bob, 0, 10)
	w.Append(early) // 3
	c.Expel(bob)
	got := w.commit(w.Next(c, alice))
	if w.stored(got) != 4 || !slices.Equal(got.value.Out, store.Roster{bob.Sender}) || !slices.Equal(got.value.Roster, store.Roster{alice.Sender}) {
		t.Errorf("the commit: %+v", got.value)
	}
	standing, err := w.Store.Standing(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	c.Number, c.Epoch = standing.Number, epoch.ID{}
	w.Append(c.Message(alice, 0, 100))
	w.receipt(store.Receipt{Sender: alice.Sender, Place: c.place(alice, 0), Signal: []byte("s")})
	for _, restarted := range []bool{false, true} {
		if restarted {
			w.Restart()
		}
		if again := w.message(early); w.stored(again) != 3 || !again.value.Repeated {
			t.Errorf("a message from before again: %+v", again.value)
		}
		copied := early
		copied.Sender = alice.Sender
		copied.Place.Number = 0
		staleAt(t, "someone else's message again", w.message(copied).err, 1)
		for after := range epoch.Position(6) {
			p := w.page(bob, c.ID, after, 1<<20)
			if len(p.Events) != max(0, 4-int(after)) || p.Head != (store.Head{Conversation: c.ID, Position: 4}) || p.Receipts != nil || p.Asks != nil {
				t.Errorf("page after %d: %d events, head %+v, %d receipts", after, len(p.Events), p.Head, len(p.Receipts))
			}
		}
		if got := w.heads(t.Context(), bob, 1); !slices.Equal(got, []store.Head{{Conversation: c.ID, Position: 4}}) {
			t.Errorf("the list: %+v", got)
		}
		refused(t, "message", w.message(left).err, store.ErrNotMember)
		refused(t, "receipt", w.receipt(store.Receipt{Sender: bob.Sender, Place: c.place(bob, 0)}).err, store.ErrNotMember)
	}
	testRemovedCursor(t, w, c, bob)
}

// testRemovedCursor moves a cursor to the end; until then the conversation is among those of a replaced prekey.
func testRemovedCursor(t *testing.T, w *World, c *Conversation, bob Person) {
	t.Helper()
	at := func(p epoch.Position) error {
		return w.cursor(store.Cursor{Sender: bob.Sender, Conversation: c.ID, Position: p})
	}
	replace := func(counter uint64) int {
		heads, err := w.Store.ReplacePrekey(t.Context(), NewPrekey(bob.Sender.Device, counter))
		if err != nil || len(heads) > 0 && heads[0] != (store.Head{Conversation: c.ID, Position: 4}) {
			t.Errorf("heads %+v, %v", heads, err)
		}
		return len(heads)
	}
	if err := at(3); err != nil || replace(2) != 1 {
		t.Errorf("a conversation that is not read to its end is not among the heads: %v", err)
	}
	if err := at(4); err != nil || replace(3) != 0 {
		t.Errorf("a conversation that is read to its end is among the heads: %v", err)
	}
	refused(t, "cursor beyond the end", at(5), store.ErrRange)
	stranger := w.Register("mallory")
	refused(t, "cursor of a stranger", w.cursor(store.Cursor{Sender: stranger.Sender, Conversation: c.ID}), store.ErrNotMember)
	refused(t, "cursor in nothing", w.cursor(store.Cursor{Sender: bob.Sender}), store.ErrNotMember)
}

// testAgain has somebody taken out and added again, who sees neither what was between nor more of the first time.
func testAgain(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	c := w.Found(alice)
	w.Append(c.Message(alice, 0, 10)) // 2
	c.Invite(bob)
	w.Commit(c, alice)                // 3
	w.Append(c.Message(alice, 0, 10)) // 4
	c.Expel(bob)
	w.Commit(c, alice)                // 5
	w.Append(c.Message(alice, 0, 10)) // 6
	c.Invite(bob)
	w.Commit(c, alice)                // 7
	w.Append(c.Message(alice, 0, 10)) // 8
	w.receipt(store.Receipt{Sender: alice.Sender, Place: c.place(alice, 0), Signal: []byte("r")})
	w.Restart()
	want := map[epoch.Position][]epoch.Position{
		0: {3, 4, 5}, 2: {3, 4, 5}, 3: {4, 5}, 4: {5}, 5: {7, 8}, 6: {7, 8}, 7: {8}, 8: nil, 99: nil,
	}
	for after, positions := range want {
		p := w.page(bob, c.ID, after, 1<<20)
		var got []epoch.Position
		for _, e := range p.Events {
			got = append(got, e.Position)
		}
		if !slices.Equal(got, positions) || p.Head.Position != 8 || p.Head.Receipts != 1 {
			t.Errorf("page after %d: %v, want %v; head %+v", after, got, positions, p.Head)
		}
		if atHead := after >= 5; atHead != (len(p.Receipts) == 1) {
			t.Errorf("page after %d has %d receipts", after, len(p.Receipts))
		}
	}
	if got := w.heads(t.Context(), bob, 1); !slices.Equal(got, []store.Head{{Conversation: c.ID, Position: 8, Receipts: 1}}) {
		t.Errorf("the list: %+v", got)
	}
	c.Expel(bob)
	w.Commit(c, alice) // 9
	if got := w.heads(t.Context(), bob, 1); !slices.Equal(got, []store.Head{{Conversation: c.ID, Position: 9}}) {
		t.Errorf("the list after the second time: %+v", got)
	}
	if heads, err := w.Store.ReplacePrekey(t.Context(), NewPrekey(bob.Sender.Device, 2)); err != nil || len(heads) != 1 {
		t.Errorf("heads %+v, %v", heads, err)
	}
}

// testMixedList has conversations that somebody is in and was in be listed together, page by page.
func testMixedList(t *testing.T, w *World) {
	alice, bob := w.Register("alice"), w.Register("bob")
	var want []store.Head
	for i := range 7 {
		c := w.Found(alice, bob)
		head := store.Head{Conversation: c.ID, Position: 2}
		if i%2 == 0 {
			c.Expel(bob)
			w.Commit(c, alice)
		} else {
			w.Append(c.Message(alice, 0, 10))
		}
		if i == 4 { // read on without bob
			w.Append(c.Message(alice, 0, 10))
		}
		want = append(want, head)
	}
	slices.SortFunc(want, func(a, b store.Head) int { return bytes.Compare(a.Conversation[:], b.Conversation[:]) })
	for _, limit := range []int{1, 2, 7, 100} {
		if got := w.heads(t.Context(), bob, limit); !slices.Equal(got, want) {
			t.Errorf("by %d: %v, want %v", limit, got, want)
		}
	}
}

// testLarge has the largest roster be opened, changed in the middle and closed.
func testLarge(t *testing.T, w *World) {
	var people []Person
	for i := range epoch.MaxDevices {
		people = append(people, w.Register(fmt.Sprintf("p%d", i)))
	}
	c := w.Found(people[:len(people)-1]...)
	c.Invite(people[len(people)-1])
	w.Commit(c, c.Founder)
	for _, p := range []Person{c.People[0], c.People[250], c.People[len(c.People)-1]} {
		w.Append(c.Message(p, 0, 10))
	}
	out := c.People[300]
	if out.Sender == c.Founder.Sender {
		out = c.People[301]
	}
	c.Expel(out)
	w.Restart()
	w.Commit(c, c.Founder)
	refused(t, "message of who is out", w.message(c.Message(out, 1, 10)).err, store.ErrNotMember)
	last := c.People[len(c.People)-1]
	w.Append(c.Message(last, 0, 10))
	if p := w.page(out, c.ID, 0, 1<<20); p.Head.Position != 6 {
		t.Errorf("who is out reads up to %d", p.Head.Position)
	}
	if n := len(w.page(last, c.ID, 0, 1<<20).Events); n == 0 {
		t.Error("the last member reads nothing")
	}
}
