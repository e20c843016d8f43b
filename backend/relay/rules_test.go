package relay_test

import (
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"sotto/backend/relay/relaytest"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// clock is the time in seconds since 1970.
func clock() uint64 { return uint64(time.Now().Unix()) }

func hashOf(kind epoch.Kind, event []byte) wire.EventHash {
	return wire.EventHash{Kind: kind, Hash: sha256.Sum256(event)}
}

// clubCase is a request to a club and the code that answers it.
type clubCase struct {
	name string
	code wire.Code
	run  func(g *club) wire.Error
}

// TestClubRefusals checks that each wrong request gets its code, leaves the log as it was and nothing is asked.
func TestClubRefusals(t *testing.T) {
	for _, c := range slices.Concat(groupRefusals(), leaveRefusals(), askRefusals()) {
		t.Run(c.name, func(t *testing.T) {
			g := newClub(t, nil)
			if got := c.run(g); got.Code != c.code {
				t.Errorf("answered with %v, want %v", got.Code, c.code)
			}
			page := relaytest.Do[wire.Page](g.a, wire.Fetch{Conversation: g.d.ID})
			if page.Head.Position != g.d.Seen.Position || len(page.Asks) != 0 {
				t.Errorf("the log goes on to %d, %d are asked", page.Head.Position, len(page.Asks))
			}
		})
	}
}

// by gives the refusal of the next commit by a person with a changed header.
func (g *club) by(c *relaytest.Client, p *relaytest.Person, change func(*epoch.Header)) wire.Error {
	g.Helper()
	h := g.d.Header(p)
	change(h)
	return c.Refused(g.d.Commit(g, p, h))
}

func (g *club) without(p *relaytest.Person) func(*epoch.Header) {
	return func(h *epoch.Header) {
		h.Roster = slices.DeleteFunc(h.Roster, func(m epoch.Member) bool { return m.Account == p.Account })
	}
}

func (g *club) withRole(p *relaytest.Person, role epoch.Role) func(*epoch.Header) {
	return func(h *epoch.Header) {
		for i := range h.Roster {
			if h.Roster[i].Account == p.Account {
				h.Roster[i].Role = role
			}
		}
	}
}

func groupRefusals() []clubCase {
	return []clubCase{
		{"a member adds", wire.CodeCommitRefused, func(g *club) wire.Error {
			g.d.Invite(g.dave)
			return g.by(g.b, g.bob, func(*epoch.Header) {})
		}},
		{"a member removes", wire.CodeCommitRefused, func(g *club) wire.Error { return g.by(g.b, g.bob, g.without(g.carol)) }},
		{"a member makes itself admin", wire.CodeCommitRefused, func(g *club) wire.Error {
			return g.by(g.b, g.bob, g.withRole(g.bob, epoch.RoleAdmin))
		}},
		{"a member changes the state", wire.CodeCommitRefused, func(g *club) wire.Error {
			return g.by(g.b, g.bob, func(h *epoch.Header) { h.Room[0].State[0] ^= 1 })
		}},
		{"a member makes a link", wire.CodeCommitRefused, func(g *club) wire.Error {
			return g.by(g.b, g.bob, func(h *epoch.Header) { h.Room[0].Links = append(h.Room[0].Links, newLink(2, 1)) })
		}},
		{"a link outlives a removal", wire.CodeCommitRefused, func(g *club) wire.Error { return g.by(g.a, g.alice, g.without(g.bob)) }},
		{"nobody is admin", wire.CodeCommitRefused, func(g *club) wire.Error {
			return g.by(g.a, g.alice, g.withRole(g.alice, epoch.RoleMember))
		}},
		{"a stranger commits", wire.CodeNotMember, func(g *club) wire.Error {
			g.d.Invite(g.dave)
			return g.by(g.v, g.dave, func(*epoch.Header) {})
		}},
		{"a group becomes direct", wire.CodeCommitRefused, func(g *club) wire.Error {
			return g.by(g.a, g.alice, func(h *epoch.Header) { h.Room = nil })
		}},
		{"a group under another id", wire.CodeCommitRefused, func(g *club) wire.Error {
			other := relaytest.Group(g.alice, g.bob)
			h := other.Header(g.alice)
			h.Time++ // another header 0 has another id
			return g.a.Refused(other.Commit(g, g.alice, h))
		}},
		{"another history", wire.CodeCommitRefused, func(g *club) wire.Error {
			return g.by(g.a, g.alice, func(h *epoch.Header) { h.Seen.Log[0] ^= 1 })
		}},
		{"history beyond the head", wire.CodeCommitRefused, func(g *club) wire.Error {
			return g.by(g.a, g.alice, func(h *epoch.Header) { h.Seen.Position++ })
		}},
		{"history before the epoch", wire.CodeCommitRefused, func(g *club) wire.Error {
			return g.by(g.a, g.alice, func(h *epoch.Header) { h.Seen = epoch.Seen{Log: epoch.LogStart(h.Conversation)} })
		}},
		{"history before one's own message", wire.CodeStaleEpoch, func(g *club) wire.Error {
			m := g.d.Message(g.alice, 0, 10)
			relaytest.Do[wire.Stored](g.a, m)
			defer g.d.Take(g, epoch.KindMessage, m.Event)
			return g.by(g.a, g.alice, func(*epoch.Header) {})
		}},
		{"a leaver stays, unknown to the creator", wire.CodeStaleEpoch, func(g *club) wire.Error {
			seen := g.d.Seen
			g.leave(g.b, g.bob)
			return g.by(g.a, g.alice, func(h *epoch.Header) { h.Seen = seen })
		}},
		{"a leaver stays, known to the creator", wire.CodeCommitRefused, func(g *club) wire.Error {
			g.leave(g.b, g.bob)
			return g.by(g.a, g.alice, func(*epoch.Header) {})
		}},
		{"a leaver commits", wire.CodeCommitRefused, func(g *club) wire.Error {
			g.leave(g.b, g.bob)
			return g.by(g.b, g.bob, func(*epoch.Header) {})
		}},
		{"admitted without having asked", wire.CodeCommitRefused, func(g *club) wire.Error {
			g.d.Admit(g, g.dave, g.mallory.Join(g, g.d.Joining(g.mallory, epoch.LinkID{1})))
			return g.by(g.b, g.bob, func(*epoch.Header) {})
		}},
		{"admitted and not counted", wire.CodeCommitRefused, func(g *club) wire.Error {
			g.d.Admit(g, g.dave, g.join(same))
			return g.by(g.b, g.bob, func(h *epoch.Header) { h.Room[0].Links[0].Used = nil })
		}},
		{"admitted by an altered request", wire.CodeCommitRefused, func(g *club) wire.Error {
			g.d.Admit(g, g.dave, g.altered(g.join(same), func(a *wire.Ask) { a.Ask = flipped(a.Ask) }))
			return g.by(g.b, g.bob, func(*epoch.Header) {})
		}},
	}
}

// left gives the refusal of bob's leave with changed fields.
func (g *club) left(c *relaytest.Client, change func(*epoch.Leave)) wire.Error {
	g.Helper()
	l := g.d.Leaving(g.bob)
	change(&l)
	return c.Refused(g.bob.Leave(g, l))
}

func leaveRefusals() []clubCase {
	return []clubCase{
		{"leave too large", wire.CodeTooLarge, func(g *club) wire.Error {
			return g.b.Refused(wire.Leave{Conversation: g.d.ID, Event: make([]byte, wire.MaxLeaveEvent+1)})
		}},
		{"leave that is none", wire.CodeMalformed, func(g *club) wire.Error {
			return g.b.Refused(wire.Leave{Conversation: g.d.ID, Event: make([]byte, wire.MaxLeaveEvent)})
		}},
		{"leave under another id", wire.CodeMalformed, func(g *club) wire.Error {
			request := g.bob.Leave(g, g.d.Leaving(g.bob))
			request.Conversation[0] ^= 1
			return g.b.Refused(request)
		}},
		{"leave for another", wire.CodeWrongSender, func(g *club) wire.Error { return g.c.Refused(g.bob.Leave(g, g.d.Leaving(g.bob))) }},
		{"leave altered", wire.CodeCommitRefused, func(g *club) wire.Error {
			request := g.bob.Leave(g, g.d.Leaving(g.bob))
			request.Event = flipped(request.Event)
			return g.b.Refused(request)
		}},
		{"leave of a stranger", wire.CodeNotMember, func(g *club) wire.Error { return g.v.Refused(g.dave.Leave(g, g.d.Leaving(g.dave))) }},
		{"leave of nothing", wire.CodeNotMember, func(g *club) wire.Error {
			return g.left(g.b, func(l *epoch.Leave) { l.Conversation[0] ^= 1 })
		}},
		{"leave of another epoch", wire.CodeStaleEpoch, func(g *club) wire.Error {
			return g.left(g.b, func(l *epoch.Leave) { l.Epoch[0] ^= 1 })
		}},
		{"leave with another history", wire.CodeCommitRefused, func(g *club) wire.Error {
			return g.left(g.b, func(l *epoch.Leave) { l.Seen.Log[0] ^= 1 })
		}},
		{"leave of the last admin", wire.CodeCommitRefused, func(g *club) wire.Error {
			return g.a.Refused(g.alice.Leave(g, g.d.Leaving(g.alice)))
		}},
		{"leave of the last admin, to whom another's is unknown", wire.CodeStaleEpoch, func(g *club) wire.Error {
			request := g.alice.Leave(g, g.d.Leaving(g.alice))
			g.leave(g.b, g.bob)
			return g.a.Refused(request)
		}},
		{"leave of a direct conversation", wire.CodeCommitRefused, func(g *club) wire.Error {
			d := relaytest.Between(g.alice, g.bob)
			g.a.Open(d, g.alice)
			return g.a.Refused(g.alice.Leave(g, d.Leaving(g.alice)))
		}},
	}
}

// TestLastLeaves has everyone go but one, who is admin then, and that one too: nobody stays.
func TestLastLeaves(t *testing.T) {
	g := newClub(t, nil)
	g.leave(g.b, g.bob)
	g.leave(g.c, g.carol)
	if at := g.leave(g.a, g.alice); at != 4 {
		t.Errorf("the last leave is at %d", at)
	}
	if got := g.by(g.a, g.alice, func(*epoch.Header) {}); got.Code != wire.CodeCommitRefused {
		t.Errorf("a commit when nobody is there any more: %v", got.Code)
	}
}
