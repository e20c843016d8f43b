package relay_test

import (
	"bytes"
	"slices"
	"testing"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// club is a group of alice, its admin, and bob and carol; dave and mallory are strangers. All have sessions.
type club struct {
	*testing.T
	w *world
	d *relaytest.Conversation

	alice, bob, carol, dave, mallory *relaytest.Person
	a, b, c, v, m                    *relaytest.Client // of alice, bob, carol, dave, mallory
}

func newClub(t *testing.T, change func(*relay.Options)) *club {
	t.Helper()
	all := fresh()
	g := &club{T: t, w: newWorld(t, change), alice: all[0], bob: all[1], mallory: all[2], carol: all[3], dave: all[4]}
	for i, c := range []**relaytest.Client{&g.a, &g.b, &g.m, &g.c, &g.v} {
		*c = g.w.register(all[i])
	}
	g.d = relaytest.Group(g.alice, g.bob, g.carol)
	g.d.Room[0].Links = []epoch.Link{newLink(1, 3)}
	g.open()
	return g
}

// newLink is one that is open for an hour.
func newLink(id byte, uses uint64) epoch.Link {
	return epoch.Link{ID: epoch.LinkID{id}, Expiry: clock() + 3600, Uses: uses}
}

// open has alice commit what the conversation is to be next, and everyone hear of it.
func (g *club) open() epoch.Position {
	g.Helper()
	before := g.d.Seen.Position
	at := g.a.Open(g.d, g.alice).Position
	if at != before+1 {
		g.Fatalf("the commit is at %d after %d", at, before)
	}
	return at
}

// leave has a person leave.
func (g *club) leave(c *relaytest.Client, p *relaytest.Person) epoch.Position {
	g.Helper()
	request := p.Leave(g, g.d.Leaving(p))
	at := relaytest.Do[wire.Stored](c, request).Position
	g.d.Take(g, epoch.KindLeave, request.Event)
	return at
}

// events checks that the next pushes to a client are the events at these positions.
func (g *club) events(name string, c *relaytest.Client, positions ...epoch.Position) []wire.Event {
	g.Helper()
	var events []wire.Event
	for _, want := range positions {
		e := c.Event().Event
		if e.Position != want {
			g.Fatalf("%s was pushed %d, want %d", name, e.Position, want)
		}
		events = append(events, e)
	}
	return events
}

// silent checks that nothing was pushed to a client: what comes next is the answer to a request.
func (g *club) silent(name string, c *relaytest.Client) {
	g.Helper()
	relaytest.Do[wire.Account](c, wire.Lookup{Handle: "alice"})
	if len(c.Pushes) != 0 {
		g.Errorf("%s was pushed %d frames", name, len(c.Pushes))
	}
}

func TestGroupTalks(t *testing.T) {
	g := newClub(t, nil)
	for i, p := range []*relaytest.Person{g.alice, g.bob, g.carol} {
		c := []*relaytest.Client{g.a, g.b, g.c}[i]
		if at := relaytest.Do[wire.Stored](c, g.d.Message(p, 0, 100)).Position; at != epoch.Position(i+2) {
			t.Errorf("message %d is at %d", i, at)
		}
	}
	for name, c := range map[string]*relaytest.Client{"alice": g.a, "bob": g.b, "carol": g.c} {
		events := g.events(name, c, 1, 2, 3, 4)
		if hasWrap := len(events[0].Wrap) > 0; hasWrap != (name != "alice") {
			t.Errorf("%s has a wrap: %v", name, hasWrap)
		}
	}
	g.silent("dave", g.v)
}

// TestGroupRemoves takes bob out: his session hears of it without a wrap, he reads up to there and can do no more.
func TestGroupRemoves(t *testing.T) {
	g := newClub(t, nil)
	g.d.Room[0].Links = nil
	g.d.Expel(g.bob)
	old := g.d.Message(g.bob, 0, 100)
	g.open()
	relaytest.Do[wire.Stored](g.a, g.d.Message(g.alice, 0, 100))
	events := g.events("bob", g.b, 1, 2)
	if len(events[0].Wrap) == 0 || len(events[1].Wrap) != 0 {
		t.Error("bob has another wrap")
	}
	g.silent("bob", g.b)
	g.events("carol", g.c, 1, 2, 3)
	page := relaytest.Do[wire.Page](g.b, wire.Fetch{Conversation: g.d.ID})
	if len(page.Events) != 2 || page.Head != (wire.Head{Conversation: g.d.ID, Position: 2}) {
		t.Errorf("bob reads %d events, head %+v", len(page.Events), page.Head)
	}
	heads := relaytest.Do[wire.ConversationPage](g.b, wire.Conversations{}).Heads
	if !slices.Equal(heads, []wire.Head{{Conversation: g.d.ID, Position: 2}}) {
		t.Errorf("bob's list: %+v", heads)
	}
	for name, body := range map[string]wire.Body{
		"message": old, "receipt": g.d.Receipt(g.bob, 1), "leave": g.bob.Leave(t, g.d.Leaving(g.bob)),
		"rejoin": g.bob.Rejoin(t, epoch.Rejoin{Conversation: g.d.ID, Epoch: g.d.Epoch, Device: g.bob.Device}),
		"commit": g.d.Commit(t, g.bob, g.byBob()),
	} {
		if got := g.b.Refused(body); got.Code != wire.CodeNotMember {
			t.Errorf("%s of bob, who is out: %v", name, got.Code)
		}
	}
	relaytest.Do[wire.Done](g.b, wire.Cursor{Conversation: g.d.ID, Position: 2})
}

// byBob is a header of bob's that has him in.
func (g *club) byBob() *epoch.Header {
	g.d.Invite(g.bob)
	defer g.d.Expel(g.bob)
	return g.d.Header(g.bob)
}

// TestGroupAdds lets dave in: he hears of it with his wrap and reads from there on.
func TestGroupAdds(t *testing.T) {
	g := newClub(t, nil)
	seen := g.d.Seen
	m := g.d.Message(g.bob, 0, 100)
	relaytest.Do[wire.Stored](g.b, m)
	g.d.Invite(g.dave)
	h := g.d.Header(g.alice)
	h.Seen = seen
	commit := g.d.Commit(t, g.alice, h)
	relaytest.Do[wire.Stored](g.a, commit)
	index, _ := h.Index(g.dave.Device)
	push := g.events("dave", g.v, 3)[0]
	page := relaytest.Do[wire.Page](g.v, wire.Fetch{Conversation: g.d.ID})
	for _, e := range []wire.Event{push, page.Events[0]} {
		if e.Position != 3 || !bytes.Equal(e.Event, commit.Commit) || !bytes.Equal(e.Wrap, commit.Wraps[index]) {
			t.Error("dave is given another commit")
		}
	}
	if len(page.Events) != 1 || len(page.Before) != 1 || page.Before[0] != hashOf(epoch.KindMessage, m.Event) {
		t.Errorf("dave's first page has %d events, before it %+v", len(page.Events), page.Before)
	}
	g.silent("mallory", g.m)
}

func TestLeave(t *testing.T) {
	g := newClub(t, nil)
	old := g.d.Message(g.carol, 0, 100)
	if at := g.leave(g.b, g.bob); at != 2 {
		t.Fatalf("the leave is at %d", at)
	}
	for name, c := range map[string]*relaytest.Client{"alice": g.a, "bob": g.b, "carol": g.c} {
		if e := g.events(name, c, 1, 2)[1]; e.Kind != epoch.KindLeave || len(e.Wrap) != 0 {
			t.Errorf("%s was pushed kind %d", name, e.Kind)
		}
	}
	if got := g.c.Refused(old); got.Code != wire.CodeEpochFull {
		t.Errorf("message after the leave: %v", got.Code)
	}
	g.d.Expel(g.bob)
	commit := g.d.Commit(t, g.carol, g.d.Header(g.carol)) // by who is no admin
	if at := relaytest.Do[wire.Stored](g.c, commit).Position; at != 3 {
		t.Errorf("the commit is at %d", at)
	}
	g.d.Take(t, epoch.KindCommit, commit.Commit)
	g.events("bob", g.b, 3)
	relaytest.Do[wire.Stored](g.c, g.d.Message(g.carol, 0, 100))
	g.silent("bob", g.b)
}

// TestLeaveRepeated has the same bytes get the first answer, in the epoch and when it is over.
func TestLeaveRepeated(t *testing.T) {
	g := newClub(t, nil)
	request := g.bob.Leave(t, g.d.Leaving(g.bob))
	for range 3 {
		if at := relaytest.Do[wire.Stored](g.b, request).Position; at != 2 {
			t.Errorf("the leave is at %d", at)
		}
	}
	g.d.Take(t, epoch.KindLeave, request.Event)
	if got := g.b.Refused(g.bob.Leave(t, g.d.Leaving(g.bob))); got.Code != wire.CodeCommitRefused {
		t.Errorf("leaving twice: %v", got.Code)
	}
	g.d.Expel(g.bob)
	g.open()
	if at := relaytest.Do[wire.Stored](g.b, request).Position; at != 2 {
		t.Errorf("when it is over the leave is at %d", at)
	}
	g.events("carol", g.c, 1, 2, 3)
}
