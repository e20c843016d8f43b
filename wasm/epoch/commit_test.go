package epoch_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
)

func TestCommit(t *testing.T) {
	p := newPair(t)
	h := p.header()
	data := p.sign(t, h)
	c, err := epoch.ParseCommit(data)
	must(t, err)
	must(t, c.Check(cose.Native{}, nil, p.chains.get))
	signed, err := cose.ParseSign1(data, epoch.TypeCommit, len(data))
	must(t, err)
	if c.ID != signed.Hash() || c.Confirm != [32]byte{7} || !bytes.Equal(c.Header.Bytes(), h.Bytes()) {
		t.Error("parsed another commit")
	}
	confirm := [32]byte{7}
	hashes := []any{}
	for _, w := range wraps(h) {
		hashes = append(hashes, w)
	}
	want := cose.Marshal([]any{cose.Raw(h.Bytes()), confirm[:], hashes})
	if !bytes.Equal(signed.Payload, want) {
		t.Errorf("payload %x, want %x", signed.Payload, want)
	}
	again, err := epoch.ParseCommit(p.sign(t, h))
	if err != nil || again.ID != c.ID {
		t.Error("another signature of the same gives another name")
	}
}

// by signs a commit with any parts.
func (p *pair) by(t testing.TB, o *owner, payload ...any) []byte {
	t.Helper()
	data, err := cose.Sign(rand.Reader, o.keys[o.devices[0]], cose.Thumbprint(o.devices[0]), epoch.TypeCommit, cose.Marshal(payload))
	must(t, err)
	return data
}

func TestParseCommitRefuses(t *testing.T) {
	p := newPair(t)
	p.b.add(t, keys.Carol.Signer())
	p.know()
	h := p.header()
	absent := p.header()
	of(absent, p.b).Slots[0].Prekey = nil
	confirm := make([]byte, 32)
	own, _ := h.Index(h.Creator)
	with := func(at uint64, value []byte) [][]byte {
		list := wraps(h)
		list[at] = value
		return list
	}
	other := (own + 1) % 3
	absentAt, _ := absent.Index(of(absent, p.b).Slots[0].Device)
	absentWraps := wraps(absent)
	absentWraps[absentAt] = make([]byte, 32)
	raw := cose.Raw(h.Bytes())
	cases := []struct {
		name string
		data []byte
		want error
	}{
		{"signed by another device", p.by(t, p.b, raw, confirm, wraps(h)), epoch.ErrCreator},
		{"no wraps", p.by(t, p.a, raw, confirm, [][]byte{}), cose.ErrMalformed},
		{"a wrap too many", p.by(t, p.a, raw, confirm, append(wraps(h), nil)), cose.ErrMalformed},
		{"a wrap for the creator", p.by(t, p.a, raw, confirm, with(own, make([]byte, 32))), cose.ErrMalformed},
		{"no wrap for a present device", p.by(t, p.a, raw, confirm, with(other, []byte{})), cose.ErrMalformed},
		{"wrap hash of 31 bytes", p.by(t, p.a, raw, confirm, with(other, make([]byte, 31))), cose.ErrMalformed},
		{"wrap hash of 33 bytes", p.by(t, p.a, raw, confirm, with(other, make([]byte, 33))), cose.ErrMalformed},
		{"a wrap for an absent device", p.by(t, p.a, cose.Raw(absent.Bytes()), confirm, absentWraps), cose.ErrMalformed},
		{"confirm of 31 bytes", p.by(t, p.a, raw, confirm[1:], wraps(h)), cose.ErrMalformed},
		{"header as bytes", p.by(t, p.a, []byte(raw), confirm, wraps(h)), cose.ErrMalformed},
		{"no header", p.by(t, p.a, nil, confirm, wraps(h)), cose.ErrMalformed},
		{"too large", make([]byte, epoch.MaxCommitBytes+1), cose.ErrTooLarge},
		{"empty", nil, cose.ErrMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := epoch.ParseCommit(c.data)
			refused(t, c.name, err, c.want)
		})
	}
}

// TestCheckRefuses has each rule of a commit that follows another, by its name.
func TestCheckRefuses(t *testing.T) {
	cases := []struct {
		name   string
		want   error
		change func(t *testing.T, p *pair, before *epoch.Standing, h *epoch.Header)
	}{
		{"unknown chain", epoch.ErrHead, func(_ *testing.T, p *pair, _ *epoch.Standing, _ *epoch.Header) {
			delete(p.chains, p.b.chain.ID())
		}},
		{"chain of another account", epoch.ErrHead, func(_ *testing.T, p *pair, _ *epoch.Standing, _ *epoch.Header) {
			p.chains[p.b.chain.ID()] = p.a.chain
		}},
		{"head with another hash", epoch.ErrHead, func(_ *testing.T, p *pair, _ *epoch.Standing, h *epoch.Header) {
			of(h, p.b).Head.Hash[0] ^= 1
		}},
		{"head beyond the chain", epoch.ErrHead, func(_ *testing.T, p *pair, _ *epoch.Standing, h *epoch.Header) {
			of(h, p.b).Head.Number = 9
		}},
		{"head rolled back", epoch.ErrHead, func(t *testing.T, p *pair, before *epoch.Standing, _ *epoch.Header) {
			p.b.add(t, keys.Dave.Signer())
			p.know()
			of(before.Header, p.b).Head = p.b.chain.Head()
		}},
		{"head of a fork", epoch.ErrHead, func(_ *testing.T, p *pair, before *epoch.Standing, _ *epoch.Header) {
			of(before.Header, p.b).Head.Hash[0] ^= 1
		}},
		{"an active device is missing", epoch.ErrDevices, func(_ *testing.T, p *pair, _ *epoch.Standing, h *epoch.Header) {
			m := of(h, p.b)
			m.Slots = m.Slots[:1]
		}},
		{"a ghost device", epoch.ErrDevices, func(_ *testing.T, p *pair, _ *epoch.Standing, h *epoch.Header) {
			m := of(h, p.b)
			m.Slots = append(m.Slots, epoch.Slot{Device: [32]byte{0: 0xff, 31: 0xff}, Prekey: make([]byte, 32)})
			m.Slots[2].Device = account.DeviceID(bytes.Repeat([]byte{0xff}, 32))
		}},
		{"a device in another's place", epoch.ErrDevices, func(_ *testing.T, p *pair, _ *epoch.Standing, h *epoch.Header) {
			of(h, p.b).Slots[1].Device[31] ^= 1
		}},
		{"a revoked device", epoch.ErrDevices, func(t *testing.T, p *pair, _ *epoch.Standing, h *epoch.Header) {
			p.b.revoke(t, p.b.devices[1])
			p.know()
			of(h, p.b).Head = p.b.chain.Head()
		}},
		{"no device of an account", epoch.ErrDevices, func(_ *testing.T, p *pair, _ *epoch.Standing, h *epoch.Header) {
			of(h, p.b).Slots = nil
		}},
		{"another conversation", epoch.ErrConversation, func(_ *testing.T, _ *pair, before *epoch.Standing, _ *epoch.Header) {
			before.Header.Conversation[0] ^= 1
		}},
		{"an epoch is left out", epoch.ErrNumber, func(_ *testing.T, _ *pair, _ *epoch.Standing, h *epoch.Header) { h.Number++ }},
		{"the same epoch again", epoch.ErrNumber, func(_ *testing.T, _ *pair, before *epoch.Standing, _ *epoch.Header) {
			before.Header.Number++
		}},
		{"epoch 0 again", epoch.ErrNumber, func(_ *testing.T, p *pair, _ *epoch.Standing, h *epoch.Header) { h.Number, h.Prev = 0, nil }},
		{"follows another epoch", epoch.ErrPrev, func(_ *testing.T, _ *pair, _ *epoch.Standing, h *epoch.Header) { h.Prev[0] ^= 1 }},
		{"older than the epoch before", epoch.ErrTime, func(_ *testing.T, _ *pair, _ *epoch.Standing, h *epoch.Header) { h.Time-- }},
		{"accounts changed", epoch.ErrNotAllowed, func(_ *testing.T, p *pair, before *epoch.Standing, _ *epoch.Header) {
			of(before.Header, p.b).Account[0] ^= 1
		}},
		{"creator was not in the roster", epoch.ErrNotMember, func(t *testing.T, p *pair, _ *epoch.Standing, h *epoch.Header) {
			p.a.add(t, keys.Dave.Signer())
			p.know()
			*of(h, p.a) = p.a.member()
			h.Creator = p.a.devices[1]
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			p.b.add(t, keys.Carol.Signer())
			p.know()
			before := p.open(t)
			h := p.after(before)
			h.Prev = bytes.Clone(h.Prev)
			c.change(t, p, before, h)
			refused(t, c.name, p.check(t, h, before), c.want)
		})
	}
}

func TestCheckAccepts(t *testing.T) {
	p := newPair(t)
	before := p.open(t)
	must(t, p.check(t, p.after(before), before))
	p.b.add(t, keys.Carol.Signer())
	p.know()
	grown := p.after(before)
	grown.Creator = p.b.devices[0]
	must(t, p.check(t, grown, before))
	absent := p.after(before)
	of(absent, p.b).Slots[0].Prekey = nil
	must(t, p.check(t, absent, before))
	back := p.after(before)
	back.Rejoin = []account.DeviceID{of(back, p.b).Slots[0].Device}
	must(t, p.check(t, back, before))
	old := p.header() // names the head before carol came, which the chain still has
	*of(old, p.b) = *of(before.Header, p.b)
	old.Number, old.Prev, old.Seen.Position = 1, before.ID[:], 1
	must(t, p.check(t, old, before))
}

// TestFirstRefuses has the rules of a commit that opens a conversation.
func TestFirstRefuses(t *testing.T) {
	p := newPair(t)
	before := p.open(t)
	refused(t, "epoch 1 opens", p.check(t, p.after(before), nil), epoch.ErrNumber)
	h := p.header()
	h.Rejoin = p.b.devices
	refused(t, "someone rejoins what was not there", p.check(t, h, nil), epoch.ErrNumber)
}

func TestForgedSignature(t *testing.T) {
	p := newPair(t)
	h := p.header()
	commit, err := epoch.SignCommit(rand.Reader, keys.Dave.Signer(), h, [32]byte{}, wraps(h))
	must(t, err)
	c, err := epoch.ParseCommit(commit)
	must(t, err)
	refused(t, "in alice's name by dave", c.Check(cose.Native{}, nil, p.chains.get), cose.ErrSignature)
}

// TestRevokedCreator is a device that was revoked and names the head after it.
func TestRevokedCreator(t *testing.T) {
	p := newPair(t)
	p.a.add(t, keys.Carol.Signer())
	p.know()
	before := p.open(t)
	p.a.revoke(t, p.a.devices[1])
	p.know()
	h := p.after(before)
	h.Creator = p.a.devices[1]
	m := of(h, p.a)
	m.Slots = append(m.Slots, epoch.Slot{Device: p.a.devices[1], Prekey: make([]byte, 32)})
	if bytes.Compare(m.Slots[0].Device[:], m.Slots[1].Device[:]) > 0 {
		m.Slots[0], m.Slots[1] = m.Slots[1], m.Slots[0]
	}
	refused(t, "a revoked device commits", p.check(t, h, before), epoch.ErrDevices)
}

func TestCommitOtherEncodings(t *testing.T) {
	p := newPair(t)
	data := p.sign(t, p.header())
	for _, v := range mangle.Encodings(data) {
		_, err := epoch.ParseCommit(v.Bytes)
		refused(t, v.Name, err, cose.ErrMalformed)
	}
	signed, err := cose.ParseSign1(data, epoch.TypeCommit, len(data))
	must(t, err)
	device := p.a.devices[0]
	protected := cose.Marshal(map[int64]any{1: -37, 4: device[:], 16: epoch.TypeCommit})
	for _, v := range mangle.Encodings(signed.Payload) {
		_, err := epoch.ParseCommit(cose.Marshal([]any{protected, map[int64]any{}, v.Bytes, make([]byte, cose.SignatureSize)}))
		switch v.Name {
		case "0/8/one element more", "0/9/one element more", "0/5/one element fewer", "0/5/0/3/one element fewer", "0/5/1/3/one element fewer":
			if err == nil {
				t.Errorf("%s: accepted", v.Name)
			}
		default:
			refused(t, "payload "+v.Name, err, cose.ErrMalformed)
		}
	}
}

func TestCommitAlteredBytes(t *testing.T) {
	p := newPair(t)
	data := p.sign(t, p.header())
	for i := range data {
		altered := bytes.Clone(data)
		altered[i] ^= 1
		c, err := epoch.ParseCommit(altered)
		if err == nil {
			err = c.Check(cose.Native{}, nil, p.chains.get)
		}
		if err == nil {
			t.Errorf("byte %d altered and accepted", i)
		}
		if i >= len(data)-cose.SignatureSize && !errors.Is(err, cose.ErrSignature) {
			t.Errorf("signature byte %d: %v", i, err)
		}
	}
}
