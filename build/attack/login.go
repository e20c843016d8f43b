//go:build attack

package main

import (
	"context"
	"crypto/rand"
	"net/netip"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/backend/store/sqlite"
	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/client"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// house is an honest relay with its store; here it is the one that is attacked.
type house struct {
	*stage
	relay *relay.Relay
}

func (s *stage) house(limits relay.Limits) *house {
	store, err := sqlite.Open(context.Background(), s.dir())
	s.must(err)
	r := relay.New(relay.Options{Store: store, Registration: true, Limits: limits})
	s.cleanup(func() {
		r.Close()
		_ = store.Close()
	})
	return &house{stage: s, relay: r}
}

// session is a connection with it.
type session struct {
	*stage
	conn  *relaytest.End
	hello wire.Hello
	id    uint64
}

func (h *house) session() *session {
	theirs, ours := relaytest.Pipe()
	go h.relay.Serve(theirs, relay.Peer{Origin: origin, Address: netip.MustParseAddr("127.0.0.1")})
	c := &session{stage: h.stage, conn: ours}
	h.cleanup(func() { _ = ours.Close() })
	h.must(wire.DecodeBody(c.next(), &c.hello))
	return c
}

func (c *session) next() wire.Frame {
	data, err := c.conn.Read(context.Background())
	c.must(err)
	f, err := wire.Decode(data)
	c.must(err)
	return f
}

// ask sends a request and gives what refuses it; pushes are passed over.
func (c *session) ask(body wire.Body) (refused string, answer wire.Frame) {
	c.id++
	c.must(c.conn.Write(context.Background(), wire.Encode(c.id, body)))
	for {
		f := c.next()
		if f.ID != c.id {
			continue
		}
		var e wire.Error
		if f.Kind == wire.KindError {
			c.must(wire.DecodeBody(f, &e))
			return e.Code.String(), f
		}
		return "", f
	}
}

// join registers a member.
func (c *session) join(m *hostile.Member) *session {
	refused, _ := c.ask(wire.Register{Link: m.Links[0], Prekey: m.Signed, Handle: m.Handle, Login: c.login(m, origin, c.hello.Nonce)})
	if refused != "" {
		c.fatalf("register %s: %s", m.Handle, refused)
	}
	return c
}

func (c *session) login(m *hostile.Member, origin string, nonce [wire.NonceSize]byte) []byte {
	login, err := account.SignLogin(rand.Reader, m.Signer, account.Login{
		Origin: origin, Nonce: nonce, Account: m.Chain.ID(), Device: m.Device,
	})
	c.must(err)
	return login
}

// refusedOr is the result of a request to the honest relay.
func refusedOr(says string) result { return result{says: says, won: says == ""} }

func loginAttacks() []attack {
	const line = "login for another origin, an old nonce; the slot of another"
	return []attack{
		{
			line: line, name: "a login that was signed for another origin", known: "phishing by relay: Evilginx, 2017",
			by: []check.Name{check.LoginOrigin}, says: wire.CodeLoginRefused.String(),
			play: func(s *stage) result {
				h, m := s.house(relay.DefaultLimits()), s.liar(nil, "alice")
				h.session().join(m)
				c := h.session()
				says, _ := c.ask(wire.Login{Login: c.login(m, "https://evil.test", c.hello.Nonce)})
				return refusedOr(says)
			},
		},
		{
			line: line, name: "a relay that passes on the challenge of another", known: "phishing by relay: Evilginx, 2017",
			by: []check.Name{check.Origin}, says: client.AlarmWrongOrigin, play: wrongOrigin,
		},
		{
			line: line, name: "a login with the nonce of another session", known: "Needham and Schroeder's protocol, 1981",
			by: []check.Name{check.LoginNonce}, says: wire.CodeLoginRefused.String(),
			play: func(s *stage) result {
				h, m := s.house(relay.DefaultLimits()), s.liar(nil, "alice")
				heard := h.session().join(m)
				c := h.session()
				says, _ := c.ask(wire.Login{Login: c.login(m, origin, heard.hello.Nonce)})
				return refusedOr(says)
			},
		},
		{
			line: line, name: "a login with a nonce that is too old", known: "Needham and Schroeder's protocol, 1981",
			by: []check.Name{check.NonceAge}, says: wire.CodeLoginRefused.String(),
			play: func(s *stage) result {
				limits, m := relay.DefaultLimits(), s.liar(nil, "alice")
				limits.Nonce = 0 // every nonce is too old
				c := s.house(limits).session()
				says, _ := c.ask(wire.Register{Link: m.Links[0], Prekey: m.Signed, Handle: m.Handle, Login: c.login(m, origin, c.hello.Nonce)})
				return refusedOr(says)
			},
		},
		{
			line: line, name: "a login by another's key", known: "impersonation: Bridgefy, 2021",
			by: []check.Name{check.Signature}, says: wire.CodeLoginRefused.String(),
			play: func(s *stage) result {
				h, m := s.house(relay.DefaultLimits()), s.liar(nil, "alice")
				h.session().join(m)
				forger := *m
				forger.Signer = s.liar(nil, "mallory").Signer
				c := h.session()
				says, _ := c.ask(wire.Login{Login: c.login(&forger, origin, c.hello.Nonce)})
				return refusedOr(says)
			},
		},
		{
			line: line, name: "a commit sent by who did not create it", known: "WhatsApp groups, 2018",
			by: []check.Name{check.SessionCreator}, says: wire.CodeWrongSender.String(), play: commitOfAnother,
		},
		{
			line: line, name: "a message sent in the slot of another", known: "Matrix, 2022: senders the server names",
			by: []check.Name{check.SessionSlot}, says: wire.CodeWrongSender.String(), play: slotOfAnother,
		},
	}
}

// wrongOrigin lets alice's engine dial a relay that is another one's.
func wrongOrigin(s *stage) result {
	d := s.strangers()
	d.relay.Tell(hostile.Change(func(h wire.Hello) []wire.Body {
		h.Origin = "https://evil.test"
		return []wire.Body{h}
	}))
	d.server.Cut()
	d.alice.until("she is offline", func() bool { return d.alice.engine.Connection().State != client.StateOnline })
	d.alice.engine.Connect()
	d.alice.until("she is told or goes on", func() bool {
		return d.alice.alarmed() != "" || d.alice.engine.Connection().State == client.StateOnline
	})
	says := d.alice.alarmed()
	return result{says: says, won: says == ""}
}

// pair is two accounts at the honest relay, and what one of them would write.
func (s *stage) pair() (h *house, a, b *hostile.Member, room *hostile.Room, first hostile.Signed) {
	h = s.house(relay.DefaultLimits())
	a, b = s.liar(nil, "alice"), s.liar(nil, "bob")
	room = hostile.NewRoom(epoch.DirectID(a.Chain.ID(), b.Chain.ID()))
	for _, m := range []*hostile.Member{a, b} {
		s.must(h.session().join(m).conn.Close()) // what nobody reads would hold up what is pushed
		room.Keys[m.Device] = m.Prekey.Public()
	}
	c := room.Commit(a, seconds(), hostile.Sorted([]epoch.Member{
		room.Slot(a.Chain, epoch.RoleMember), room.Slot(b.Chain, epoch.RoleMember),
	}))
	first, err := c.Sign()
	s.must(err)
	s.must(c.Enter(first))
	return h, a, b, room, first
}

func (s *stage) request(room *hostile.Room, first hostile.Signed) wire.Commit {
	r := wire.Commit{Conversation: room.ID, Commit: first.Event}
	for _, e := range room.Header.Entries() {
		r.Wraps = append(r.Wraps, first.Wraps[e.Device])
	}
	return r
}

// logged gives a session of a member.
func (h *house) logged(m *hostile.Member) *session {
	c := h.session()
	if refused, _ := c.ask(wire.Login{Login: c.login(m, origin, c.hello.Nonce)}); refused != "" {
		c.fatalf("log %s in: %s", m.Handle, refused)
	}
	return c
}

func commitOfAnother(s *stage) result {
	h, _, b, room, first := s.pair()
	says, _ := h.logged(b).ask(s.request(room, first))
	return refusedOr(says)
}

func slotOfAnother(s *stage) result {
	h, a, b, room, first := s.pair()
	if says, _ := h.logged(a).ask(s.request(room, first)); says != "" {
		s.fatalf("commit: %s", says)
	}
	event, err := room.Letter(a, 0, "as alice").Event()
	s.must(err)
	says, _ := h.logged(b).ask(wire.Message{Conversation: room.ID, Event: event})
	return refusedOr(says)
}
