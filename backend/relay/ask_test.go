package relay_test

import (
	"bytes"
	"testing"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// asked gives the requests that a member finds with the newest page.
func (g *club) asked(c *relaytest.Client) []wire.Asked {
	g.Helper()
	return relaytest.Do[wire.Page](c, wire.Fetch{Conversation: g.d.ID, After: 1 << 40}).Asks
}

// pushed checks that a client's next push is a request.
func (g *club) pushed(name string, c *relaytest.Client, want wire.Ask) {
	g.Helper()
	got := relaytest.Read[wire.AskPush](c, c.Push())
	if got.Conversation != g.d.ID || !bytes.Equal(got.Ask, want.Ask) || !bytes.Equal(got.Tag, want.Tag) {
		g.Errorf("%s was told another request", name)
	}
}

// TestJoin has dave come by a link: asked of all members, found by who comes online later, let in by one who is no admin.
func TestJoin(t *testing.T) {
	g := newClub(t, nil)
	ask := g.dave.Join(t, g.d.Joining(g.dave, epoch.LinkID{1}))
	for range 2 {
		relaytest.Do[wire.Done](g.v, ask)
	}
	for name, c := range map[string]*relaytest.Client{"alice": g.a, "bob": g.b, "carol": g.c} {
		g.events(name, c, 1)
		g.pushed(name, c, ask)
		g.silent(name, c) // the same again is no news
	}
	g.silent("dave", g.v)
	if got := g.asked(g.w.login(g.bob)); len(got) != 1 || !bytes.Equal(got[0].Ask, ask.Ask) || !bytes.Equal(got[0].Tag, ask.Tag) {
		t.Fatalf("%d requests are kept", len(got))
	}
	g.d.Admit(t, g.dave, ask)
	commit := g.d.Commit(t, g.bob, g.d.Header(g.bob))
	relaytest.Do[wire.Stored](g.b, commit)
	g.d.Take(t, epoch.KindCommit, commit.Commit)
	g.events("dave", g.v, 2)
	relaytest.Do[wire.Stored](g.v, g.d.Message(g.dave, 0, 100))
	if got := g.asked(g.a); len(got) != 0 {
		t.Errorf("%d requests are kept when it was honoured", len(got))
	}
	again := g.d.Commit(t, g.alice, g.d.Header(g.alice)) // the first message is not seen: alice wrote nothing
	relaytest.Do[wire.Stored](g.a, again)
}

func TestJoinTakenBack(t *testing.T) {
	g := newClub(t, nil)
	relaytest.Do[wire.Done](g.v, wire.Ask{Conversation: g.d.ID})
	relaytest.Do[wire.Done](g.v, wire.Ask{Conversation: epoch.ConversationID{1}})
	first, second := g.dave.Join(t, g.d.Joining(g.dave, epoch.LinkID{1})), g.dave.Join(t, g.d.Joining(g.dave, epoch.LinkID{1}))
	relaytest.Do[wire.Done](g.v, first)
	relaytest.Do[wire.Done](g.v, second)
	if got := g.asked(g.a); len(got) != 1 || !bytes.Equal(got[0].Ask, second.Ask) {
		t.Errorf("%d requests are kept", len(got))
	}
	relaytest.Do[wire.Done](g.v, wire.Ask{Conversation: g.d.ID})
	if got := g.asked(g.a); len(got) != 0 {
		t.Errorf("%d requests are kept when it was taken back", len(got))
	}
}

// TestRejoin has carol, who lost her place, ask for an epoch that she can open.
func TestRejoin(t *testing.T) {
	g := newClub(t, nil)
	ask := g.carol.Rejoin(t, epoch.Rejoin{Conversation: g.d.ID, Epoch: g.d.Epoch, Device: g.carol.Device})
	relaytest.Do[wire.Done](g.c, ask)
	g.events("bob", g.b, 1)
	g.pushed("bob", g.b, ask)
	if got := g.asked(g.a); len(got) != 1 || len(got[0].Tag) != 0 {
		t.Errorf("%d requests are kept", len(got))
	}
	h := g.d.Header(g.bob)
	h.Rejoin = append(h.Rejoin, g.carol.Device)
	commit := g.d.Commit(t, g.bob, h)
	relaytest.Do[wire.Stored](g.b, commit)
	g.d.Take(t, epoch.KindCommit, commit.Commit)
	if got := g.asked(g.a); len(got) != 0 {
		t.Errorf("%d requests are kept when it was honoured", len(got))
	}
	if got := g.c.Refused(ask); got.Code != wire.CodeStaleEpoch || got.Detail != 1 {
		t.Errorf("the same when it was honoured: %v, %d", got.Code, got.Detail)
	}
}

func TestRejoinDirect(t *testing.T) {
	_, a, b, d := talk(t, nil)
	ask := d.Low.Rejoin(t, epoch.Rejoin{Conversation: d.ID, Epoch: d.Epoch, Device: d.Low.Device})
	relaytest.Do[wire.Done](a, ask)
	if push := relaytest.Read[wire.AskPush](b, b.Push()); !bytes.Equal(push.Ask, ask.Ask) {
		t.Error("the other was told another request")
	}
}

// join is a request by dave, its fields changed before he signs.
func (g *club) join(change func(*epoch.Join)) wire.Ask {
	g.Helper()
	j := g.d.Joining(g.dave, epoch.LinkID{1})
	change(&j)
	return g.dave.Join(g, j)
}

// rejoin is a request by bob, its fields changed before he signs.
func (g *club) rejoin(change func(*epoch.Rejoin)) wire.Ask {
	g.Helper()
	r := epoch.Rejoin{Conversation: g.d.ID, Epoch: g.d.Epoch, Device: g.bob.Device}
	change(&r)
	return g.bob.Rejoin(g, r)
}

func same[T any](*T) {}

func (g *club) altered(ask wire.Ask, change func(*wire.Ask)) wire.Ask {
	change(&ask)
	return ask
}

func askRefusals() []clubCase {
	return []clubCase{
		{"ask too large", wire.CodeTooLarge, func(g *club) wire.Error {
			return g.v.Refused(wire.Ask{Conversation: g.d.ID, Ask: make([]byte, wire.MaxAsk+1), Tag: make([]byte, 32)})
		}},
		{"ask of no kind", wire.CodeMalformed, func(g *club) wire.Error {
			return g.v.Refused(wire.Ask{Conversation: g.d.ID, Ask: make([]byte, wire.MaxAsk), Tag: make([]byte, 32)})
		}},
		{"empty ask with a tag", wire.CodeMalformed, func(g *club) wire.Error {
			return g.v.Refused(wire.Ask{Conversation: g.d.ID, Tag: make([]byte, 32)})
		}},
		{"tag of 31 bytes", wire.CodeMalformed, func(g *club) wire.Error {
			return g.v.Refused(g.altered(g.join(same), func(a *wire.Ask) { a.Tag = a.Tag[1:] }))
		}},
		{"tag of 33 bytes", wire.CodeMalformed, func(g *club) wire.Error {
			return g.v.Refused(g.altered(g.join(same), func(a *wire.Ask) { a.Tag = append(a.Tag, 1) }))
		}},
		{"join without a tag", wire.CodeMalformed, func(g *club) wire.Error {
			return g.v.Refused(g.altered(g.join(same), func(a *wire.Ask) { a.Tag = nil }))
		}},
		{"rejoin with a tag", wire.CodeMalformed, func(g *club) wire.Error {
			return g.b.Refused(g.altered(g.rejoin(same), func(a *wire.Ask) { a.Tag = make([]byte, 32) }))
		}},
		{"join in another conversation", wire.CodeMalformed, func(g *club) wire.Error {
			return g.v.Refused(g.altered(g.join(same), func(a *wire.Ask) { a.Conversation[0] ^= 1 }))
		}},
		{"rejoin in another conversation", wire.CodeMalformed, func(g *club) wire.Error {
			return g.b.Refused(g.altered(g.rejoin(same), func(a *wire.Ask) { a.Conversation[0] ^= 1 }))
		}},
		{"join of another device", wire.CodeWrongSender, func(g *club) wire.Error { return g.m.Refused(g.join(same)) }},
		{"rejoin of another device", wire.CodeWrongSender, func(g *club) wire.Error { return g.c.Refused(g.rejoin(same)) }},
		{"join for another account", wire.CodeWrongSender, func(g *club) wire.Error {
			return g.v.Refused(g.join(func(j *epoch.Join) { j.Account = g.mallory.Account }))
		}},
		{"join altered", wire.CodeLinkRefused, func(g *club) wire.Error {
			return g.v.Refused(g.altered(g.join(same), func(a *wire.Ask) { a.Ask = flipped(a.Ask) }))
		}},
		{"rejoin altered", wire.CodeWrongSender, func(g *club) wire.Error {
			return g.b.Refused(g.altered(g.rejoin(same), func(a *wire.Ask) { a.Ask = flipped(a.Ask) }))
		}},
		{"join by a link that is not there", wire.CodeLinkRefused, func(g *club) wire.Error {
			return g.v.Refused(g.join(func(j *epoch.Join) { j.Link[0] = 9 }))
		}},
		{"join where nothing is", wire.CodeLinkRefused, func(g *club) wire.Error {
			return g.v.Refused(g.join(func(j *epoch.Join) { j.Conversation[0] ^= 1 }))
		}},
		{"join that has expired", wire.CodeLinkRefused, func(g *club) wire.Error {
			return g.v.Refused(g.join(func(j *epoch.Join) { j.Expiry = clock() }))
		}},
		{"join by a member", wire.CodeLinkRefused, func(g *club) wire.Error {
			return g.b.Refused(g.bob.Join(g, g.d.Joining(g.bob, epoch.LinkID{1})))
		}},
		{"join with a head that is not there", wire.CodeStaleHead, func(g *club) wire.Error {
			return g.v.Refused(g.join(func(j *epoch.Join) { j.Head.Number = 1 }))
		}},
		{"join with another head", wire.CodeStaleHead, func(g *club) wire.Error {
			return g.v.Refused(g.join(func(j *epoch.Join) { j.Head.Hash[0] ^= 1 }))
		}},
		{"join with an old prekey", wire.CodeStalePrekey, func(g *club) wire.Error {
			return g.v.Refused(g.join(func(j *epoch.Join) { j.Prekey[0] ^= 1 }))
		}},
		{"rejoin by a stranger", wire.CodeNotMember, func(g *club) wire.Error {
			return g.v.Refused(g.dave.Rejoin(g, epoch.Rejoin{Conversation: g.d.ID, Epoch: g.d.Epoch, Device: g.dave.Device}))
		}},
		{"rejoin where nothing is", wire.CodeNotMember, func(g *club) wire.Error {
			return g.b.Refused(g.rejoin(func(r *epoch.Rejoin) { r.Conversation[0] ^= 1 }))
		}},
		{"rejoin of another epoch", wire.CodeStaleEpoch, func(g *club) wire.Error {
			return g.b.Refused(g.rejoin(func(r *epoch.Rejoin) { r.Epoch[0] ^= 1 }))
		}},
	}
}

// TestJoinByWornLinks has links that are revoked, expired and used up.
func TestJoinByWornLinks(t *testing.T) {
	g := newClub(t, nil)
	g.d.Room[0].Links = []epoch.Link{newLink(1, 3), newLink(2, 1), newLink(3, 1)}
	g.d.Room[0].Links[1].Expiry = clock()
	g.open()
	revoked := g.join(same)
	relaytest.Do[wire.Done](g.v, revoked)
	byThird := g.mallory.Join(t, g.d.Joining(g.mallory, epoch.LinkID{3}))
	relaytest.Do[wire.Done](g.m, byThird)
	g.d.Admit(t, g.mallory, byThird)
	g.open()
	g.d.Room[0].Links = g.d.Room[0].Links[1:]
	g.open()
	for name, ask := range map[string]wire.Ask{
		"revoked": revoked,
		"expired": g.dave.Join(t, g.d.Joining(g.dave, epoch.LinkID{2})),
		"used up": g.dave.Join(t, g.d.Joining(g.dave, epoch.LinkID{3})),
	} {
		if got := g.v.Refused(ask); got.Code != wire.CodeLinkRefused {
			t.Errorf("by a link that is %s: %v", name, got.Code)
		}
	}
	if got := g.asked(g.a); len(got) != 0 {
		t.Errorf("%d requests are kept", len(got))
	}
}

// TestUsedRequest has somebody who was let in and taken out try the same request again.
func TestUsedRequest(t *testing.T) {
	g := newClub(t, nil)
	ask := g.join(same)
	relaytest.Do[wire.Done](g.v, ask)
	g.d.Admit(t, g.dave, ask)
	g.open()
	if at := g.leave(g.v, g.dave); at != 3 {
		t.Fatalf("the leave is at %d", at)
	}
	g.d.Expel(g.dave)
	g.open()
	if got := g.v.Refused(ask); got.Code != wire.CodeLinkRefused {
		t.Errorf("the same request again: %v", got.Code)
	}
	relaytest.Do[wire.Done](g.v, g.join(same))
}

func TestAsksLimited(t *testing.T) {
	g := newClub(t, func(o *relay.Options) { o.Limits.Asks = relay.Rate{PerSecond: 0.001, Burst: 2} })
	relaytest.Do[wire.Done](g.v, g.join(same))
	relaytest.Do[wire.Done](g.v, g.join(same))
	if got := g.v.Refused(g.join(same)); got.Code != wire.CodeLimited || got.Detail == 0 {
		t.Errorf("one too many: %v, wait %d", got.Code, got.Detail)
	}
	relaytest.Do[wire.Done](g.m, g.mallory.Join(t, g.d.Joining(g.mallory, epoch.LinkID{1})))
}
