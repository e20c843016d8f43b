package epoch_test

import (
	"bytes"
	"crypto/sha256"
	"strings"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
)

func TestHeaderByHand(t *testing.T) {
	p := newPair(t)
	p.b.add(t, keys.Carol.Signer())
	h := p.header()
	of(h, p.b).Slots[1].Prekey = nil
	member := func(m epoch.Member) []any {
		var slots []any
		for _, s := range m.Slots {
			slots = append(slots, []any{s.Device[:], s.Prekey})
		}
		return []any{m.Account[:], []any{m.Head.Number, m.Head.Hash[:]}, 0, slots}
	}
	start := epoch.LogStart(p.id())
	conversation := p.id()
	want := cose.Marshal([]any{
		1, conversation[:], 0, []byte{}, []any{0, start[:]}, []any{member(h.Roster[0]), member(h.Roster[1])},
		h.Creator[:], now, []any{}, []any{},
	})
	if !bytes.Equal(h.Bytes(), want) {
		t.Errorf("%x, want %x", h.Bytes(), want)
	}
	if h.Hash() != sha256.Sum256(want) {
		t.Error("hash is not the SHA-256 of the header")
	}
	again, err := epoch.ParseHeader(want)
	must(t, err)
	if !bytes.Equal(again.Bytes(), want) {
		t.Error("parsed another header")
	}
}

func TestEntries(t *testing.T) {
	p := newPair(t)
	p.a.add(t, keys.Carol.Signer())
	h := p.header()
	entries := h.Entries()
	if len(entries) != 3 {
		t.Fatalf("%d entries", len(entries))
	}
	for i, e := range entries {
		if at, ok := h.Index(e.Device); !ok || at != uint64(i) {
			t.Errorf("device %d is at %d, %v", i, at, ok)
		}
	}
	if _, ok := h.Index(account.DeviceID{}); ok {
		t.Error("nobody has a place")
	}
	h.Rejoin = []account.DeviceID{p.b.devices[0]}
	if !h.Rejoins(p.b.devices[0]) || h.Rejoins(p.a.devices[0]) {
		t.Error("the wrong device rejoins")
	}
}

func TestHeaderRefuses(t *testing.T) {
	p := newPair(t)
	p.b.add(t, keys.Carol.Signer())
	stranger := newOwner(t, keys.Dave.Signer())
	cases := []struct {
		name   string
		change func(*epoch.Header)
		want   error
	}{
		{"suite 0", func(h *epoch.Header) { h.Suite = 0 }, epoch.ErrSuite},
		{"suite 2", func(h *epoch.Header) { h.Suite = 2 }, epoch.ErrSuite},
		{"another conversation", func(h *epoch.Header) { h.Conversation[0] ^= 1 }, epoch.ErrConversation},
		{"one account", func(h *epoch.Header) { h.Roster = []epoch.Member{*of(h, p.a)} }, epoch.ErrConversation},
		{"three accounts", func(h *epoch.Header) {
			h.Roster = append(h.Roster, stranger.member())
			sortRoster(h)
		}, epoch.ErrConversation},
		{"no account", func(h *epoch.Header) { h.Roster = nil }, epoch.ErrCreator},
		{"another account", func(h *epoch.Header) { *of(h, p.b) = stranger.member(); sortRoster(h) }, epoch.ErrConversation},
		{"accounts out of order", func(h *epoch.Header) { h.Roster[0], h.Roster[1] = h.Roster[1], h.Roster[0] }, cose.ErrMalformed},
		{"one account twice", func(h *epoch.Header) { h.Roster[1] = h.Roster[0] }, cose.ErrMalformed},
		{"devices out of order", func(h *epoch.Header) { s := of(h, p.b).Slots; s[0], s[1] = s[1], s[0] }, cose.ErrMalformed},
		{"one device twice", func(h *epoch.Header) { s := of(h, p.b).Slots; s[1] = s[0] }, cose.ErrMalformed},
		{"prekey of 31 bytes", func(h *epoch.Header) { of(h, p.b).Slots[0].Prekey = make([]byte, 31) }, cose.ErrMalformed},
		{"prekey of 33 bytes", func(h *epoch.Header) { of(h, p.b).Slots[0].Prekey = make([]byte, 33) }, cose.ErrMalformed},
		{"creator not in the roster", func(h *epoch.Header) { h.Creator = stranger.devices[0] }, epoch.ErrCreator},
		{"creator absent", func(h *epoch.Header) { of(h, p.a).Slots[0].Prekey = nil }, epoch.ErrCreator},
		{"epoch 0 follows another", func(h *epoch.Header) { h.Prev = make([]byte, 32) }, cose.ErrMalformed},
		{"epoch 1 follows none", func(h *epoch.Header) { h.Number = 1 }, cose.ErrMalformed},
		{"prev of 31 bytes", func(h *epoch.Header) { h.Number, h.Prev = 1, make([]byte, 31) }, cose.ErrMalformed},
		{"a group under the id of two", func(h *epoch.Header) { h.Room = []epoch.Room{{}} }, epoch.ErrConversation},
		{"two rooms", func(h *epoch.Header) { h.Room = make([]epoch.Room, 2) }, cose.ErrMalformed},
		{"one device in two accounts", func(h *epoch.Header) {
			h.Roster[1].Slots[0].Device = h.Roster[0].Slots[0].Device
			h.Roster[1].Slots = h.Roster[1].Slots[:1]
		}, cose.ErrMalformed},
		{"an admin", func(h *epoch.Header) { h.Roster[1].Role = 1 }, epoch.ErrNotAllowed},
		{"a stranger rejoins", func(h *epoch.Header) { h.Rejoin = stranger.devices }, cose.ErrMalformed},
		{"the creator rejoins", func(h *epoch.Header) { h.Rejoin = p.a.devices }, cose.ErrMalformed},
		{"an absent device rejoins", func(h *epoch.Header) {
			of(h, p.b).Slots[0].Prekey = nil
			h.Rejoin = []account.DeviceID{of(h, p.b).Slots[0].Device}
		}, cose.ErrMalformed},
		{"rejoining twice", func(h *epoch.Header) { h.Rejoin = []account.DeviceID{p.b.devices[0], p.b.devices[0]} }, cose.ErrMalformed},
		{"rejoining out of order", func(h *epoch.Header) {
			s := of(h, p.b).Slots
			h.Rejoin = []account.DeviceID{s[1].Device, s[0].Device}
		}, cose.ErrMalformed},
		{"501 devices", func(h *epoch.Header) { crowd(h, p, 500) }, cose.ErrTooLarge},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := p.header()
			c.change(h)
			_, err := epoch.ParseHeader(h.Bytes())
			refused(t, c.name, err, c.want)
		})
	}
	h := p.header()
	crowd(h, p, 499)
	if _, err := epoch.ParseHeader(h.Bytes()); err != nil {
		t.Errorf("500 devices: %v", err)
	}
	_, err := epoch.ParseHeader(make([]byte, epoch.MaxHeaderBytes+1))
	refused(t, "too large", err, cose.ErrTooLarge)
}

// crowd gives b n devices that nobody has.
func crowd(h *epoch.Header, p *pair, n int) {
	m := of(h, p.b)
	m.Slots = nil
	for i := range n {
		m.Slots = append(m.Slots, epoch.Slot{Device: account.DeviceID{byte(i >> 8), byte(i)}, Prekey: make([]byte, 32)})
	}
}

func sortRoster(h *epoch.Header) {
	for i := range h.Roster {
		for j := i; j > 0 && bytes.Compare(h.Roster[j].Account[:], h.Roster[j-1].Account[:]) < 0; j-- {
			h.Roster[j], h.Roster[j-1] = h.Roster[j-1], h.Roster[j]
		}
	}
}

func TestHeaderOtherEncodings(t *testing.T) {
	p := newPair(t)
	before := p.open(t)
	h := p.after(before)
	h.Rejoin = p.b.devices
	must(t, p.check(t, h, before))
	for _, v := range mangle.Encodings(h.Bytes()) {
		_, err := epoch.ParseHeader(v.Bytes)
		switch v.Name {
		case "5/one element fewer": // one account: either the creator's or not the conversation's
			if err == nil || !strings.Contains(err.Error(), "creator") && !strings.Contains(err.Error(), "conversation") {
				t.Errorf("%s: %v", v.Name, err)
			}
		case "5/0/3/one element fewer", "5/1/3/one element fewer":
			if _, errCheck := epoch.ParseHeader(v.Bytes); errCheck == nil {
				t.Errorf("%s: accepted", v.Name)
			}
		case "9/one element fewer": // nobody rejoins: another header
			must(t, err)
		default:
			refused(t, v.Name, err, cose.ErrMalformed)
		}
	}
}
