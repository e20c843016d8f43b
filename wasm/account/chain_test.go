package account_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
)

// TestCreateByHand puts link 0's Sig_structure together here by itself: its hash is the account.
func TestCreateByHand(t *testing.T) {
	alice, _, _, _ := people(t)
	link, chain, err := account.Create(rand.Reader, alice.key, alice.public, now)
	must(t, err)
	protected := cose.Marshal(map[int64]any{1: -37, 4: alice.id[:], 16: "application/vnd.sotto.link"})
	payload := cose.Marshal([]any{1, 1, []byte{}, 0, []byte{}, now, []any{cose.Raw(alice.public.Bytes())}})
	want := sha256.Sum256(cose.Marshal([]any{"Signature1", protected, []byte{}, payload}))
	if chain.ID() != account.ID(want) {
		t.Errorf("account %s, want %x", chain.ID(), want)
	}
	if chain.Head() != (account.Head{Hash: want}) {
		t.Errorf("head %v", chain.Head())
	}
	parsed, err := account.ParseChain(cose.Native{}, [][]byte{link})
	must(t, err)
	if parsed.ID() != chain.ID() || len(parsed.Active()) != 1 || parsed.Active()[0].Key != alice.public {
		t.Error("the parsed chain is another")
	}
}

func TestChainGrowsAndShrinks(t *testing.T) {
	alice, bob, carol, dave := people(t)
	h := newHistory(t, alice)
	h.append(h.adding(alice, bob))
	h.append(h.adding(bob, carol))
	h.append(h.revoking(carol, alice))
	h.append(h.revoking(bob, bob))
	h.append(h.adding(carol, dave))
	chain, err := account.ParseChain(cose.Native{}, h.links)
	must(t, err)
	if chain.Head() != h.chain.Head() || chain.ID() != h.chain.ID() {
		t.Error("the parsed chain is another")
	}
	want := [][]device{{alice}, {alice, bob}, {alice, bob, carol}, {bob, carol}, {carol}, {carol, dave}}
	for number, devices := range want {
		slices.SortFunc(devices, func(a, b device) int { return bytes.Compare(a.id[:], b.id[:]) })
		active := chain.ActiveAt(uint64(number))
		same := slices.EqualFunc(active, devices, func(a account.Device, b device) bool { return a.ID == b.id && a.Key == b.public })
		if !same {
			t.Errorf("after link %d: %d devices, want %d", number, len(active), len(devices))
		}
	}
	if len(chain.Devices()) != 4 {
		t.Errorf("%d devices ever, want 4", len(chain.Devices()))
	}
	if key, ok := chain.Key(alice.id); !ok || key != alice.public {
		t.Error("a revoked device's key is gone")
	}
	if _, ok := chain.Key(account.DeviceID{}); ok {
		t.Error("a key of nobody")
	}
}

func TestHas(t *testing.T) {
	alice, bob, _, _ := people(t)
	h := newHistory(t, alice)
	first := h.chain.Head()
	before := h.chain
	h.append(h.adding(alice, bob))
	fork := h.chain.Head()
	fork.Hash[0] ^= 1
	beyond := account.Head{Number: 2, Hash: h.chain.Head().Hash}
	if !h.chain.Has(first) || !h.chain.Has(h.chain.Head()) {
		t.Error("a head of the chain is not found")
	}
	if h.chain.Has(fork) || h.chain.Has(beyond) || before.Has(h.chain.Head()) {
		t.Error("a head of another chain is found")
	}
}

func TestAppendKeepsTheOldChain(t *testing.T) {
	alice, bob, _, _ := people(t)
	h := newHistory(t, alice)
	before := h.chain
	h.append(h.adding(alice, bob))
	if before.Head().Number != 0 || len(before.Active()) != 1 {
		t.Error("the shorter chain grew too")
	}
}

// TestAppendRefuses starts from alice (0), who added bob (1) and carol (2); then bob was revoked (3).
func TestAppendRefuses(t *testing.T) {
	alice, bob, carol, dave := people(t)
	first := newHistory(t, alice)
	first.append(first.adding(alice, bob))
	first.append(first.adding(alice, carol))
	first.append(first.revoking(alice, bob))
	start := func() *history {
		return &history{t: t, links: slices.Clone(first.links), chain: first.chain}
	}
	adding := func(h *history, change func(*account.Request, *account.Link)) []byte {
		l, r := h.next(account.LinkAdd), h.request(dave)
		change(&r, &l)
		request, err := account.SignRequest(rand.Reader, dave.key, r)
		must(t, err)
		l.Request = request
		return h.sign(alice, l)
	}
	revoking := func(h *history, change func(*account.Link)) []byte {
		l := h.next(account.LinkRevoke)
		l.Device = carol.id
		change(&l)
		return h.sign(alice, l)
	}
	cases := []struct {
		name string
		want error
		link func(*history) []byte
	}{
		{"number too high", account.ErrNumber, func(h *history) []byte { return revoking(h, func(l *account.Link) { l.Number++ }) }},
		{"number again", account.ErrNumber, func(h *history) []byte { return revoking(h, func(l *account.Link) { l.Number-- }) }},
		{"second create", account.ErrNumber, func(h *history) []byte { return h.links[0] }},
		{"replayed link", account.ErrNumber, func(h *history) []byte { return h.links[3] }},
		{"another account", account.ErrForeign, func(h *history) []byte { return revoking(h, func(l *account.Link) { l.Account[5] ^= 1 }) }},
		{"another link before", account.ErrPrev, func(h *history) []byte { return revoking(h, func(l *account.Link) { l.Prev[5] ^= 1 }) }},
		{"older than the link before", account.ErrTime, func(h *history) []byte { return revoking(h, func(l *account.Link) { l.Time = now }) }},
		{"signed by a stranger", account.ErrInactive, func(h *history) []byte { return h.adding(dave, dave) }},
		{"signed by a revoked device", account.ErrInactive, func(h *history) []byte { return h.adding(bob, dave) }},
		{"revokes a stranger", account.ErrInactive, func(h *history) []byte { return h.revoking(alice, dave) }},
		{"revokes a revoked device", account.ErrInactive, func(h *history) []byte { return h.revoking(alice, bob) }},
		{"adds an active device", account.ErrDuplicate, func(h *history) []byte { return h.adding(alice, carol) }},
		{"adds a revoked device again", account.ErrDuplicate, func(h *history) []byte { return h.adding(alice, bob) }},
		{"request for another account", account.ErrForeign, func(h *history) []byte {
			return adding(h, func(r *account.Request, _ *account.Link) { r.Account[0] ^= 1 })
		}},
		{"request with another head", account.ErrRequest, func(h *history) []byte {
			return adding(h, func(r *account.Request, _ *account.Link) { r.Head.Hash[0] ^= 1 })
		}},
		{"request with a head to come", account.ErrRequest, func(h *history) []byte {
			return adding(h, func(r *account.Request, l *account.Link) { r.Head.Number = l.Number })
		}},
		{"request that expired", account.ErrRequest, func(h *history) []byte {
			return adding(h, func(r *account.Request, l *account.Link) { r.Expiry = l.Time - 1 })
		}},
		{"number beyond all", account.ErrNumber, func(h *history) []byte {
			return revoking(h, func(l *account.Link) { l.Number = 1<<64 - 1 })
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := start()
			_, err := h.chain.Append(cose.Native{}, c.link(h))
			refused(t, c.name, err, c.want)
			if c.name != "second create" && c.name != "replayed link" {
				_, err = account.ParseChain(cose.Native{}, append(slices.Clone(h.links), c.link(h)))
				refused(t, c.name+" in a whole chain", err, c.want)
			}
		})
	}
	h := start()
	h.append(adding(h, func(r *account.Request, l *account.Link) { r.Expiry = l.Time })) // the last moment
	h = start()
	h.append(adding(h, func(r *account.Request, _ *account.Link) { r.Head = account.Head{Hash: [32]byte(h.chain.ID())} })) // an older head
}

func TestChainRefuses(t *testing.T) {
	alice, bob, carol, _ := people(t)
	h := newHistory(t, alice)
	h.append(h.adding(alice, bob))
	other := newHistory(t, carol)
	other.append(other.adding(carol, bob))
	cases := []struct {
		name  string
		links [][]byte
		want  error
	}{
		{"no link", nil, cose.ErrMalformed},
		{"empty link", [][]byte{{}}, cose.ErrMalformed},
		{"starts with an addition", h.links[1:], account.ErrNumber},
		{"a link is missing", [][]byte{h.links[0], h.revoking(bob, alice)}, account.ErrNumber},
		{"links exchanged", [][]byte{h.links[1], h.links[0]}, account.ErrNumber},
		{"a link of another account", [][]byte{h.links[0], other.links[1]}, account.ErrForeign},
		{"link 0 of another account", [][]byte{other.links[0], h.links[1]}, account.ErrForeign},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := account.ParseChain(cose.Native{}, c.links)
			refused(t, c.name, err, c.want)
		})
	}
}

// TestSwappedKey is the server that puts its own key behind a person: another account comes of it.
func TestSwappedKey(t *testing.T) {
	alice, bob, _, _ := people(t)
	a, b := newHistory(t, alice), newHistory(t, bob)
	if a.chain.ID() == b.chain.ID() {
		t.Error("two keys, one account")
	}
	forged, err := account.SignLink(rand.Reader, bob.key, alice.id, account.Link{Kind: account.LinkCreate, Time: now, Key: alice.public})
	must(t, err)
	_, err = account.ParseChain(cose.Native{}, [][]byte{forged})
	refused(t, "alice's key, bob's signature", err, cose.ErrSignature)
	forged, err = account.SignLink(rand.Reader, bob.key, bob.id, account.Link{Kind: account.LinkCreate, Time: now, Key: alice.public})
	must(t, err)
	_, err = account.ParseChain(cose.Native{}, [][]byte{forged})
	refused(t, "alice's key, bob's name and signature", err, cose.ErrSignature)
}

func TestGhostDevice(t *testing.T) {
	alice, bob, carol, _ := people(t)
	h := newHistory(t, alice)
	l := h.next(account.LinkAdd)
	r := h.request(bob)
	forged, err := account.SignRequest(rand.Reader, carol.key, r) // bob never asked
	must(t, err)
	l.Request = forged
	_, err = h.chain.Append(cose.Native{}, h.sign(alice, l))
	refused(t, "a request that another signed", err, cose.ErrSignature)
	l.Request = nil
	_, err = h.chain.Append(cose.Native{}, h.sign(alice, l))
	refused(t, "no request", err, cose.ErrMalformed)
	l.Request = h.links[0]
	_, err = h.chain.Append(cose.Native{}, h.sign(alice, l))
	refused(t, "another object for a request", err, cose.ErrType)
	link := h.adding(alice, bob)
	forgedLink, err := account.SignLink(rand.Reader, bob.key, alice.id, h.next(account.LinkRevoke))
	must(t, err)
	_, err = h.chain.Append(cose.Native{}, forgedLink)
	refused(t, "a link in alice's name", err, cose.ErrSignature)
	h.append(link)
}

func TestTooManyDevices(t *testing.T) {
	alice, bob, _, _ := people(t)
	h := newHistory(t, alice)
	for _, key := range keys.More(account.MaxDevices - 1) {
		h.append(h.adding(alice, deviceOf(t, key)))
	}
	if n := len(h.chain.Active()); n != account.MaxDevices {
		t.Fatalf("%d devices", n)
	}
	_, err := h.chain.Append(cose.Native{}, h.adding(alice, bob))
	refused(t, "one device more", err, account.ErrLong)
	h.append(h.revoking(alice, deviceOf(t, keys.More(1)[0])))
	h.append(h.adding(alice, bob))
}

// TestLinkByHand signs payloads that [account.SignLink] would not make.
func TestLinkByHand(t *testing.T) {
	alice, bob, _, _ := people(t)
	h := newHistory(t, alice)
	id, head := h.chain.ID(), h.chain.Head()
	key := []any{cose.Raw(alice.public.Bytes())}
	revoke := []any{bob.id[:]}
	cases := []struct {
		name    string
		payload []any
		want    error
	}{
		{"version 0", []any{0, 3, id[:], 1, head.Hash[:], now, revoke}, account.ErrVersion},
		{"version 2", []any{2, 3, id[:], 1, head.Hash[:], now, revoke}, account.ErrVersion},
		{"kind 0", []any{1, 0, id[:], 1, head.Hash[:], now, revoke}, cose.ErrMalformed},
		{"kind 4", []any{1, 4, id[:], 1, head.Hash[:], now, revoke}, cose.ErrMalformed},
		{"create with an account", []any{1, 1, id[:], 0, []byte{}, now, key}, cose.ErrMalformed},
		{"create with a link before", []any{1, 1, []byte{}, 0, head.Hash[:], now, key}, cose.ErrMalformed},
		{"create with a number", []any{1, 1, []byte{}, 1, []byte{}, now, key}, cose.ErrMalformed},
		{"create with a device for a key", []any{1, 1, []byte{}, 0, []byte{}, now, revoke}, cose.ErrMalformed},
		{"create with an odd key", []any{1, 1, []byte{}, 0, []byte{}, now, []any{map[int64]any{1: 3, -1: make([]byte, 256), -2: []byte{1, 0, 1}}}}, cose.ErrKey},
		{"revoke without account", []any{1, 3, []byte{}, 1, head.Hash[:], now, revoke}, cose.ErrMalformed},
		{"revoke without link before", []any{1, 3, id[:], 1, []byte{}, now, revoke}, cose.ErrMalformed},
		{"revoke with number 0", []any{1, 3, id[:], 0, head.Hash[:], now, revoke}, cose.ErrMalformed},
		{"account of 31 bytes", []any{1, 3, id[1:], 1, head.Hash[:], now, revoke}, cose.ErrMalformed},
		{"device of 33 bytes", []any{1, 3, id[:], 1, head.Hash[:], now, []any{make([]byte, 33)}}, cose.ErrMalformed},
		{"body of two", []any{1, 3, id[:], 1, head.Hash[:], now, []any{bob.id[:], bob.id[:]}}, cose.ErrMalformed},
		{"body missing", []any{1, 3, id[:], 1, head.Hash[:], now}, cose.ErrMalformed},
		{"body null", []any{1, 3, id[:], 1, head.Hash[:], now, nil}, cose.ErrMalformed},
		{"time negative", []any{1, 3, id[:], 1, head.Hash[:], -1, revoke}, cose.ErrMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			link := sign(t, alice, account.TypeLink, cose.Marshal(c.payload))
			_, err := h.chain.Append(cose.Native{}, link)
			refused(t, c.name, err, c.want)
			_, err = account.ParseChain(cose.Native{}, [][]byte{link})
			refused(t, c.name+" as link 0", err, c.want)
		})
	}
}

func sign(t testing.TB, by device, typ cose.Type, payload []byte) []byte {
	t.Helper()
	data, err := cose.Sign(rand.Reader, by.key, cose.Thumbprint(by.id), typ, payload)
	must(t, err)
	return data
}

// unsigned wraps a payload with a signature that nobody made: what is refused before a signature is looked at.
func unsigned(by device, typ cose.Type, payload []byte) []byte {
	protected := cose.Marshal(map[int64]any{1: -37, 4: by.id[:], 16: typ})
	return cose.Marshal([]any{protected, map[int64]any{}, payload, make([]byte, cose.SignatureSize)})
}

// payloadOf gives what a COSE_Sign1 signs.
func payloadOf(t testing.TB, data []byte, typ cose.Type) []byte {
	t.Helper()
	s, err := cose.ParseSign1(data, typ, 1<<16)
	must(t, err)
	return s.Payload
}

func TestLinkOtherEncodings(t *testing.T) {
	alice, bob, _, _ := people(t)
	h := newHistory(t, alice)
	h.append(h.adding(alice, bob))
	revoke := h.revoking(bob, alice)
	for name, link := range map[string][]byte{"create": h.links[0], "add": h.links[1], "revoke": revoke} {
		for _, v := range mangle.Encodings(link) {
			_, err := h.chain.Append(cose.Native{}, v.Bytes)
			refused(t, name+" "+v.Name, err, cose.ErrMalformed)
		}
		for _, v := range mangle.Encodings(payloadOf(t, link, account.TypeLink)) {
			_, err := h.chain.Append(cose.Native{}, unsigned(bob, account.TypeLink, v.Bytes))
			refused(t, name+" payload "+v.Name, err, cose.ErrMalformed)
		}
	}
	big := h.next(account.LinkAdd)
	big.Request = make([]byte, account.MaxLinkBytes)
	_, err := h.chain.Append(cose.Native{}, h.sign(bob, big))
	refused(t, "too large", err, cose.ErrTooLarge)
}

func TestLinkAlteredBytes(t *testing.T) {
	alice, bob, _, _ := people(t)
	h := newHistory(t, alice)
	link := h.adding(alice, bob)
	for i := 0; i < len(link); i += stride() {
		altered := bytes.Clone(link)
		altered[i] ^= 1
		if _, err := h.chain.Append(cose.Native{}, altered); err == nil {
			t.Errorf("byte %d altered and accepted", i)
		}
	}
	// Of link 0 a server may alter bytes if it signs anew; then the account is another one. Without the key nothing passes.
	for i := 0; i < len(h.links[0]); i += stride() {
		altered := bytes.Clone(h.links[0])
		altered[i] ^= 1
		_, err := account.ParseChain(cose.Native{}, [][]byte{altered})
		if err == nil || errors.Is(err, account.ErrNumber) {
			t.Errorf("byte %d: %v", i, err)
		}
	}
}
