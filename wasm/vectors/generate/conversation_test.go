//go:build !js

package generate

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

func schedules(m *maker) {
	m.About = "The key schedule. in: init (of the epoch before), epoch-secret, header-hash, device. " +
		"out: joiner, epoch-key, init, confirm, chain-0, message-0, message-1, message-2, signal."
	for i, init := range []cose.Secret{{}, cose.Secret(random(32))} {
		secret, header, device := cose.Secret(random(32)), random(40), account.DeviceID(random(32))
		hash := sha256.Sum256(header)
		joiner := joinerOf(init, secret)
		key := epochKeyOf(joiner, header)
		out := values{
			"joiner": joiner[:], "epoch-key": key[:], "init": bytesOf(cose.Derive(key, "init", nil)), "confirm": confirmOf(key, header),
			"chain-0": bytesOf(cose.Derive(key, "chain", device[:])), "signal": bytesOf(cose.Derive(key, "signal", device[:])),
		}
		for k, value := range out {
			if secret, ok := value.(cose.Secret); ok {
				out[k] = secret[:]
			}
		}
		for g := range uint64(3) {
			out[fmt.Sprint("message-", g)] = bytesOf(messageKeyOf(key, device, g))
		}
		m.accept([]string{"the first epoch", "a later epoch"}[i],
			values{"init": init[:], "epoch-secret": secret[:], "header-hash": hash[:], "device": device[:]}, out)
	}
}

func wraps(m *maker) {
	m.About = "A wrap. in: bytes, holder, seed (of the ML-KEM key), header-hash, device, link (the secret of the link by which the holder came, else " +
		"empty). out: content (1: epoch secret, 2: joiner), secret; kem-secret and kek on the way."
	r := m.opened()
	device, hash := m.device(keys.Bob), sha256.Sum256(r.header.Bytes())
	m.share("bob-seed", keys.Bob.Seed())
	in := func(wrap []byte) values {
		return values{"bytes": wrap, "holder": "bob", "seed": "@bob-seed", "header-hash": hash[:], "device": device[:], "link": ""}
	}
	var link []byte
	made := func(content any, change func(ciphertext []byte, sealed *encrypt0)) ([]byte, values) {
		shared, ciphertext, err := m.private(keys.Bob).Public().Encapsulate(cose.Native{}, rand.Reader)
		m.must(err)
		kek := kekOf(shared, r.header.Bytes(), device)
		if link != nil {
			kek = kekOf(admittedOf(cose.Secret(link), shared), r.header.Bytes(), device)
		}
		sealed := newEncrypt0(kek[:], hash[:], cose.Marshal(content), "application/vnd.sotto.wrap")
		change(ciphertext, sealed)
		return cose.Marshal([]any{ciphertext, cose.Raw(sealed.bytes())}), values{"kem-secret": shared[:], "kek": kek[:]}
	}
	asItIs := func([]byte, *encrypt0) {}
	for i, name := range []string{"of an epoch secret", "of a joiner"} {
		secret := random(32)
		wrap, out := made([]any{i + 1, secret}, asItIs)
		out["content"], out["secret"] = i+1, secret
		m.accept(name, in(wrap), out)
	}
	refuse := func(name string, content any, change func([]byte, *encrypt0)) {
		wrap, _ := made(content, change)
		m.refuse(name, "wrap-unusable", in(wrap))
	}
	good := []any{1, random(32)}
	refuse("secret of 31 bytes", []any{1, random(31)}, asItIs)
	refuse("ML-KEM half altered", good, func(c []byte, _ *encrypt0) { c[0] ^= 1 })
	refuse("RSA half altered", good, func(c []byte, _ *encrypt0) { c[1471] ^= 1 })
	refuse("tag altered", good, func(_ []byte, s *encrypt0) { s.ciphertext = func(b []byte) []byte { b[len(b)-1] ^= 1; return b } })
	refuse("bound to another header", good, func(_ []byte, s *encrypt0) { s.external = random(32) })
	refuse("of another type", good, func(_ []byte, s *encrypt0) { s.header[16] = "application/vnd.sotto.message" })
	refuse("with a place", good, func(_ []byte, s *encrypt0) { s.header[-65537] = []any{1} })
	refuse("content of three", []any{1, random(32), 0}, asItIs)
	wrap, _ := made(good, asItIs)
	other := in(wrap)
	other["device"] = random(32)
	m.refuse("for another device", "wrap-unusable", other)
	m.refuse("empty", "wrap-unusable", in(nil))
	m.refuse("trailing zero", "wrap-unusable", in(append(bytes.Clone(wrap), 0)))
	came := func(wrap, link []byte) values { v := in(wrap); v["link"] = link; return v }
	m.refuse("for one who did not come by a link", "wrap-unusable", came(wrap, random(32)))
	link = random(32)
	secret := random(32)
	wrap, out := made([]any{2, secret}, asItIs)
	out["content"], out["secret"] = 2, secret
	m.accept("for one who came by a link", came(wrap, link), out)
	m.refuse("for one who came by another link", "wrap-unusable", came(wrap, random(32)))
	m.refuse("for one who came by a link, without it", "wrap-unusable", in(wrap))
}

func paddings(m *maker) {
	m.About = "Padding. in: bytes. out: object."
	for _, n := range []int{0, 1, 764, 765, 796, 797, 1020, 1021, 5000} {
		object := bytes.Repeat([]byte{0xee}, n)
		m.accept(fmt.Sprint(n, " bytes"), values{"bytes": padded(object)}, values{"object": object})
	}
	right := padded(bytes.Repeat([]byte{0xee}, 800))
	changed := func(at int, b byte) []byte { c := bytes.Clone(right); c[at] = b; return c }
	m.refuse("empty", "malformed", values{"bytes": ""})
	m.refuse("shorter than the least", "malformed", values{"bytes": right[:767]})
	m.refuse("one byte too long", "malformed", values{"bytes": append(bytes.Clone(right), 0)})
	m.refuse("one byte too short", "malformed", values{"bytes": right[:len(right)-1]})
	m.refuse("last byte not zero", "malformed", values{"bytes": changed(len(right)-1, 1)})
	m.refuse("length beyond the end", "malformed", values{"bytes": changed(2, 0x10)})
	m.refuse("length of another size", "malformed", values{"bytes": changed(2, 0)})
}

// scene makes the cases of one file that show bob a log.
type scene struct {
	m *maker
	r *room
}

func (m *maker) scene(r *room) *scene {
	m.share("alice-chain", r.alice.links)
	m.share("bob-chain", r.bob.links)
	m.share("bob-seed", keys.Bob.Seed())
	for i, e := range r.events {
		m.share(fmt.Sprint("event-", i+1), e.bytes)
		if e.wrap != nil {
			m.share(fmt.Sprint("wrap-", i+1), e.wrap)
		}
	}
	return &scene{m: m, r: r}
}

// in is what bob is shown: positions of the real log, then more events.
func (s *scene) in(positions []int, more ...event) values {
	var kinds, events, wraps []string
	add := func(kind epoch.Kind, event, wrap string) {
		kinds, events = append(kinds, fmt.Sprint(uint64(kind))), append(events, event)
		if wrap == "" {
			wrap = "-"
		}
		wraps = append(wraps, wrap)
	}
	for _, p := range positions {
		wrap := ""
		if s.r.events[p-1].wrap != nil {
			wrap = fmt.Sprint("@wrap-", p)
		}
		add(s.r.events[p-1].kind, fmt.Sprint("@event-", p), wrap)
	}
	for _, e := range more {
		add(e.kind, text([][]byte{e.bytes}), text(e.wrap))
	}
	return values{
		"reader": "bob", "alice": "@alice-chain", "bob": "@bob-chain", "seed": "@bob-seed", "expiry": expiry,
		"kinds": strings.Join(kinds, " "), "events": strings.Join(events, " "), "wraps": strings.Join(wraps, " "),
	}
}

const aboutScene = "in: reader (who reads), alice and bob (the links of their chains), seed (of the reader's ML-KEM key; the RSA key " +
	"is the reader's), expiry (of that prekey), kinds, events and wraps (from position 1; wraps are the reader's own)"

func openings(m *maker) {
	m.About = "A log as one device opens it, from its first event. " + aboutScene + ". All events but the last are accepted, and the outcome " +
		"is that of the last. out: bodies, clients and senders (of the messages), log (L at the end); aid-…: what is not handed out, on the way."
	r := m.opened()
	firstKey, firstEpoch := r.key, r.epoch
	first := r.send(0, textBody("hello"))
	second := r.send(0, textBody(strings.Repeat("long ", 300)))
	third := r.send(5, textBody("after a hole"))
	r.take(r.commit())
	fourth := r.send(0, textBody("in the next epoch"))
	s := m.scene(r)
	alice := bytesOf(m.device(keys.Alice))
	describe := func(last int, letters ...*letter) values {
		var bodies, clients, senders [][]byte
		for _, l := range letters {
			bodies, clients = append(bodies, l.payload[4].(cose.Raw)), append(clients, l.payload[3].([]byte))
			senders = append(senders, alice)
		}
		return values{"bodies": bodies, "clients": clients, "senders": senders, "log": bytesOf(r.logs[last])}
	}
	m.accept("a commit", s.in([]int{1}), describe(1))
	m.accept("a commit and a message", s.in([]int{1, 2}), describe(2, first))
	out := describe(6, first, second, third, fourth)
	out["aid-epoch-keys"] = [][]byte{firstKey[:], r.key[:]}
	out["aid-epochs"] = [][]byte{firstEpoch[:], r.epoch[:]}
	out["aid-message-keys"] = [][]byte{first.key[:], second.key[:], third.key[:], fourth.key[:]}
	m.accept("two epochs and a hole", s.in([]int{1, 2, 3, 4, 5, 6}), out)
	s.histories()
	s.letters()
	s.commitments()
}

// histories refuses events for where they come.
func (s *scene) histories() {
	m, r := s.m, s.r
	m.refuse("a message again", "replayed", s.in([]int{1, 2, 2}))
	m.refuse("a message left out", "seen", s.in([]int{1, 3}))
	m.refuse("a message before its epoch", "epoch", s.in([]int{2}))
	m.refuse("a message of the epoch before", "epoch", s.in([]int{1, 2, 3, 4, 5, 2}))
	m.refuse("a commit again", "rule", s.in([]int{1, 1}))
	m.refuse("a commit after another history", "split-view", s.in([]int{1, 2}, r.stranded().event()))
	m.refuse("a commit left out", "epoch", s.in([]int{1, 2, 3, 4, 6}))
	m.refuse("an unknown kind", "malformed", s.in([]int{1}, event{kind: 4, bytes: r.events[1].bytes}))
	m.refuse("a message as a leave", "malformed", s.in([]int{1}, event{kind: 2, bytes: r.events[1].bytes}))
	m.refuse("nothing", "malformed", s.in([]int{1}, event{kind: 3}))
	altered := bytes.Clone(r.events[0].wrap)
	altered[9] ^= 1
	m.refuse("a wrap that the server altered", "wrap-altered", s.in(nil, event{kind: 1, bytes: r.events[0].bytes, wrap: altered}))
	m.refuse("no wrap", "wrap-altered", s.in(nil, event{kind: 1, bytes: r.events[0].bytes}))
	own := s.in([]int{1})
	own["reader"], own["seed"] = "alice", keys.Alice.Seed()
	m.refuse("an own commit that this profile did not make", "copied-profile", own)
	stale := s.in([]int{1})
	stale["seed"] = random(64)
	m.refuse("a prekey that is destroyed", "stale-prekey", stale)
	late := s.in([]int{1})
	late["expiry"] = now
	m.refuse("a prekey that expired", "stale-prekey", late)
}

// stranded is a commit on epoch 0 by one who saw another event at position 2.
func (r *room) stranded() *commitment {
	twin := *r
	first, err := epoch.ParseCommit(r.events[0].bytes)
	r.m.must(err)
	twin.header, twin.epoch = first.Header, first.ID
	twin.events, twin.logs = twin.events[:1], twin.logs[:2]
	twin.append(event{kind: epoch.KindMessage, bytes: []byte("another")})
	return twin.commit()
}

// letters refuses messages that a member made wrongly, each after a commit.
func (s *scene) letters() {
	m := s.m
	r := *s.r
	first, err := epoch.ParseCommit(r.events[0].bytes)
	m.must(err)
	r.header, r.epoch, r.events, r.logs, r.sent = first.Header, first.ID, r.events[:1], r.logs[:2], 0
	r.key = m.firstKey
	for _, c := range []struct {
		name, outcome string
		change        func(*letter)
	}{
		{"bob's signature in alice's slot", "sender", func(l *letter) { l.kid, l.by = m.device(keys.Bob), keys.Bob }},
		{"bob's signature in alice's name", "signature", func(l *letter) { l.by = keys.Bob }},
		{"signed for another epoch", "epoch", func(l *letter) { l.payload[0] = random(32) }},
		{"signed for another generation", "sender", func(l *letter) { l.payload[1] = 1 }},
		{"seen of another history", "split-view", func(l *letter) { l.payload[2] = []any{1, random(32)} }},
		{"seen of what is to come", "seen", func(l *letter) { l.payload[2] = []any{2, random(32)} }},
		{"seen before the epoch", "seen", func(l *letter) { l.payload[2] = []any{0, bytesOf(r.logs[0])} }},
		{"client id of 15 bytes", "malformed", func(l *letter) { l.payload[3] = random(15) }},
		{"no body", "malformed", func(l *letter) { l.payload = l.payload[:4] }},
		{"another type inside", "malformed", func(l *letter) { l.content = "application/vnd.sotto.receipt" }},
		{"a signal", "malformed", func(l *letter) { l.typ = epoch.TypeSignal }},
		{"signature altered", "signature", func(l *letter) { l.signature = func(b []byte) []byte { b[7] ^= 1; return b } }},
		{"moved to another conversation", "rule", func(l *letter) { l.place[0] = random(16) }},
		{"moved to another epoch", "epoch", func(l *letter) { l.place[1] = 1 }},
		{"moved to bob's slot", "decrypt", func(l *letter) { l.place[2] = r.index(keys.Bob) }},
		{"moved to a slot that is not there", "sender", func(l *letter) { l.place[2] = 2 }},
		{"moved to another generation", "decrypt", func(l *letter) { l.place[3] = 1 }},
		{"1,001 messages left out", "generation", func(l *letter) { l.place[3] = 1001 }},
		{"bound to another epoch", "decrypt", func(l *letter) { l.external = random(32) }},
		{"no padding", "malformed", func(l *letter) { l.pad = func(b []byte) []byte { return append([]byte{0, 0, 4, 0}, b...) } }},
		{"padding that is not zero", "malformed", func(l *letter) {
			l.pad = func(b []byte) []byte { p := padded(b); p[len(p)-1] = 1; return p }
		}},
		{"ciphertext altered", "decrypt", func(l *letter) { l.sealed = func(b []byte) []byte { b[300] ^= 1; return b } }},
		{"tag altered", "decrypt", func(l *letter) { l.sealed = func(b []byte) []byte { b[len(b)-1] ^= 1; return b } }},
		{"nonce altered", "decrypt", func(l *letter) { l.sealed = func(b []byte) []byte { b[bytes.IndexByte(b, 0x4c)+3] ^= 1; return b } }},
		{"trailing zero", "malformed", func(l *letter) { l.sealed = func(b []byte) []byte { return append(b, 0) } }},
	} {
		m.refuse(c.name, c.outcome, s.in([]int{1}, r.letter(0, textBody("x")).changed(c.change).event()))
	}
}

// commitments refuses commits that a member made wrongly, each after epoch 0.
func (s *scene) commitments() {
	m := s.m
	r := *s.r
	first, err := epoch.ParseCommit(r.events[0].bytes)
	m.must(err)
	r.header, r.epoch, r.events, r.logs = first.Header, first.ID, r.events[:1], r.logs[:2]
	r.init = cose.Derive(m.firstKey, "init", nil)
	for _, c := range []struct {
		name, outcome string
		change        func(*commitment)
	}{
		{"another confirm", "confirm", func(c *commitment) { c.confirm = random(32) }},
		{"another secret", "confirm", func(c *commitment) { c.wrapped = []any{1, random(32)} }},
		{"the joiner for one who has the epoch before", "wrap-unusable", func(c *commitment) { c.wrapped[0] = 2 }},
		{"a wrap to another's key", "wrap-unusable", func(c *commitment) { c.to = m.private(keys.Alice).Public() }},
		{"a wrap for another device", "wrap-unusable", func(c *commitment) { c.device = m.device(keys.Alice) }},
		{"a wrap bound to another header", "wrap-unusable", func(c *commitment) { c.bound = random(10) }},
		{"a wrap of noise", "wrap-unusable", func(c *commitment) { c.wrap = func([]byte) []byte { return random(100) } }},
		{"the header's time changed after the wrap", "wrap-unusable", func(c *commitment) { c.header.Time++ }},
		{"signed by another device", "signature", func(c *commitment) { c.signer = keys.Dave }},
		{"an unknown suite", "malformed", func(c *commitment) { c.header.Suite = 2; c.fit() }},
		{"an epoch left out", "rule", func(c *commitment) { c.header.Number++; c.fit() }},
		{"follows another epoch", "rule", func(c *commitment) { c.header.Prev[0] ^= 1; c.fit() }},
		{"names another history", "split-view", func(c *commitment) { c.header.Seen.Log[0] ^= 1; c.fit() }},
		{"names a history to come", "seen", func(c *commitment) { c.header.Seen.Position++; c.fit() }},
		{"the reader is absent", "stale-prekey", func(c *commitment) {
			for i := range c.header.Roster {
				if slot := &c.header.Roster[i].Slots[0]; slot.Device == m.device(keys.Bob) {
					slot.Prekey = nil
				}
			}
			c.fit()
		}},
	} {
		m.refuse("commit: "+c.name, c.outcome, s.in([]int{1}, r.commit().changed(c.change).event()))
	}
}

// note is a receipt by alice in its parts.
type note struct {
	r             *room
	typ, content  cose.Type
	place         []any // conversation, number, index, counter
	payload       []any // epoch, counter, delivered, read, seen
	key, external []byte
	kid           account.DeviceID
	by            keys.Person
	signature     func([]byte) []byte
}

func (r *room) note(delivered, read uint64) *note {
	alice := r.m.device(keys.Alice)
	key, seen := cose.Derive(r.key, "signal", alice[:]), r.seen()
	return &note{
		r: r, typ: epoch.TypeSignal, content: "application/vnd.sotto.receipt",
		place:   []any{r.id[:], uint64(r.header.Number), r.index(keys.Alice), 1},
		payload: []any{bytesOf(r.epoch), 1, delivered, read, []any{uint64(seen.Position), seen.Log[:]}},
		key:     key[:], external: bytesOf(r.epoch), kid: alice, by: keys.Alice, signature: func(b []byte) []byte { return b },
	}
}

func (n *note) bytes() []byte {
	inner := n.r.m.sign1(n.by, n.content, cose.Marshal(n.payload))
	inner.header[4], inner.signature = bytesOf(n.kid), n.signature
	outer := newEncrypt0(n.key, n.external, inner.bytes(n.r.m), n.typ)
	outer.header[-65537] = n.place
	return outer.bytes()
}

func receipts(m *maker) {
	m.About = "A receipt, after a log. " + aboutScene + ", signal (the receipt). out: sender, delivered, read, seen-position."
	r := m.opened()
	r.send(0, textBody("hello"))
	s := m.scene(r)
	in := func(n *note) values { v := s.in([]int{1, 2}); v["signal"] = n.bytes(); return v }
	alice := bytesOf(m.device(keys.Alice))
	m.accept("delivered and read", in(r.note(2, 2)), values{"sender": alice, "delivered": 2, "read": 2, "seen-position": 2})
	m.accept("delivered, reading is not told", in(r.note(2, 0)), values{"sender": alice, "delivered": 2, "read": 0, "seen-position": 2})
	for _, c := range []struct {
		name, outcome string
		change        func(*note)
	}{
		{"of another history", "split-view", func(n *note) { n.payload[4] = []any{2, random(32)} }},
		{"for what is to come", "ahead", func(n *note) { n.payload[4] = []any{3, random(32)} }},
		{"for the epoch to come", "ahead", func(n *note) { n.place[1] = 1 }},
		{"seen before the epoch", "seen", func(n *note) { n.payload[2], n.payload[3], n.payload[4] = 0, 0, []any{0, bytesOf(r.logs[0])} }},
		{"counter 0", "old", func(n *note) { n.place[3], n.payload[1] = 0, 0 }},
		{"in the reader's slot", "old", func(n *note) { n.place[2] = r.index(keys.Bob) }},
		{"in a slot that is not there", "sender", func(n *note) { n.place[2] = 5 }},
		{"another counter inside", "sender", func(n *note) { n.payload[1] = 2 }},
		{"another epoch inside", "epoch", func(n *note) { n.payload[0] = random(32) }},
		{"delivered beyond seen", "malformed", func(n *note) { n.payload[2] = 3 }},
		{"read beyond delivered", "malformed", func(n *note) { n.payload[2] = 1 }},
		{"bob's signature in alice's slot", "sender", func(n *note) { n.kid, n.by = m.device(keys.Bob), keys.Bob }},
		{"bob's signature in alice's name", "signature", func(n *note) { n.by = keys.Bob }},
		{"under another key", "decrypt", func(n *note) { n.key = random(32) }},
		{"bound to another epoch", "decrypt", func(n *note) { n.external = random(32) }},
		{"a message", "malformed", func(n *note) { n.typ = epoch.TypeMessage }},
		{"another type inside", "malformed", func(n *note) { n.content = "application/vnd.sotto.content" }},
		{"of another conversation", "rule", func(n *note) { n.place[0] = random(16) }},
	} {
		n := r.note(2, 2)
		c.change(n)
		m.refuse(c.name, c.outcome, in(n))
	}
}
