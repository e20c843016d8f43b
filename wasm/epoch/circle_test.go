package epoch_test

import (
	"bytes"
	"crypto/rand"
	"runtime"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

// circle is a group: a is its admin, b and c are members, d is nobody yet. One link may be used.
type circle struct {
	t          testing.TB
	a, b, c, d *owner
	chains     chains
	before     *epoch.Standing
}

var (
	openLink  = epoch.LinkID{1}
	otherLink = epoch.LinkID{2}
)

const linkExpiry = now + 1000

// newCircle has the group's epoch 0.
func newCircle(t testing.TB) *circle {
	t.Helper()
	c := &circle{
		t: t, a: newOwner(t, keys.Alice.Signer()), b: newOwner(t, keys.Bob.Signer()), c: newOwner(t, keys.Carol.Signer()),
		d: newOwner(t, keys.Dave.Signer()),
	}
	c.know()
	h := c.first()
	commit, err := epoch.ParseCommit(c.sign(h))
	must(t, err)
	must(t, commit.Check(cose.Native{}, nil, c.chains.get))
	c.before = &epoch.Standing{ID: commit.ID, Header: commit.Header}
	return c
}

func (c *circle) owners() []*owner { return []*owner{c.a, c.b, c.c, c.d} }

// know takes all chains as they are now.
func (c *circle) know() {
	c.chains = chains{}
	for _, o := range c.owners() {
		c.chains[o.chain.ID()] = o.chain
	}
}

// first is the header that opens the group.
func (c *circle) first() *epoch.Header {
	h := &epoch.Header{
		Suite: epoch.Suite, Roster: []epoch.Member{c.a.admin(), c.b.member(), c.c.member()}, Creator: c.a.devices[0], Time: now,
		Room: []epoch.Room{{
			State: [32]byte{1}, Sealed: []byte{1},
			Links: []epoch.Link{{ID: openLink, Expiry: linkExpiry, Uses: 2}},
		}},
	}
	sortRoster(h)
	c.name(h)
	return h
}

// name gives the header 0 of a group its id and the log that begins with it.
func (c *circle) name(h *epoch.Header) {
	h.Conversation = epoch.GroupID(h)
	h.Seen = epoch.Seen{Log: epoch.LogStart(h.Conversation)}
}

func (o *owner) admin() epoch.Member {
	m := o.member()
	m.Role = epoch.RoleAdmin
	return m
}

// after is the header that follows the epoch before and changes nothing, by an owner.
func (c *circle) after(by *owner) *epoch.Header {
	h := *c.before.Header
	h.Number, h.Prev, h.Creator, h.Seen.Position = h.Number+1, bytes.Clone(c.before.ID[:]), by.devices[0], 1
	h.Roster = slices.Clone(h.Roster)
	for i := range h.Roster {
		h.Roster[i].Slots = slices.Clone(h.Roster[i].Slots)
	}
	room := h.Room[0]
	room.Links, room.Admitted = slices.Clone(room.Links), nil
	for i := range room.Links {
		room.Links[i].Used = slices.Clone(room.Links[i].Used)
	}
	h.Room = []epoch.Room{room}
	return &h
}

// sign makes the commit of h by its creator.
func (c *circle) sign(h *epoch.Header) []byte {
	c.t.Helper()
	for _, o := range c.owners() {
		if key, ok := o.keys[h.Creator]; ok {
			commit, err := epoch.SignCommit(rand.Reader, key, h, [32]byte{7}, wraps(h))
			must(c.t, err)
			return commit
		}
	}
	c.t.Fatal("nobody has the creator's key")
	return nil
}

// check reads the commit of h and checks that it may follow the epoch before.
func (c *circle) check(h *epoch.Header) error {
	c.t.Helper()
	commit, err := epoch.ParseCommit(c.sign(h))
	if err != nil {
		return err
	}
	return commit.Check(cose.Native{}, c.before, c.chains.get)
}

// take makes h the newest epoch.
func (c *circle) take(h *epoch.Header) {
	c.t.Helper()
	must(c.t, c.check(h))
	commit, err := epoch.ParseCommit(c.sign(h))
	must(c.t, err)
	c.before = &epoch.Standing{ID: commit.ID, Header: commit.Header}
}

// without takes an owner out of a roster.
func without(h *epoch.Header, o *owner) {
	h.Roster = slices.DeleteFunc(h.Roster, func(m epoch.Member) bool { return m.Account == o.chain.ID() })
}

// with brings a member into a roster.
func with(h *epoch.Header, m epoch.Member) {
	h.Roster = append(h.Roster, m)
	sortRoster(h)
}

// asking is what a device asks with, changed before it is signed.
func (c *circle) asking(o *owner, changes ...func(*epoch.Join)) []byte {
	c.t.Helper()
	j := epoch.Join{
		Conversation: c.before.Header.Conversation, Link: openLink, Account: o.chain.ID(), Device: o.devices[0], Head: o.chain.Head(),
		Prekey: cose.Thumbprint(prekeyOf(o.devices[0])), Expiry: now + 500,
	}
	for _, change := range changes {
		change(&j)
	}
	request, err := epoch.SignJoin(rand.Reader, o.keys[o.devices[0]], j)
	must(c.t, err)
	return request
}

// requestID names a request.
func requestID(t testing.TB, request []byte) epoch.RequestID {
	t.Helper()
	j, err := epoch.ParseJoin(request)
	must(t, err)
	return j.ID()
}

// admit lets an owner in by its request and counts that.
func (c *circle) admit(h *epoch.Header, o *owner, request []byte) {
	c.t.Helper()
	with(h, o.member())
	r := &h.Room[0]
	r.Admitted = append(r.Admitted, epoch.Admission{Account: o.chain.ID(), Request: request})
	slices.SortFunc(r.Admitted, func(a, b epoch.Admission) int { return bytes.Compare(a.Account[:], b.Account[:]) })
	for i := range r.Links {
		if l := &r.Links[i]; l.ID == openLink {
			l.Used = append(l.Used, requestID(c.t, request))
			slices.SortFunc(l.Used, func(a, b epoch.RequestID) int { return bytes.Compare(a[:], b[:]) })
		}
	}
}

// stride is how far apart bytes are that a test alters: in a browser, where each costs ten times as much, not each one.
func stride() int {
	if runtime.GOOS == "js" {
		return 7
	}
	return 1
}

// leave is the event by which an owner leaves, changed before it is signed.
func (c *circle) leave(o *owner, changes ...func(*epoch.Leave)) []byte {
	c.t.Helper()
	l := epoch.Leave{Conversation: c.before.Header.Conversation, Epoch: c.before.ID, Device: o.devices[0], Seen: epoch.Seen{Position: 1}}
	for _, change := range changes {
		change(&l)
	}
	event, err := epoch.SignLeave(rand.Reader, o.keys[o.devices[0]], l)
	must(c.t, err)
	return event
}

// left checks a leave event and gives who left.
func (c *circle) left(event []byte) (account.ID, error) {
	l, err := epoch.ParseLeave(event)
	if err != nil {
		return account.ID{}, err
	}
	return l.Check(cose.Native{}, c.before, c.chains.get)
}
