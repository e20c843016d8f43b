//go:build attack

package main

import (
	"context"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/client"
	"sotto/wasm/cose"
)

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
