//go:build attack

package main

import (
	"crypto/rand"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// linkAttack is mallory, a member, letting dave in by a room link in a way that the link does not allow.
func linkAttack(line, name, known string, play func(s *stage) result, by ...check.Name) attack {
	return attack{line: line, name: name, known: known, by: by, says: "commit-refused (link)", play: play}
}

func linkAttacks() []attack {
	const line = "room links: a wrong tag, expired, used up, replayed, a server's own room"
	const links = "WhatsApp's invite links, 2020"
	return []attack{
		{
			line: line, name: "asking to be let in without the link's secret", known: "Zoombombing, 2020",
			by: []check.Name{check.JoinTag, check.LinkSalt}, says: "passed over", play: wrongTag,
		},
		linkAttack(line, "a link that has expired", links, func(s *stage) result {
			return s.linked(epoch.Link{Expiry: seconds() - 10, Uses: 3}, nil)
		}, check.LinkExpired),
		linkAttack(line, "a link used more often than it may", "Zoombombing, 2020", func(s *stage) result {
			return s.linked(epoch.Link{Expiry: seconds() + 3600, Uses: 1}, func(g *crowd, secret [32]byte, c *hostile.Commitment) {
				c.Header.Room[0].Links[0].Used = nil // as if this were the first
				c.Fit()
			})
		}, check.LinkUses),
		linkAttack(line, "a request that was used before", "Needham and Schroeder's protocol, 1981", replayedJoin, check.LinkUsed, check.LinkUses),
		linkAttack(line, "a link that was revoked", links, revokedLink, check.LinkKnown, check.LinkExpired),
		linkAttack(line, "a request made for another group", links, func(s *stage) result {
			return s.requested(func(g *crowd, secret [32]byte) ([]byte, [32]byte) {
				return g.joins(g.dave, secret, func(j *epoch.Join) { j.Conversation[0] ^= 1 })
			})
		}, check.LinkFor),
		linkAttack(line, "a request for another key than is let in", "unknown key share: TextSecure, 2014", func(s *stage) result {
			return s.requested(func(g *crowd, secret [32]byte) ([]byte, [32]byte) {
				return g.joins(g.dave, secret, func(j *epoch.Join) { j.Prekey[0] ^= 1 })
			})
		}, check.LinkFor),
		{
			line: line, name: "a request that another device signed", known: "impersonation: Bridgefy, 2021",
			by: []check.Name{check.Signature}, says: "commit-refused (signature)", play: func(s *stage) result {
				return s.requested(func(g *crowd, secret [32]byte) ([]byte, [32]byte) {
					forged := *g.dave
					forged.Signer = g.mallory.Signer
					return g.joins(&forged, secret)
				})
			},
		},
		{
			line: line, name: "a link that outlives a removal", known: links,
			by: []check.Name{check.LinkOutlives}, says: "commit-refused (rule)", play: outlives,
		},
		{
			line: line, name: "a server's own room under the link's id", known: "Matrix, 2022: rooms the server fills",
			by: []check.Name{check.ByLink}, says: "link", play: func(s *stage) result { return ownRoom(s, false) },
		},
		{
			line: line, name: "a server's own room that claims the link", known: "Matrix, 2022: rooms the server fills",
			by: []check.Name{check.LinkSalt}, says: "wrap-unusable", play: func(s *stage) result { return ownRoom(s, true) },
		},
		{
			line: line, name: "a room that says it was asked for", known: "WhatsApp groups, 2018",
			by: []check.Name{check.NotAsked, check.LinkSalt}, says: "link", play: notAsked,
		},
	}
}

// linked lets dave in by a link, by a commit of mallory's that change spoils.
func (s *stage) linked(l epoch.Link, change func(g *crowd, secret [32]byte, c *hostile.Commitment)) result {
	secret := hostile.Secret()
	g := s.crowd(withLink(secret, l))
	g.dave = g.ghost()
	if l.Uses == 1 {
		g.commit(g.admission(g.mallory, g.liarWithKeys("erin"), secret))
	}
	c := g.admission(g.mallory, g.dave, secret)
	if change != nil {
		change(g, secret, c)
	}
	r := g.entered(g.mallory, c)
	return r
}

// requested lets dave in by a request that is not what it should be.
func (s *stage) requested(make func(g *crowd, secret [32]byte) (request []byte, tag [32]byte)) result {
	return s.linked(epoch.Link{Expiry: seconds() + 3600, Uses: 3}, func(g *crowd, secret [32]byte, c *hostile.Commitment) {
		request, tag := make(g, secret)
		c.Header.Room[0].Links[0].Used = nil
		g.admit(c, g.dave, request, tag)
		c.Fit()
	})
}

// liarWithKeys makes another member of the attacker's.
func (g *crowd) liarWithKeys(handle string) *hostile.Member {
	m := g.liar(g.server, handle)
	g.room.Keys[m.Device] = m.Prekey.Public()
	return m
}

// wrongTag lets dave ask who does not know the secret, and then erin who does. Erin comes in; whether dave did shows in
// what he can read.
func wrongTag(s *stage) result {
	secret := hostile.Secret()
	g := s.crowd(withLink(secret, epoch.Link{Expiry: seconds() + 3600, Uses: 3}))
	dave, erin := g.ghost(), g.liarWithKeys("erin")
	request, tag := g.joins(dave, secret) // the link's id is public
	tag[0] ^= 1
	g.server.Ask(g.id, dave.Device, request, tag[:])
	request, tag = g.joins(erin, secret)
	g.server.Ask(g.id, erin.Device, request, tag[:])
	in := func(m *hostile.Member) bool {
		for _, e := range g.server.Log(g.id, m.Device) {
			if e.Kind == epoch.KindCommit && len(e.Wrap) > 0 {
				return true
			}
		}
		return false
	}
	g.alice.until("erin is in", func() bool { return in(erin) && (!s.control || in(dave)) })
	if g.reads(dave, hostile.NewRoom(g.id), "only for members") {
		return result{won: true}
	}
	return result{says: "passed over"}
}

// replayedJoin lets dave in, takes him out, and lets him in again by the same request.
func replayedJoin(s *stage) result {
	secret := hostile.Secret()
	g := s.crowd(withLink(secret, epoch.Link{Expiry: seconds() + 3600, Uses: 3}))
	dave := g.ghost()
	first := g.admission(g.mallory, dave, secret)
	admitted := first.Header.Room[0].Admitted
	g.commit(first)
	g.gone(dave, func() *hostile.Commitment {
		return g.room.Commit(g.bob, seconds(), without(g.room.Roster(), dave.Chain.ID()))
	})
	c := g.room.Commit(g.mallory, seconds(), hostile.Sorted(append(g.room.Roster(), g.room.Slot(dave.Chain, epoch.RoleMember))))
	c.Header.Room[0].Admitted = admitted
	// The link counts it already: a second time would not be in order.
	c.Links[dave.Device] = secret
	c.Fit()
	return g.entered(g.mallory, c)
}

// revokedLink lets dave in by a link that bob has taken back.
func revokedLink(s *stage) result {
	secret := hostile.Secret()
	g := s.crowd(withLink(secret, epoch.Link{Expiry: seconds() + 3600, Uses: 3}))
	dave := g.ghost()
	revoked := g.next(g.bob)
	revoked.Header.Room[0].Links, revoked.Group.Links = nil, nil
	revoked.Fit()
	g.commit(revoked)
	return g.entered(g.mallory, g.admission(g.mallory, dave, secret))
}

// outlives lets bob, an admin, take carol out and keep the link that she knows.
func outlives(s *stage) result {
	g := s.crowd(withLink(hostile.Secret(), epoch.Link{Expiry: seconds() + 3600, Uses: 3}))
	c := g.next(g.bob)
	c.Header.Roster = without(c.Header.Roster, g.carol.account())
	c.Fit()
	return g.entered(g.bob, c)
}

// newcomer is dave's device as it enters: what package conversation needs of it.
func (s *stage) newcomer(g *crowd, dave *hostile.Member, secret *cose.Secret) conversation.Env {
	expiry := seconds() + uint64(account.PrekeyLife.Seconds())
	return conversation.Env{
		Account: dave.Chain.ID(), Device: dave.Device, Signer: dave.Signer, Random: rand.Reader, Primitives: cose.Native{},
		Chains: func(id account.ID) (*account.Chain, bool) {
			links, _ := g.server.Shown(id)
			if links == nil {
				return nil, false
			}
			return s.chainOf(links), true
		},
		Prekey: func(cose.Thumbprint) (*kem.PrivateKey, uint64, bool) { return dave.Prekey, expiry, true },
		LinkSecret: func(epoch.ConversationID) (cose.Secret, bool) {
			if secret == nil {
				return cose.Secret{}, false
			}
			return *secret, true
		},
	}
}

// ownRoom answers dave, who follows a link to the group, with a room of the server's under the same id: a commit of its
// ghost that lets him in. The server does not know the link's secret.
func ownRoom(s *stage, claims bool) result {
	secret := hostile.Secret()
	g := s.crowd(withLink(secret, epoch.Link{Expiry: seconds() + 3600, Uses: 3}))
	dave, ghost := g.liarWithKeys("dave"), g.liarWithKeys("ghost")
	c := g.fake(ghost, dave)
	if claims {
		request, tag := g.joins(dave, secret)
		g.admit(c, dave, request, tag)
		c.Fit() // unsalted: nobody gave the server the secret
	}
	return s.enters(g, c, dave, &secret)
}

// notAsked lets dave into a room by a request that he has not made with this device.
func notAsked(s *stage) result {
	secret := hostile.Secret()
	g := s.crowd(withLink(secret, epoch.Link{Expiry: seconds() + 3600, Uses: 3}))
	dave, ghost := g.liarWithKeys("dave"), g.liarWithKeys("ghost")
	c := g.fake(ghost, dave)
	request, tag := g.joins(dave, secret)
	g.admit(c, dave, request, tag)
	c.Fit()
	return s.enters(g, c, dave, nil)
}

// fake is a commit in the group's name whose roster is the server's ghost and its prey.
func (g *crowd) fake(ghost, prey *hostile.Member) *hostile.Commitment {
	return g.room.Commit(ghost, seconds(), hostile.Sorted([]epoch.Member{
		g.room.Slot(ghost.Chain, epoch.RoleAdmin), g.room.Slot(prey.Chain, epoch.RoleMember),
	}))
}

// enters says how a newcomer takes a commit.
func (s *stage) enters(g *crowd, c *hostile.Commitment, dave *hostile.Member, secret *cose.Secret) result {
	signed, err := c.Sign()
	s.must(err)
	event := conversation.Event{Kind: epoch.KindCommit, Event: signed.Event, Wrap: signed.Wraps[dave.Device]}
	next, out := conversation.Enter(s.newcomer(g, dave, secret), g.id, nil, event)
	if out.Err == nil && out.Lost == nil {
		return result{won: next != nil}
	}
	err = out.Err
	if err == nil {
		err = out.Lost
	}
	return result{says: string(conversation.CauseOf(err))}
}
