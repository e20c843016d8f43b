//go:build attack

package main

import (
	"context"
	"crypto/rand"
	"slices"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/client"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
)

// groupAttack is a commit by mallory, who is no admin.
func groupAttack(line, name, known string, change func(g *crowd, c *hostile.Commitment), by ...check.Name) attack {
	return attack{line: line, name: name, known: known, by: by, says: "commit-refused (rule)", play: func(s *stage) result {
		g := s.crowd()
		c := g.next(g.mallory)
		change(g, c)
		c.Fit()
		return g.entered(g.mallory, c)
	}}
}

func groupAttacks() []attack {
	const line = "ghost members; commits by a non-admin, a removed member, one who is not in the roster"
	const groups = "WhatsApp groups, 2018"
	return []attack{
		{
			line: line, name: "a ghost member that the server adds by itself", known: "GCHQ's ghost proposal, 2018; " + groups,
			by: []check.Name{check.CreatorMember, check.AdminAdds}, says: "commit-refused (rule)", play: serverGhost,
		},
		groupAttack(line, "a ghost member that a member adds who is no admin", groups, func(g *crowd, c *hostile.Commitment) {
			ghost := g.ghost()
			c.Header.Roster = hostile.Sorted(append(g.room.Roster(), g.room.Slot(ghost.Chain, epoch.RoleMember)))
		}, check.AdminAdds),
		groupAttack(line, "a member taken out by who is no admin", groups, func(g *crowd, c *hostile.Commitment) {
			c.Header.Roster = without(g.room.Roster(), g.carol.account())
		}, check.AdminRemoves),
		groupAttack(line, "a member that makes itself admin", groups, func(g *crowd, c *hostile.Commitment) {
			for i := range c.Header.Roster {
				if c.Header.Roster[i].Account == g.mallory.Chain.ID() {
					c.Header.Roster[i].Role = epoch.RoleAdmin
				}
			}
		}, check.AdminRoles),
		groupAttack(line, "the group renamed by who is no admin", groups, func(_ *crowd, c *hostile.Commitment) {
			c.Group.Name = "mallory's friends"
		}, check.AdminState),
		{
			line: line, name: "a commit by who was removed", known: "Signal groups, 2018: former members came back",
			by: []check.Name{check.CreatorMember, check.AdminAdds}, says: "commit-refused (rule)", play: removedCommits,
		},
		{
			line: line, name: "a commit by who is not in the roster and has a link", known: "WhatsApp's invite links, 2020",
			by: []check.Name{check.CreatorMember}, says: "commit-refused (rule)", play: selfAdmitted,
		},
		{
			line: line, name: "the last admin goes and leaves nobody who can remove", known: "groups that nobody administers",
			by: []check.Name{check.LastAdmin}, says: "commit-refused (rule)", play: lastAdmin,
		},
	}
}

// ghost makes a member of the attacker's that the server shows.
func (g *crowd) ghost() *hostile.Member {
	ghost := g.liar(g.server, "ghost")
	g.room.Keys[ghost.Device] = ghost.Prekey.Public()
	g.alice.open("ghost") // she knows who it is: nothing is refused for want of that
	return ghost
}

func without(roster []epoch.Member, id account.ID) []epoch.Member {
	return slices.DeleteFunc(slices.Clone(roster), func(m epoch.Member) bool { return m.Account == id })
}

// serverGhost is a commit by nobody: the server gives everyone a way into an epoch that its ghost drew.
func serverGhost(s *stage) result {
	g := s.crowd()
	ghost := g.ghost()
	c := g.room.Commit(ghost, seconds(), hostile.Sorted(append(g.room.Roster(), g.room.Slot(ghost.Chain, epoch.RoleMember))))
	c.Header.Rejoin = g.everyone()
	c.Fit()
	return g.entered(ghost, c)
}

// removedCommits lets mallory come back by herself after bob took her out.
func removedCommits(s *stage) result {
	g := s.crowd()
	roster := g.room.Roster()
	c := g.room.Commit(g.bob, seconds(), without(roster, g.mallory.Chain.ID()))
	g.commit(c)
	c = g.room.Commit(g.mallory, seconds(), roster)
	c.Header.Rejoin = g.everyone(g.mallory.Device)
	c.Fit()
	return g.entered(g.mallory, c)
}

// selfAdmitted lets dave, who has a room link, open the epoch that lets him in himself.
func selfAdmitted(s *stage) result {
	secret := hostile.Secret()
	g := s.crowd(withLink(secret, epoch.Link{Expiry: seconds() + 3600, Uses: 3}))
	dave := g.ghost()
	c := g.admission(dave, dave, secret)
	c.Header.Rejoin = g.everyone()
	c.Fit()
	return g.entered(dave, c)
}

// admission is a commit that lets a newcomer in by a room link.
func (g *crowd) admission(by, newcomer *hostile.Member, secret [32]byte) *hostile.Commitment {
	request, tag := g.joins(newcomer, secret)
	c := g.room.Commit(by, seconds(), hostile.Sorted(append(g.room.Roster(), g.room.Slot(newcomer.Chain, epoch.RoleMember))))
	g.admit(c, newcomer, request, tag)
	c.Links[newcomer.Device] = secret
	c.Fit()
	return c
}

// joins signs a newcomer's request to be let in by a link.
func (g *crowd) joins(newcomer *hostile.Member, secret [32]byte, change ...func(*epoch.Join)) (request []byte, tag [32]byte) {
	j := epoch.Join{
		Conversation: g.id, Link: conversation.LinkIDOf(secret), Account: newcomer.Chain.ID(), Device: newcomer.Device,
		Head: newcomer.Chain.Head(), Prekey: newcomer.Prekey.Public().Thumbprint(), Expiry: seconds() + 3600,
	}
	for _, f := range change {
		f(&j)
	}
	request, err := epoch.SignJoin(rand.Reader, newcomer.Signer, j)
	g.must(err)
	parsed, err := epoch.ParseJoin(request)
	g.must(err)
	return request, conversation.JoinTag(secret, parsed.Hash())
}

// admit puts an admission into a header and counts it at its link.
func (g *crowd) admit(c *hostile.Commitment, newcomer *hostile.Member, request []byte, tag [32]byte) {
	room := &c.Header.Room[0]
	room.Admitted = []epoch.Admission{{Account: newcomer.Chain.ID(), Request: request, Tag: tag}}
	parsed, err := epoch.ParseJoin(request)
	g.must(err)
	room.Links = slices.Clone(room.Links)
	for i := range room.Links {
		if l := &room.Links[i]; l.ID == parsed.Link && !slices.Contains(l.Used, parsed.ID()) {
			l.Used = append(slices.Clone(l.Used), parsed.ID())
			slices.SortFunc(l.Used, func(a, b epoch.RequestID) int { return slices.Compare(a[:], b[:]) })
		}
	}
}

// leaves signs a member's word that it goes.
func (g *crowd) leaves(m *hostile.Member) []byte {
	event, err := epoch.SignLeave(rand.Reader, m.Signer, epoch.Leave{
		Conversation: g.id, Epoch: g.room.Epoch, Seen: g.room.Seen(), Device: m.Device,
	})
	g.must(err)
	return event
}

func lastAdmin(s *stage) result {
	g := s.crowd()
	at := g.put(epoch.KindLeave, g.leaves(g.bob))
	_, says := g.alice.at(g.conv, at)
	return result{says: says, won: says == client.NoticeLeft}
}

func readingAttacks() []attack {
	const line = "the leaver and the removed read on, the newcomer reads back"
	const wraps = "an epoch that is not wrapped to them"
	return []attack{
		{
			line: line, name: "who was removed, with all that the server has", known: "Sender Keys analysed, 2023",
			instead: wraps, at: "wasm/conversation.Conversation.wrapAll", says: "cannot read",
			play: func(s *stage) result {
				g := s.crowd(aliceIsAdmin)
				act := g.alice.engine.RenewKeys(context.Background(), g.conv) // wraps the new epoch to mallory too
				if !s.control {
					act = g.alice.engine.RemoveMember(context.Background(), g.conv, g.mallory.Chain.ID().String())
				}
				s.must(act)
				g.alice.until("the new epoch is open", func() bool { return g.commits() == 2 })
				return g.spied(g.mallory)
			},
		},
		{
			line: line, name: "who has left, with all that the server has", known: "Sender Keys analysed, 2023",
			instead: wraps, at: "wasm/conversation.Conversation.wrapAll", says: "cannot read",
			play: func(s *stage) result {
				g := s.crowd()
				if !s.control {
					g.put(epoch.KindLeave, g.leaves(g.mallory))
					g.server.Close(g.id)
				}
				return g.spied(g.mallory)
			},
		},
		{
			line: line, name: "who has left, kept in the next epoch by a friend", known: "Sender Keys analysed, 2023",
			by: []check.Name{check.HasLeft}, says: "commit-refused (rule)",
			play: func(s *stage) result {
				g := s.crowd()
				at := g.gone(g.mallory, func() *hostile.Commitment { return g.next(g.bob) })
				return g.after(at, g.say(g.bob, "in the new epoch"))
			},
		},
		{
			line: line, name: "a message to an epoch that somebody has left", known: "Sender Keys analysed, 2023",
			by: []check.Name{check.Closed}, says: "not-opened (closed)",
			play: func(s *stage) result {
				g := s.crowd()
				g.server.Advance(g.id, g.room.Header.Number+1) // it takes no commit of alice's that would open another epoch first
				g.put(epoch.KindLeave, g.leaves(g.mallory))
				return g.judged(g.say(g.bob, "is she still here?"), "is she still here?")
			},
		},
		{
			line: line, name: "a newcomer reads what was before it, with all that the server has", known: "shared history: Matrix, 2022",
			instead: "an epoch key of which it has nothing", at: "wasm/conversation.Conversation.holdsInit", says: "cannot read", play: readsBack,
		},
	}
}

// aliceIsAdmin lets alice's engine decide who is in the group.
func aliceIsAdmin(g *crowd, c *hostile.Commitment) {
	for i := range c.Header.Roster {
		if c.Header.Roster[i].Account == g.alice.account() {
			c.Header.Roster[i].Role = epoch.RoleAdmin
		}
	}
}

// commits counts the commits of the group's log.
func (g *crowd) commits() int {
	n := 0
	for _, e := range g.server.Log(g.id, g.bob.Device) {
		if e.Kind == epoch.KindCommit {
			n++
		}
	}
	return n
}

// spied lets a thief read what alice writes now, with her room as it was when the group began.
func (g *crowd) spied(thief *hostile.Member) result {
	room := hostile.NewRoom(g.id)
	first := g.server.Log(g.id, thief.Device)[0]
	g.must(room.Follow(thief, first.Event, first.Wrap))
	if g.reads(thief, room, "not for mallory") {
		return result{won: true}
	}
	return result{says: "cannot read"}
}

// readsBack lets dave in and has him try on what was written before. In the control he was in the group when it was.
func readsBack(s *stage) result {
	g := s.crowd()
	dave := g.ghost()
	enter := func() {
		c := g.room.Commit(g.bob, seconds(), hostile.Sorted(append(g.room.Roster(), g.room.Slot(dave.Chain, epoch.RoleMember))))
		g.commit(c)
	}
	if s.control {
		enter()
	}
	at := g.say(g.bob, "before dave")
	g.alice.at(g.conv, at)
	if !s.control {
		enter()
	}
	if g.reads(dave, hostile.NewRoom(g.id), "after dave") && g.opens(dave, "before dave") {
		return result{won: true}
	}
	return result{says: "cannot read"}
}

// opens says whether a device opens a message with any wrap that the server has.
func (g *crowd) opens(m *hostile.Member, text string) bool {
	for _, e := range g.server.Log(g.id, m.Device) {
		if e.Kind != epoch.KindCommit {
			continue
		}
		for _, wrap := range g.server.Wraps(g.id, e.Position) {
			room := hostile.NewRoom(g.id)
			if room.Follow(m, e.Event, wrap) != nil {
				continue
			}
			for _, other := range g.server.Log(g.id, m.Device) {
				if got, err := room.Read(other.Event); err == nil && got == text {
					return true
				}
			}
		}
	}
	return false
}
