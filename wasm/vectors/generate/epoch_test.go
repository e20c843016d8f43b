//go:build !js

package generate

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

func directIDs(m *maker) {
	m.About = "The id of the conversation between two accounts. in: a, b. out: id."
	a, b := random(32), random(32)
	id := epoch.DirectID(account.ID(a), account.ID(b))
	m.accept("two accounts", values{"a": a, "b": b}, values{"id": id[:]})
	m.accept("exchanged", values{"a": b, "b": a}, values{"id": id[:]})
}

func logChains(m *maker) {
	m.About = "The log chain. in: conversation, kinds, hashes (SHA-256 of each event, from position 1). out: log (L[0], L[1] …)."
	for _, n := range []int{0, 1, 30} {
		id := epoch.ConversationID(random(16))
		log := [][]byte{bytesOf(epoch.LogStart(id))}
		var kinds []string
		var hashes [][]byte
		for p := 1; p <= n; p++ {
			kind, hash := []epoch.Kind{epoch.KindCommit, epoch.KindMessage}[p%2], random(32)
			kinds, hashes = append(kinds, fmt.Sprint(uint64(kind))), append(hashes, hash)
			next := epoch.LogNext(id, epoch.Position(p), epoch.LogHash(log[p-1]), kind, [32]byte(hash))
			log = append(log, bytesOf(next))
		}
		m.accept(fmt.Sprint(n, " events"), values{"conversation": id[:], "kinds": strings.Join(kinds, " "), "hashes": hashes}, values{"log": log})
	}
}

// headerParts gives a header as the list it is.
func headerParts(h *epoch.Header) []any {
	roster := make([]any, len(h.Roster))
	for i, member := range h.Roster {
		var slots []any
		for _, s := range member.Slots {
			slots = append(slots, []any{s.Device[:], s.Prekey})
		}
		roster[i] = []any{member.Account[:], []any{member.Head.Number, member.Head.Hash[:]}, uint64(member.Role), slots}
	}
	rejoin := []any{}
	for _, d := range h.Rejoin {
		rejoin = append(rejoin, d[:])
	}
	seen := []any{uint64(h.Seen.Position), h.Seen.Log[:]}
	return []any{h.Suite, h.Conversation[:], uint64(h.Number), h.Prev, seen, roster, h.Creator[:], h.Time, roomParts(h), rejoin}
}

// roomParts gives what a header says of a group as the list it is.
func roomParts(h *epoch.Header) []any {
	rooms := []any{}
	for _, r := range h.Room {
		links, admitted := []any{}, []any{}
		for _, l := range r.Links {
			used := []any{}
			for _, u := range l.Used {
				used = append(used, u[:])
			}
			links = append(links, []any{l.ID[:], l.Expiry, l.Uses, used})
		}
		for _, a := range r.Admitted {
			admitted = append(admitted, []any{a.Account[:], a.Request, a.Tag[:]})
		}
		rooms = append(rooms, []any{r.State[:], r.Sealed, links, admitted})
	}
	return rooms
}

func describeHeader(h *epoch.Header) values {
	hash := h.Hash()
	var devices [][]byte
	for _, e := range h.Entries() {
		devices = append(devices, e.Device[:])
	}
	return values{
		"hash": hash[:], "conversation": h.Conversation[:], "number": uint64(h.Number), "prev": h.Prev, "seen-position": uint64(h.Seen.Position),
		"seen-log": h.Seen.Log[:], "creator": h.Creator[:], "time": h.Time, "devices": devices,
	}
}

func headers(m *maker) {
	m.About = "An epoch's header. in: bytes. out: hash, conversation, number, prev, seen-position, seen-log, creator, time, devices (in roster order)."
	first := m.opened()
	second := first.commit().header
	second.Rejoin = []account.DeviceID{m.device(keys.Bob)}
	absent := first.commit().header
	for i := range absent.Roster {
		if absent.Roster[i].Account == first.bob.chain.ID() {
			absent.Roster[i].Slots[0].Prekey = nil
		}
	}
	for name, h := range map[string]*epoch.Header{"of epoch 0": first.header, "of epoch 1, someone rejoins": second, "someone is absent": absent} {
		m.accept(name, values{"bytes": h.Bytes()}, describeHeader(h))
	}
	sortCases(m)
	refuse := func(name, outcome string, change func(*epoch.Header)) {
		r := *first
		h := r.commit().header
		change(h)
		m.refuse(name, outcome, values{"bytes": h.Bytes()})
	}
	stranger := m.device(keys.Dave)
	refuse("suite 2", "suite", func(h *epoch.Header) { h.Suite = 2 })
	refuse("another conversation", "conversation", func(h *epoch.Header) { h.Conversation[0] ^= 1 })
	refuse("one account", "conversation", func(h *epoch.Header) {
		if h.Roster[0].Slots[0].Device != h.Creator {
			h.Roster[0] = h.Roster[1]
		}
		h.Roster = h.Roster[:1]
	})
	refuse("accounts out of order", "malformed", func(h *epoch.Header) { h.Roster[0], h.Roster[1] = h.Roster[1], h.Roster[0] })
	refuse("one account twice", "malformed", func(h *epoch.Header) { h.Roster[1] = h.Roster[0] })
	refuse("one device twice", "malformed", func(h *epoch.Header) { s := &h.Roster[0].Slots; *s = append(*s, (*s)[0]) })
	refuse("prekey of 31 bytes", "malformed", func(h *epoch.Header) { h.Roster[0].Slots[0].Prekey = random(31) })
	refuse("creator a stranger", "creator", func(h *epoch.Header) { h.Creator = stranger })
	refuse("creator absent", "creator", func(h *epoch.Header) { h.Roster[0].Slots[0].Prekey, h.Roster[1].Slots[0].Prekey = nil, nil })
	refuse("epoch 0 with one before", "malformed", func(h *epoch.Header) { h.Number = 0 })
	refuse("epoch 1 without one before", "malformed", func(h *epoch.Header) { h.Prev = nil })
	refuse("an admin", "not-allowed", func(h *epoch.Header) { h.Roster[0].Role = 1 })
	refuse("a group under the id of two", "not-allowed", func(h *epoch.Header) { h.Room = []epoch.Room{{Sealed: []byte{0}}} })
	refuse("two rooms", "malformed", func(h *epoch.Header) { h.Room = make([]epoch.Room, 2) })
	refuse("a group without its state", "malformed", func(h *epoch.Header) {
		h.Roster[0].Role, h.Room = epoch.RoleAdmin, []epoch.Room{{}}
	})
	refuse("a stranger rejoins", "malformed", func(h *epoch.Header) { h.Rejoin = []account.DeviceID{stranger} })
	refuse("the creator rejoins", "malformed", func(h *epoch.Header) { h.Rejoin = []account.DeviceID{h.Creator} })
	m.refuse("501 devices", "too-large", values{"bytes": crowded(first.commit().header, 500)})
	m.groupHeaders()
	m.otherEncodings("", cose.Marshal(headerParts(first.header)), 40, func(b []byte) values { return values{"bytes": b} })
	// A list with one element fewer may be another header, and is not another encoding.
	for i := len(m.Cases) - 1; i >= 0; i-- {
		name := m.Cases[i].Name
		if strings.HasSuffix(name, "one element fewer") {
			m.Cases = append(m.Cases[:i], m.Cases[i+1:]...)
		}
	}
}

// crowded has n devices in the second account.
func crowded(h *epoch.Header, n int) []byte {
	h.Roster[1].Slots = nil
	for i := range n {
		h.Roster[1].Slots = append(h.Roster[1].Slots, epoch.Slot{Device: account.DeviceID{byte(i >> 8), byte(i)}})
	}
	h.Creator = h.Roster[0].Slots[0].Device
	return h.Bytes()
}

func commits(m *maker) {
	m.About = "A commit by itself. in: bytes. out: id (E), header, confirm, wraps (hashes in roster order)."
	r := m.opened()
	data := r.events[0].bytes
	parsed, err := epoch.ParseCommit(data)
	m.must(err)
	m.accept("of epoch 0", values{"bytes": data}, values{
		"id": bytesOf(parsed.ID), "header": parsed.Header.Bytes(), "confirm": parsed.Confirm[:], "wraps": parsed.Wraps,
	})
	raw, confirm := cose.Raw(parsed.Header.Bytes()), parsed.Confirm[:]
	own := r.index(keys.Alice)
	with := func(at uint64, hash []byte) []any {
		list := []any{parsed.Wraps[0], parsed.Wraps[1]}
		list[at] = hash
		return list
	}
	refuse := func(name, outcome string, payload ...any) {
		m.refuse(name, outcome, values{"bytes": m.sign1(keys.Alice, epoch.TypeCommit, cose.Marshal(payload)).unsigned()})
	}
	refuse("no wraps", "malformed", raw, confirm, []any{})
	refuse("a wrap too many", "malformed", raw, confirm, append(with(own, []byte{}), []byte{}))
	refuse("a wrap for the creator", "malformed", raw, confirm, with(own, random(32)))
	refuse("no wrap for the other", "malformed", raw, confirm, with(1-own, []byte{}))
	refuse("wrap hash of 31 bytes", "malformed", raw, confirm, with(1-own, random(31)))
	refuse("confirm of 31 bytes", "malformed", raw, confirm[1:], with(own, []byte{}))
	refuse("header as bytes", "malformed", []byte(raw), confirm, with(own, []byte{}))
	other := m.sign1(keys.Bob, epoch.TypeCommit, cose.Marshal([]any{raw, confirm, with(own, []byte{})}))
	m.refuse("signed by another device", "creator", values{"bytes": other.bytes(m)})
	m.refuse("of another type", "type", values{"bytes": m.sign1(keys.Alice, epoch.TypeMessage, []byte{0}).unsigned()})
	m.otherEncodings("", data, 8, func(b []byte) values { return values{"bytes": b} })
}

func commitRules(m *maker) {
	m.About = "A commit after another. in: bytes, before (the commit before, empty when it opens the conversation), " +
		"alice and bob (the links of their chains). out: id (E)."
	r := m.opened()
	r.bob.grow(keys.Bob, account.LinkAdd, keys.Carol)
	before := m.share("before", r.events[0].bytes)
	m.share("alice-chain", r.alice.links)
	m.share("bob-chain", r.bob.links)
	in := func(e event) values {
		return values{"bytes": e.bytes, "before": before, "alice": "@alice-chain", "bob": "@bob-chain"}
	}
	id := func(e event) values { h := signedHash(e.bytes, epoch.TypeCommit); return values{"id": h[:]} }
	carol := func(c *commitment) *epoch.Member {
		for i := range c.header.Roster {
			if member := &c.header.Roster[i]; member.Account == r.bob.chain.ID() {
				return member
			}
		}
		return nil
	}
	asBefore := func(c *commitment) { // bob as he was, without carol's device
		member := carol(c)
		member.Head = account.Head{Hash: [32]byte(r.bob.chain.ID())}
		c.fit()
	}
	grown := func(c *commitment) { // bob with carol's device, absent
		member := carol(c)
		member.Slots = append(member.Slots, epoch.Slot{Device: m.device(keys.Carol)})
		if strings.Compare(string(member.Slots[0].Device[:]), string(member.Slots[1].Device[:])) > 0 {
			member.Slots[0], member.Slots[1] = member.Slots[1], member.Slots[0]
		}
		c.fit()
	}
	e := r.commit().changed(grown).event()
	m.accept("a chain that grew", in(e), id(e))
	e = r.commit().changed(asBefore).event()
	m.accept("a chain as it was", in(e), id(e))
	first := event{bytes: r.events[0].bytes}
	opens := in(first)
	opens["before"] = ""
	m.accept("opens the conversation", opens, id(first))
	for _, c := range []struct {
		name, outcome string
		change        func(*commitment)
	}{
		{"an epoch is left out", "number", func(c *commitment) { c.header.Number++ }},
		{"follows another", "prev", func(c *commitment) { c.header.Prev[0] ^= 1 }},
		{"older than the one before", "time", func(c *commitment) { c.header.Time = now - 1 }},
		{"a head that is not there", "head", func(c *commitment) { carol(c).Head.Number = 7 }},
		{"a head of a fork", "head", func(c *commitment) { carol(c).Head.Hash[0] ^= 1 }},
		{"an active device is missing", "devices", func(c *commitment) { carol(c).Head = r.bob.chain.Head() }},
		{"a ghost device", "devices", func(c *commitment) {
			carol(c).Slots = append(carol(c).Slots, epoch.Slot{Device: account.DeviceID{0: 255, 1: 255, 2: 255}, Prekey: random(32)})
		}},
		{"signed by another", "signature", func(c *commitment) { c.signer = keys.Dave }},
		{"a creator who was not there", "not-member", func(c *commitment) {
			carol(c).Head = r.bob.chain.Head()
			grown(c)
			for i := range carol(c).Slots {
				carol(c).Slots[i].Prekey = random(32)
			}
			c.header.Creator, c.signer = m.device(keys.Carol), keys.Carol
		}},
	} {
		k := r.commit()
		asBefore(k)
		c.change(k)
		m.refuse(c.name, c.outcome, in(k.event()))
	}
	m.refuse("the same again", "number", in(first))
	late := in(r.commit().changed(asBefore).event())
	late["before"] = ""
	m.refuse("epoch 1 opens the conversation", "number", late)
}

// signedHash is the SHA-256 of what a COSE_Sign1 signs.
func signedHash(data []byte, typ cose.Type) [32]byte {
	s, err := cose.ParseSign1(data, typ, len(data))
	if err != nil {
		panic(err)
	}
	protected := cose.Marshal(map[int64]any{1: -37, 4: s.Kid[:], 16: typ})
	return sha256.Sum256(cose.Marshal([]any{"Signature1", protected, []byte{}, s.Payload}))
}
