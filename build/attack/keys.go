//go:build attack

package main

import (
	"context"
	"sync/atomic"
	"time"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/client"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// swap is alice with the relay's word for who bob is, and mallory whom it may give her instead.
type swap struct {
	*stage
	server *hostile.Server
	alice  *person
	bob    *hostile.Member
	liar   *hostile.Member
	clock  *turning
}

func (s *stage) swap() *swap {
	w := &swap{stage: s, server: hostile.NewServer(origin), clock: &turning{}}
	w.alice = s.newPerson(w.server, "alice")
	w.alice.stop()
	w.alice.clock = w.clock
	w.alice.boot()
	w.alice.join()
	w.bob, w.liar = s.liar(w.server, "bob"), s.liar(w.server, "mallory")
	return w
}

// reads waits until alice's message has left, or cannot, and says whether a device could read it.
func (w *swap) reads(conv string, by *hostile.Member, text string) bool {
	id := w.id(conv)
	w.alice.until("the message has left or cannot", func() bool {
		return w.alice.sent(conv) || w.alice.blocked(conv) != ""
	})
	room := hostile.NewRoom(id)
	for _, e := range w.server.Log(id, by.Device) {
		if e.Kind == epoch.KindCommit {
			if len(e.Wrap) == 0 || room.Follow(by, e.Event, e.Wrap) != nil {
				room.Take(e.Kind, e.Event)
			}
			continue
		}
		if room.Header != nil {
			if got, err := room.Read(e.Event); err == nil && got == text {
				return true
			}
		}
		room.Take(e.Kind, e.Event)
	}
	return false
}

func (s *stage) id(conv string) epoch.ConversationID {
	var id epoch.ConversationID
	s.must(decodeHex(id[:], conv))
	return id
}

// renew lets a day pass, so that alice's next message opens an epoch and she asks the relay for everyone's keys.
func (w *swap) renew() { w.clock.turn(25 * time.Hour) }

func keyAttacks() []attack {
	const line = "keys swapped at first contact and later, account ids, prekeys"
	return []attack{
		{
			line: line, name: "another's key at first contact", known: "every directory of keys; Signal's safety numbers, 2016",
			instead: "two people who compare safety numbers", at: "wasm/account.SafetyNumber", says: "the safety numbers differ",
			play: swappedFirst,
		},
		{
			line: line, name: "another's key later", known: "WhatsApp, 2017: sent on to a changed key",
			by: []check.Name{check.HandlePin}, says: client.NoticeIdentityChanged, play: swappedLater,
		},
		{
			line: line, name: "a stranger who comes under a known name", known: "unknown key share: TextSecure, 2014",
			by: []check.Name{check.HandlePin}, says: client.NoticeIdentityChanged, play: knownName,
		},
		{
			line: line, name: "an account id that is not the hash of link 0", known: "Matrix, 2022: ids taken for keys",
			by: []check.Name{check.AccountID, check.HandlePin}, says: "server-lied (account id is not the hash of link 0)", play: otherChain,
		},
		{
			line: line, name: "a prekey that the device did not sign", known: "iMessage's key directory, 2016",
			by: []check.Name{check.Signature}, says: "server-lied (signature does not verify)", play: unsignedPrekey,
		},
		{
			line: line, name: "a prekey that was replaced, served again", known: "X3DH's server trust, 2016",
			by: []check.Name{check.PrekeyCounter}, says: client.NoticeStalePrekey, play: stalePrekey,
		},
		{
			line: line, name: "two prekeys of one counter", known: "equivocation: CONIKS, 2015",
			by: []check.Name{check.PrekeyOne}, says: client.NoticeDoubledPrekey, play: doubledPrekey,
		},
		{
			line: line, name: "another prekey as one's own", known: "Threema, 2023: a cloned device",
			by: []check.Name{check.OwnAccount}, says: client.AlarmDeviceUnknown, play: ownAccount,
		},
	}
}

// swappedFirst gives alice mallory's account for bob's name. Whether she sends depends on whether they compare.
func swappedFirst(s *stage) result {
	w := s.swap()
	w.server.Point("bob", w.liar.Chain.ID())
	conv := w.alice.open("bob")
	contact, err := w.alice.engine.Contact(context.Background(), conv)
	s.must(err)
	if theirs := account.SafetyNumber(w.bob.Chain.ID(), w.alice.account()); !s.control && contact.SafetyNumber != theirs {
		return result{says: "the safety numbers differ"}
	}
	w.alice.send(conv, "for bob only")
	return result{won: w.reads(conv, w.liar, "for bob only")}
}

func swappedLater(s *stage) result {
	w := s.swap()
	conv := w.alice.open("bob")
	s.must(w.alice.engine.Verify(context.Background(), conv, true))
	w.server.Point("bob", w.liar.Chain.ID())
	conv = w.alice.open("bob")
	if _, err := w.alice.engine.Send(context.Background(), conv, "for bob only", ""); err != nil {
		return result{says: w.alice.blocked(conv)}
	}
	return result{won: w.reads(conv, w.liar, "for bob only")}
}

// knownName lets mallory write to alice first, under bob's name.
func knownName(s *stage) result {
	d := s.direct()
	d.alice.open("bob")
	d.alice.send(d.conv, "hello")
	liar := s.liar(d.server, "mallory")
	liar.Handle = "bob"
	d.server.Enrol(liar)
	theirs := &direct{stage: s, server: d.server, relay: d.relay, alice: d.alice, bob: liar}
	theirs.meet(d.alice.account(), liar)
	theirs.commit(theirs.next())
	theirs.say("it is me, bob")
	d.alice.until("the message is there", func() bool { return d.alice.has(theirs.conv, "it is me, bob") })
	d.alice.until("both are blocked or none", func() bool { return (d.alice.blocked(d.conv) == "") == (d.alice.blocked(theirs.conv) == "") })
	says := d.alice.blocked(theirs.conv)
	return result{says: says, won: says == ""}
}

// otherChain answers for bob's account with mallory's chain and prekeys.
func otherChain(s *stage) result {
	w := s.swap()
	w.server.Show(w.bob.Chain.ID(), w.liar.Links, map[account.DeviceID][]byte{w.liar.Device: w.liar.Signed})
	conv, err := w.alice.tryOpen("bob")
	if err != nil {
		return result{says: codeOf(err)}
	}
	w.alice.send(conv, "for bob only")
	return result{won: w.reads(conv, w.liar, "for bob only")}
}

// unsignedPrekey gives mallory's key as the prekey of bob's device, with a signature by mallory.
func unsignedPrekey(s *stage) result {
	w := s.swap()
	forger := *w.bob
	forger.Signer, forger.Prekey = w.liar.Signer, w.liar.Prekey
	signed, err := forger.SignPrekey(w.liar.Prekey.Public(), 1)
	s.must(err)
	w.server.Show(w.bob.Chain.ID(), nil, map[account.DeviceID][]byte{w.bob.Device: signed})
	conv, err := w.alice.tryOpen("bob")
	if err != nil {
		return result{says: codeOf(err)}
	}
	w.alice.send(conv, "for bob only")
	return result{won: w.reads(conv, &forger, "for bob only")}
}

// stalePrekey serves the prekey again that a thief has and bob has replaced.
func stalePrekey(s *stage) result {
	w := s.swap()
	thief := *w.bob
	conv := w.alice.open("bob")
	s.must(w.bob.Renew())
	w.server.Enrol(w.bob)
	w.alice.open("bob") // alice sees the new one
	w.server.Show(w.bob.Chain.ID(), nil, map[account.DeviceID][]byte{w.bob.Device: thief.Signed})
	w.alice.send(conv, "for bob only")
	won := w.reads(conv, &thief, "for bob only")
	return result{says: w.alice.blocked(conv), won: won}
}

// doubledPrekey gives alice another prekey than everyone else under one counter, signed by bob's stolen key.
func doubledPrekey(s *stage) result {
	w := s.swap()
	conv := w.alice.open("bob")
	thief := *w.bob
	s.must(thief.Renew())
	signed, err := thief.SignPrekey(thief.Prekey.Public(), 1)
	s.must(err)
	w.server.Show(w.bob.Chain.ID(), nil, map[account.DeviceID][]byte{w.bob.Device: signed})
	w.alice.send(conv, "for bob only")
	won := w.reads(conv, &thief, "for bob only")
	return result{says: w.alice.blocked(conv), won: won}
}

// ownAccount shows alice another prekey as her own device's. An engine looks at its own account before it asks for its
// conversations.
func ownAccount(s *stage) result {
	d := s.strangers()
	d.server.Show(d.alice.account(), nil, map[account.DeviceID][]byte{d.bob.Device: d.bob.Signed})
	var asked atomic.Bool
	d.relay.Tell(hostile.Change(func(p wire.ConversationPage) []wire.Body {
		asked.Store(true)
		d.alice.event(nil) // wakes who waits
		return []wire.Body{p}
	}))
	d.server.Cut()
	d.alice.engine.Connect()
	d.alice.until("she is told or goes on", func() bool { return d.alice.alarmed() != "" || asked.Load() })
	says := d.alice.alarmed()
	return result{says: says, won: says == ""}
}
