package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"testing"

	"sotto/build/hostile"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// grouping gives alice, who is lied to later, in a group that bob made with her and carol.
func grouping(t *testing.T) (s *server, relay *hostile.Relay, alice *tab, bob, carol *friend, group string) {
	t.Helper()
	s, relay, address := newLiar(t)
	bob, carol, alice = newFriend(t, s.url(), "bob"), newFriend(t, s.url(), "carol"), newProfile(t, "alice").tab()
	alice.join(address)
	group = bob.group("Climbing", "alice", "carol")
	alice.chooseGroup("Climbing")
	alice.told("bob let you in")
	alice.say("hello")
	bob.has(group, "hello")
	carol.has(group, "hello")
	return s, relay, alice, bob, carol, group
}

// ghost makes the relay put an account, which it knows from a commit that it passed on, into the next change of a group.
type ghost struct {
	mu      sync.Mutex
	friend  *friend
	account string
	member  *epoch.Member
}

// lie learns who the ghost is, and adds it where it is not.
func (g *ghost) lie(group string) hostile.Lie {
	return hostile.Change(func(p wire.EventPush) []wire.Body {
		commit, err := epoch.ParseCommit(p.Event.Event)
		if p.Event.Kind != epoch.KindCommit || err != nil {
			return []wire.Body{p}
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		for _, m := range commit.Header.Roster {
			if hex.EncodeToString(m.Account[:]) == g.account {
				g.member = &m
			}
		}
		if p.Conversation.String() == group && g.member != nil {
			p.Event.Event = g.among(commit)
		}
		return []wire.Body{p}
	})
}

// among gives a commit with the ghost in its roster, signed by the ghost, as the relay has no key of the commit's maker.
func (g *ghost) among(commit *epoch.Commit) []byte {
	g.friend.t.Helper()
	h := *commit.Header
	m := *g.member
	m.Role = epoch.RoleMember
	h.Roster = append(slices.Clone(h.Roster), m)
	slices.SortFunc(h.Roster, func(a, b epoch.Member) int { return bytes.Compare(a.Account[:], b.Account[:]) })
	wraps := slices.Insert(slices.Clone(commit.Wraps), slices.IndexFunc(h.Entries(), func(e epoch.Entry) bool {
		return e.Account == m.Account
	}), bytes.Repeat([]byte{7}, 32))
	signer, err := g.friend.keys.Signer(context.Background(), "signing")
	if err != nil {
		g.friend.t.Fatal(err)
	}
	forged, err := epoch.SignCommit(rand.Reader, signer, &h, commit.Confirm, wraps)
	if err != nil {
		g.friend.t.Fatal(err)
	}
	return forged
}

// knows says whether the relay has learnt who the ghost is.
func (g *ghost) knows() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.member != nil
}

// TestGhostMember adds somebody to the group who was added by nobody in it: the change is refused and told, and the
// list of members is as before.
func TestGhostMember(t *testing.T) {
	t.Parallel()
	s, relay, alice, bob, _, group := grouping(t)
	mallory := newFriend(t, s.url(), "mallory")
	g := &ghost{friend: mallory, account: mallory.engine.Me().Account}
	relay.Tell(g.lie(group))
	mallory.say(mallory.meet("alice"), "may I come too?")
	until(t, "the relay knows mallory's keys", g.knows)
	if err := bob.engine.RenewKeys(context.Background(), group); err != nil {
		t.Fatal(err)
	}
	says(t, "the notice", alice.noticed("commit-refused"), "A change of keys was refused", "Its signature does not fit its sender")
	alice.panel()
	alice.lists("alice (you)", "bob Admin", "carol")
	alice.shut()
	if strings.Contains(alice.lines(), "mallory") {
		t.Errorf("alice is told %q", alice.lines())
	}
}

// TestKeySwappedInGroup hands out mallory's account for bob's name: the group says about whom, takes no message until
// alice has decided, and goes on when she has.
func TestKeySwappedInGroup(t *testing.T) {
	t.Parallel()
	s, relay, alice, bob, _, group := grouping(t)
	mallory := newFriend(t, s.url(), "mallory")
	relay.Tell(pointTo(t, mallory))
	alice.click(whoField)
	alice.insert("bob")
	alice.key("Enter")
	alice.opened("bob")
	alice.chooseGroup("Climbing")
	says(t, "the notice", alice.noticed("identity-changed"), "The name bob now belongs to another account", "Sending stops until you decide")
	says(t, "the screen", alice.blocked(), "The name bob now belongs to another account", "One of the two accounts is in this group")
	alice.press("Review")
	honest, other := alice.number(0), alice.number(1)
	if honest == other {
		t.Error("both accounts have the same number")
	}
	says(t, "the panel", alice.read(css("sotto-contact dialog")+".innerText"), "One of the two accounts is in this group", "an admin should remove it")
	alice.press("Go on with this member")
	alice.until("decided", named("Go on with this member")+` === undefined`)
	alice.shut()
	alice.say("decided")
	bob.has(group, "hello", "decided")
	if c := mallory.engine.Conversations(); len(c) != 0 {
		t.Errorf("mallory has %+v", c)
	}
}

// TestWithheldInGroup keeps back a message of bob while carol's receipt tells of it.
func TestWithheldInGroup(t *testing.T) {
	t.Parallel()
	_, relay, alice, bob, carol, group := grouping(t)
	at := carol.last(group)
	relay.Tell(hostile.All(
		hostile.Change(func(wire.EventPush) []wire.Body { return nil }),
		hostile.Change(func(p wire.Page) []wire.Body {
			head := wire.Head{Conversation: p.Head.Conversation, Position: at, Receipts: p.Head.Receipts}
			return []wire.Body{wire.Page{Head: head, Receipts: p.Receipts}}
		})))
	bob.say(group, "you will not see this")
	carol.has(group, "hello", "you will not see this")
	carol.seen(group)
	says(t, "the notice", alice.noticed("withheld"), "The server keeps back messages", "that it does not hand over")
	alice.shows("> hello")
	relay.Tell(hostile.Honest)
	bob.say(group, "and this shows it all")
	alice.shows("> hello", "you will not see this", "and this shows it all")
}
