package relay_test

import (
	"testing"

	"sotto/backend/relay"
	"sotto/wasm/wire"
)

// TestStrangerRefusals is about sessions before the login.
func TestStrangerRefusals(t *testing.T) {
	w, _, _, d := talk(t, nil)
	_, _, mallory := three()
	for _, body := range []wire.Body{
		wire.Lookup{}, wire.Chain{}, wire.Prekey{}, wire.Commit{}, wire.Message{}, wire.Fetch{},
		wire.Conversations{}, wire.Receipt{}, wire.Cursor{}, wire.Ask{}, wire.Leave{}, wire.Activity{},
	} {
		if got := w.connect().Refused(body); got.Code != wire.CodeNotLoggedIn {
			t.Errorf("request %d before the login: %v", body.Kind(), got.Code)
		}
	}
	cases := map[string]struct {
		code   wire.Code
		change func(*wire.Register, wire.Hello)
	}{
		"handle taken":        {wire.CodeHandleTaken, func(r *wire.Register, _ wire.Hello) { r.Handle = "bob" }},
		"handle invalid":      {wire.CodeHandleInvalid, func(r *wire.Register, _ wire.Hello) { r.Handle = "Bob" }},
		"link too large":      {wire.CodeTooLarge, func(r *wire.Register, _ wire.Hello) { r.Link = make([]byte, wire.MaxLink+1) }},
		"prekey of another":   {wire.CodePrekeyRefused, func(r *wire.Register, _ wire.Hello) { r.Prekey = d.Low.Signed }},
		"link altered":        {wire.CodeLoginRefused, func(r *wire.Register, _ wire.Hello) { r.Link = flipped(r.Link) }},
		"link of another":     {wire.CodeLoginRefused, func(r *wire.Register, _ wire.Hello) { r.Link = d.Low.Link }},
		"login of another":    {wire.CodeLoginRefused, func(r *wire.Register, h wire.Hello) { r.Login = d.Low.Sign(t, h.Origin, h.Nonce) }},
		"login elsewhere":     {wire.CodeLoginRefused, func(r *wire.Register, h wire.Hello) { r.Login = mallory.Sign(t, "https://evil.example", h.Nonce) }},
		"login with no nonce": {wire.CodeLoginRefused, func(r *wire.Register, h wire.Hello) { r.Login = mallory.Sign(t, h.Origin, [32]byte{}) }},
	}
	for name, c := range cases {
		session := w.connect()
		request := mallory.Registration(t, session.Hello)
		c.change(&request, session.Hello)
		if got := session.Refused(request); got.Code != c.code {
			t.Errorf("%s: %v, want %v", name, got.Code, c.code)
		}
		if c.code == wire.CodeLoginRefused {
			if reason := w.closed(session.Conn); reason != wire.ReasonLoginFailed {
				t.Errorf("%s: closed with %q", name, reason)
			}
		} else {
			session.Register(mallory) // the session is as it was; the same registration again succeeds
		}
	}
}

func TestLoginRefusals(t *testing.T) {
	w, _, _, d := talk(t, nil)
	_, _, mallory := three()
	old := w.connect()
	cases := map[string]func(wire.Hello) []byte{
		"no login":        func(wire.Hello) []byte { return []byte{1} },
		"another origin":  func(h wire.Hello) []byte { return d.Low.Sign(t, "https://evil.example", h.Nonce) },
		"nonce of before": func(h wire.Hello) []byte { return d.Low.Sign(t, h.Origin, old.Hello.Nonce) },
		"unknown device":  func(h wire.Hello) []byte { return mallory.Sign(t, h.Origin, h.Nonce) },
		"altered":         func(h wire.Hello) []byte { return flipped(d.Low.Sign(t, h.Origin, h.Nonce)) },
		"another account": func(h wire.Hello) []byte {
			p := *d.Low
			p.Account = d.High.Account
			return p.Sign(t, h.Origin, h.Nonce)
		},
	}
	for name, login := range cases {
		c := w.connect()
		if got := c.Refused(wire.Login{Login: login(c.Hello)}); got.Code != wire.CodeLoginRefused {
			t.Errorf("%s: %v", name, got.Code)
		}
		if reason := w.closed(c.Conn); reason != wire.ReasonLoginFailed {
			t.Errorf("%s: closed with %q", name, reason)
		}
	}
}

func TestRegistrationClosed(t *testing.T) {
	w := newWorld(t, func(o *relay.Options) { o.Registration = false })
	alice, _, _ := three()
	c := w.connect()
	if got := c.Refused(alice.Registration(t, c.Hello)); got.Code != wire.CodeRegisterClosed {
		t.Errorf("got %v", got.Code)
	}
}
