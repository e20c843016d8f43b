//go:build !js

package generate

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"strings"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/vectors/keys"
)

const (
	now    = 1_800_000_000
	expiry = now + 90*24*3600
)

// device gives a person's device.
func (m *maker) device(p keys.Person) account.DeviceID {
	return account.DeviceID(m.public(p.Signer()).Thumbprint())
}

// history is an account with its links.
type history struct {
	m     *maker
	links [][]byte
	chain *account.Chain
}

func (m *maker) history(first keys.Person) *history {
	m.t.Helper()
	link, chain, err := account.Create(rand.Reader, first.Signer(), m.public(first.Signer()), now)
	m.must(err)
	return &history{m: m, links: [][]byte{link}, chain: chain}
}

// link makes the next link; change may spoil it before it is signed.
func (h *history) link(by keys.Person, kind account.LinkKind, other keys.Person, change func(*account.Link, *account.Request)) []byte {
	h.m.t.Helper()
	head := h.chain.Head()
	l := account.Link{Kind: kind, Account: h.chain.ID(), Number: head.Number + 1, Prev: head.Hash, Time: now + head.Number + 1, Device: h.m.device(other)}
	r := account.Request{Account: h.chain.ID(), Head: head, Key: h.m.public(other.Signer()), Nonce: [16]byte(random(16)), Expiry: now + 3600}
	change(&l, &r)
	if kind == account.LinkAdd && l.Request == nil {
		request, err := account.SignRequest(rand.Reader, other.Signer(), r)
		h.m.must(err)
		l.Request = request
	}
	link, err := account.SignLink(rand.Reader, by.Signer(), h.m.device(by), l)
	h.m.must(err)
	return link
}

func asItIs(*account.Link, *account.Request) {}

func (h *history) grow(by keys.Person, kind account.LinkKind, other keys.Person) {
	h.m.t.Helper()
	link := h.link(by, kind, other, asItIs)
	chain, err := h.chain.Append(cose.Native{}, link)
	h.m.must(err)
	h.links, h.chain = append(h.links, link), chain
}

// describe gives what a reader gets of a chain.
func (h *history) describe() values {
	var active [][]byte
	for _, d := range h.chain.Active() {
		active = append(active, bytesOf(d.ID))
	}
	head := h.chain.Head()
	return values{"account": bytesOf(h.chain.ID()), "head-number": head.Number, "head-hash": head.Hash[:], "active": active}
}

func chains(m *maker) {
	m.About = "An account's chain. in: links, link 0 first. out: account, head-number, head-hash, active (devices in order)."
	h := m.history(keys.Alice)
	m.accept("created", values{"links": h.links}, h.describe())
	h.grow(keys.Alice, account.LinkAdd, keys.Bob)
	m.accept("a device added", values{"links": h.links}, h.describe())
	h.grow(keys.Bob, account.LinkRevoke, keys.Alice)
	m.accept("the first device revoked by the second", values{"links": h.links}, h.describe())
	first, second, third := m.share("link-0", h.links[0]), m.share("link-1", h.links[1]), m.share("link-2", h.links[2])
	before := first + " " + second + " " + third + " "
	refuse := func(name, outcome string, link []byte) { m.refuse(name, outcome, values{"links": before + text(link)}) }
	adding := func(change func(*account.Link, *account.Request)) []byte {
		return h.link(keys.Bob, account.LinkAdd, keys.Carol, change)
	}
	refuse("signed by a revoked device", "inactive", h.link(keys.Alice, account.LinkAdd, keys.Carol, asItIs))
	refuse("signed by a stranger", "inactive", h.link(keys.Carol, account.LinkAdd, keys.Carol, asItIs))
	refuse("adds a revoked device again", "duplicate", h.link(keys.Bob, account.LinkAdd, keys.Alice, asItIs))
	refuse("adds an active device", "duplicate", h.link(keys.Bob, account.LinkAdd, keys.Bob, asItIs))
	refuse("revokes a revoked device", "inactive", h.link(keys.Bob, account.LinkRevoke, keys.Alice, asItIs))
	refuse("revokes a stranger", "inactive", h.link(keys.Bob, account.LinkRevoke, keys.Carol, asItIs))
	refuse("another number", "number", adding(func(l *account.Link, _ *account.Request) { l.Number++ }))
	refuse("another account", "foreign", adding(func(l *account.Link, _ *account.Request) { l.Account[0] ^= 1 }))
	refuse("another link before", "prev", adding(func(l *account.Link, _ *account.Request) { l.Prev[0] ^= 1 }))
	refuse("older than the link before", "time", adding(func(l *account.Link, _ *account.Request) { l.Time = now }))
	refuse("a request for another account", "foreign", adding(func(_ *account.Link, r *account.Request) { r.Account[0] ^= 1 }))
	refuse("a request with another head", "request", adding(func(_ *account.Link, r *account.Request) { r.Head.Hash[0] ^= 1 }))
	refuse("a request with a head to come", "request", adding(func(l *account.Link, r *account.Request) { r.Head.Number = l.Number }))
	refuse("a request that expired", "request", adding(func(l *account.Link, r *account.Request) { r.Expiry = l.Time - 1 }))
	refuse("a request that nobody signed", "signature", adding(func(l *account.Link, r *account.Request) {
		l.Request = m.sign1(keys.Carol, account.TypeRequest, cose.Marshal([]any{bytesOf(r.Account), []any{r.Head.Number, r.Head.Hash[:]}, cose.Raw(r.Key.Bytes()), r.Nonce[:], r.Expiry})).unsigned()
	}))
	refuse("a link for a request", "type", adding(func(l *account.Link, _ *account.Request) { l.Request = h.links[0] }))
	refuse("link 0 again", "number", h.links[0])
	m.refuse("no links", "malformed", values{"links": ""})
	m.refuse("link 1 first", "number", values{"links": second})
	m.refuse("link 1 is missing", "number", values{"links": first + " " + third})
	payloads(m, h)
	m.otherEncodings("", h.links[0], 12, func(b []byte) values { return values{"links": [][]byte{b}} })
}

// payloads has links whose signed part is not as it should be.
func payloads(m *maker, h *history) {
	key := cose.Raw(m.public(keys.Alice.Signer()).Bytes())
	id, prev, device := bytesOf(h.chain.ID()), make([]byte, 32), bytesOf(m.device(keys.Bob))
	for _, c := range []struct {
		name, outcome string
		payload       []any
	}{
		{"version 2", "version", []any{2, 1, []byte{}, 0, []byte{}, now, []any{key}}},
		{"kind 0", "malformed", []any{1, 0, id, 1, prev, now, []any{device}}},
		{"kind 4", "malformed", []any{1, 4, id, 1, prev, now, []any{device}}},
		{"create with an account", "malformed", []any{1, 1, id, 0, []byte{}, now, []any{key}}},
		{"create with a number", "malformed", []any{1, 1, []byte{}, 1, []byte{}, now, []any{key}}},
		{"create without a key", "malformed", []any{1, 1, []byte{}, 0, []byte{}, now, []any{device}}},
		{"revoke without an account", "malformed", []any{1, 3, []byte{}, 1, prev, now, []any{device}}},
		{"revoke with number 0", "malformed", []any{1, 3, id, 0, prev, now, []any{device}}},
		{"device of 31 bytes", "malformed", []any{1, 3, id, 1, prev, now, []any{device[1:]}}},
		{"body of two", "malformed", []any{1, 3, id, 1, prev, now, []any{device, device}}},
		{"no body", "malformed", []any{1, 3, id, 1, prev, now}},
	} {
		link := m.sign1(keys.Alice, account.TypeLink, cose.Marshal(c.payload)).bytes(m)
		m.refuse(c.name, c.outcome, values{"links": [][]byte{link}})
	}
	good := cose.Marshal([]any{1, 1, []byte{}, 0, []byte{}, now, []any{key}})
	m.otherEncodings("payload", good, 12, func(b []byte) values {
		return values{"links": [][]byte{m.sign1(keys.Alice, account.TypeLink, b).unsigned()}}
	})
	other := m.sign1(keys.Alice, account.TypeLink, good)
	other.by = keys.Bob.Signer()
	m.refuse("link 0 signed by another key", "signature", values{"links": [][]byte{other.bytes(m)}})
	m.refuse("link 0 of another type", "type", values{"links": [][]byte{m.sign1(keys.Alice, account.TypePrekey, good).unsigned()}})
}

func prekeys(m *maker) {
	m.About = "A signed prekey. in: bytes, key (the device's signing key). out: account, device, counter, expiry, thumbprint (of the composite key)."
	key := m.share("alice-key", m.public(keys.Alice.Signer()).Bytes())
	in := func(b []byte) values { return values{"bytes": b, "key": key} }
	id, device, composite := random(32), bytesOf(m.device(keys.Alice)), m.private(keys.Alice).Public()
	good := []any{id, device, 7, expiry, cose.Raw(composite.COSE())}
	signed := m.sign1(keys.Alice, account.TypePrekey, cose.Marshal(good))
	right := signed.bytes(m)
	m.accept("signed", in(right), values{
		"account": id, "device": device, "counter": 7, "expiry": expiry, "thumbprint": bytesOf(composite.Thumbprint()),
	})
	with := func(at int, value any) []byte {
		payload := append([]any{}, good...)
		payload[at] = value
		return m.sign1(keys.Alice, account.TypePrekey, cose.Marshal(payload)).bytes(m)
	}
	unreduced := composite.Bytes()
	unreduced[0], unreduced[1] = 0xff, unreduced[1]|0x0f
	m.refuse("counter 0", "malformed", in(with(2, 0)))
	m.refuse("of another device", "malformed", in(with(1, random(32))))
	m.refuse("account of 31 bytes", "malformed", in(with(0, id[1:])))
	m.refuse("key not reduced", "key", in(with(4, map[int64]any{1: 7, 3: -65538, -1: unreduced})))
	m.refuse("an RSA key for a composite key", "malformed", in(with(4, cose.Raw(m.public(keys.Alice.Signer()).Bytes()))))
	m.refuse("key as bytes", "malformed", in(with(4, composite.COSE())))
	m.refuse("of another type", "type", in(m.sign1(keys.Alice, account.TypeLogin, signed.payload).bytes(m)))
	signed.by = keys.Bob.Signer()
	m.refuse("signed by another key", "signature", in(signed.bytes(m)))
	m.refuse("verified with another key", "signature", values{"bytes": right, "key": m.public(keys.Bob.Signer()).Bytes()})
	m.refuse("too large", "too-large", in(make([]byte, account.MaxPrekeyBytes+1)))
	m.otherEncodings("payload", signed.payload, 10, func(b []byte) values {
		return in(m.sign1(keys.Alice, account.TypePrekey, b).unsigned())
	})
}

func logins(m *maker) {
	m.About = "A login. in: bytes, key (the device's signing key), origin and nonce (what the relay expects). out: account, device."
	id, device, nonce := random(32), bytesOf(m.device(keys.Alice)), random(32)
	const origin = "https://chat.example.org"
	key := m.share("alice-key", m.public(keys.Alice.Signer()).Bytes())
	in := func(b []byte) values { return values{"bytes": b, "key": key, "origin": origin, "nonce": nonce} }
	made := func(change func([]any)) []byte {
		payload := []any{"login", origin, nonce, id, device}
		change(payload)
		return m.sign1(keys.Alice, account.TypeLogin, cose.Marshal(payload)).bytes(m)
	}
	m.accept("signed", in(made(func([]any) {})), values{"account": id, "device": device})
	m.refuse("another origin", "origin", in(made(func(p []any) { p[1] = "https://evil.example.org" })))
	m.refuse("another scheme", "origin", in(made(func(p []any) { p[1] = "http://chat.example.org" })))
	m.refuse("another port", "origin", in(made(func(p []any) { p[1] = origin + ":8443" })))
	m.refuse("origin with a slash", "origin", in(made(func(p []any) { p[1] = origin + "/" })))
	m.refuse("an old nonce", "nonce", in(made(func(p []any) { p[2] = random(32) })))
	m.refuse("nonce of 16 bytes", "malformed", in(made(func(p []any) { p[2] = nonce[:16] })))
	m.refuse("another purpose", "malformed", in(made(func(p []any) { p[0] = "logout" })))
	m.refuse("another device", "malformed", in(made(func(p []any) { p[4] = random(32) })))
	m.refuse("too large", "too-large", in(made(func(p []any) { p[1] = strings.Repeat("x", account.MaxLoginBytes) })))
	payload := cose.Marshal([]any{"login", origin, nonce, id, device})
	other := m.sign1(keys.Alice, account.TypeLogin, payload)
	other.by = keys.Bob.Signer()
	m.refuse("signed by another key", "signature", in(other.bytes(m)))
	m.refuse("of another type", "type", in(m.sign1(keys.Alice, account.TypePrekey, payload).bytes(m)))
	m.otherEncodings("payload", payload, 24, func(b []byte) values { return in(m.sign1(keys.Alice, account.TypeLogin, b).unsigned()) })
}

func safetyNumbers(m *maker) {
	m.About = "The safety number of two accounts. in: a, b. out: text."
	for _, name := range []string{"two accounts", "two others"} {
		a, b := random(32), random(32)
		number := account.SafetyNumber(account.ID(a), account.ID(b))
		m.accept(name, values{"a": a, "b": b}, values{"text": number})
		m.accept(name+" exchanged", values{"a": b, "b": a}, values{"text": number})
	}
}

func codes(m *maker) {
	m.About = "A verification code. in: text. out: low, low-number, low-hash, high, high-number, high-hash."
	low, high := append([]byte{1}, random(31)...), append([]byte{2}, random(31)...)
	lowHash, highHash := random(32), random(32)
	encode := func(v any) string { return "sotto:1:" + base64.RawURLEncoding.EncodeToString(cose.Marshal(v)) }
	side := func(id []byte, number int, hash []byte) []any { return []any{id, []any{number, hash}} }
	right := encode([]any{side(low, 0, lowHash), side(high, 300, highHash)})
	m.accept("two accounts", values{"text": right}, values{
		"low": low, "low-number": 0, "low-hash": lowHash, "high": high, "high-number": 300, "high-hash": highHash,
	})
	for name, text := range map[string]string{
		"empty": "", "prefix alone": "sotto:1:", "another version": strings.Replace(right, ":1:", ":2:", 1), "a blank behind": right + " ",
		"a line break inside": right[:50] + "\n" + right[50:], "cut": right[:len(right)-4], "longer": right + "AAAA", "padded": right + "=",
		"exchanged":         encode([]any{side(high, 300, highHash), side(low, 0, lowHash)}),
		"one account twice": encode([]any{side(low, 0, lowHash), side(low, 0, lowHash)}), "one account": encode([]any{side(low, 0, lowHash)}),
	} {
		m.refuse(name, "code", values{"text": text})
	}
	sortCases(m)
}

func handles(m *maker) {
	m.About = "A handle. in: text. out: text."
	for _, s := range []string{"a", "0", "alice", "a.b", "a_b", "a-b", "a--b", strings.Repeat("z", 32)} {
		m.accept(s, values{"text": s}, values{"text": s})
	}
	for name, s := range map[string]string{
		"empty": "", "dot first": ".a", "dot last": "a.", "capitals": "Alice", "blank": "al ice", "accent": "alicé", "cyrillic a": "аlice",
		"at": "@alice", "slash": "a/b", "null": "a\x00b", "33 bytes": strings.Repeat("z", 33),
	} {
		m.refuse(name, "handle", values{"text": s})
	}
	sortCases(m)
	if bytes.Contains([]byte(m.Cases[0].Name), []byte{0}) {
		m.t.Error("a name cannot be printed")
	}
}
