package epoch_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
)

func TestGroupHeaderByHand(t *testing.T) {
	c := newCircle(t)
	h := c.after(c.a)
	c.admit(h, c.d, c.asking(c.d))
	var roster []any
	for _, m := range h.Roster {
		var slots []any
		for _, s := range m.Slots {
			slots = append(slots, []any{s.Device[:], s.Prekey})
		}
		roster = append(roster, []any{m.Account[:], []any{m.Head.Number, m.Head.Hash[:]}, uint64(m.Role), slots})
	}
	r := h.Room[0]
	used, dave := r.Links[0].Used[0], c.d.chain.ID()
	room := []any{
		r.State[:], r.Sealed, []any{[]any{openLink[:], linkExpiry, 2, []any{used[:]}}},
		[]any{[]any{dave[:], r.Admitted[0].Request, make([]byte, 32)}},
	}
	want := cose.Marshal([]any{
		1, h.Conversation[:], 1, h.Prev, []any{1, h.Seen.Log[:]}, roster, h.Creator[:], now, []any{room}, []any{},
	})
	if !bytes.Equal(h.Bytes(), want) {
		t.Errorf("%x, want %x", h.Bytes(), want)
	}
	again, err := epoch.ParseHeader(want)
	must(t, err)
	if !bytes.Equal(again.Bytes(), want) || !again.Group() {
		t.Error("parsed another header")
	}
}

func TestGroupID(t *testing.T) {
	c := newCircle(t)
	h := c.first()
	blank := *h
	blank.Conversation, blank.Seen = epoch.ConversationID{}, epoch.Seen{}
	sum := sha256.Sum256(cose.Marshal([]any{"sotto/1 group", cose.Raw(blank.Bytes())}))
	if h.Conversation != epoch.ConversationID(sum[:16]) {
		t.Error("the id is derived otherwise")
	}
	for name, change := range map[string]func(*epoch.Header){
		"time": func(h *epoch.Header) { h.Time++ }, "state": func(h *epoch.Header) { h.Room[0].State[0] ^= 1 },
		"roster": func(h *epoch.Header) { without(h, c.b) }, "role": func(h *epoch.Header) { of(h, c.b).Role = epoch.RoleAdmin },
	} {
		other := c.first()
		change(other)
		if epoch.GroupID(other) == h.Conversation {
			t.Errorf("another %s and the same id", name)
		}
		_, err := epoch.ParseHeader(other.Bytes())
		refused(t, name, err, epoch.ErrConversation)
	}
}

// TestGroupHeaderRefuses has what a group's header must be by itself, in epoch 0 and in a later one.
func TestGroupHeaderRefuses(t *testing.T) {
	link := func(change func(*epoch.Link)) func(*circle, *epoch.Header) {
		return func(_ *circle, h *epoch.Header) { change(&h.Room[0].Links[0]) }
	}
	two := []epoch.RequestID{{2}, {1}}
	cases := []struct {
		name   string
		first  bool
		change func(*circle, *epoch.Header)
		want   error
	}{
		{"nobody is an admin", false, func(c *circle, h *epoch.Header) { of(h, c.a).Role = epoch.RoleMember }, epoch.ErrNotAllowed},
		{"a role that is none", false, func(c *circle, h *epoch.Header) { of(h, c.b).Role = 2 }, cose.ErrMalformed},
		{"opened by a member", true, func(c *circle, h *epoch.Header) {
			of(h, c.a).Role, of(h, c.b).Role = epoch.RoleMember, epoch.RoleAdmin
		}, epoch.ErrNotAllowed},
		{"under another id", true, func(_ *circle, h *epoch.Header) { h.Conversation[3] ^= 1 }, epoch.ErrConversation},
		{"no state", false, func(_ *circle, h *epoch.Header) { h.Room[0].Sealed = nil }, cose.ErrMalformed},
		{"state too long", false, func(_ *circle, h *epoch.Header) { h.Room[0].Sealed = make([]byte, epoch.MaxSealedState+1) }, cose.ErrMalformed},
		{"five links", false, func(_ *circle, h *epoch.Header) {
			for i := range 4 {
				h.Room[0].Links = append(h.Room[0].Links, epoch.Link{ID: epoch.LinkID{byte(2 + i)}, Uses: 1})
			}
		}, cose.ErrTooLarge},
		{"17 admitted", false, func(_ *circle, h *epoch.Header) {
			for i := range 17 {
				h.Room[0].Admitted = append(h.Room[0].Admitted, epoch.Admission{Account: account.ID{byte(i)}})
			}
		}, cose.ErrTooLarge},
		{"links out of order", false, func(_ *circle, h *epoch.Header) {
			h.Room[0].Links = append(h.Room[0].Links, epoch.Link{Uses: 1})
		}, cose.ErrMalformed},
		{"one link twice", false, func(_ *circle, h *epoch.Header) {
			h.Room[0].Links = append(h.Room[0].Links, h.Room[0].Links[0])
		}, cose.ErrMalformed},
		{"a link without uses", false, link(func(l *epoch.Link) { l.Uses = 0 }), cose.ErrMalformed},
		{"a link with 101 uses", false, link(func(l *epoch.Link) { l.Uses = 101 }), cose.ErrMalformed},
		{"used more often than it may", false, link(func(l *epoch.Link) { l.Used = make([]epoch.RequestID, 3) }), cose.ErrMalformed},
		{"uses out of order", false, link(func(l *epoch.Link) { l.Used = two }), cose.ErrMalformed},
		{"one use twice", false, link(func(l *epoch.Link) { l.Used = make([]epoch.RequestID, 2) }), cose.ErrMalformed},
		{"used before the group was there", true, link(func(l *epoch.Link) { l.Used = two[:1] }), epoch.ErrNotAllowed},
		{"admitted out of order", false, func(_ *circle, h *epoch.Header) {
			h.Room[0].Admitted = []epoch.Admission{{Account: account.ID{2}}, {Account: account.ID{1}}}
		}, cose.ErrMalformed},
		{"admitted twice", false, func(_ *circle, h *epoch.Header) { h.Room[0].Admitted = make([]epoch.Admission, 2) }, cose.ErrMalformed},
		{"admitted to what was not there", true, func(_ *circle, h *epoch.Header) {
			h.Room[0].Admitted = []epoch.Admission{{Account: account.ID{1}}}
		}, epoch.ErrNotAllowed},
		{"two rooms", false, func(_ *circle, h *epoch.Header) { h.Room = append(h.Room, h.Room[0]) }, cose.ErrMalformed},
		{"no room and three accounts", false, func(_ *circle, h *epoch.Header) { h.Room = nil }, epoch.ErrConversation},
	}
	c := newCircle(t)
	for _, x := range cases {
		t.Run(x.name, func(t *testing.T) {
			h := c.after(c.a)
			if x.first {
				h = c.first()
			}
			id := h.Conversation
			x.change(c, h)
			if x.first && h.Conversation == id {
				c.name(h)
			}
			_, err := epoch.ParseHeader(h.Bytes())
			refused(t, x.name, err, x.want)
		})
	}
}

// change is what somebody makes of the group, and whether that may be.
type change struct {
	name string
	by   func(*circle) *owner
	make func(*circle, *epoch.Header)
	want error
}

func alice(c *circle) *owner { return c.a }
func bob(c *circle) *owner   { return c.b }

func newLink(h *epoch.Header) {
	h.Room[0].State[0]++
	h.Room[0].Links = append(h.Room[0].Links, epoch.Link{ID: otherLink, Expiry: linkExpiry, Uses: 1})
}

// TestWhoMayDoWhat is the table of rights: every change by an admin and by a member.
func TestWhoMayDoWhat(t *testing.T) {
	add := func(c *circle, h *epoch.Header) { with(h, c.d.member()) }
	remove := func(c *circle, h *epoch.Header) { without(h, c.c); h.Room[0].Links = nil }
	promote := func(c *circle, h *epoch.Header) { of(h, c.c).Role = epoch.RoleAdmin }
	rename := func(_ *circle, h *epoch.Header) { h.Room[0].State[0]++ }
	link := func(_ *circle, h *epoch.Header) { newLink(h) }
	revoke := func(_ *circle, h *epoch.Header) { h.Room[0].Links = nil }
	expiry := func(_ *circle, h *epoch.Header) { h.Room[0].Links[0].Expiry++ }
	absent := func(c *circle, h *epoch.Header) { of(h, c.c).Slots[0].Prekey = nil }
	prekey := func(c *circle, h *epoch.Header) { of(h, c.c).Slots[0].Prekey = make([]byte, 32) }
	rejoin := func(c *circle, h *epoch.Header) { h.Rejoin = slices.Clone(c.c.devices) }
	exchange := func(_ *circle, h *epoch.Header) { h.Room[0].Links[0].ID = epoch.LinkID{9} }
	checkChanges(t, []change{
		{"an admin changes nothing", alice, func(*circle, *epoch.Header) {}, nil},
		{"a member changes nothing", bob, func(*circle, *epoch.Header) {}, nil},
		{"an admin adds", alice, add, nil},
		{"a member adds", bob, add, epoch.ErrNotAllowed},
		{"an admin adds an admin", alice, func(c *circle, h *epoch.Header) { with(h, c.d.admin()) }, nil},
		{"an admin removes", alice, remove, nil},
		{"a member removes", bob, remove, epoch.ErrNotAllowed},
		{"a member removes the admin", bob, func(c *circle, h *epoch.Header) {
			without(h, c.a)
			of(h, c.b).Role = epoch.RoleAdmin
		}, epoch.ErrNotAllowed},
		{"an admin removes itself", alice, func(c *circle, h *epoch.Header) {
			without(h, c.a)
			of(h, c.b).Role = epoch.RoleAdmin
		}, epoch.ErrCreator},
		{"an admin makes an admin", alice, promote, nil},
		{"a member makes an admin", bob, promote, epoch.ErrNotAllowed},
		{"a member makes itself one", bob, func(c *circle, h *epoch.Header) { of(h, c.b).Role = epoch.RoleAdmin }, epoch.ErrNotAllowed},
		{"an admin hands over", alice, func(c *circle, h *epoch.Header) {
			of(h, c.a).Role, of(h, c.b).Role = epoch.RoleMember, epoch.RoleAdmin
		}, nil},
		{"an admin renames", alice, rename, nil},
		{"a member renames", bob, rename, epoch.ErrNotAllowed},
		{"an admin makes a link", alice, link, nil},
		{"a member makes a link", bob, link, epoch.ErrNotAllowed},
		{"an admin revokes a link", alice, revoke, nil},
		{"a member revokes a link", bob, revoke, epoch.ErrNotAllowed},
		{"an admin changes a link", alice, expiry, epoch.ErrNotAllowed},
		{"a member changes a link", bob, expiry, epoch.ErrNotAllowed},
		{"an admin gives a link more uses", alice, func(_ *circle, h *epoch.Header) { h.Room[0].Links[0].Uses++ }, epoch.ErrNotAllowed},
		{"a member exchanges a link", bob, exchange, epoch.ErrNotAllowed},
		{"an admin exchanges a link", alice, exchange, nil},
		{"a new link that was used", alice, func(_ *circle, h *epoch.Header) {
			newLink(h)
			h.Room[0].Links[1].Used = []epoch.RequestID{{1}}
		}, epoch.ErrNotAllowed},
		{"a link outlives a removal", alice, func(c *circle, h *epoch.Header) { without(h, c.c) }, epoch.ErrNotAllowed},
		{"a new link comes with a removal", alice, func(c *circle, h *epoch.Header) {
			without(h, c.c)
			h.Room[0].Links = nil
			newLink(h)
		}, nil},
		{"a member marks another absent", bob, absent, nil},
		{"a member takes a new prekey", bob, prekey, nil},
		{"a member lets another back in", bob, rejoin, nil},
		{"the room is gone", alice, func(c *circle, h *epoch.Header) {
			without(h, c.c)
			h.Room = nil
			of(h, c.a).Role = epoch.RoleMember
			h.Conversation = epoch.DirectID(c.a.chain.ID(), c.b.chain.ID())
		}, epoch.ErrConversation},
		{"a use is counted that was none", bob, func(_ *circle, h *epoch.Header) {
			h.Room[0].Links[0].Used = []epoch.RequestID{{1}}
		}, epoch.ErrLink},
	})
}

func checkChanges(t *testing.T, changes []change) {
	t.Helper()
	c := newCircle(t)
	for _, x := range changes {
		t.Run(x.name, func(t *testing.T) {
			h := c.after(x.by(c))
			x.make(c, h)
			if err := c.check(h); x.want == nil {
				must(t, err)
			} else {
				refused(t, x.name, err, x.want)
			}
		})
	}
}

// TestDirectStaysDirect refuses that a conversation of two becomes a group.
func TestDirectStaysDirect(t *testing.T) {
	p := newPair(t)
	before := p.open(t)
	h := p.after(before)
	h.Room = []epoch.Room{{Sealed: []byte{1}}}
	of(h, p.a).Role = epoch.RoleAdmin
	refused(t, "a room for two", p.check(t, h, before), epoch.ErrNotAllowed)
}

// TestGrownChains are mechanical, whoever commits them.
func TestGrownChains(t *testing.T) {
	c := newCircle(t)
	c.c.add(t, keys.More(1)[0])
	c.know()
	h := c.after(c.b)
	*of(h, c.c) = c.c.member()
	must(t, c.check(h))
	c.take(h)
	h = c.after(c.b)
	*of(h, c.c) = epoch.Member{Account: c.c.chain.ID(), Head: account.Head{Hash: [32]byte(c.c.chain.ID())}, Slots: of(h, c.c).Slots[:1]}
	of(h, c.c).Slots = []epoch.Slot{{Device: c.c.devices[0], Prekey: prekeyOf(c.c.devices[0])}}
	refused(t, "a chain rolled back", c.check(h), epoch.ErrHead)
}

// TestAccountWithoutDevices is one that has revoked all its devices: it stops nobody, and a ghost takes no place of it.
func TestAccountWithoutDevices(t *testing.T) {
	c := newCircle(t)
	c.c.revoke(t, c.c.devices[0])
	c.know()
	h := c.after(c.b)
	*of(h, c.c) = c.c.member()
	must(t, c.check(h))
	c.take(h)
	must(t, c.check(c.after(c.b)))
	h = c.after(c.b)
	of(h, c.c).Slots = []epoch.Slot{{Device: c.c.devices[0], Prekey: prekeyOf(c.c.devices[0])}}
	refused(t, "a revoked device comes back", c.check(h), epoch.ErrDevices)
	h = c.after(c.b)
	of(h, c.b).Slots = nil
	h.Creator = c.a.devices[0]
	refused(t, "an active device is left out", c.check(h), epoch.ErrDevices)
}

// TestGroupHeaderOtherEncodings refuses every other way to write a group's header.
func TestGroupHeaderOtherEncodings(t *testing.T) {
	c := newCircle(t)
	h := c.after(c.a)
	c.admit(h, c.d, c.asking(c.d))
	h.Rejoin = slices.Clone(c.b.devices)
	must(t, c.check(h))
	other := map[string]bool{ // another header, not another encoding
		"9/one element fewer": true, "8/0/3/one element fewer": true, "8/0/2/one element fewer": true, "8/0/2/0/3/one element fewer": true,
		"5/one element fewer": true, "8/one element fewer": true,
	}
	for i := range h.Roster {
		other["5/"+string(rune('0'+i))+"/3/one element fewer"] = true
	}
	for _, v := range mangle.Encodings(h.Bytes()) {
		read, err := epoch.ParseHeader(v.Bytes)
		switch {
		case !other[v.Name]:
			refused(t, v.Name, err, cose.ErrMalformed)
		case err == nil && c.check(read) == nil && v.Name != "9/one element fewer":
			t.Errorf("%s: accepted", v.Name)
		}
	}
}

func TestGroupCommitAlteredBytes(t *testing.T) {
	c := newCircle(t)
	h := c.after(c.b)
	c.admit(h, c.d, c.asking(c.d))
	data := c.sign(h)
	for i := 0; i < len(data); i += stride() {
		altered := bytes.Clone(data)
		altered[i] ^= 1
		commit, err := epoch.ParseCommit(altered)
		if err == nil {
			err = commit.Check(cose.Native{}, c.before, c.chains.get)
		}
		if err == nil {
			t.Errorf("byte %d altered and accepted", i)
		}
	}
}

// TestCheckEntry is what a newcomer can check of the commit that lets it in.
func TestCheckEntry(t *testing.T) {
	c := newCircle(t)
	enter := func(data []byte) error {
		commit, err := epoch.ParseCommit(data)
		must(t, err)
		return commit.CheckEntry(cose.Native{}, c.chains.get)
	}
	h := c.after(c.a)
	with(h, c.d.member())
	must(t, enter(c.sign(h)))
	refused(t, "epoch 0", enter(c.sign(c.first())), epoch.ErrNumber)
	forged, err := epoch.SignCommit(rand.Reader, c.d.keys[c.d.devices[0]], h, [32]byte{}, wraps(h))
	must(t, err)
	refused(t, "signed by another", enter(forged), cose.ErrSignature)
	of(h, c.b).Head.Hash[0] ^= 1
	refused(t, "a head of a fork", enter(c.sign(h)), epoch.ErrHead)
	h = c.after(c.a)
	with(h, c.d.member())
	of(h, c.b).Slots = append(of(h, c.b).Slots, epoch.Slot{Device: account.DeviceID(bytes.Repeat([]byte{255}, 32)), Prekey: make([]byte, 32)})
	refused(t, "a ghost device", enter(c.sign(h)), epoch.ErrDevices)
}
