package soak

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/client"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// newVictim is a pair of which alice is lied to, and mallory who has an account too.
func newVictim(t *testing.T) (relay *hostile.Relay, alice, bob, mallory *user) {
	h := newHouse(t)
	relay = hostile.New()
	alice, bob, mallory = newUser(t, relay.Transport(h), "alice"), newUser(t, h, "bob"), newUser(t, h, "mallory")
	for _, u := range []*user{alice, bob, mallory} {
		u.join()
	}
	return relay, alice, bob, mallory
}

const time8days = 8 * 24 * time.Hour

func accountOf(t *testing.T, u *user) account.ID {
	b, err := hex.DecodeString(u.engine.Me().Account)
	if err != nil {
		t.Fatal(err)
	}
	return account.ID(b)
}

// pointTo answers every lookup with an account.
func pointTo(id account.ID) hostile.Lie {
	return hostile.Change(func(wire.Account) []wire.Body { return []wire.Body{wire.Account{Account: id}} })
}

func (u *user) contact(conv string) client.Contact {
	u.t.Helper()
	p, err := u.engine.Contact(context.Background(), conv)
	if err != nil {
		u.t.Fatal(err)
	}
	return p
}

func (u *user) blocked(conv string) string {
	for _, c := range u.engine.Conversations() {
		if c.ID == conv && c.Blocked != nil {
			return c.Blocked.Code
		}
	}
	return ""
}

func TestKeySwappedAtFirstContact(t *testing.T) {
	relay, alice, bob, mallory := newVictim(t)
	relay.Tell(pointTo(accountOf(t, mallory)))
	withMallory := alice.contact(alice.open(bob)).SafetyNumber
	honest := bob.contact(bob.open(alice)).SafetyNumber
	if withMallory == honest {
		t.Error("the safety numbers are the same although the key was swapped")
	}
	relay.Tell(hostile.Honest)
}

func TestKeySwappedLater(t *testing.T) {
	relay, alice, bob, mallory := newVictim(t)
	conv := alice.open(bob)
	alice.send(conv, "one")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	if err := alice.engine.Verify(t.Context(), conv, true); err != nil {
		t.Fatal(err)
	}
	relay.Tell(pointTo(accountOf(t, mallory)))
	if _, err := alice.engine.Open(t.Context(), "bob"); err != nil {
		t.Fatal(err)
	}
	alice.until("blocked", func() bool { return alice.blocked(conv) == client.NoticeIdentityChanged })
	alice.until("told", func() bool { return slices.Contains(alice.notices(conv), client.NoticeIdentityChanged) })
	if _, err := alice.engine.Send(t.Context(), conv, "for bob only", ""); err == nil {
		t.Error("a message was taken for a changed identity")
	}
	if p := alice.contact(conv); p.Verified || p.Changed == nil || p.Changed.Account != mallory.engine.Me().Account {
		t.Errorf("contact: %+v", p)
	}
	next, err := alice.engine.Accept(t.Context(), conv)
	if err != nil {
		t.Fatal(err)
	}
	if next.ID == conv || next.Account != mallory.engine.Me().Account || next.Verified || next.Blocked != nil {
		t.Errorf("accepted conversation: %+v", next)
	}
	if got := alice.blocked(conv); got != client.NoticeSuperseded {
		t.Errorf("the old conversation is blocked by %q", got)
	}
}

// TestNewcomerUnderAKnownName writes first under a name that is pinned to somebody else: both conversations are stopped
// until the person decides.
func TestNewcomerUnderAKnownName(t *testing.T) {
	relay, alice, bob, mallory := newVictim(t)
	conv := alice.open(bob)
	alice.send(conv, "one")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	relay.Tell(hostile.Change(func(p wire.ChainPage) []wire.Body {
		if p.Handle == "mallory" {
			p.Handle = "bob"
		}
		return []wire.Body{p}
	}))
	theirs := mallory.open(alice)
	mallory.send(theirs, "it is me, bob")
	alice.until("both are stopped", func() bool {
		return alice.blocked(conv) == client.NoticeIdentityChanged && alice.blocked(theirs) == client.NoticeIdentityChanged
	})
	if _, err := alice.engine.Send(t.Context(), theirs, "hello bob", ""); err == nil {
		t.Error("a message was taken for who claims a name")
	}
	next, err := alice.engine.Accept(t.Context(), theirs)
	if err != nil || next.ID != theirs || next.Blocked != nil {
		t.Errorf("accept: %+v %v", next, err)
	}
	if got := alice.blocked(conv); got != client.NoticeSuperseded {
		t.Errorf("the old conversation is blocked by %q", got)
	}
}

// TestKeySwappedWhileWaiting swaps between writing and sending: the message stays here.
func TestKeySwappedWhileWaiting(t *testing.T) {
	relay, alice, bob, mallory := newVictim(t)
	conv := alice.open(bob)
	relay.Tell(pointTo(accountOf(t, mallory)))
	alice.send(conv, "for bob only")
	alice.until("blocked", func() bool { return alice.blocked(conv) == client.NoticeIdentityChanged })
	if alice.settled(conv) {
		t.Error("the message left")
	}
}

func TestReplay(t *testing.T) {
	relay, alice, bob, _ := newVictim(t)
	conv := alice.open(bob)
	alice.send(conv, "hello")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	relay.Tell(hostile.Change(func(p wire.EventPush) []wire.Body {
		if p.Event.Position != 3 {
			return []wire.Body{p}
		}
		again := p
		again.Event.Position++
		return []wire.Body{p, again}
	}))
	bob.send(conv, "pay me once")
	alice.until("told", func() bool { return slices.Contains(alice.notices(conv), client.NoticeReplayed) })
	if got := alice.texts(conv); len(got) != 2 {
		t.Errorf("alice sees %q", got)
	}
	bob.send(conv, "takes the replay's place") // in the honest log; alice has that position already
	bob.send(conv, "names a history that alice has not")
	alice.until("histories differ", func() bool { return alice.blocked(conv) == client.NoticeSplitView })
}

func TestWithheldTail(t *testing.T) {
	relay, alice, bob, _ := newVictim(t)
	conv := alice.open(bob)
	alice.send(conv, "hello")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	alice.until("delivered", func() bool { return alice.engine.Conversations()[0].Delivered >= 2 })
	keepBack := hostile.All(
		hostile.Change(func(wire.EventPush) []wire.Body { return nil }),
		hostile.Change(func(p wire.Page) []wire.Body {
			return []wire.Body{wire.Page{Head: wire.Head{Conversation: p.Head.Conversation, Position: 2, Receipts: p.Head.Receipts}, Receipts: p.Receipts}}
		}))
	relay.Tell(keepBack)
	bob.send(conv, "you will not see this")
	bob.until("sent", func() bool { return bob.settled(conv) })
	if err := bob.engine.Read(t.Context(), conv, 3); err != nil {
		t.Fatal(err)
	}
	alice.until("told", func() bool { return slices.Contains(alice.notices(conv), client.NoticeWithheld) })
	relay.Tell(hostile.Honest)
	bob.send(conv, "and this shows it all")
	alice.until("healed", func() bool { return len(alice.texts(conv)) == 3 })
}

// TestStalePrekey serves a prekey that was replaced.
func TestStalePrekey(t *testing.T) {
	h := newHouse(t)
	relay := hostile.New()
	clock := newTurning()
	alice, bob := newUser(t, relay.Transport(h), "alice"), newUser(t, h, "bob")
	for _, u := range []*user{alice, bob} {
		u.stop()
		u.clock = clock
		u.start()
		u.join()
	}
	var old [][]byte
	relay.Tell(hostile.Change(func(p wire.ChainPage) []wire.Body {
		if p.Handle == "bob" && old == nil {
			old = p.Prekeys
		}
		return []wire.Body{p}
	}))
	conv := alice.open(bob)
	alice.send(conv, "one")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	clock.turn(time8days)
	until(t, "bob's prekey is replaced", func() bool {
		_, err := bob.keys.Decrypter(context.Background(), "prekey-2")
		return err == nil
	})
	bob.until("online", func() bool { return bob.engine.Connection().State == client.StateOnline })
	alice.send(conv, "two") // in a new epoch: alice has seen the new prekey
	bob.until("two messages", func() bool { return len(bob.texts(conv)) == 2 })
	relay.Tell(hostile.Change(func(p wire.ChainPage) []wire.Body {
		if p.Handle == "bob" {
			p.Prekeys = old
		}
		return []wire.Body{p}
	}))
	clock.turn(time8days)
	alice.send(conv, "three")
	alice.until("blocked", func() bool { return alice.blocked(conv) == client.NoticeStalePrekey })
	if alice.settled(conv) {
		t.Error("the message left")
	}
}

// TestChainOfAnother answers for bob's account with mallory's chain, prekeys and all.
func TestChainOfAnother(t *testing.T) {
	relay, alice, bob, mallory := newVictim(t)
	var chain wire.ChainPage
	relay.Tell(hostile.Change(func(p wire.ChainPage) []wire.Body { chain = p; return []wire.Body{p} }))
	alice.open(mallory)
	swapped := chain
	relay.Tell(hostile.Change(func(p wire.ChainPage) []wire.Body {
		if p.Handle == "bob" {
			return []wire.Body{wire.ChainPage{Handle: "bob", Links: swapped.Links, Prekeys: swapped.Prekeys}}
		}
		return []wire.Body{p}
	}))
	_, err := alice.engine.Open(t.Context(), bob.name)
	if err == nil || !strings.Contains(err.Error(), account.ErrID.Error()) {
		t.Errorf("open: %v, want %v", err, account.ErrID)
	}
}

// TestOwnAccountChanged shows a device another prekey as its own.
func TestOwnAccountChanged(t *testing.T) {
	relay, alice, bob, _ := newVictim(t)
	conv := alice.open(bob)
	var theirs [][]byte
	relay.Tell(hostile.Change(func(p wire.ChainPage) []wire.Body {
		if p.Handle == "bob" {
			theirs = p.Prekeys
		} else if theirs != nil {
			p.Prekeys = theirs
		}
		return []wire.Body{p}
	}))
	alice.send(conv, "one")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	alice.crash()
	alice.until("an alarm", func() bool {
		alice.mu.Lock()
		defer alice.mu.Unlock()
		return slices.Contains(alice.alarms, client.AlarmDeviceUnknown)
	})
}

// TestDifferentHistories shows alice another event at a position than bob.
func TestDifferentHistories(t *testing.T) {
	relay, alice, bob, _ := newVictim(t)
	conv := alice.open(bob)
	alice.send(conv, "one")
	bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
	relay.Tell(hostile.Change(func(p wire.EventPush) []wire.Body {
		if p.Event.Kind == epoch.KindMessage {
			p.Event.Event = slices.Clone(p.Event.Event)
			p.Event.Event[len(p.Event.Event)-1] ^= 1
		}
		return []wire.Body{p}
	}))
	bob.send(conv, "two")
	alice.until("told", func() bool { return slices.Contains(alice.notices(conv), client.NoticeNotOpened) })
	relay.Tell(hostile.Honest)
	bob.send(conv, "three")
	alice.until("stopped", func() bool { return alice.blocked(conv) == client.NoticeSplitView })
}

// TestWrapAltered changes the key that a commit carries for bob: he learns whose work it was and what he cannot read, asks
// for new keys, and gets them from alice without anyone doing anything.
func TestWrapAltered(t *testing.T) {
	h := newHouse(t)
	relay := hostile.New()
	alice, bob := newUser(t, h, "alice"), newUser(t, relay.Transport(h), "bob")
	alice.join()
	bob.join()
	var once sync.Once
	alter := func(e wire.Event) wire.Event {
		if len(e.Wrap) > 0 {
			once.Do(func() {
				e.Wrap = slices.Clone(e.Wrap)
				e.Wrap[len(e.Wrap)-1] ^= 1
			})
		}
		return e
	}
	relay.Tell(hostile.Change(func(p wire.EventPush) []wire.Body {
		p.Event = alter(p.Event)
		return []wire.Body{p}
	}))
	conv := alice.open(bob)
	alice.send(conv, "hello")
	bob.until("told", func() bool { return slices.Contains(bob.notices(conv), client.NoticeWrapAltered) })
	bob.send(conv, "did you write?") // waits until he has keys
	alice.until("an answer", func() bool { return slices.Contains(alice.texts(conv), "bob: did you write?") })
	bob.until("back", func() bool { return slices.Contains(bob.notices(conv), client.NoticeRejoined) })
	alice.send(conv, "yes")
	bob.until("a message", func() bool { return slices.Contains(bob.texts(conv), "alice: yes") })
	if got := bob.blocked(conv); got != "" {
		t.Errorf("bob is blocked by %q", got)
	}
}
