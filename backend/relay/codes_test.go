package relay_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// scene is what a case works with: a is the session of d.Low, b of d.High, m of someone else; c is not logged in.
type scene struct {
	*testing.T
	w       *world
	a, b, m *relaytest.Client
	c       *relaytest.Client
	d       *relaytest.Conversation
	mallory *relaytest.Person
}

func newScene(t *testing.T, change func(*relay.Options)) *scene {
	t.Helper()
	w, a, b, d := talk(t, change)
	_, _, mallory := three()
	return &scene{T: t, w: w, a: a, b: b, m: w.register(mallory), c: w.connect(), d: d, mallory: mallory}
}

// header is that of the next epoch by Low, changed.
func (s *scene) header(change func(*epoch.Header)) *epoch.Header {
	h := s.d.Header(s.d.Low)
	change(h)
	return h
}

// commit is the next epoch by Low from a changed header.
func (s *scene) commit(change func(*epoch.Header)) wire.Commit {
	s.Helper()
	return s.d.Commit(s, s.d.Low, s.header(change))
}

// request is a commit that is right, changed after it was made.
func (s *scene) request(change func(*wire.Commit)) wire.Commit {
	s.Helper()
	r := s.commit(func(*epoch.Header) {})
	change(&r)
	return r
}

// message is one by Low whose place is changed.
func (s *scene) message(change func(*epoch.Place)) wire.Message {
	p := s.d.Place(s.d.Low, 0)
	change(&p)
	return wire.Message{Conversation: s.d.ID, Event: relaytest.Seal(epoch.TypeMessage, p, 100)}
}

// signal is a receipt by Low whose place is changed.
func (s *scene) signal(change func(*epoch.Place)) wire.Receipt {
	p := s.d.Place(s.d.Low, 1)
	change(&p)
	return wire.Receipt{Conversation: s.d.ID, Signal: relaytest.Seal(epoch.TypeSignal, p, 100)}
}

func keep(*epoch.Place) {}

// flipped gives data with one bit of its last byte changed.
func flipped(data []byte) []byte {
	other := append([]byte(nil), data...)
	other[len(other)-1] ^= 1
	return other
}

// refusalCase is a request and the code that answers it.
type refusalCase struct {
	name string
	code wire.Code
	run  func(s *scene) wire.Error
}

// TestRefusals checks that each wrong request gets its code and leaves the log as it was.
func TestRefusals(t *testing.T) {
	for _, c := range slices.Concat(directoryRefusals(), messageRefusals(), commitRefusals()) {
		t.Run(c.name, func(t *testing.T) {
			s := newScene(t, nil)
			if got := c.run(s); got.Code != c.code {
				t.Errorf("answered with %v, want %v", got.Code, c.code)
			}
			page := relaytest.Do[wire.Page](s.b, wire.Fetch{Conversation: s.d.ID})
			if page.Head.Position != 1 && c.code != wire.CodeReused || len(page.Receipts) != 0 {
				t.Errorf("the log goes on to %d", page.Head.Position)
			}
		})
	}
}

func directoryRefusals() []refusalCase {
	return []refusalCase{
		{"unknown kind", wire.CodeUnknownKind, func(s *scene) wire.Error { return s.a.Refused(wire.Page{}) }},
		{"prekey too large", wire.CodeTooLarge, func(s *scene) wire.Error { return s.a.Refused(wire.Prekey{Prekey: make([]byte, wire.MaxPrekey+1)}) }},
		{"register twice", wire.CodeLoggedIn, func(s *scene) wire.Error { return s.a.Refused(wire.Register{}) }},
		{"log in twice", wire.CodeLoggedIn, func(s *scene) wire.Error { return s.a.Refused(wire.Login{}) }},
		{"lookup of no handle", wire.CodeHandleInvalid, func(s *scene) wire.Error { return s.a.Refused(wire.Lookup{Handle: "No"}) }},
		{"lookup of nobody", wire.CodeNotFound, func(s *scene) wire.Error { return s.a.Refused(wire.Lookup{Handle: "nobody"}) }},
		{"chain of nobody", wire.CodeNotFound, func(s *scene) wire.Error { return s.a.Refused(wire.Chain{}) }},
		{"list after no id", wire.CodeMalformed, func(s *scene) wire.Error {
			return s.a.Refused(wire.Conversations{After: []byte{1}})
		}},
		{"prekey with the counter again", wire.CodeStaleCounter, func(s *scene) wire.Error {
			return s.a.Refused(wire.Prekey{Prekey: s.d.Low.SignPrekey(s, s.d.Low.Account, 1)})
		}},
		{"prekey of another device", wire.CodePrekeyRefused, func(s *scene) wire.Error {
			return s.a.Refused(wire.Prekey{Prekey: s.d.High.Signed})
		}},
		{"prekey for another account", wire.CodePrekeyRefused, func(s *scene) wire.Error {
			return s.a.Refused(wire.Prekey{Prekey: s.d.Low.SignPrekey(s, s.d.High.Account, 2)})
		}},
		{"prekey altered", wire.CodePrekeyRefused, func(s *scene) wire.Error {
			return s.a.Refused(wire.Prekey{Prekey: flipped(s.d.Low.SignPrekey(s, s.d.Low.Account, 2))})
		}},
	}
}

func messageRefusals() []refusalCase {
	huge := make([]byte, wire.MaxMessageEvent+1)
	return []refusalCase{
		{"message of another type", wire.CodeMalformed, func(s *scene) wire.Error {
			return s.a.Refused(wire.Message{Conversation: s.d.ID, Event: s.signal(keep).Signal})
		}},
		{"message of another conversation", wire.CodeMalformed, func(s *scene) wire.Error {
			return s.a.Refused(s.message(func(p *epoch.Place) { p.Conversation[0] ^= 1 }))
		}},
		{"message too large", wire.CodeTooLarge, func(s *scene) wire.Error {
			return s.a.Refused(wire.Message{Conversation: s.d.ID, Event: huge})
		}},
		{"receipt too large", wire.CodeTooLarge, func(s *scene) wire.Error {
			return s.a.Refused(wire.Receipt{Conversation: s.d.ID, Signal: huge})
		}},
		{"message by an outsider", wire.CodeNotMember, func(s *scene) wire.Error { return s.m.Refused(s.message(keep)) }},
		{"receipt by an outsider", wire.CodeNotMember, func(s *scene) wire.Error { return s.m.Refused(s.signal(keep)) }},
		{"cursor of an outsider", wire.CodeNotMember, func(s *scene) wire.Error {
			return s.m.Refused(wire.Cursor{Conversation: s.d.ID})
		}},
		{"fetch by an outsider", wire.CodeNotMember, func(s *scene) wire.Error {
			return s.m.Refused(wire.Fetch{Conversation: s.d.ID})
		}},
		{"cursor beyond the head", wire.CodeMalformed, func(s *scene) wire.Error {
			return s.a.Refused(wire.Cursor{Conversation: s.d.ID, Position: 2})
		}},
		{"message in another epoch", wire.CodeStaleEpoch, func(s *scene) wire.Error {
			return s.a.Refused(s.message(func(p *epoch.Place) { p.Number = 1 }))
		}},
		{"message from the other's slot", wire.CodeWrongSender, func(s *scene) wire.Error { return s.b.Refused(s.message(keep)) }},
		{"generation used twice", wire.CodeReused, func(s *scene) wire.Error {
			relaytest.Do[wire.Stored](s.a, s.message(keep))
			return s.a.Refused(s.message(keep))
		}},
		{"receipt in another epoch", wire.CodeReceiptRefused, func(s *scene) wire.Error {
			return s.a.Refused(s.signal(func(p *epoch.Place) { p.Number = 1 }))
		}},
		{"receipt from the other's slot", wire.CodeReceiptRefused, func(s *scene) wire.Error { return s.b.Refused(s.signal(keep)) }},
		{"receipt of another type", wire.CodeMalformed, func(s *scene) wire.Error {
			return s.a.Refused(wire.Receipt{Conversation: s.d.ID, Signal: s.message(keep).Event})
		}},
	}
}

func commitRefusals() []refusalCase {
	return []refusalCase{
		{"commit too large", wire.CodeTooLarge, func(s *scene) wire.Error {
			return s.a.Refused(s.request(func(r *wire.Commit) { r.Commit = make([]byte, wire.MaxCommitEvent+1) }))
		}},
		{"wrap too large", wire.CodeTooLarge, func(s *scene) wire.Error {
			return s.a.Refused(s.request(func(r *wire.Commit) { r.Wraps[0] = make([]byte, wire.MaxWrap+1) }))
		}},
		{"no commit at all", wire.CodeCommitRefused, func(s *scene) wire.Error {
			return s.a.Refused(s.request(func(r *wire.Commit) { r.Commit = s.message(keep).Event }))
		}},
		{"commit under another id", wire.CodeCommitRefused, func(s *scene) wire.Error {
			return s.a.Refused(s.request(func(r *wire.Commit) { r.Conversation[0] ^= 1 }))
		}},
		{"commit altered", wire.CodeCommitRefused, func(s *scene) wire.Error {
			return s.a.Refused(s.request(func(r *wire.Commit) { r.Commit = flipped(r.Commit) }))
		}},
		{"wrap altered", wire.CodeCommitRefused, func(s *scene) wire.Error {
			return s.a.Refused(s.request(func(r *wire.Commit) { r.Wraps[1] = flipped(r.Wraps[1]) }))
		}},
		{"wrap left out", wire.CodeCommitRefused, func(s *scene) wire.Error {
			return s.a.Refused(s.request(func(r *wire.Commit) { r.Wraps = r.Wraps[:1] }))
		}},
		{"wrap for the creator", wire.CodeCommitRefused, func(s *scene) wire.Error {
			return s.a.Refused(s.request(func(r *wire.Commit) { r.Wraps[0] = r.Wraps[1] }))
		}},
		{"commit by another creator", wire.CodeWrongSender, func(s *scene) wire.Error {
			return s.b.Refused(s.commit(func(*epoch.Header) {}))
		}},
		{"commit by an outsider", wire.CodeWrongSender, func(s *scene) wire.Error {
			return s.m.Refused(s.commit(func(*epoch.Header) {}))
		}},
		{"epoch left out", wire.CodeStaleEpoch, func(s *scene) wire.Error {
			return s.a.Refused(s.commit(func(h *epoch.Header) { h.Number = 2 }))
		}},
		{"another epoch 0", wire.CodeStaleEpoch, func(s *scene) wire.Error {
			return s.a.Refused(s.commit(func(h *epoch.Header) { h.Number, h.Prev = 0, nil }))
		}},
		{"epoch 1 of nothing", wire.CodeNotMember, func(s *scene) wire.Error {
			other := relaytest.Between(s.d.Low, s.mallory)
			other.Opened = true
			return s.a.Refused(other.Commit(s, s.d.Low, other.Header(s.d.Low)))
		}},
		{"after another epoch", wire.CodeCommitRefused, func(s *scene) wire.Error {
			return s.a.Refused(s.commit(func(h *epoch.Header) { h.Prev[0] ^= 1 }))
		}},
		{"older than the epoch before", wire.CodeCommitRefused, func(s *scene) wire.Error {
			return s.a.Refused(s.commit(func(h *epoch.Header) { h.Time -= 3600 }))
		}},
		{"ahead of the clock", wire.CodeClock, func(s *scene) wire.Error {
			before := uint64(time.Now().UnixMilli())
			got := s.a.Refused(s.commit(func(h *epoch.Header) { h.Time += 3600 }))
			if got.Detail < before {
				s.Errorf("the relay's clock is given as %d, want at least %d", got.Detail, before)
			}
			return got
		}},
		{"head that is not there", wire.CodeStaleHead, func(s *scene) wire.Error {
			return s.a.Refused(s.commit(func(h *epoch.Header) { h.Roster[1].Head.Number = 1 }))
		}},
		{"device that is not the account's", wire.CodeCommitRefused, func(s *scene) wire.Error {
			return s.a.Refused(s.commit(func(h *epoch.Header) { h.Roster[1].Slots[0].Device = account.DeviceID{1} }))
		}},
		{"prekey that is not current", wire.CodeStalePrekey, func(s *scene) wire.Error {
			return s.a.Refused(s.commit(func(h *epoch.Header) { h.Roster[1].Slots[0].Prekey = relaytest.Random(32) }))
		}},
		{"account that does not exist", wire.CodeStaleHead, func(s *scene) wire.Error {
			stranger := relaytest.NewPerson(s, "stranger")
			other := relaytest.Between(s.d.Low, stranger)
			return s.a.Refused(other.Commit(s, s.d.Low, other.Header(s.d.Low)))
		}},
	}
}

func TestEpochFull(t *testing.T) {
	_, a, _, d := talk(t, func(o *relay.Options) { o.Limits.Account, o.Limits.Device = relay.Rate{}, relay.Rate{} })
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for g := range uint64(epoch.MaxEvents) {
			a.Start(d.Message(d.Low, g, 10))
		}
	}()
	full := 0
	for answers := 0; answers < epoch.MaxEvents; {
		f := a.Next()
		if f.ID == 0 {
			continue
		}
		answers++
		if f.Kind == wire.KindError {
			full++
		}
	}
	<-sent
	if full != 1 {
		t.Errorf("%d messages were refused, want the last", full)
	}
	if got := a.Refused(d.Message(d.Low, epoch.MaxEvents, 10)); got.Code != wire.CodeEpochFull {
		t.Errorf("got %v", got.Code)
	}
}

func TestLimited(t *testing.T) {
	one := relay.Rate{PerSecond: 0.001, Burst: 1}
	cases := map[string]struct {
		limit   func(*relay.Limits)
		request func(*relaytest.Conversation) wire.Body
	}{
		"account": {func(l *relay.Limits) { l.Account = relay.Rate{PerSecond: 0.001, Burst: 2} },
			func(*relaytest.Conversation) wire.Body { return wire.Lookup{Handle: "alice"} }},
		"device":  {func(l *relay.Limits) { l.Device = one }, func(d *relaytest.Conversation) wire.Body { return wire.Cursor{Conversation: d.ID} }},
		"commits": {func(l *relay.Limits) { l.Commits = one }, func(d *relaytest.Conversation) wire.Body { return wire.Commit{} }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, a, _, d := talk(t, func(o *relay.Options) { c.limit(&o.Limits) })
			a.Refused(c.request(d))
			if got := a.Refused(c.request(d)); got.Code != wire.CodeLimited || got.Detail == 0 {
				t.Errorf("got %v, wait %d", got.Code, got.Detail)
			}
		})
	}
}

// failing is a store whose messages fail as a full disk makes them.
type failing struct{ store.Store }

func (failing) Message(_ store.Message, done func(store.Appended, error)) {
	done(store.Appended{}, errors.Join(store.ErrFull, errors.New("disk")))
}

func TestStorageFails(t *testing.T) {
	w, a, _, d := talk(t, func(o *relay.Options) { o.Store = failing{o.Store} })
	for g := range uint64(3) {
		if got := a.Refused(d.Message(d.Low, g, 10)); got.Code != wire.CodeStorage {
			t.Errorf("got %v", got.Code)
		}
	}
	if lines := w.logs.all(); len(lines) != 1 {
		t.Errorf("logged %q, want one line", lines)
	}
}

func TestStoreClosed(t *testing.T) {
	w, a, _, d := talk(t, nil)
	if err := w.store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, body := range []wire.Body{d.Message(d.Low, 0, 10), wire.Lookup{Handle: "bob"}, wire.Cursor{Conversation: d.ID}} {
		if got := a.Refused(body); got.Code != wire.CodeClosing {
			t.Errorf("request %d: got %v", body.Kind(), got.Code)
		}
	}
}

// TestBadBodies gives every request a body that is none.
func TestBadBodies(t *testing.T) {
	w, a, _, _ := talk(t, nil)
	for kind := wire.KindRegister; kind <= wire.KindLeave; kind++ {
		for _, body := range [][]byte{{0x80}, {0xa0}, {0x00}, {0x81, 0xf6}} {
			c, id := a, uint64(1000+kind)
			if kind <= wire.KindLogin {
				c = w.connect()
			}
			frame := cose.Marshal(wire.Frame{Kind: kind, ID: id, Body: body})
			if err := c.Conn.Write(t.Context(), frame); err != nil {
				t.Fatal(err)
			}
			var got wire.Error
			if err := wire.DecodeBody(c.Answer(id), &got); err != nil || got.Code != wire.CodeMalformed {
				t.Errorf("kind %d with body %x: %v %v", kind, body, got, err)
			}
		}
	}
}
