package epoch_test

import (
	"bytes"
	"crypto/rand"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
)

func TestJoinByHand(t *testing.T) {
	c := newCircle(t)
	request := c.asking(c.d)
	signed, err := cose.ParseSign1(request, epoch.TypeJoin, epoch.MaxAskBytes)
	must(t, err)
	var parts []cose.Raw
	must(t, cose.Unmarshal(signed.Payload, &parts, epoch.MaxAskBytes))
	id, conversation, head := c.d.chain.ID(), c.before.Header.Conversation, c.d.chain.Head()
	want := cose.Marshal([]any{
		conversation[:], openLink[:], id[:], []any{head.Number, head.Hash[:]}, prekeyOf(c.d.devices[0]), parts[5], now + 500,
	})
	if !bytes.Equal(signed.Payload, want) || len(parts[5]) != 17 {
		t.Errorf("%x, want %x", signed.Payload, want)
	}
	j, err := epoch.ParseJoin(request)
	must(t, err)
	must(t, j.Verify(cose.Native{}, c.d.chain))
	hash := j.Hash()
	if j.Device != c.d.devices[0] || hash != signed.Hash() || j.ID() != epoch.RequestID(hash[:16]) || j.Expiry != now+500 {
		t.Errorf("read %+v", j)
	}
	refused(t, "of another account", j.Verify(cose.Native{}, c.b.chain), account.ErrInactive)
	if bytes.Equal(request, c.asking(c.d)) || requestID(t, request) == requestID(t, c.asking(c.d)) {
		t.Error("two requests are one")
	}
}

// TestAdmission lets somebody in by a link, for every reason not to.
func TestAdmission(t *testing.T) {
	cases := []struct {
		name   string
		ask    func(*epoch.Join)
		change func(*circle, *epoch.Header)
		want   error
	}{
		{"as it should be", nil, nil, nil},
		{"there is no such link", func(j *epoch.Join) { j.Link = epoch.LinkID{7} }, nil, epoch.ErrLink},
		{"the link goes with this commit", nil, func(c *circle, h *epoch.Header) {
			h.Creator, h.Room[0].Links = c.a.devices[0], nil
		}, epoch.ErrLink},
		{"the link comes with this commit", func(j *epoch.Join) { j.Link = otherLink }, func(c *circle, h *epoch.Header) {
			h.Creator, h.Room[0].Links[0].Used = c.a.devices[0], nil
			newLink(h)
		}, epoch.ErrLink},
		{"the link expired", nil, func(_ *circle, h *epoch.Header) { h.Time = linkExpiry }, epoch.ErrLink},
		{"the request expired", nil, func(_ *circle, h *epoch.Header) { h.Time = now + 500 }, epoch.ErrLink},
		{"a second before the request expires", nil, func(_ *circle, h *epoch.Header) { h.Time = now + 499 }, nil},
		{"made for another group", func(j *epoch.Join) { j.Conversation[0] ^= 1 }, nil, epoch.ErrLink},
		{"made for another account", func(j *epoch.Join) { j.Account[0] ^= 1 }, nil, epoch.ErrLink},
		{"with another prekey", func(j *epoch.Join) { j.Prekey[0] ^= 1 }, nil, epoch.ErrLink},
		{"the device that asked is absent", nil, func(c *circle, h *epoch.Header) { of(h, c.d).Slots[0].Prekey = nil }, epoch.ErrLink},
		{"the account is not let in", nil, func(c *circle, h *epoch.Header) { without(h, c.d) }, epoch.ErrLink},
		{"as an admin", nil, func(c *circle, h *epoch.Header) { of(h, c.d).Role = epoch.RoleAdmin }, epoch.ErrNotAllowed},
		{"a head that is not there", func(j *epoch.Join) { j.Head.Number = 9 }, nil, epoch.ErrHead},
		{"a head of a fork", func(j *epoch.Join) { j.Head.Hash[0] ^= 1 }, nil, epoch.ErrHead},
		{"the use is not counted", nil, func(_ *circle, h *epoch.Header) { h.Room[0].Links[0].Used = nil }, epoch.ErrLink},
		{"another use is counted", nil, func(_ *circle, h *epoch.Header) { h.Room[0].Links[0].Used[0][0] ^= 1 }, epoch.ErrLink},
		{"the tag is anything", nil, func(_ *circle, h *epoch.Header) { h.Room[0].Admitted[0].Tag[0] ^= 1 }, nil},
		{"a request that is none", nil, func(_ *circle, h *epoch.Header) { h.Room[0].Admitted[0].Request = []byte{0} }, cose.ErrMalformed},
		{"a rejoin request", nil, func(c *circle, h *epoch.Header) { h.Room[0].Admitted[0].Request = c.rejoin(c.d) }, cose.ErrType},
		{"a request whose signature is altered", nil, func(_ *circle, h *epoch.Header) {
			r := bytes.Clone(h.Room[0].Admitted[0].Request)
			r[len(r)-1] ^= 1
			h.Room[0].Admitted[0].Request = r
		}, cose.ErrSignature},
		{"a member is let in again", nil, func(c *circle, h *epoch.Header) {
			h.Room[0].Admitted[0].Account = c.b.chain.ID()
		}, epoch.ErrNotAllowed},
	}
	c := newCircle(t)
	for _, x := range cases {
		t.Run(x.name, func(t *testing.T) {
			h := c.after(c.b)
			var asks []func(*epoch.Join)
			if x.ask != nil {
				asks = append(asks, x.ask)
			}
			c.admit(h, c.d, c.asking(c.d, asks...))
			if x.change != nil {
				x.change(c, h)
			}
			if err := c.check(h); x.want == nil {
				must(t, err)
			} else {
				refused(t, x.name, err, x.want)
			}
		})
	}
}

func (c *circle) rejoin(o *owner) []byte {
	c.t.Helper()
	r := epoch.Rejoin{Conversation: c.before.Header.Conversation, Epoch: c.before.ID, Device: o.devices[0]}
	request, err := epoch.SignRejoin(rand.Reader, o.keys[o.devices[0]], r)
	must(c.t, err)
	return request
}

// TestRequestIsUsedOnce lets somebody in, takes it out and shows its request again.
func TestRequestIsUsedOnce(t *testing.T) {
	c := newCircle(t)
	request := c.asking(c.d)
	h := c.after(c.b)
	c.admit(h, c.d, request)
	c.take(h)
	c.before.Left = []account.ID{c.d.chain.ID()}
	h = c.after(c.b)
	without(h, c.d)
	c.take(h)
	h = c.after(c.b)
	with(h, c.d.member())
	h.Room[0].Admitted = []epoch.Admission{{Account: c.d.chain.ID(), Request: request}}
	refused(t, "the same request again", c.check(h), epoch.ErrLink)
	h = c.after(c.b)
	c.admit(h, c.d, c.asking(c.d))
	must(t, c.check(h))
}

// TestUsesRunOut lets in whom the link's uses admit and nobody else.
func TestUsesRunOut(t *testing.T) {
	c := newCircle(t)
	extra := keys.More(2)
	for i := range 2 {
		o := newOwner(t, extra[i])
		c.chains[o.chain.ID()] = o.chain
		h := c.after(c.b)
		c.admit(h, o, c.asking(o))
		c.take(h)
	}
	h := c.after(c.b)
	c.admit(h, c.d, c.asking(c.d))
	refused(t, "a third use of two", c.check(h), cose.ErrMalformed)
}

// TestTwoAdmitted lets two in with one commit.
func TestTwoAdmitted(t *testing.T) {
	c := newCircle(t)
	e := newOwner(t, keys.More(1)[0])
	c.chains[e.chain.ID()] = e.chain
	h := c.after(c.b)
	c.admit(h, c.d, c.asking(c.d))
	c.admit(h, e, c.asking(e))
	must(t, c.check(h))
	h.Room[0].Admitted[0].Request, h.Room[0].Admitted[1].Request = h.Room[0].Admitted[1].Request, h.Room[0].Admitted[0].Request
	refused(t, "each with the other's request", c.check(h), epoch.ErrLink)
}

// TestAdmittedThenRevoked is a device that was revoked after it was let in: who judges the commit with the longer chain
// decides like who had the shorter one.
func TestAdmittedThenRevoked(t *testing.T) {
	c := newCircle(t)
	h := c.after(c.b)
	c.admit(h, c.d, c.asking(c.d))
	must(t, c.check(h))
	c.d.add(t, keys.More(1)[0])
	c.d.revoke(t, c.d.devices[0])
	c.know()
	must(t, c.check(h))
}

func TestRejoinByHand(t *testing.T) {
	c := newCircle(t)
	request := c.rejoin(c.b)
	signed, err := cose.ParseSign1(request, epoch.TypeRejoin, epoch.MaxAskBytes)
	must(t, err)
	id := c.before.Header.Conversation
	if want := cose.Marshal([]any{id[:], c.before.ID[:]}); !bytes.Equal(signed.Payload, want) {
		t.Errorf("%x, want %x", signed.Payload, want)
	}
	r, err := epoch.ParseRejoin(request)
	must(t, err)
	must(t, r.Verify(cose.Native{}, c.b.chain))
	if r.Device != c.b.devices[0] || r.Epoch != c.before.ID || r.Conversation != id {
		t.Errorf("read %+v", r)
	}
	refused(t, "of another account", r.Verify(cose.Native{}, c.c.chain), account.ErrInactive)
	request[len(request)-1] ^= 1
	r, err = epoch.ParseRejoin(request)
	must(t, err)
	refused(t, "signature altered", r.Verify(cose.Native{}, c.b.chain), cose.ErrSignature)
}

func TestLeaveByHand(t *testing.T) {
	c := newCircle(t)
	event := c.leave(c.b)
	signed, err := cose.ParseSign1(event, epoch.TypeLeave, epoch.MaxLeaveBytes)
	must(t, err)
	id := c.before.Header.Conversation
	if want := cose.Marshal([]any{id[:], c.before.ID[:], []any{1, make([]byte, 32)}}); !bytes.Equal(signed.Payload, want) {
		t.Errorf("%x, want %x", signed.Payload, want)
	}
	who, err := c.left(event)
	must(t, err)
	if who != c.b.chain.ID() {
		t.Errorf("%s left", who)
	}
}

func TestLeaveRefuses(t *testing.T) {
	cases := []struct {
		name   string
		by     func(*circle) *owner
		change func(*circle, *epoch.Leave)
		want   error
	}{
		{"another conversation", bob, func(_ *circle, l *epoch.Leave) { l.Conversation[0] ^= 1 }, epoch.ErrConversation},
		{"another epoch", bob, func(_ *circle, l *epoch.Leave) { l.Epoch[0] ^= 1 }, epoch.ErrPrev},
		{"a stranger", func(c *circle) *owner { return c.d }, nil, epoch.ErrNotMember},
		{"in another's name", bob, func(c *circle, l *epoch.Leave) { l.Device = c.c.devices[0] }, cose.ErrSignature},
		{"the only admin", alice, nil, epoch.ErrNotAllowed},
		{"who has left", bob, func(c *circle, _ *epoch.Leave) { c.before.Left = []account.ID{c.b.chain.ID()} }, epoch.ErrNotAllowed},
		{"a chain that is not known", bob, func(c *circle, _ *epoch.Leave) { delete(c.chains, c.b.chain.ID()) }, epoch.ErrHead},
	}
	for _, x := range cases {
		t.Run(x.name, func(t *testing.T) {
			c := newCircle(t)
			event := c.leave(x.by(c), func(l *epoch.Leave) {
				if x.change != nil {
					x.change(c, l)
				}
			})
			_, err := c.left(event)
			refused(t, x.name, err, x.want)
		})
	}
	p := newPair(t)
	standing := p.open(t)
	event, err := epoch.SignLeave(rand.Reader, p.a.keys[p.a.devices[0]], epoch.Leave{Conversation: p.id(), Epoch: standing.ID, Device: p.a.devices[0]})
	must(t, err)
	l, err := epoch.ParseLeave(event)
	must(t, err)
	_, err = l.Check(cose.Native{}, standing, p.chains.get)
	refused(t, "a conversation of two", err, epoch.ErrNotAllowed)
}

// TestLastAdminLeaves after everyone else has, or after another was named.
func TestLastAdminLeaves(t *testing.T) {
	c := newCircle(t)
	c.before.Left = []account.ID{c.b.chain.ID(), c.c.chain.ID()}
	_, err := c.left(c.leave(c.a))
	must(t, err)
	c = newCircle(t)
	h := c.after(c.a)
	of(h, c.b).Role = epoch.RoleAdmin
	c.take(h)
	_, err = c.left(c.leave(c.a))
	must(t, err)
	c.before.Left = []account.ID{c.b.chain.ID()}
	_, err = c.left(c.leave(c.a))
	refused(t, "the other admin left first", err, epoch.ErrNotAllowed)
}

// TestAfterALeave is the commit that must take the leaver out, and that anyone may make.
func TestAfterALeave(t *testing.T) {
	c := newCircle(t)
	c.before.Left = []account.ID{c.c.chain.ID()}
	refused(t, "who left stays", c.check(c.after(c.b)), epoch.ErrNotAllowed)
	refused(t, "who left commits", c.check(c.after(c.c)), epoch.ErrNotAllowed)
	h := c.after(c.b)
	without(h, c.c)
	must(t, c.check(h))
	h = c.after(c.b)
	without(h, c.c)
	without(h, c.a)
	of(h, c.b).Role = epoch.RoleAdmin
	refused(t, "one who did not leave goes along", c.check(h), epoch.ErrNotAllowed)
	h = c.after(c.a)
	without(h, c.c)
	without(h, c.b)
	refused(t, "a link outlives the removal beside it", c.check(h), epoch.ErrNotAllowed)
	h = c.after(c.b)
	request := c.asking(c.c)
	h.Room[0].Admitted = []epoch.Admission{{Account: c.c.chain.ID(), Request: request}}
	h.Room[0].Links[0].Used = []epoch.RequestID{requestID(t, request)}
	refused(t, "who left comes back at once", c.check(h), epoch.ErrNotAllowed)
}

// TestAsksOtherEncodings refuses every other way to write what devices ask and say.
func TestAsksOtherEncodings(t *testing.T) {
	c := newCircle(t)
	for _, x := range []struct {
		name  string
		data  []byte
		typ   cose.Type
		parse func([]byte) error
	}{
		{"join", c.asking(c.d), epoch.TypeJoin, func(b []byte) error { _, err := epoch.ParseJoin(b); return err }},
		{"rejoin", c.rejoin(c.b), epoch.TypeRejoin, func(b []byte) error { _, err := epoch.ParseRejoin(b); return err }},
		{"leave", c.leave(c.b), epoch.TypeLeave, func(b []byte) error { _, err := epoch.ParseLeave(b); return err }},
	} {
		must(t, x.parse(x.data))
		for _, v := range mangle.Encodings(x.data) {
			refused(t, x.name+" "+v.Name, x.parse(v.Bytes), cose.ErrMalformed)
		}
		signed, err := cose.ParseSign1(x.data, x.typ, len(x.data))
		must(t, err)
		protected := cose.Marshal(map[int64]any{1: -37, 4: signed.Kid[:], 16: x.typ})
		for _, v := range slices.Concat(mangle.Encodings(signed.Payload), mangle.Resized(signed.Payload)) {
			whole := cose.Marshal([]any{protected, map[int64]any{}, v.Bytes, make([]byte, cose.SignatureSize)})
			refused(t, x.name+" payload "+v.Name, x.parse(whole), cose.ErrMalformed)
		}
		refused(t, x.name+" too large", x.parse(make([]byte, epoch.MaxAskBytes+1)), cose.ErrTooLarge)
	}
}

// TestAsksAlteredBytes alters each byte of a signed request and of a leave.
func TestAsksAlteredBytes(t *testing.T) {
	c := newCircle(t)
	join, leave := c.asking(c.d), c.leave(c.b)
	for i := 0; i < len(join); i += stride() {
		altered := bytes.Clone(join)
		altered[i] ^= 1
		if j, err := epoch.ParseJoin(altered); err == nil && j.Verify(cose.Native{}, c.d.chain) == nil {
			t.Errorf("join: byte %d altered and accepted", i)
		}
	}
	for i := 0; i < len(leave); i += stride() {
		altered := bytes.Clone(leave)
		altered[i] ^= 1
		if _, err := c.left(altered); err == nil {
			t.Errorf("leave: byte %d altered and accepted", i)
		}
	}
}
