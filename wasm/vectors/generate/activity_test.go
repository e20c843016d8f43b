//go:build !js

package generate

import (
	"fmt"

	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

// doing is an activity of alice's, in parts.
type doing struct {
	typ           cose.Type
	place         []any // conversation, number, index, time
	plain         any
	key, external []byte
}

func activities(m *maker) {
	m.About = "An activity, after a log. " + aboutScene + ", signal (the activity). out: sender, time, kind, on."
	r := m.opened()
	s := m.scene(r)
	device := m.device(keys.Alice)
	key := cose.Derive(r.key, "signal", device[:])
	const time = uint64(1_800_000_000_123)
	made := func(plain any) *doing {
		place := []any{r.id[:], uint64(r.header.Number), r.index(keys.Alice), time}
		return &doing{typ: epoch.TypeActivity, place: place, plain: plain, key: key[:], external: bytesOf(r.epoch)}
	}
	in := func(d *doing) values {
		outer := newEncrypt0(d.key, d.external, cose.Marshal(d.plain), d.typ)
		outer.header[-65537] = d.place
		v := s.in([]int{1})
		v["signal"] = outer.bytes()
		return v
	}
	for _, c := range []struct {
		name string
		kind int
		on   bool
	}{{"begins to write", 1, true}, {"writes no more", 1, false}, {"is here", 2, true}, {"goes", 2, false}} {
		m.accept(c.name, in(made([]any{1, c.kind, c.on})), values{"sender": bytesOf(device), "time": time, "kind": c.kind, "on": fmt.Sprint(c.on)})
	}
	m.refuse("a newer version", "newer", in(made([]any{2, 1, true})))
	m.refuse("a newer kind", "newer", in(made([]any{1, 3, true})))
	m.refuse("a number for a flag", "malformed", in(made([]any{1, 1, 1})))
	m.refuse("one element more", "malformed", in(made([]any{1, 1, true, 0})))
	m.refuse("text", "malformed", in(made("typing")))
	for _, c := range []struct {
		name, outcome string
		change        func(*doing)
	}{
		{"for the epoch to come", "ahead", func(d *doing) { d.place[1] = 1 }},
		{"in the reader's slot", "old", func(d *doing) { d.place[2] = r.index(keys.Bob) }},
		{"in a slot that is not there", "sender", func(d *doing) { d.place[2] = 5 }},
		{"under another key", "decrypt", func(d *doing) { d.key = random(32) }},
		{"bound to another epoch", "decrypt", func(d *doing) { d.external = random(32) }},
		{"a receipt", "malformed", func(d *doing) { d.typ = epoch.TypeSignal }},
		{"of another conversation", "rule", func(d *doing) { d.place[0] = random(16) }},
		{"without a place", "malformed", func(d *doing) { d.place = []any{} }},
	} {
		d := made([]any{1, 1, true})
		c.change(d)
		m.refuse(c.name, c.outcome, in(d))
	}
	m.refuse("too large", "malformed", func() values { v := s.in([]int{1}); v["signal"] = make([]byte, 257); return v }())
}
