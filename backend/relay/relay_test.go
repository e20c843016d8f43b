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

func TestTwoTalk(t *testing.T) {
	w := newWorld(t, nil)
	alice, bob, _ := three()
	a, b := w.register(alice), w.register(bob)
	if got := relaytest.Do[wire.Account](a, wire.Lookup{Handle: "bob"}); got.Account != bob.Account {
		t.Error("the handle points to another account")
	}
	chain := relaytest.Do[wire.ChainPage](a, wire.Chain{Account: bob.Account})
	if chain.Handle != "bob" || len(chain.Links) != 1 || !bytes.Equal(chain.Links[0], bob.Link) || chain.More ||
		len(chain.Prekeys) != 1 || !bytes.Equal(chain.Prekeys[0], bob.Signed) {
		t.Errorf("chain page: %d links, %d prekeys", len(chain.Links), len(chain.Prekeys))
	}
	d := relaytest.Between(alice, bob)
	commit := d.Commit(t, alice, d.Header(alice))
	if at := relaytest.Do[wire.Stored](a, commit); at.Position != 1 {
		t.Errorf("the commit is at %d", at.Position)
	}
	a.Sync(d)
	m := d.Message(bob, 0, 800)
	if at := relaytest.Do[wire.Stored](b, m); at.Position != 2 {
		t.Errorf("the message is at %d", at.Position)
	}
	index, _ := d.Header(alice).Index(bob.Device)
	for who, c := range map[string]*relaytest.Client{"alice": a, "bob": b} {
		first, second := c.Event(), c.Event()
		wrap := map[string][]byte{"alice": {}, "bob": commit.Wraps[index]}[who]
		if first.Conversation != d.ID || first.Event.Position != 1 || first.Event.Kind != epoch.KindCommit ||
			!bytes.Equal(first.Event.Event, commit.Commit) || !bytes.Equal(first.Event.Wrap, wrap) {
			t.Errorf("%s was pushed another commit", who)
		}
		if second.Event.Position != 2 || second.Event.Kind != epoch.KindMessage || !bytes.Equal(second.Event.Event, m.Event) {
			t.Errorf("%s was pushed another message", who)
		}
	}
}

func TestReceiptsAndCursors(t *testing.T) {
	w, a, b, d := talk(t, nil)
	_, bob, _ := d.Low, d.High, w
	by := map[*relaytest.Person]*relaytest.Client{d.Low: a, d.High: b}
	r := d.Receipt(bob, 1)
	relaytest.Do[wire.Done](by[bob], r)
	relaytest.Do[wire.Done](by[bob], wire.Cursor{Conversation: d.ID, Position: 1})
	for _, c := range by {
		push := relaytest.Read[wire.ReceiptPush](c, c.Push())
		if push.Conversation != d.ID || push.Receipts != 1 || !bytes.Equal(push.Signal, r.Signal) {
			t.Errorf("another receipt was pushed: %d", push.Receipts)
		}
	}
	page := relaytest.Do[wire.Page](a, wire.Fetch{Conversation: d.ID, After: 1})
	if len(page.Events) != 0 || len(page.Receipts) != 1 || page.Head.Receipts != 1 || page.Head.Position != 1 {
		t.Errorf("page %+v", page)
	}
}

// talk is two people, each with a session, in a conversation that one of them has opened. a is Low's session.
func talk(t testing.TB, change func(*relay.Options)) (w *world, a, b *relaytest.Client, d *relaytest.Conversation) {
	t.Helper()
	w = newWorld(t, change)
	alice, bob, _ := three()
	d = relaytest.Between(alice, bob)
	a, b = w.register(d.Low), w.register(d.High)
	a.Open(d, d.Low)
	a.Event()
	b.Event()
	return w, a, b, d
}

// TestPipeline sends many messages without waiting for answers and then asks for what there is.
func TestPipeline(t *testing.T) {
	_, a, b, d := talk(t, nil)
	const n = 500
	go func() {
		for g := range uint64(n) {
			a.Start(d.Message(d.Low, g, 100))
		}
		a.Start(wire.Fetch{Conversation: d.ID, After: n})
	}()
	answers, position := uint64(0), epoch.Position(1)
	first := uint64(3) // after Register and Commit
	for answers < n {
		f := a.Next()
		if f.ID == 0 {
			position = next(t, a, f, position)
			continue
		}
		stored := relaytest.Read[wire.Stored](a, f)
		if f.ID != first+answers || stored.Position != epoch.Position(answers+2) {
			t.Fatalf("answer %d has id %d and position %d", answers, f.ID, stored.Position)
		}
		answers++
	}
	f := a.Next()
	for ; f.ID == 0; f = a.Next() {
		position = next(t, a, f, position)
	}
	page := relaytest.Read[wire.Page](a, f)
	if len(page.Events) != 1 || page.Head.Position != n+1 {
		t.Errorf("the page after all has %d events up to %d", len(page.Events), page.Head.Position)
	}
	for at := epoch.Position(1); at < n+1; {
		at = next(t, b, b.Push(), at)
	}
}

// next checks that a push is the event after a position.
func next(t *testing.T, c *relaytest.Client, f wire.Frame, after epoch.Position) epoch.Position {
	t.Helper()
	push := relaytest.Read[wire.EventPush](c, f)
	if push.Event.Position != after+1 {
		t.Fatalf("position %d was pushed after %d", push.Event.Position, after)
	}
	return after + 1
}

func TestOfflineMemberCatchesUp(t *testing.T) {
	w, a, b, d := talk(t, nil)
	if err := b.Conn.Close(); err != nil {
		t.Fatal(err)
	}
	var sent [][]byte
	for g := range uint64(30) {
		m := d.Message(d.Low, g, 60_000)
		relaytest.Do[wire.Stored](a, m)
		sent = append(sent, m.Event)
	}
	b = w.login(d.High)
	heads := relaytest.Do[wire.ConversationPage](b, wire.Conversations{})
	if len(heads.Heads) != 1 || heads.More || heads.Heads[0] != (wire.Head{Conversation: d.ID, Position: 31}) {
		t.Fatalf("conversations: %+v", heads)
	}
	var got [][]byte
	pages := 0
	for after := epoch.Position(1); after < 31; pages++ {
		page := relaytest.Do[wire.Page](b, wire.Fetch{Conversation: d.ID, After: after})
		for _, e := range page.Events {
			got, after = append(got, e.Event), e.Position
		}
	}
	if pages < 2 || !slices.EqualFunc(sent, got, bytes.Equal) {
		t.Errorf("%d events in %d pages, want %d", len(got), pages, len(sent))
	}
}

func TestRepetition(t *testing.T) {
	_, a, b, d := talk(t, nil)
	m := d.Message(d.Low, 0, 100)
	for range 3 {
		if at := relaytest.Do[wire.Stored](a, m).Position; at != 2 {
			t.Errorf("the message is at %d", at)
		}
	}
	a.Sync(d)
	commit := d.Commit(t, d.Low, d.Header(d.Low))
	for range 3 {
		if at := relaytest.Do[wire.Stored](a, commit).Position; at != 3 {
			t.Errorf("the commit is at %d", at)
		}
	}
	if at := relaytest.Do[wire.Stored](a, m).Position; at != 2 {
		t.Errorf("after the commit the message is at %d", at)
	}
	a.Sync(d)
	relaytest.Do[wire.Stored](b, d.Message(d.High, 0, 100))
	for want := epoch.Position(2); want <= 4; want++ { // each event is pushed once
		if got := b.Event().Event.Position; got != want {
			t.Errorf("%d was pushed, want %d", got, want)
		}
	}
}

func TestManySessionsOfOneDevice(t *testing.T) {
	w, a, b, d := talk(t, func(o *relay.Options) { o.Limits.Sessions = 3 })
	second, third := w.login(d.High), w.login(d.High)
	fourth := w.connect()
	refusal := fourth.Refused(wire.Login{Login: d.High.Sign(t, fourth.Hello.Origin, fourth.Hello.Nonce)})
	if refusal.Code != wire.CodeLimited {
		t.Errorf("one session too many: %v", refusal)
	}
	relaytest.Do[wire.Stored](a, d.Message(d.Low, 0, 100))
	for i, c := range []*relaytest.Client{b, second, third} {
		if at := c.Event().Event.Position; at != 2 {
			t.Errorf("session %d was pushed %d", i, at)
		}
	}
	if err := second.Conn.Close(); err != nil {
		t.Fatal(err)
	}
	for w.relay.Stats().Sessions > 4 { // the relay sees the end of the connection
		relaytest.Do[wire.Account](a, wire.Lookup{Handle: d.High.Handle})
	}
	fourth.Login(d.High)
}

func TestStats(t *testing.T) {
	w, a, _, d := talk(t, nil)
	relaytest.Do[wire.Stored](a, d.Message(d.Low, 0, 100))
	a.Refused(wire.Lookup{Handle: "Nobody"})
	s := w.relay.Stats()
	if s.Sessions != 2 || s.Appended != 2 || s.Deliveries != 4 || s.Requests != 5 || s.Refused[wire.CodeHandleInvalid] != 1 {
		t.Errorf("%+v", s)
	}
}
