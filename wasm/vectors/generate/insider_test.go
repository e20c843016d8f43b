//go:build !js

package generate

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
)

// The derivations, written here once more from their description.

func joinerOf(init, secret cose.Secret) cose.Secret { return cose.Extract(init, secret) }

func epochKeyOf(joiner cose.Secret, header []byte) cose.Secret {
	h := sha256.Sum256(header)
	return cose.Derive(joiner, "epoch", h[:])
}

func confirmOf(epochKey cose.Secret, header []byte) []byte {
	h := sha256.Sum256(header)
	key := cose.Derive(epochKey, "confirm", nil)
	mac := hmac.New(sha256.New, key[:])
	mac.Write(h[:])
	return mac.Sum(nil)
}

func messageKeyOf(epochKey cose.Secret, device account.DeviceID, generation uint64) cose.Secret {
	chain := cose.Derive(epochKey, "chain", device[:])
	for range generation {
		chain = cose.Derive(chain, "next", nil)
	}
	return cose.Derive(chain, "message", nil)
}

func admittedOf(link, shared cose.Secret) cose.Secret {
	return cose.Extract(cose.Derive(link, "admit", nil), shared)
}

func kekOf(shared cose.Secret, header []byte, device account.DeviceID) cose.Secret {
	h := sha256.Sum256(header)
	return cose.Derive(shared, "wrap", cose.Marshal([]any{h[:], device[:]}))
}

// padded is Padmé with a floor, over a length and an object.
func padded(object []byte) []byte {
	n := 4 + len(object)
	size := 768
	if n > size {
		e := bits.Len(uint(n)) - 1
		unit := 1 << (e - bits.Len(uint(e)))
		size = (n + unit - 1) / unit * unit
	}
	p := append(binary.BigEndian.AppendUint32(nil, uint32(len(object))), object...)
	return append(p, make([]byte, size-n)...)
}

// event is an event of a log with the reader's wrap.
type event struct {
	kind  epoch.Kind
	bytes []byte
	wrap  []byte
}

// room is a conversation of alice and bob as an insider sees it, who knows every secret. Alice writes, bob reads.
type room struct {
	m          *maker
	alice, bob *history
	id         epoch.ConversationID
	events     []event
	logs       []epoch.LogHash
	init       cose.Secret
	key        cose.Secret // of the newest epoch
	header     *epoch.Header
	epoch      epoch.ID
	sent       uint64 // generations alice has used in this epoch
	hall       *hall  // what makes it a group; nil between two
}

func (m *maker) room() *room {
	m.t.Helper()
	r := &room{m: m, alice: m.history(keys.Alice), bob: m.history(keys.Bob)}
	r.id = epoch.DirectID(r.alice.chain.ID(), r.bob.chain.ID())
	r.logs = []epoch.LogHash{epoch.LogStart(r.id)}
	return r
}

// opened is a room with epoch 0.
func (m *maker) opened() *room {
	m.t.Helper()
	r := m.room()
	r.take(r.commit())
	return r
}

func (r *room) seen() epoch.Seen {
	last := len(r.logs) - 1
	return epoch.Seen{Position: epoch.Position(last), Log: r.logs[last]}
}

func (r *room) append(e event) {
	seen := r.seen()
	r.events = append(r.events, e)
	r.logs = append(r.logs, epoch.LogNext(r.id, seen.Position+1, seen.Log, e.kind, sha256.Sum256(e.bytes)))
}

func (r *room) prekey(p keys.Person) []byte { return bytesOf(r.m.private(p).Public().Thumbprint()) }

func (r *room) roster() []epoch.Member {
	m := r.m
	member := func(h *history, p keys.Person) epoch.Member {
		return epoch.Member{Account: h.chain.ID(), Head: h.chain.Head(), Slots: []epoch.Slot{{Device: m.device(p), Prekey: r.prekey(p)}}}
	}
	roster := []epoch.Member{member(r.alice, keys.Alice), member(r.bob, keys.Bob)}
	if r.hall != nil {
		roster = roster[:0]
		for p, role := range r.hall.roles {
			one := member(r.hall.people[p], p)
			one.Role = role
			roster = append(roster, one)
		}
	}
	slices.SortFunc(roster, func(a, b epoch.Member) int { return bytes.Compare(a.Account[:], b.Account[:]) })
	return roster
}

// commitment is a commit by alice in its parts; change spoils them before they are put together.
type commitment struct {
	r       *room
	header  *epoch.Header
	secret  cose.Secret
	wrapped []any            // what bob's wrap seals
	to      kem.PublicKey    // to whom
	device  account.DeviceID // for which device
	link    []byte           // the secret of the link by which it came
	bound   []byte           // the header the wrap is bound to
	confirm []byte
	wrap    func([]byte) []byte // on the wrap, before it is hashed
	shown   func([]byte) []byte // on the wrap, after it was hashed
	signer  keys.Person
}

func (r *room) commit() *commitment {
	m := r.m
	h := &epoch.Header{
		Suite: 1, Conversation: r.id, Seen: r.seen(), Roster: r.roster(), Creator: m.device(keys.Alice), Time: now + uint64(len(r.events)),
	}
	if r.header != nil {
		h.Number, h.Prev = r.header.Number+1, bytesOf(r.epoch)
	}
	c := &commitment{r: r, header: h, secret: cose.Secret(random(32)), signer: keys.Alice}
	c.to, c.device = m.private(keys.Bob).Public(), m.device(keys.Bob)
	if r.hall != nil {
		h.Room = r.hall.room()
	}
	same := func(b []byte) []byte { return b }
	c.wrap, c.shown = same, same
	c.fit()
	return c
}

// fit makes everything that follows from header and secret.
func (c *commitment) fit() {
	joiner := joinerOf(c.r.init, c.secret)
	if c.r.hall != nil {
		c.r.hall.fit(c, joiner)
	}
	c.bound = c.header.Bytes()
	c.confirm = confirmOf(epochKeyOf(joiner, c.bound), c.bound)
	if c.wrapped = []any{1, c.secret[:]}; !c.holds() {
		c.wrapped = []any{2, joiner[:]}
	}
}

// holds says whether the device of the wrap has the epoch before.
func (c *commitment) holds() bool {
	if c.r.header == nil || slices.Contains(c.header.Rejoin, c.device) {
		return false
	}
	_, e, ok := c.r.header.Find(c.device)
	return ok && !e.Absent()
}

func (c *commitment) changed(change func(*commitment)) *commitment { change(c); return c }

// event puts the commit together.
func (c *commitment) event() event {
	m := c.r.m
	m.t.Helper()
	shared, ciphertext, err := c.to.Encapsulate(cose.Native{}, rand.Reader)
	m.must(err)
	if c.link != nil {
		shared = admittedOf(cose.Secret(c.link), shared)
	}
	kek, h := kekOf(shared, c.bound, c.device), sha256.Sum256(c.bound)
	sealed := newEncrypt0(kek[:], h[:], cose.Marshal(c.wrapped), "application/vnd.sotto.wrap")
	wrap := c.wrap(cose.Marshal([]any{ciphertext, cose.Raw(sealed.bytes())}))
	hashes := make([][]byte, len(c.header.Entries()))
	for i, e := range c.header.Entries() {
		if e.Device != c.header.Creator && !e.Absent() {
			sum := sha256.Sum256(wrap)
			hashes[i] = sum[:]
		}
	}
	payload := cose.Marshal([]any{cose.Raw(c.header.Bytes()), c.confirm, hashes})
	commit := m.sign1(keys.Alice, epoch.TypeCommit, payload)
	commit.by = c.signer.Signer()
	commit.header[4] = bytesOf(c.header.Creator)
	return event{kind: epoch.KindCommit, bytes: commit.bytes(m), wrap: c.shown(wrap)}
}

// take puts the commit into the log and goes on in its epoch.
func (r *room) take(c *commitment) {
	r.m.t.Helper()
	e := c.event()
	joiner := joinerOf(r.init, c.secret)
	if r.header == nil && r.hall != nil {
		r.id, r.logs = c.header.Conversation, []epoch.LogHash{c.header.Seen.Log}
	}
	r.key = epochKeyOf(joiner, c.header.Bytes())
	if r.header == nil {
		r.m.firstKey = r.key
	}
	r.init = cose.Derive(r.key, "init", nil)
	signed, err := cose.ParseSign1(e.bytes, epoch.TypeCommit, len(e.bytes))
	r.m.must(err)
	r.header, r.epoch, r.sent = c.header, epoch.ID(signed.Hash()), 0
	r.append(e)
}

// index is a person's slot.
func (r *room) index(p keys.Person) uint64 {
	i, _ := r.header.Index(r.m.device(p))
	return i
}

// letter is a message by alice in its parts.
type letter struct {
	r                 *room
	typ, content      cose.Type
	place             []any // conversation, number, index, generation
	payload           []any // epoch, generation, seen, client id, body
	key               cose.Secret
	external          []byte
	kid               account.DeviceID
	by                keys.Person
	pad               func([]byte) []byte
	signature, sealed func([]byte) []byte
}

// letter is alice's next message, past so many she gave up.
func (r *room) letter(holes uint64, body []byte) *letter {
	g := r.sent + holes
	alice := r.m.device(keys.Alice)
	seen := r.seen()
	same := func(b []byte) []byte { return b }
	return &letter{
		r: r, typ: epoch.TypeMessage, content: "application/vnd.sotto.content",
		place:   []any{r.id[:], uint64(r.header.Number), r.index(keys.Alice), g},
		payload: []any{bytesOf(r.epoch), g, []any{uint64(seen.Position), seen.Log[:]}, random(16), cose.Raw(body)},
		key:     messageKeyOf(r.key, alice, g), external: bytesOf(r.epoch), kid: alice, by: keys.Alice, pad: padded, signature: same, sealed: same,
	}
}

func (l *letter) changed(change func(*letter)) *letter { change(l); return l }

func (l *letter) event() event {
	m := l.r.m
	m.t.Helper()
	inner := m.sign1(l.by, l.content, cose.Marshal(l.payload))
	inner.header[4], inner.signature = bytesOf(l.kid), l.signature
	outer := newEncrypt0(l.key[:], l.external, l.pad(inner.bytes(m)), l.typ)
	outer.header[-65537] = l.place
	return event{kind: epoch.KindMessage, bytes: l.sealed(outer.bytes())}
}

// send puts a message into the log.
func (r *room) send(holes uint64, body []byte) *letter {
	l := r.letter(holes, body)
	r.append(l.event())
	r.sent += holes + 1
	return l
}

// textBody is a body with a text.
func textBody(text string) []byte {
	return cose.Marshal([]any{1, 1, []any{uint64(now) * 1000, text}})
}
