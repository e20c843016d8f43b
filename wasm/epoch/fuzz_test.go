package epoch_test

import (
	"bytes"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
	"sotto/wasm/vectors/seed"
)

func FuzzParseHeader(f *testing.F) {
	seed.Add(f, "header", "bytes")
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := epoch.ParseHeader(data)
		if err != nil {
			return
		}
		if !bytes.Equal(h.Bytes(), data) || mangle.Canonical(data) != nil {
			t.Errorf("%x encodes otherwise again", data)
		}
		if i, ok := h.Index(h.Creator); !ok || h.Entries()[i].Absent() {
			t.Error("the creator is not in its roster")
		}
	})
}

func FuzzParseCommit(f *testing.F) {
	seed.Add(f, "commit", "bytes")
	seed.Add(f, "commit-rules", "bytes")
	seed.Add(f, "group-rules", "bytes")
	p := newPair(f)
	before := p.open(f)
	group := newCircle(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := epoch.ParseCommit(data)
		if err != nil {
			return
		}
		if mangle.Canonical(data) != nil || len(c.Wraps) != len(c.Header.Entries()) {
			t.Errorf("%x is accepted and is not the one encoding", data)
		}
		if c.Check(cose.Native{}, before, p.chains.get) == nil || c.Check(cose.Native{}, group.before, group.chains.get) == nil {
			t.Error("a commit that nobody signed may follow")
		}
		_ = c.CheckEntry(cose.Native{}, group.chains.get) // the vectors' people are these
	})
}

func FuzzParseSealed(f *testing.F) {
	seed.Add(f, "opening", "events")
	seed.Add(f, "receipt", "signal")
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, typ := range []cose.Type{epoch.TypeMessage, epoch.TypeSignal} {
			if s, err := epoch.ParseSealed(data, typ, 1<<17); err == nil {
				place := cose.Marshal(s.Place)
				if mangle.Canonical(data) != nil || !bytes.Equal(place, s.Encrypt0.Place) {
					t.Errorf("%x is accepted and is not the one encoding", data)
				}
			}
		}
	})
}

func FuzzParseJoin(f *testing.F) {
	seed.Add(f, "join", "bytes")
	o := newOwner(f, keys.More(1)[0]) // nobody of the vectors
	f.Fuzz(func(t *testing.T, data []byte) {
		j, err := epoch.ParseJoin(data)
		if err != nil {
			return
		}
		if mangle.Canonical(data) != nil || len(data) > epoch.MaxAskBytes {
			t.Errorf("%x is accepted and is not the one encoding", data)
		}
		if j.Verify(cose.Native{}, o.chain) == nil {
			t.Error("a request that nobody signed")
		}
	})
}

func FuzzParseRejoin(f *testing.F) {
	seed.Add(f, "rejoin", "bytes")
	o := newOwner(f, keys.More(1)[0]) // nobody of the vectors
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := epoch.ParseRejoin(data)
		if err != nil {
			return
		}
		if mangle.Canonical(data) != nil || len(data) > epoch.MaxAskBytes {
			t.Errorf("%x is accepted and is not the one encoding", data)
		}
		if r.Verify(cose.Native{}, o.chain) == nil {
			t.Error("a request that nobody signed")
		}
	})
}

func FuzzParseLeave(f *testing.F) {
	seed.Add(f, "leave", "bytes")
	c := newCircle(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := epoch.ParseLeave(data)
		if err != nil {
			return
		}
		if mangle.Canonical(data) != nil || len(data) > epoch.MaxLeaveBytes {
			t.Errorf("%x is accepted and is not the one encoding", data)
		}
		if _, err := l.Check(cose.Native{}, c.before, c.chains.get); err == nil {
			t.Error("somebody left who did not say so")
		}
	})
}
