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
	"sotto/wasm/cose"
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

func chainAttacks() []attack {
	const line = "ghost devices; chains rolled back or forked"
	return []attack{
		{
			line: line, name: "a device that the server adds", known: "Matrix, 2022; GCHQ's ghost proposal, 2018",
			by: []check.Name{check.Signature}, says: "server-lied (signature does not verify)", play: serverDevice,
		},
		{
			line: line, name: "a device added without its request", known: "unknown key share: TextSecure, 2014",
			by: []check.Name{check.Request}, says: "server-lied (signature does not verify)", play: deviceWithoutRequest,
		},
		{
			line: line, name: "a device's request for another account", known: "linked devices by a foreign QR code: Signal, 2025",
			by:   []check.Name{check.RequestAccount, check.RequestFresh},
			says: "server-lied (link or request is for another account)", play: requestForAnother,
		},
		{
			line: line, name: "a device's request of another time", known: "Needham and Schroeder's protocol, 1981",
			by:   []check.Name{check.RequestFresh},
			says: "server-lied (device did not ask to be added here and now)", play: requestOfOld,
		},
		{
			line: line, name: "a chain without the link that revoked a device", known: "rollback: TUF, 2010",
			by: []check.Name{check.RolledBack}, says: client.NoticeRolledBack, play: rolledBack,
		},
		{
			line: line, name: "two links of one number", known: "equivocation: CONIKS, 2015",
			by: []check.Name{check.Forked}, says: client.NoticeForked, play: forkedChain,
		},
		{
			line: line, name: "a link by a device that was revoked", known: "revocation that fails open: browsers, 2012",
			by: []check.Name{check.LinkSigner}, says: "server-lied (device is not active in the account)", play: revokedSigner,
		},
		{
			line: line, name: "a link that does not follow the one before", known: "rollback: TUF, 2010",
			by: []check.Name{check.LinkNext, check.RequestFresh}, says: "server-lied (link has another number than its place)", play: linkOfAnotherPlace,
		},
	}
}

// devices opens bob's account and counts its devices.
func (w *swap) devices(want int) result {
	conv, err := w.alice.tryOpen("bob")
	if err != nil {
		return result{says: codeOf(err)}
	}
	contact, err := w.alice.engine.Contact(context.Background(), conv)
	w.must(err)
	return result{won: len(contact.Devices) == want}
}

// device makes a device's key without an account.
func (s *stage) device(name string) *hostile.Member {
	m, err := hostile.NewDevice(name, pool.Next)
	s.must(err)
	return m
}

// ask signs a device's request to join an account as it is.
func (s *stage) ask(d, into *hostile.Member) []byte {
	request, err := d.Ask(into.Chain.ID(), into.Chain.Head())
	s.must(err)
	return request
}

// link signs a link behind a member's chain and gives the chain with it, whether it is right or not.
func (s *stage) link(m *hostile.Member, l account.Link) [][]byte {
	link, err := m.Link(l)
	s.must(err)
	return append(m.Links[:len(m.Links):len(m.Links)], link)
}

// serverDevice shows bob's account with a device of the server's, by a link with a signature of the server's.
func serverDevice(s *stage) result {
	w := s.swap()
	ghost := s.device("ghost")
	forger := *w.bob
	forger.Signer = ghost.Signer
	w.server.Show(w.bob.Chain.ID(), s.link(&forger, account.Link{Kind: account.LinkAdd, Request: s.ask(ghost, w.bob)}), nil)
	return w.devices(2)
}

// deviceWithoutRequest lets bob, who lies, take carol's device into his account: what she writes would be his.
func deviceWithoutRequest(s *stage) result {
	w := s.swap()
	carol := s.device("carol")
	forger := *carol
	forger.Signer = w.bob.Signer
	w.server.Show(w.bob.Chain.ID(), s.link(w.bob, account.Link{Kind: account.LinkAdd, Request: s.ask(&forger, w.bob)}), nil)
	return w.devices(2)
}

// requestForAnother takes a device's request to join carol's account into bob's.
func requestForAnother(s *stage) result {
	w := s.swap()
	request := s.ask(s.device("new"), s.liar(nil, "carol"))
	w.server.Show(w.bob.Chain.ID(), s.link(w.bob, account.Link{Kind: account.LinkAdd, Request: request}), nil)
	return w.devices(2)
}

func requestOfOld(s *stage) result {
	w := s.swap()
	request := s.ask(s.device("new"), w.bob)
	links := s.link(w.bob, account.Link{Kind: account.LinkAdd, Request: request, Time: seconds() + 7200})
	w.server.Show(w.bob.Chain.ID(), links, nil)
	r := w.devices(2)
	return r
}

// enlarged gives bob a second device, which alice knows of, and its prekey.
func (w *swap) enlarged() (second *hostile.Member) {
	second = w.device("bob's second")
	w.must(w.bob.Extend(account.Link{Kind: account.LinkAdd, Request: w.ask(second, w.bob)}))
	second.Chain, second.Links = w.bob.Chain, w.bob.Links
	w.must(second.Renew())
	w.show(w.bob.Links, w.bob, second)
	return second
}

// show makes the server show bob's account with links and the prekeys of devices.
func (w *swap) show(links [][]byte, devices ...*hostile.Member) {
	prekeys := map[account.DeviceID][]byte{}
	for _, d := range devices {
		prekeys[d.Device] = d.Signed
	}
	w.server.Show(w.bob.Chain.ID(), links, prekeys)
}

// rolledBack takes back that a stolen device was revoked.
func rolledBack(s *stage) result {
	w := s.swap()
	stolen := w.enlarged()
	before := w.bob.Links
	conv := w.alice.open("bob")
	w.alice.send(conv, "hello")
	w.alice.until("sent", func() bool { return w.alice.sent(conv) })
	s.must(w.bob.Extend(account.Link{Kind: account.LinkRevoke, Device: stolen.Device}))
	w.show(w.bob.Links, w.bob)
	w.alice.open("bob") // alice sees that it was revoked
	w.show(before, w.bob, stolen)
	w.renew()
	w.alice.send(conv, "not for the thief")
	won := w.reads(conv, stolen, "not for the thief")
	return result{says: w.alice.blocked(conv), won: won}
}

// forkedChain shows alice another link in the place of one that she knows, with a device of the attacker's in it.
func forkedChain(s *stage) result {
	w := s.swap()
	second, ghost := s.device("bob's second"), s.device("ghost")
	fork := s.link(w.bob, account.Link{Kind: account.LinkAdd, Request: s.ask(ghost, w.bob)})
	s.must(w.bob.Extend(account.Link{Kind: account.LinkAdd, Request: s.ask(second, w.bob)}))
	chain, err := account.ParseChain(cose.Native{}, fork)
	s.must(err)
	ghost.Chain = chain
	s.must(ghost.Renew())
	w.show(w.bob.Links, w.bob)
	conv := w.alice.open("bob")
	w.show(fork, w.bob, ghost)
	w.alice.send(conv, "not for the ghost")
	won := w.reads(conv, ghost, "not for the ghost")
	return result{says: w.alice.blocked(conv), won: won}
}

// revokedSigner lets a device add another after it was revoked.
func revokedSigner(s *stage) result {
	w := s.swap()
	stolen := w.enlarged()
	s.must(w.bob.Extend(account.Link{Kind: account.LinkRevoke, Device: stolen.Device}))
	stolen.Chain, stolen.Links = w.bob.Chain, w.bob.Links
	links := s.link(stolen, account.Link{Kind: account.LinkAdd, Request: s.ask(s.device("the thief's"), w.bob)})
	w.show(links, w.bob)
	return w.devices(2)
}

// linkOfAnotherPlace shows the link of a chain without the one before it, in which a device was revoked.
func linkOfAnotherPlace(s *stage) result {
	w := s.swap()
	stolen := w.enlarged()
	s.must(w.bob.Extend(account.Link{Kind: account.LinkRevoke, Device: stolen.Device}))
	links := s.link(w.bob, account.Link{Kind: account.LinkAdd, Request: s.ask(s.device("third"), w.bob)})
	w.show(append(links[:2:2], links[3]), w.bob, stolen)
	return w.devices(2) // the stolen one counts
}
