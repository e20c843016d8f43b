//go:build attack

package main

import (
	"encoding/hex"
	"slices"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// crowd is a group of four: alice and carol, whose engines are the victims, bob, who opened it and is its admin, and
// mallory, a member. The attack holds bob's and mallory's keys and the relay's log. What bob does is right.
type crowd struct {
	*stage
	server  *hostile.Server
	relay   *hostile.Relay // between the server and alice
	alice   *person
	carol   *person
	bob     *hostile.Member
	mallory *hostile.Member
	dave    *hostile.Member // who comes by a link, where somebody does
	room    *hostile.Room
	id      epoch.ConversationID
	conv    string // id, as the engines name it
	sent    map[account.DeviceID]uint64
}

// crowd opens the group, and everyone is in it. With state the admin changes what its members know.
func (s *stage) crowd(change ...func(*crowd, *hostile.Commitment)) *crowd {
	g := &crowd{stage: s, server: hostile.NewServer(origin), relay: hostile.New(), room: hostile.NewRoom(epoch.ConversationID{})}
	g.alice = s.newPerson(g.relay.Transport(g.server), "alice").join()
	g.carol = s.newPerson(g.server, "carol").join()
	g.bob, g.mallory = s.liar(g.server, "bob"), s.liar(g.server, "mallory")
	g.meet(g.bob, g.mallory)
	c := g.room.OpenGroup(g.bob, seconds(), "friends", hostile.Sorted([]epoch.Member{
		g.slot(g.alice.account()), g.slot(g.carol.account()), g.slot(g.mallory.Chain.ID()), g.room.Slot(g.bob.Chain, epoch.RoleAdmin),
	}))
	for _, f := range change {
		f(g, c)
		c.Fit()
	}
	g.id = g.room.ID
	g.conv = hex.EncodeToString(g.id[:])
	g.commit(c)
	for _, p := range []*person{g.alice, g.carol} {
		p.until("the group is here", func() bool { return len(p.timeline(g.conv)) > 0 })
	}
	return g
}

// meet lets the liars know everyone's keys.
func (g *crowd) meet(liars ...*hostile.Member) {
	for _, m := range liars {
		g.room.Keys[m.Device] = m.Prekey.Public()
	}
	for _, p := range []*person{g.alice, g.carol} {
		_, prekeys := g.server.Shown(p.account())
		for _, signed := range prekeys {
			g.must(g.room.Know(signed))
		}
	}
}

// slot is an account as a member.
func (g *crowd) slot(id account.ID) epoch.Member {
	links, _ := g.server.Shown(id)
	return g.room.Slot(g.chainOf(links), epoch.RoleMember)
}

// next is a member's next commit, not sent yet.
func (g *crowd) next(by *hostile.Member) *hostile.Commitment {
	return g.room.Commit(by, seconds(), g.room.Roster())
}

// commit sends a commit and goes on in its epoch.
func (g *crowd) commit(c *hostile.Commitment) epoch.Position {
	signed, err := c.Sign()
	g.must(err)
	g.server.Advance(g.id, c.Header.Number) // before anyone can follow it
	at := g.server.Append(g.id, epoch.KindCommit, signed.Event, signed.Wraps)
	g.must(c.Enter(signed))
	g.sent = map[account.DeviceID]uint64{}
	return at
}

// gone puts a member's leave and a commit that follows it into the log at once, before anyone else can commit.
func (g *crowd) gone(m *hostile.Member, next func() *hostile.Commitment) (at epoch.Position) {
	leave := g.leaves(m)
	g.room.Take(epoch.KindLeave, leave)
	c := next()
	signed, err := c.Sign()
	g.must(err)
	g.server.Advance(g.id, c.Header.Number)
	g.server.Append(g.id, epoch.KindLeave, leave, nil)
	at = g.server.Append(g.id, epoch.KindCommit, signed.Event, signed.Wraps)
	g.must(c.Enter(signed))
	g.sent = map[account.DeviceID]uint64{}
	return at
}

// say sends a liar's next message.
func (g *crowd) say(by *hostile.Member, text string) epoch.Position {
	at := g.post(g.room.Letter(by, g.sent[by.Device], text))
	g.sent[by.Device]++
	return at
}

// post sends a message, right or not.
func (g *crowd) post(l *hostile.Letter) epoch.Position {
	event, err := l.Event()
	g.must(err)
	return g.put(epoch.KindMessage, event)
}

func (g *crowd) put(kind epoch.Kind, event []byte) epoch.Position {
	at := g.server.Append(g.id, kind, event, nil)
	g.room.Take(kind, event)
	return at
}

// entered sends a commit by a liar and a message in its epoch, and says what became of them.
func (g *crowd) entered(by *hostile.Member, c *hostile.Commitment) result {
	at := g.commit(c)
	g.say(by, "in the new epoch")
	return g.after(at, at+1)
}

// after says what alice was told of an event, and whether she read the message at another position.
func (g *crowd) after(at, message epoch.Position) result {
	d := &direct{stage: g.stage, alice: g.alice, conv: g.conv}
	return d.after(at, message)
}

// everyone is the devices that are given a way back without what they had: a commit that rejoins them needs no secret of
// the epoch before.
func (g *crowd) everyone(but ...account.DeviceID) []account.DeviceID {
	var all []account.DeviceID
	for _, e := range g.room.Header.Entries() {
		if !slices.Contains(but, e.Device) {
			all = append(all, e.Device)
		}
	}
	slices.SortFunc(all, func(a, b account.DeviceID) int { return slices.Compare(a[:], b[:]) })
	return all
}

// reads tries everything on the message with a text that alice sends: the thief's room as it stood, all wraps that the
// server has, to whomever they are, with the thief's keys.
func (g *crowd) reads(thief *hostile.Member, room *hostile.Room, text string) bool {
	g.alice.send(g.conv, text)
	g.alice.until("it is sent", func() bool { return g.alice.sent(g.conv) })
	log := g.server.Log(g.id, thief.Device)
	rooms := []*hostile.Room{room}
	for _, e := range log {
		if e.Kind != epoch.KindCommit {
			continue
		}
		for _, wrap := range g.server.Wraps(g.id, e.Position) {
			for _, r := range slices.Clone(rooms) {
				twin := r.Clone()
				if twin.Follow(thief, e.Event, wrap) == nil {
					rooms = append(rooms, twin)
				}
			}
		}
	}
	for _, e := range log {
		for _, r := range rooms {
			if got, err := r.Read(e.Event); err == nil && got == text {
				return true
			}
		}
	}
	return false
}

// lettered is a message by mallory of which something is wrong.
func (g *crowd) judged(at epoch.Position, want string) result {
	text, says := g.alice.at(g.conv, at)
	return result{says: says, won: text == want}
}

// link gives the group a room link.
func withLink(secret cose.Secret, l epoch.Link) func(*crowd, *hostile.Commitment) {
	return func(_ *crowd, c *hostile.Commitment) {
		l.ID = conversation.LinkIDOf(secret)
		c.Header.Room[0].Links = []epoch.Link{l}
		c.Group.Links = []conversation.LinkSecret{{ID: l.ID, Secret: secret}}
	}
}
