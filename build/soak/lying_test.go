package soak

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"slices"
	"sync"
	"testing"
	"time"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/client"
	"sotto/wasm/cose"
	"sotto/wasm/kem"
	"sotto/wasm/wire"
)

// TestGroupWrapAltered changes the key that a commit carries for one member of a group: it is told what it cannot read,
// asks, and is let back in by whoever is online, also when that is nobody at first.
func TestGroupWrapAltered(t *testing.T) {
	h := newHouse(t)
	relay := hostile.New()
	users := newUsers(t, h, "alice", "bob")
	alice, bob := users[0], users[1]
	carol := newUser(t, relay.Transport(h), "carol")
	carol.join()
	conv := alice.found("climbing", bob, carol)
	alice.send(conv, "one")
	all(t, conv, []string{"alice: one"}, alice, bob, carol)
	var once sync.Once
	relay.Tell(hostile.Change(func(p wire.EventPush) []wire.Body {
		if len(p.Event.Wrap) > 0 {
			once.Do(func() {
				p.Event.Wrap = bytes.Clone(p.Event.Wrap)
				p.Event.Wrap[len(p.Event.Wrap)-1] ^= 1
			})
		}
		return []wire.Body{p}
	}))
	alice.must(alice.engine.RenewKeys(t.Context(), conv))
	carol.until("told", func() bool { return slices.Contains(carol.notices(conv), client.NoticeWrapAltered) })
	carol.until("back", func() bool { return slices.Contains(carol.notices(conv), client.NoticeRejoined) })
	if !alice.has(conv, "alice renewed") {
		t.Errorf("alice's lines: %q", alice.lines(conv))
	}
	carol.send(conv, "I am here")
	alice.send(conv, "good")
	for _, u := range []*user{alice, bob, carol} {
		u.until("three texts", func() bool { return len(u.texts(conv)) == 3 && u.settled(conv) })
	}
}

// TestMemberContradicted lies to alice about carol's keys. It stops no message; alice makes no new keys for carol, but can
// take her out, and the others go on.
func TestMemberContradicted(t *testing.T) {
	h := newHouse(t)
	relay := hostile.New()
	alice := newUser(t, relay.Transport(h), "alice")
	alice.join()
	users := newUsers(t, h, "bob", "carol", "dave")
	bob, carol := users[0], users[1]
	conv := alice.found("climbing", bob, carol)
	alice.send(conv, "one")
	all(t, conv, []string{"alice: one"}, alice, bob, carol)
	carols := alice.account(conv, "carol")
	relay.Tell(hostile.Change(func(p wire.ChainPage) []wire.Body {
		if p.Handle == "carol" {
			p.Links = [][]byte{[]byte("another")}
		}
		return []wire.Body{p}
	}))
	alice.must(alice.engine.AddMembers(t.Context(), conv, []string{"dave"}))
	alice.until("told", func() bool { return slices.Contains(alice.notices(conv), client.NoticeForked) })
	alice.until("told that it cannot be done", func() bool { return slices.Contains(alice.notices(conv), client.NoticeNotDone) })
	if got := alice.blocked(conv); got != "" {
		t.Errorf("sending is blocked by %q", got)
	}
	alice.send(conv, "two")
	bob.until("two", func() bool { return len(bob.texts(conv)) == 2 })
	bob.must(bob.engine.RenewKeys(t.Context(), conv)) // the others are not stopped
	alice.until("renewed", func() bool { return alice.has(conv, "bob renewed") })
	alice.must(alice.engine.RemoveMember(t.Context(), conv, carols))
	carol.until("taken out", func() bool { return carol.view(conv).Ended == client.EndedRemoved })
	alice.must(alice.engine.AddMembers(t.Context(), conv, []string{"dave"}))
	for _, u := range []*user{alice, bob, users[2]} {
		u.until("one roster", func() bool { return u.roster(conv) == "alice* bob dave" })
	}
}

// secondPrekey signs another prekey of a device under the counter of its first.
func (u *user) secondPrekey(t *testing.T) []byte {
	t.Helper()
	signer, err := u.keys.Signer(t.Context(), "signing")
	u.must(err)
	decrypter, err := u.keys.Decrypter(t.Context(), "prekey-1")
	u.must(err)
	key, err := kem.NewPrivateKey(bytes.Repeat([]byte{7}, kem.SeedSize), decrypter)
	u.must(err)
	public, err := cose.NewRSAKey(signer.Public().(*rsa.PublicKey))
	u.must(err)
	prekey, err := account.SignPrekey(rand.Reader, signer, account.Prekey{
		Account: accountOf(t, u), Device: account.DeviceID(public.Thumbprint()), Counter: 1,
		Expiry: uint64(time.Now().Add(day).Unix()), Key: key.Public(),
	})
	u.must(err)
	return prekey
}

// TestDoubledPrekey shows alice two prekeys of bob under one counter: nothing is sealed for either.
func TestDoubledPrekey(t *testing.T) {
	relay, alice, bob, _ := newVictim(t)
	conv := alice.open(bob)
	second := bob.secondPrekey(t)
	relay.Tell(hostile.Change(func(p wire.ChainPage) []wire.Body {
		if p.Handle == "bob" {
			p.Prekeys = [][]byte{second}
		}
		return []wire.Body{p}
	}))
	alice.send(conv, "for bob only")
	alice.until("blocked", func() bool { return alice.blocked(conv) == client.NoticeDoubledPrekey })
	if alice.settled(conv) {
		t.Error("the message left")
	}
}

// TestMemberChanged points a member's handle to somebody else: nothing is sent in the group until the person decides, and
// then it goes on with those who are in it.
func TestMemberChanged(t *testing.T) {
	h := newHouse(t)
	relay := hostile.New()
	alice := newUser(t, relay.Transport(h), "alice")
	alice.join()
	users := newUsers(t, h, "bob", "carol", "mallory")
	bob, carol, mallory := users[0], users[1], users[2]
	conv := alice.found("climbing", bob, carol)
	alice.send(conv, "one")
	all(t, conv, []string{"alice: one"}, alice, bob, carol)
	relay.Tell(pointTo(accountOf(t, mallory)))
	if err := alice.engine.AddMembers(t.Context(), conv, []string{"carol"}); code(err) != client.CodeBlocked {
		t.Errorf("adding under a handle that points elsewhere: %v", err)
	}
	alice.until("blocked", func() bool { return alice.blocked(conv) == client.NoticeIdentityChanged })
	if b := alice.view(conv).Blocked; b.Detail["handle"] != "carol" || b.Detail["account"] != alice.account(conv, "carol") {
		t.Errorf("blocked: %+v", b)
	}
	if _, err := alice.engine.Send(t.Context(), conv, "for carol", ""); code(err) != client.CodeBlocked {
		t.Errorf("sending: %v", err)
	}
	alice.until("told", func() bool { return slices.Contains(alice.notices(conv), client.NoticeIdentityChanged) })
	bob.send(conv, "what is it?") // is read all the same
	alice.until("bob's text", func() bool { return len(alice.texts(conv)) == 2 })
	relay.Tell(hostile.Honest)
	if _, err := alice.engine.Accept(t.Context(), conv); err != nil {
		t.Fatal(err)
	}
	alice.send(conv, "for all of you")
	all(t, conv, []string{"alice: one", "bob: what is it?", "alice: for all of you"}, alice, bob, carol)
}

func hexBytes(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
