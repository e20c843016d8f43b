//go:build attack

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/client"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// insiderAttack is a message by mallory, who has every key of the group, as bob's.
func insiderAttack(line, name, known, says string, change func(g *crowd, l *hostile.Letter), by ...check.Name) attack {
	return attack{line: line, name: name, known: known, by: by, says: says, play: func(s *stage) result {
		g := s.crowd()
		l := g.room.Letter(g.bob, 0, "as bob")
		change(g, l)
		return g.judged(g.post(l), "as bob")
	}}
}

func insiderAttacks() []attack {
	const line = "member A's message presented as B's"
	const zoom = "Zoom meetings, 2021; Matrix, 2022"
	return []attack{
		insiderAttack(line, "signed by A and named so, in B's slot", zoom, "not-opened (sender)", func(g *crowd, l *hostile.Letter) {
			l.By, l.Kid = g.mallory, g.mallory.Device
		}, check.SlotSigner, check.Signature),
		insiderAttack(line, "signed by A and named B", zoom, "not-opened (signature)", func(g *crowd, l *hostile.Letter) {
			l.By = g.mallory
		}, check.Signature),
		{
			line: line, name: "what B has signed in another group", known: "surreptitious forwarding: Davis, 2001",
			by: []check.Name{check.ContentEpoch, check.SplitView}, says: "not-opened (epoch)", play: otherGroup,
		},
		{
			line: line, name: "what B has signed before, once more", known: "Threema, 2023",
			by:   []check.Name{check.ContentGeneration, check.Seen, check.ClientOnce},
			says: "not-opened (sender)", play: signedBefore,
		},
	}
}

// otherGroup takes what bob has signed in a group of mallory's and seals it in this one, under his key.
func otherGroup(s *stage) result {
	g := s.crowd()
	other := hostile.NewRoom(epoch.ConversationID{})
	other.Keys = g.room.Keys
	c := other.OpenGroup(g.mallory, seconds(), "a trap", hostile.Sorted([]epoch.Member{
		other.Slot(g.bob.Chain, epoch.RoleMember), other.Slot(g.mallory.Chain, epoch.RoleAdmin),
	}))
	signed, err := c.Sign()
	s.must(err)
	s.must(c.Enter(signed))
	inner, err := other.Letter(g.bob, 0, "I agree").Inner()
	s.must(err)
	event := g.room.Letter(g.bob, 0, "").Around(inner)
	return g.judged(g.put(epoch.KindMessage, event), "I agree")
}

// signedBefore seals what bob has signed once more, at his next generation.
func signedBefore(s *stage) result {
	g := s.crowd()
	first := g.room.Letter(g.bob, 0, "I agree")
	inner, err := first.Inner()
	s.must(err)
	g.alice.at(g.conv, g.put(epoch.KindMessage, first.Around(inner)))
	at := g.put(epoch.KindMessage, g.room.Letter(g.bob, 1, "").Around(inner))
	return g.judged(at, "I agree")
}

func mobAttacks() []attack {
	const line = "one insider sending invalid events to split or stop a group"
	return []attack{
		{
			line: line, name: "a member's word that histories differ", known: "false accusations: message franking, 2017",
			by: []check.Name{check.GroupGoesOn}, says: client.NoticeSplitView, play: falseSeen,
		},
		{
			line: line, name: "invalid events of every kind", known: "insiders in MLS, 2022",
			by: []check.Name{check.GroupGoesOn}, says: "all agree and go on", play: everyNonsense,
		},
		{
			line: line, name: "two members whom the server shows different histories", known: "fork consistency: SUNDR, 2004",
			by: []check.Name{check.SplitView}, says: client.NoticeSplitView, play: twoHistories,
		},
		{
			line: line, name: "a wrap that opens for all but one", known: "insiders in MLS, 2022",
			instead: "an epoch that opens for everyone, and a way back in", at: "wasm/client.room.asksBack", says: "lost and let back in", play: badWrap,
		},
	}
}

// falseSeen lets mallory say that she saw another history.
func falseSeen(s *stage) result {
	g := s.crowd()
	l := g.room.Letter(g.mallory, 0, "you are being lied to")
	l.Seen.Log[0] ^= 1
	_, says := g.alice.at(g.conv, g.post(l))
	return result{says: says, won: g.alice.blocked(g.conv) != ""}
}

// everyNonsense sends whatever an insider can think of. Afterwards alice and carol must agree on everything, and talk.
func everyNonsense(s *stage) result {
	g := s.crowd()
	for _, nonsense := range g.nonsense() {
		nonsense()
	}
	last := g.room.Seen().Position
	for _, p := range []*person{g.alice, g.carol} {
		p.until("all of it is taken", func() bool { return p.reached(g.conv, last) || p.blocked(g.conv) != "" })
		if p.blocked(g.conv) != "" {
			return result{says: p.blocked(g.conv), won: true}
		}
	}
	g.alice.send(g.conv, "are you there?")
	g.carol.until("alice's message is here", func() bool { return g.carol.has(g.conv, "are you there?") })
	g.carol.send(g.conv, "yes")
	g.alice.until("carol's message is here", func() bool { return g.alice.has(g.conv, "yes") })
	g.carol.until("hers is sent", func() bool { return g.carol.sent(g.conv) })
	if a, b := g.alice.record(g.conv), g.carol.record(g.conv); a != b {
		return result{says: "alice has\n" + a + "carol has\n" + b, won: true}
	}
	return result{says: "all agree and go on"}
}

// reached says whether there is an entry at or behind a position.
func (p *person) reached(conv string, at epoch.Position) bool {
	return slices.ContainsFunc(p.timeline(conv), func(e client.Entry) bool { return e.Position != nil && *e.Position >= int64(at) })
}

// record is what a person has of a group, in words: who is in it, and what stands at which position.
func (p *person) record(conv string) string {
	var b strings.Builder
	members, err := p.engine.Members(context.Background(), conv)
	p.s.must(err)
	for _, m := range members {
		fmt.Fprintf(&b, "%s %s %s\n", m.Handle, m.Account, m.Role)
	}
	for _, e := range p.timeline(conv) {
		switch {
		case e.Position == nil:
		case e.Notice != nil:
			fmt.Fprintf(&b, "%d %s\n", *e.Position, told(e.Notice))
		case e.Text != nil:
			fmt.Fprintf(&b, "%d %s: %s\n", *e.Position, e.Sender.Handle, *e.Text)
		}
	}
	return b.String()
}

// nonsense is invalid events of every kind, by mallory.
func (g *crowd) nonsense() []func() {
	commit := func(change func(*hostile.Commitment)) func() {
		return func() {
			c := g.next(g.mallory)
			change(c)
			signed, err := c.Sign()
			g.must(err)
			g.server.Append(g.id, epoch.KindCommit, signed.Event, signed.Wraps)
			g.room.Take(epoch.KindCommit, signed.Event)
		}
	}
	letter := func(change func(*hostile.Letter)) func() {
		return func() {
			l := g.room.Letter(g.mallory, g.sent[g.mallory.Device], "nonsense")
			change(l)
			g.post(l)
		}
	}
	raw := func(kind epoch.Kind, event []byte) func() { return func() { g.put(kind, event) } }
	return []func(){
		raw(epoch.KindMessage, []byte("nonsense")), raw(epoch.KindCommit, []byte{0xff}), raw(epoch.KindLeave, nil), raw(77, []byte{0x80}),
		commit(func(c *hostile.Commitment) { c.Header.Number += 7; c.Fit() }),
		commit(func(c *hostile.Commitment) { c.Header.Prev[3] ^= 1; c.Fit() }),
		commit(func(c *hostile.Commitment) { c.Header.Seen.Log[0] ^= 1; c.Fit() }),
		commit(func(c *hostile.Commitment) { c.Header.Seen.Position += 1000; c.Fit() }),
		commit(func(c *hostile.Commitment) { c.Header.Roster = without(c.Header.Roster, g.bob.Chain.ID()); c.Fit() }),
		commit(func(c *hostile.Commitment) { c.Group.Name = "mine"; c.Fit() }),
		commit(func(c *hostile.Commitment) { c.By = &hostile.Member{Signer: g.bob.Signer} }),
		letter(func(l *hostile.Letter) { l.Seen.Log[0] ^= 1 }),
		letter(func(l *hostile.Letter) { l.Seen.Position += 1000 }),
		letter(func(l *hostile.Letter) { l.Generation++ }),
		letter(func(l *hostile.Letter) { l.Kid = g.bob.Device }),
		letter(func(l *hostile.Letter) { l.Place.Index = 99 }),
		letter(func(l *hostile.Letter) { l.Place.Number++ }),
		letter(func(l *hostile.Letter) { l.Body = []byte{0x80} }),
		letter(func(l *hostile.Letter) { l.Pad = func(b []byte) []byte { return b } }),
		func() {
			g.put(epoch.KindLeave, g.leaves(&hostile.Member{Signer: g.mallory.Signer, Device: g.bob.Device}))
		},
		func() {
			g.put(epoch.KindLeave, g.leaves(&hostile.Member{Signer: g.mallory.Signer, Device: account.DeviceID{1}}))
		},
	}
}

// twoHistories shows alice another message than carol. Carol's next one tells her.
func twoHistories(s *stage) result {
	g := s.crowd()
	position := g.room.Seen().Position + 1
	theirs, err := g.room.Letter(g.bob, 0, "for alice's eyes").Event()
	s.must(err)
	g.relay.Tell(hostile.Change(func(p wire.EventPush) []wire.Body {
		if p.Event.Position == position {
			p.Event.Event = theirs
		}
		return []wire.Body{p}
	}))
	g.carol.at(g.conv, g.say(g.bob, "for the record"))
	g.alice.at(g.conv, position)
	g.carol.send(g.conv, "did you see?")
	g.carol.until("it is sent", func() bool { return g.carol.sent(g.conv) })
	text, says := g.alice.at(g.conv, position+1)
	return result{says: says, won: text == "did you see?"}
}

// badWrap lets mallory open an epoch that alice cannot. The others' acceptance does not depend on hers; she asks to be
// let back in, and is.
func badWrap(s *stage) result {
	g := s.crowd()
	c := g.next(g.mallory)
	c.Wraps[g.alice.device()].Secret = hostile.Secret()
	c.Wraps[g.alice.device()].Content = 7
	if s.control { // without an online member who lets her back in
		s.must(g.carol.engine.Close())
		g.carol.engine = nil
	}
	g.commit(c)
	_, says := g.alice.at(g.conv, 2)
	if says != client.NoticeWrapUnusable {
		return result{says: says}
	}
	g.alice.until("she asks for a way back", func() bool { return len(g.server.Asked(g.id, g.alice.device()).Ask) > 0 })
	if s.control {
		g.say(g.mallory, "where is alice?")
		_, says = g.alice.at(g.conv, 3)
		return result{says: says, won: says == "not-opened (lost)"}
	}
	g.alice.until("she is back", func() bool { return slices.Contains(g.alice.notices(g.conv), client.NoticeRejoined) })
	g.alice.send(g.conv, "here again")
	g.carol.until("alice's message is here", func() bool { return g.carol.has(g.conv, "here again") })
	return result{says: "lost and let back in"}
}
