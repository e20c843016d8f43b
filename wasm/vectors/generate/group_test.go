//go:build !js

package generate

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

func groupIDs(m *maker) {
	m.About = "The id of a group. in: header (of its epoch 0, whatever stands in it for the id and seen). out: id."
	r := m.group()
	id := r.header.Conversation
	m.accept("of a group", values{"header": r.header.Bytes()}, values{"id": id[:]})
	blank := *r.header
	blank.Conversation, blank.Seen = epoch.ConversationID{}, epoch.Seen{}
	m.accept("id and seen are left open", values{"header": blank.Bytes()}, values{"id": id[:]})
	other := *r.header
	other.Time++
	id = groupIDOf(&other)
	m.accept("a second later", values{"header": other.Bytes()}, values{"id": id[:]})
}

// groupHeaders adds the headers of groups to those of two.
func (m *maker) groupHeaders() {
	r := m.group()
	m.accept("of a group's epoch 0", values{"bytes": r.header.Bytes()}, describeHeader(r.header))
	twin := r.clone()
	twin.admission(keys.Dave)
	h := twin.commit().header
	m.accept("of a group, someone came by a link", values{"bytes": h.Bytes()}, describeHeader(h))
	alone := r.commit()
	alone.without(keys.Bob)
	alone.without(keys.Carol)
	m.accept("of a group, alice is alone", values{"bytes": alone.header.Bytes()}, describeHeader(alone.header))
	refuse := func(name, outcome string, change func(*epoch.Header)) {
		h := r.commit().header
		change(h)
		m.refuse("group: "+name, outcome, values{"bytes": h.Bytes()})
	}
	refuse("nobody is an admin", "not-allowed", func(h *epoch.Header) { r.of(h, keys.Alice).Role = 0 })
	refuse("a role that is none", "malformed", func(h *epoch.Header) { r.of(h, keys.Bob).Role = 2 })
	refuse("state of 2,049 bytes", "malformed", func(h *epoch.Header) { h.Room[0].Sealed = random(2049) })
	refuse("five links", "too-large", func(h *epoch.Header) {
		h.Room[0].Links = nil
		for i := range 5 {
			h.Room[0].Links = append(h.Room[0].Links, epoch.Link{ID: epoch.LinkID{byte(i)}, Uses: 1})
		}
	})
	refuse("17 admitted", "too-large", func(h *epoch.Header) {
		for i := range 17 {
			h.Room[0].Admitted = append(h.Room[0].Admitted, epoch.Admission{Account: account.ID{byte(i)}})
		}
	})
	refuse("one link twice", "malformed", func(h *epoch.Header) { l := h.Room[0].Links; h.Room[0].Links = append(l, l[0]) })
	refuse("no uses", "malformed", func(h *epoch.Header) { h.Room[0].Links[0].Uses = 0 })
	refuse("101 uses", "malformed", func(h *epoch.Header) { h.Room[0].Links[0].Uses = 101 })
	refuse("more used than uses", "malformed", func(h *epoch.Header) { h.Room[0].Links[0].Used = []epoch.RequestID{{1}, {2}, {3}} })
	refuse("one use twice", "malformed", func(h *epoch.Header) { h.Room[0].Links[0].Used = []epoch.RequestID{{1}, {1}} })
	refuse("one admitted twice", "malformed", func(h *epoch.Header) { h.Room[0].Admitted = make([]epoch.Admission, 2) })
	first := func(name, outcome string, change func(*epoch.Header)) {
		c := m.hallway().commit()
		change(c.header)
		c.header.Conversation = groupIDOf(c.header)
		m.refuse("group's epoch 0: "+name, outcome, values{"bytes": c.header.Bytes()})
	}
	first("opened by a member", "not-allowed", func(h *epoch.Header) {
		for i := range h.Roster {
			h.Roster[i].Role = 1
			if h.Roster[i].Slots[0].Device == h.Creator {
				h.Roster[i].Role = 0
			}
		}
	})
	first("a link that was used", "not-allowed", func(h *epoch.Header) { h.Room[0].Links[0].Used = []epoch.RequestID{{1}} })
	first("one admitted", "not-allowed", func(h *epoch.Header) { h.Room[0].Admitted = make([]epoch.Admission, 1) })
	named := m.hallway().commit().header
	named.Conversation[0] ^= 1
	m.refuse("group's epoch 0: under another id", "conversation", values{"bytes": named.Bytes()})
	m.otherEncodings("group:", cose.Marshal(headerParts(h)), 30, func(b []byte) values { return values{"bytes": b} })
}

func joins(m *maker) {
	m.About = "A request to be let into a group by a link. in: bytes, chain (the links of the account's chain). " +
		"out: conversation, link, account, head-number, head-hash, prekey, expiry, device, hash (of the Sig_structure), id (where its link counts it)."
	r := m.group()
	j := r.join(keys.Dave)
	data := j.signed().bytes(m)
	hash, head := signedHash(data, epoch.TypeJoin), r.hall.people[keys.Dave].chain.Head()
	chain := m.share("dave-chain", r.hall.people[keys.Dave].links)
	in := func(b []byte) values { return values{"bytes": b, "chain": chain} }
	m.accept("signed", in(data), values{
		"conversation": j.payload[0], "link": j.payload[1], "account": j.payload[2], "head-number": head.Number, "head-hash": head.Hash[:],
		"prekey": j.payload[4], "expiry": j.payload[6], "device": bytesOf(m.device(keys.Dave)), "hash": hash[:], "id": hash[:16],
	})
	refuse := func(name, outcome string, change func(*join)) {
		j := r.join(keys.Dave)
		change(j)
		m.refuse(name, outcome, in(j.signed().unsigned()))
	}
	refuse("link id of 15 bytes", "malformed", func(j *join) { j.payload[1] = random(15) })
	refuse("nonce of 17 bytes", "malformed", func(j *join) { j.payload[5] = random(17) })
	refuse("no expiry", "malformed", func(j *join) { j.payload = j.payload[:6] })
	refuse("signature of zeros", "signature", func(*join) {})
	other := r.join(keys.Dave).signed()
	other.header[16] = string(epoch.TypeRejoin)
	m.refuse("a rejoin request", "type", in(other.bytes(m)))
	by := r.join(keys.Dave).signed()
	by.by = keys.Bob.Signer()
	m.refuse("signed by another", "signature", in(by.bytes(m)))
	m.refuse("by a device of another account", "inactive", in(r.join(keys.Bob).signed().bytes(m)))
	m.refuse("1,025 bytes", "too-large", in(make([]byte, 1025)))
	m.otherEncodings("", data, 12, in)
}

func rejoins(m *maker) {
	m.About = "A request to be let back in. in: bytes, chain (the links of an account's chain). out: conversation, epoch, device."
	r := m.group()
	made := func(payload ...any) *sign1 { return m.sign1(keys.Bob, epoch.TypeRejoin, cose.Marshal(payload)) }
	chain := m.share("bob-chain", r.hall.people[keys.Bob].links)
	in := func(b []byte) values { return values{"bytes": b, "chain": chain} }
	data := made(r.id[:], bytesOf(r.epoch)).bytes(m)
	m.accept("signed", in(data), values{"conversation": r.id[:], "epoch": bytesOf(r.epoch), "device": bytesOf(m.device(keys.Bob))})
	m.refuse("epoch of 31 bytes", "malformed", in(made(r.id[:], random(31)).unsigned()))
	m.refuse("signature of zeros", "signature", in(made(r.id[:], random(32)).unsigned()))
	m.refuse("a leave", "type", in(r.leave(keys.Bob, func([]any) {})))
	m.otherEncodings("", data, 8, in)
}

func roomLinks(m *maker) {
	m.About = "What follows from a room link's secret. in: secret, request (hash of a join request), kem-secret. " +
		"out: id (of the link), tag; aid-admitted: what a wrap's key is derived from in place of the KEM secret."
	for _, name := range []string{"a link", "another link"} {
		secret, request, kem := random(32), random(32), cose.Secret(random(32))
		id := linkIDOf(secret)
		m.accept(name, values{"secret": secret, "request": request, "kem-secret": kem[:]}, values{
			"id": id[:], "tag": tagOf(secret, [32]byte(request)), "aid-admitted": bytesOf(admittedOf(cose.Secret(secret), kem)),
		})
	}
}

func groupStates(m *maker) {
	m.About = "What members know of a group, sealed in a header. in: bytes, joiner, state (its hash in the header). " +
		"out: salt, name, links (ids), secrets (theirs); state-key on the way."
	made := func(state []byte, hash [32]byte, change func(*encrypt0)) values {
		joiner := cose.Secret(random(32))
		key := cose.Derive(joiner, "state", nil)
		sealed := newEncrypt0(key[:], hash[:], padded(state), "application/vnd.sotto.state")
		change(sealed)
		return values{"bytes": sealed.bytes(), "joiner": joiner[:], "state": hash[:], "state-key": key[:]}
	}
	asItIs := func(*encrypt0) {}
	take := func(v values) (in, out values) {
		out = values{"state-key": v["state-key"]}
		delete(v, "state-key")
		return v, out
	}
	for _, links := range []int{0, 4} {
		a := &hall{salt: random(16), name: "Grüße 🙂"}
		for range links {
			a.link(random(32), 1)
		}
		in, out := take(made(a.state(), sha256.Sum256(a.state()), asItIs))
		var ids, secrets [][]byte
		for _, l := range a.links {
			ids = append(ids, l.ID[:])
			for _, s := range a.secrets {
				if linkIDOf(s) == l.ID {
					secrets = append(secrets, s)
				}
			}
		}
		out["salt"], out["name"], out["links"], out["secrets"] = a.salt, a.name, ids, secrets
		m.accept([]string{"without links", "", "", "", "with four links"}[links], in, out)
	}
	refuse := func(name, outcome string, state []byte, change func(*encrypt0)) {
		in, _ := take(made(state, sha256.Sum256(state), change))
		m.refuse(name, outcome, in)
	}
	good := (&hall{salt: random(16), name: "x"}).state()
	long := cose.Marshal([]any{random(16), string(bytes.Repeat([]byte{'x'}, 257)), []any{}})
	link := func(n byte) []any { return []any{bytes.Repeat([]byte{n}, 16), random(32)} }
	refuse("no name", "malformed", cose.Marshal([]any{random(16), "", []any{}}), asItIs)
	refuse("name of 257 bytes", "malformed", long, asItIs)
	refuse("five links", "malformed", cose.Marshal([]any{random(16), "x", []any{link(1), link(2), link(3), link(4), link(5)}}), asItIs)
	refuse("links out of order", "malformed", cose.Marshal([]any{random(16), "x", []any{link(2), link(1)}}), asItIs)
	refuse("salt of 15 bytes", "malformed", cose.Marshal([]any{random(15), "x", []any{}}), asItIs)
	refuse("trailing zero", "malformed", append(bytes.Clone(good), 0), asItIs)
	refuse("with a place", "malformed", good, func(e *encrypt0) { e.header[-65537] = []any{1} })
	refuse("of another type", "type", good, func(e *encrypt0) { e.header[16] = "application/vnd.sotto.wrap" })
	refuse("bound to another hash", "decrypt", good, func(e *encrypt0) { e.external = random(32) })
	refuse("tag altered", "decrypt", good, func(e *encrypt0) { e.ciphertext = func(b []byte) []byte { b[len(b)-1] ^= 1; return b } })
	in, _ := take(made(good, [32]byte{1}, asItIs))
	m.refuse("another state than the header names", "decrypt", in)
	in, _ = take(made(nil, sha256.Sum256(good), asItIs))
	m.refuse("nothing, by one who does not know it", "decrypt", in)
}

// rules collects the cases of a file about what may follow a group's epoch 0.
type rules struct {
	m *maker
	r *room
}

func (m *maker) rules() rules {
	r := m.group()
	m.share("before", r.events[0].bytes)
	for _, p := range []keys.Person{keys.Alice, keys.Bob, keys.Carol, keys.Dave} {
		m.share(string(p)+"-chain", r.hall.people[p].links)
	}
	return rules{m: m, r: r}
}

func (g rules) in(data []byte, left ...keys.Person) values {
	return values{
		"bytes": data, "before": "@before", "left": g.r.left(left...), "alice": "@alice-chain", "bob": "@bob-chain", "carol": "@carol-chain",
		"dave": "@dave-chain",
	}
}

const aboutRules = "before (the commit of the epoch before), left (accounts that left in it), alice, bob, carol and dave (the links of their chains)"

func groupRules(m *maker) {
	m.About = "A commit after another of a group. in: bytes, " + aboutRules + ". out: id (E)."
	g := m.rules()
	accept := func(name string, c *commitment, left ...keys.Person) {
		e := c.event()
		hash := signedHash(e.bytes, epoch.TypeCommit)
		m.accept(name, g.in(e.bytes, left...), values{"id": hash[:]})
	}
	refuse := func(name, outcome string, c *commitment, left ...keys.Person) {
		m.refuse(name, outcome, g.in(c.event().bytes, left...))
	}
	made := func(p keys.Person, change func(*commitment, *epoch.Room)) *commitment {
		c := g.r.commit()
		c.by(p)
		change(c, &c.header.Room[0])
		return c
	}
	add := func(c *commitment, _ *epoch.Room) {
		twin := g.r.clone()
		twin.hall.roles[keys.Dave] = epoch.RoleMember
		c.header.Roster = twin.roster()
	}
	remove := func(c *commitment, r *epoch.Room) { c.without(keys.Carol); r.Links = nil }
	promote := func(c *commitment, _ *epoch.Room) { g.r.of(c.header, keys.Carol).Role = epoch.RoleAdmin }
	rename := func(_ *commitment, r *epoch.Room) { r.State[0] ^= 1 }
	newLink := func(_ *commitment, r *epoch.Room) {
		r.Links = append(r.Links, epoch.Link{ID: epoch.LinkID(bytes.Repeat([]byte{255}, 16)), Expiry: linkExpiry, Uses: 1})
	}
	revoke := func(_ *commitment, r *epoch.Room) { r.Links = nil }
	for _, c := range []struct {
		name, member string
		change       func(*commitment, *epoch.Room)
	}{
		{"nothing changes", "ok", func(*commitment, *epoch.Room) {}},
		{"someone is added", "not-allowed", add}, {"someone is taken out", "not-allowed", remove},
		{"someone becomes an admin", "not-allowed", promote}, {"another name", "not-allowed", rename},
		{"a new link", "not-allowed", newLink}, {"a link is revoked", "not-allowed", revoke},
		{"someone is absent", "ok", func(c *commitment, _ *epoch.Room) { g.r.of(c.header, keys.Carol).Slots[0].Prekey = nil }},
		{"someone has another prekey", "ok", func(c *commitment, _ *epoch.Room) { g.r.of(c.header, keys.Carol).Slots[0].Prekey = random(32) }},
		{"someone is let back in", "ok", func(c *commitment, _ *epoch.Room) { c.header.Rejoin = []account.DeviceID{m.device(keys.Carol)} }},
	} {
		accept("by an admin: "+c.name, made(keys.Alice, c.change))
		if c.member == "ok" {
			accept("by a member: "+c.name, made(keys.Bob, c.change))
		} else {
			refuse("by a member: "+c.name, c.member, made(keys.Bob, c.change))
		}
	}
	refuse("a link outlives a removal", "not-allowed", made(keys.Alice, func(c *commitment, _ *epoch.Room) { c.without(keys.Carol) }))
	refuse("a link gets more uses", "not-allowed", made(keys.Alice, func(_ *commitment, r *epoch.Room) { r.Links[0].Uses++ }))
	refuse("a link lives longer", "not-allowed", made(keys.Alice, func(_ *commitment, r *epoch.Room) { r.Links[0].Expiry++ }))
	refuse("a new link that was used", "not-allowed", made(keys.Alice, func(c *commitment, r *epoch.Room) {
		newLink(c, r)
		r.Links[len(r.Links)-1].Used = []epoch.RequestID{{1}}
	}))
	refuse("a use that was none", "link", made(keys.Bob, func(_ *commitment, r *epoch.Room) { r.Links[0].Used = []epoch.RequestID{{1}} }))
	refuse("a ghost device", "devices", made(keys.Alice, func(c *commitment, _ *epoch.Room) {
		carol := g.r.of(c.header, keys.Carol)
		carol.Slots = append(carol.Slots, epoch.Slot{Device: stranger(255), Prekey: random(32)})
	}))
	refuse("by a stranger", "not-member", made(keys.Dave, add))
	accept("who left is taken out by a member", made(keys.Bob, func(c *commitment, _ *epoch.Room) { c.without(keys.Carol) }), keys.Carol)
	refuse("who left stays", "not-allowed", made(keys.Bob, func(*commitment, *epoch.Room) {}), keys.Carol)
	refuse("who left commits", "not-allowed", made(keys.Carol, func(*commitment, *epoch.Room) {}), keys.Carol)
	g.admissions(accept, refuse)
}

// admissions are the cases of who came by a link.
func (g rules) admissions(accept func(string, *commitment, ...keys.Person), refuse func(string, string, *commitment, ...keys.Person)) {
	made := func(ask func(*join), change func(*room, *commitment, *epoch.Room)) *commitment {
		twin := g.r.clone()
		twin.admission(keys.Dave, ask)
		c := twin.commit()
		c.by(keys.Bob)
		change(twin, c, &c.header.Room[0])
		return c
	}
	same := func(*join) {}
	asItIs := func(*room, *commitment, *epoch.Room) {}
	accept("by a link", made(same, asItIs))
	accept("by a link, whatever the tag is", made(same, func(_ *room, _ *commitment, r *epoch.Room) { r.Admitted[0].Tag[0] ^= 1 }))
	for _, c := range []struct {
		name, outcome string
		ask           func(*join)
		change        func(*room, *commitment, *epoch.Room)
	}{
		{"by a link that is not there", "link", func(j *join) { j.payload[1] = random(16) }, asItIs},
		{"by a link that is revoked", "link", same, func(_ *room, c *commitment, r *epoch.Room) { c.by(keys.Alice); r.Links = nil }},
		{"by a link that expired", "link", same, func(_ *room, c *commitment, _ *epoch.Room) { c.header.Time = linkExpiry }},
		{"by a request that expired", "link", same, func(_ *room, c *commitment, _ *epoch.Room) { c.header.Time = now + 500 }},
		{"by a request for another group", "link", func(j *join) { j.payload[0] = random(16) }, asItIs},
		{"by a request for another account", "link", func(j *join) { j.payload[2] = random(32) }, asItIs},
		{"by a request with another prekey", "link", func(j *join) { j.payload[4] = random(32) }, asItIs},
		{"by a request with another head", "head", func(j *join) { j.payload[3] = []any{0, random(32)} }, asItIs},
		{"a use that is not counted", "link", same, func(_ *room, _ *commitment, r *epoch.Room) { r.Links[0].Used = nil }},
		{"as an admin", "not-allowed", same, func(r *room, c *commitment, _ *epoch.Room) { r.of(c.header, keys.Dave).Role = 1 }},
		{"the device is absent", "link", same, func(r *room, c *commitment, _ *epoch.Room) { r.of(c.header, keys.Dave).Slots[0].Prekey = nil }},
		{"the account is not in the roster", "link", same, func(_ *room, c *commitment, _ *epoch.Room) { c.without(keys.Dave) }},
		{"a request that is none", "malformed", same, func(_ *room, _ *commitment, r *epoch.Room) { r.Admitted[0].Request = []byte{0} }},
		{"a request whose signature is altered", "signature", same, func(_ *room, _ *commitment, r *epoch.Room) {
			b := bytes.Clone(r.Admitted[0].Request)
			b[len(b)-1] ^= 1
			r.Admitted[0].Request = b
		}},
		{"a member is let in", "not-allowed", same, func(r *room, _ *commitment, room *epoch.Room) {
			room.Admitted[0].Account = r.hall.people[keys.Carol].chain.ID()
		}},
	} {
		refuse("admitted: "+c.name, c.outcome, made(c.ask, c.change))
	}
}

func leaves(m *maker) {
	m.About = "A member leaves. in: bytes, " + aboutRules + ". out: account (that leaves), device, seen-position."
	g := m.rules()
	r := g.r
	asItIs := func([]any) {}
	out := func(p keys.Person) values {
		return values{"account": r.left(p)[0], "device": bytesOf(m.device(p)), "seen-position": 1}
	}
	data := r.leave(keys.Bob, asItIs)
	m.accept("a member", g.in(data), out(keys.Bob))
	m.accept("another, after one", g.in(r.leave(keys.Carol, asItIs), keys.Bob), out(keys.Carol))
	m.accept("the admin, when nobody stays", g.in(r.leave(keys.Alice, asItIs), keys.Bob, keys.Carol), out(keys.Alice))
	m.refuse("the only admin", "not-allowed", g.in(r.leave(keys.Alice, asItIs)))
	m.refuse("who has left", "not-allowed", g.in(data, keys.Bob))
	m.refuse("a stranger", "not-member", g.in(r.leave(keys.Dave, asItIs)))
	m.refuse("another group", "conversation", g.in(r.leave(keys.Bob, func(p []any) { p[0] = random(16) })))
	m.refuse("another epoch", "prev", g.in(r.leave(keys.Bob, func(p []any) { p[1] = random(32) })))
	m.refuse("seen without a position", "malformed", g.in(r.leave(keys.Bob, func(p []any) { p[2] = []any{random(32)} })))
	altered := bytes.Clone(data)
	altered[len(altered)-1] ^= 1
	m.refuse("signature altered", "signature", g.in(altered))
	other := slices.Clone(r.events[0].bytes)
	m.refuse("a commit", "too-large", g.in(other))
	m.otherEncodings("", data, 8, func(b []byte) values { return g.in(b) })
}
