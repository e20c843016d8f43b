package epoch_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

const now = 1_800_000_000

// owner is an account of one or more devices, its chain and all of its keys.
type owner struct {
	keys    map[account.DeviceID]*rsa.PrivateKey
	devices []account.DeviceID // in the order in which they came
	chain   *account.Chain
}

// chains is what a checker knows.
type chains map[account.ID]*account.Chain

func (c chains) get(id account.ID) (*account.Chain, bool) { chain, ok := c[id]; return chain, ok }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, name string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", name, err, want)
	}
}

func publicKey(t testing.TB, key *rsa.PrivateKey) cose.RSAKey {
	t.Helper()
	public, err := cose.NewRSAKey(&key.PublicKey)
	must(t, err)
	return public
}

func newOwner(t testing.TB, key *rsa.PrivateKey) *owner {
	t.Helper()
	_, chain, err := account.Create(rand.Reader, key, publicKey(t, key), now)
	must(t, err)
	device := account.DeviceID(publicKey(t, key).Thumbprint())
	return &owner{keys: map[account.DeviceID]*rsa.PrivateKey{device: key}, devices: []account.DeviceID{device}, chain: chain}
}

// add lets the first device bring another one into the account.
func (o *owner) add(t testing.TB, key *rsa.PrivateKey) {
	t.Helper()
	public, head := publicKey(t, key), o.chain.Head()
	request, err := account.SignRequest(rand.Reader, key, account.Request{Account: o.chain.ID(), Head: head, Key: public, Expiry: now + 99})
	must(t, err)
	o.link(t, account.Link{Kind: account.LinkAdd, Request: request})
	device := account.DeviceID(public.Thumbprint())
	o.keys[device], o.devices = key, append(o.devices, device)
}

func (o *owner) revoke(t testing.TB, device account.DeviceID) {
	t.Helper()
	o.link(t, account.Link{Kind: account.LinkRevoke, Device: device})
}

func (o *owner) link(t testing.TB, l account.Link) {
	t.Helper()
	head := o.chain.Head()
	l.Account, l.Number, l.Prev, l.Time = o.chain.ID(), head.Number+1, head.Hash, now
	first := o.devices[0]
	link, err := account.SignLink(rand.Reader, o.keys[first], first, l)
	must(t, err)
	o.chain, err = o.chain.Append(cose.Native{}, link)
	must(t, err)
}

// prekeyOf stands for the thumbprint of a device's prekey: this package compares and never opens.
func prekeyOf(d account.DeviceID) []byte {
	h := sha256.Sum256(d[:])
	return h[:]
}

func (o *owner) member() epoch.Member {
	m := epoch.Member{Account: o.chain.ID(), Head: o.chain.Head()}
	for _, d := range o.chain.Active() {
		m.Slots = append(m.Slots, epoch.Slot{Device: d.ID, Prekey: prekeyOf(d.ID)})
	}
	return m
}

// pair is a conversation of two owners.
type pair struct {
	a, b   *owner
	chains chains
}

func newPair(t testing.TB) *pair {
	t.Helper()
	p := &pair{a: newOwner(t, keys.Alice.Signer()), b: newOwner(t, keys.Bob.Signer())}
	p.know()
	return p
}

// know takes both chains as they are now.
func (p *pair) know() {
	p.chains = chains{p.a.chain.ID(): p.a.chain, p.b.chain.ID(): p.b.chain}
}

func (p *pair) id() epoch.ConversationID { return epoch.DirectID(p.a.chain.ID(), p.b.chain.ID()) }

// header is that of epoch 0, by a's first device.
func (p *pair) header() *epoch.Header {
	roster := []epoch.Member{p.a.member(), p.b.member()}
	slices.SortFunc(roster, func(x, y epoch.Member) int { return bytes.Compare(x.Account[:], y.Account[:]) })
	return &epoch.Header{
		Suite: epoch.Suite, Conversation: p.id(), Seen: epoch.Seen{Log: epoch.LogStart(p.id())}, Roster: roster,
		Creator: p.a.devices[0], Time: now,
	}
}

// after is the header that follows before.
func (p *pair) after(before *epoch.Standing) *epoch.Header {
	h := p.header()
	h.Number, h.Prev, h.Seen.Position = before.Header.Number+1, before.ID[:], 1
	return h
}

// of gives the roster's entry of an owner.
func of(h *epoch.Header, o *owner) *epoch.Member {
	return &h.Roster[slices.IndexFunc(h.Roster, func(m epoch.Member) bool { return m.Account == o.chain.ID() })]
}

// wraps gives a hash for each device that needs a wrap.
func wraps(h *epoch.Header) [][]byte {
	hashes := make([][]byte, len(h.Entries()))
	for i, e := range h.Entries() {
		if !e.Absent() && e.Device != h.Creator {
			hashes[i] = prekeyOf(e.Device)
		}
	}
	return hashes
}

// sign makes the commit of h by its creator, if one of the pair has it.
func (p *pair) sign(t testing.TB, h *epoch.Header) []byte {
	t.Helper()
	key, ok := p.a.keys[h.Creator]
	if !ok {
		key = p.b.keys[h.Creator]
	}
	commit, err := epoch.SignCommit(rand.Reader, key, h, [32]byte{7}, wraps(h))
	must(t, err)
	return commit
}

// check reads the commit of h and checks that it may follow before.
func (p *pair) check(t testing.TB, h *epoch.Header, before *epoch.Standing) error {
	t.Helper()
	c, err := epoch.ParseCommit(p.sign(t, h))
	if err != nil {
		return err
	}
	return c.Check(cose.Native{}, before, p.chains.get)
}

// open gives what stands after epoch 0.
func (p *pair) open(t testing.TB) *epoch.Standing {
	t.Helper()
	c, err := epoch.ParseCommit(p.sign(t, p.header()))
	must(t, err)
	must(t, c.Check(cose.Native{}, nil, p.chains.get))
	return &epoch.Standing{ID: c.ID, Header: c.Header}
}
