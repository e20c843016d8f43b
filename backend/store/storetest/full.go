package storetest

import (
	"fmt"
	"testing"

	"sotto/backend/store"
	"sotto/wasm/epoch"
)

// testFullPages has everything that comes with a page be there at its largest: no page is larger than it was asked to be,
// and all of it comes.
func testFullPages(t *testing.T, w *World) {
	var people []Person
	for i := range store.MaxReceiptAccounts {
		people = append(people, w.Register(fmt.Sprintf("p%d", i)))
	}
	newcomer := people[len(people)-1]
	c := Group(people[:len(people)-1]...)
	c.Room[0].Links = []epoch.Link{link(1, 100)}
	w.Commit(c, c.Founder)
	opened := w.seen(c)
	quiet := people[1] // has sent nothing, and so may have seen nothing
	answers := make(chan error, epoch.MaxEvents)
	for g := range uint64(epoch.MaxEvents - 1) {
		w.Store.Message(c.Message(c.Founder, g, 10), func(_ store.Appended, err error) { answers <- err })
	}
	for range epoch.MaxEvents - 1 {
		if err := <-answers; err != nil {
			t.Fatal(err)
		}
	}
	c.Invite(newcomer)
	next := w.Next(c, quiet)
	next.Header.Seen, next.Event = opened, randomBytes(256<<10)
	at := w.stored(w.commit(next))
	c.Opened(next)
	for _, p := range c.People {
		w.receipt(store.Receipt{Sender: p.Sender, Place: c.place(p, 1), Signal: randomBytes(2 << 10)})
	}
	for i := range store.MaxJoins {
		stranger := w.Register(fmt.Sprintf("s%d", i))
		if got := w.ask(join(c, stranger, 1, string(randomBytes(1<<10)))); got.err != nil {
			t.Fatal(got.err)
		}
	}
	const largest = 1<<20 - 8<<10
	p := w.page(newcomer, c.ID, 0, largest)
	if len(p.Before) != epoch.MaxEvents-1 || len(p.Receipts) != store.MaxReceiptAccounts || len(p.Asks) != store.MaxJoins || size(p) > largest {
		t.Errorf("page of %d bytes with %d hashes, %d receipts, %d asks", size(p), len(p.Before), len(p.Receipts), len(p.Asks))
	}
	for g := range uint64(11) { // fills the second page to the brim
		w.Append(c.Message(c.Founder, g, 128<<10))
	}
	testPagesFit(t, w, c, newcomer, at, largest)
}

// testPagesFit reads all from a position on: the last page is the one with the receipts.
func testPagesFit(t *testing.T, w *World, c *Conversation, by Person, first epoch.Position, largest int) {
	t.Helper()
	after, head, pages := epoch.Position(0), first+11, 0
	for ; after < head; pages++ {
		p := w.page(by, c.ID, after, largest)
		if size(p) > largest || len(p.Events) == 0 || p.Head.Position != head {
			t.Fatalf("page after %d: %d bytes, %d events", after, size(p), len(p.Events))
		}
		after = p.Events[len(p.Events)-1].Position
		if (after == head) != (len(p.Receipts) == store.MaxReceiptAccounts && len(p.Asks) == store.MaxJoins) {
			t.Errorf("page up to %d of %d has %d receipts, %d asks", after, head, len(p.Receipts), len(p.Asks))
		}
	}
	if pages != 3 {
		t.Errorf("%d pages, want 3", pages)
	}
}

// size is what a page takes in a frame, without its numbers.
func size(p store.Page) int {
	n := 36 * len(p.Before)
	for _, e := range p.Events {
		n += len(e.Bytes) + len(e.Wrap) + 20
	}
	for _, r := range p.Receipts {
		n += len(r) + 3
	}
	for _, a := range p.Asks {
		n += len(a.Ask) + len(a.Tag) + 6
	}
	return n
}
