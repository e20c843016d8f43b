package storetest

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"sotto/backend/store"
	"sotto/wasm/epoch"
)

// Times of the tests, seconds since 1970.
const (
	now   = 1_700_000_000
	later = now + 1000
)

// withLinks gives a group that can be joined.
func withLinks(w *World, links []epoch.Link, people ...Person) *Conversation {
	c := Group(people...)
	c.Room[0].Links = links
	w.Commit(c, c.Founder)
	return c
}

func link(id byte, uses uint64, used ...epoch.RequestID) epoch.Link {
	return epoch.Link{ID: epoch.LinkID{id}, Expiry: later, Uses: uses, Used: used}
}

// join is a request to be let in by a link; rejoin one to be let back in.
func join(c *Conversation, by Person, link byte, ask string) store.Ask {
	a := rejoin(c, by, ask)
	a.Link, a.Expiry, a.Tag = &epoch.LinkID{link}, later, []byte("tag")
	return a
}

func rejoin(c *Conversation, by Person, ask string) store.Ask {
	return store.Ask{
		Sender: by.Sender, Conversation: c.ID, Epoch: c.Epoch, Expiry: math.MaxUint64, Now: now, Ask: []byte(ask), Tag: []byte{},
	}
}

// asks gives what the members of a conversation are asked.
func (w *World) asks(by Person, c *Conversation, at uint64) []string {
	w.Helper()
	p, err := w.Store.Page(w.Context(), store.Query{
		Reader: by.Sender, Conversation: c.ID, After: math.MaxInt64, MaxBytes: 1 << 20, Now: at,
	})
	if err != nil {
		w.Fatal(err)
	}
	list := []string{}
	for _, a := range p.Asks {
		list = append(list, string(a.Ask)+string(a.Tag))
	}
	return list
}

func (w *World) wantAsks(by Person, c *Conversation, want ...string) {
	w.Helper()
	if got := w.asks(by, c, now); !slices.Equal(got, want) {
		w.Errorf("asked are %q, want %q", got, want)
	}
}

func testAsks(t *testing.T, w *World) {
	alice, bob, carol, dave := w.Register("alice"), w.Register("bob"), w.Register("carol"), w.Register("dave")
	c := withLinks(w, []epoch.Link{link(1, 2)}, alice, bob)
	other := withLinks(w, []epoch.Link{link(1, 2)}, alice, bob)
	w.wantAsks(alice, c)
	for _, a := range []store.Ask{
		join(c, carol, 1, "carol-"), join(c, dave, 1, "dave-"), rejoin(c, bob, "bob"), join(other, carol, 1, "other-"),
	} {
		if got := w.ask(a); got.err != nil || got.value.Repeated || !slices.Equal(got.value.Roster, store.Roster{c.People[0].Sender, c.People[1].Sender}) {
			t.Errorf("ask %s: %+v", a.Ask, got)
		}
	}
	for _, restarted := range []bool{false, true} {
		if restarted {
			w.Restart()
		}
		w.wantAsks(alice, c, "carol-tag", "dave-tag", "bob")
		w.wantAsks(bob, other, "other-tag")
		if again := w.ask(join(c, dave, 1, "dave-")); again.err != nil || !again.value.Repeated {
			t.Errorf("the same again: %+v", again)
		}
	}
	if again := w.ask(join(c, carol, 1, "anew-")); again.err != nil || again.value.Repeated {
		t.Errorf("another: %+v", again)
	}
	w.wantAsks(alice, c, "dave-tag", "bob", "anew-tag")
	w.unask(dave, c.ID)
	w.unask(dave, c.ID)
	w.unask(dave, epoch.ConversationID{})
	w.unask(NewPerson("nobody"), c.ID)
	w.wantAsks(alice, c, "bob", "anew-tag")
	w.wantAsks(alice, other, "other-tag")
	if got := w.asks(alice, c, later-1); len(got) != 2 {
		t.Errorf("before it expires: %q", got)
	}
	if got := w.asks(alice, c, later); !slices.Equal(got, []string{"bob"}) {
		t.Errorf("when it has expired: %q", got)
	}
	w.Append(c.Message(alice, 0, 100))
	if p := w.page(bob, c.ID, 0, 1); len(p.Events) != 1 || p.Asks != nil {
		t.Errorf("a page that does not reach the head has %d asks", len(p.Asks))
	}
	stale := join(c, dave, 1, "dave")
	stale.Epoch = epoch.ID{1}
	staleAt(t, "checked against another epoch", w.ask(stale).err, 0)
	stale.Conversation = epoch.ConversationID{1}
	refused(t, "no such conversation", w.ask(stale).err, store.ErrNotMember)
	_, err := w.Store.Page(t.Context(), store.Query{Reader: carol.Sender, Conversation: c.ID, MaxBytes: 1000})
	refused(t, "page for who asks", err, store.ErrNotMember)
}

// testAsksEnd has each reason for which nobody need look at a request any more.
func testAsksEnd(t *testing.T, w *World) {
	alice, bob, carol, dave, eve := w.Register("alice"), w.Register("bob"), w.Register("carol"), w.Register("dave"), w.Register("eve")
	c := withLinks(w, []epoch.Link{link(1, 2), link(2, 1)}, alice, bob)
	all := func() {
		t.Helper()
		for _, a := range []store.Ask{
			join(c, carol, 1, "carol-"), join(c, dave, 2, "dave-"), join(c, eve, 1, "eve-"), rejoin(c, bob, "bob"),
		} {
			if got := w.ask(a); got.err != nil {
				t.Fatal(got.err)
			}
		}
	}
	all()
	w.wantAsks(alice, c, "carol-tag", "dave-tag", "eve-tag", "bob")
	c.Invite(carol)
	c.Room[0].Links = []epoch.Link{link(1, 2, epoch.RequestID{1}), link(2, 1)}
	w.Commit(c, alice)
	w.wantAsks(alice, c, "dave-tag", "eve-tag")
	all()
	c.Room[0].Links = []epoch.Link{link(1, 2, epoch.RequestID{1}, epoch.RequestID{2}), link(2, 1)}
	w.Commit(c, alice)
	w.wantAsks(alice, c, "dave-tag")
	c.Room[0].Links = nil
	w.Commit(c, alice)
	w.wantAsks(alice, c)
	c.Room[0].Links = []epoch.Link{link(1, 2)}
	w.Commit(c, alice)
	if got := w.ask(join(c, dave, 1, "dave-")); got.err != nil {
		t.Error(got.err)
	}
	if got := w.ask(rejoin(c, bob, "bob")); got.err != nil {
		t.Error(got.err)
	}
	for _, p := range []Person{dave, bob} {
		prekey := NewPrekey(p.Sender.Device, 2)
		for range 2 {
			if _, err := w.Store.ReplacePrekey(t.Context(), prekey); err != nil {
				t.Error(err)
			}
		}
		w.wantAsks(alice, c, "bob")
	}
}

// testAsksBounded has as many ask as may, of each kind, and one more.
func testAsksBounded(t *testing.T, w *World) {
	var people []Person
	for i := range store.MaxJoins + store.MaxRejoins + 2 {
		people = append(people, w.Register(fmt.Sprintf("p%d", i)))
	}
	members, strangers := people[:store.MaxRejoins+1], people[store.MaxRejoins+1:]
	c := withLinks(w, []epoch.Link{link(1, 100)}, members...)
	for i := range store.MaxJoins {
		if got := w.ask(join(c, strangers[i], 1, "j")); got.err != nil {
			t.Fatalf("join %d: %v", i, got.err)
		}
	}
	for i := range store.MaxRejoins {
		if got := w.ask(rejoin(c, members[i], "r")); got.err != nil {
			t.Fatalf("rejoin %d: %v", i, got.err)
		}
	}
	refused(t, "one join too many", w.ask(join(c, strangers[store.MaxJoins], 1, "x")).err, store.ErrCrowded)
	refused(t, "one rejoin too many", w.ask(rejoin(c, members[store.MaxRejoins], "x")).err, store.ErrCrowded)
	if got := w.ask(join(c, strangers[3], 1, "another")); got.err != nil {
		t.Errorf("another by who asks already: %v", got.err)
	}
	if got := len(w.asks(members[0], c, now)); got != store.MaxJoins+store.MaxRejoins {
		t.Errorf("%d are asked", got)
	}
	w.unask(strangers[0], c.ID)
	if got := w.ask(join(c, strangers[store.MaxJoins], 1, "x")); got.err != nil {
		t.Errorf("when one took it back: %v", got.err)
	}
	refused(t, "one too many again", w.ask(join(c, strangers[0], 1, "x")).err, store.ErrCrowded)
	after := join(c, strangers[0], 1, "x")
	after.Now, after.Expiry = later, later+1
	if got := w.ask(after); got.err != nil {
		t.Errorf("when others have expired: %v", got.err)
	}
	if got := w.asks(members[0], c, later); len(got) != store.MaxRejoins+1 {
		t.Errorf("%d are asked when others have expired", len(got))
	}
}

// testCrowd has as many accounts as still tell each other what they have read, and one more.
func testCrowd(t *testing.T, w *World) {
	var people []Person
	for i := range store.MaxReceiptAccounts + 1 {
		people = append(people, w.Register(fmt.Sprintf("p%d", i)))
	}
	c := w.Found(people[:store.MaxReceiptAccounts]...)
	receipt := func(by Person) store.Receipt {
		return store.Receipt{Sender: by.Sender, Place: c.place(by, 1), Signal: []byte(by.Handle)}
	}
	for _, p := range c.People {
		if got := w.receipt(receipt(p)); got.err != nil {
			t.Fatal(got.err)
		}
	}
	if p := w.page(people[0], c.ID, 0, 1<<20); len(p.Receipts) != store.MaxReceiptAccounts {
		t.Errorf("%d receipts", len(p.Receipts))
	}
	c.Invite(people[store.MaxReceiptAccounts])
	w.Commit(c, c.Founder)
	refused(t, "one too many", w.receipt(receipt(c.Founder)).err, store.ErrCrowded)
	if p := w.page(people[0], c.ID, 0, 1<<20); len(p.Receipts) != 0 || p.Head.Receipts != store.MaxReceiptAccounts {
		t.Errorf("%d receipts of an epoch that is over, head %+v", len(p.Receipts), p.Head)
	}
}
