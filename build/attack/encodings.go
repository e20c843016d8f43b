//go:build attack

package main

import (
	"errors"
	"slices"

	"sotto/wasm/check"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/mangle"
	"sotto/wasm/wire"
)

func encodingAttacks() []attack {
	const line = "another encoding of the same; more than there may be"
	const malleable = "malleable transactions: Mt. Gox, 2014"
	const lax = "lax parsers: BERserk, 2014"
	attacks := []attack{
		encoded(line, "a length in more bytes than it needs", malleable, outside("head of 9 bytes")),
		encoded(line, "an array without a length", malleable, outside("indefinite")),
		encoded(line, "a tag around the whole", malleable, outside("tag self-described")),
		encoded(line, "null for an empty map", malleable, outside("1/null")),
		encoded(line, "an array of numbers for bytes", malleable, outside("2/array for bytes")),
		encoded(line, "a byte behind the end", lax, outside("trailing zero")),
		encoded(line, "a map's keys in another order", lax, inside("pairs 0 and 1 exchanged")),
		encoded(line, "a map's key twice", lax, inside("pair 1 twice")),
		encoded(line, "a key that nobody knows", lax, inside("unknown key")),
		{
			line: line, name: "every other encoding of a message", known: lax,
			by: []check.Name{check.Encoding}, says: "malformed", play: everyEncoding,
		},
		{
			line: line, name: "something that is not signed beside what is", known: "XML signature wrapping: Amazon, 2011",
			by: []check.Name{check.Unprotected}, says: "not-opened (malformed)", play: unprotected,
		},
	}
	return append(attacks, sizeAttacks(line)...)
}

// encoded is a message by bob in another encoding: of the whole, as the server can make it, or of what is authenticated,
// as only bob can.
func encoded(line, name, known string, change func(s *stage, d *direct) []byte) attack {
	return attack{
		line: line, name: name, known: known, by: []check.Name{check.Encoding}, says: "not-opened (malformed)",
		play: func(s *stage) result {
			d := s.direct()
			return d.judged(d.post(change(s, d)), "in other words")
		},
	}
}

func outside(variant string) func(*stage, *direct) []byte {
	return func(s *stage, d *direct) []byte { return s.variant(d.event(d.letter("in other words")), variant) }
}

// variant gives one wrong encoding of an item.
func (s *stage) variant(item []byte, name string) []byte {
	all := mangle.Encodings(item)
	at := slices.IndexFunc(all, func(v mangle.Variant) bool { return v.Name == name })
	if at < 0 {
		s.fatalf("there is no variant %q", name)
	}
	return all[at].Bytes
}

// inside encodes the protected header otherwise and authenticates that.
func inside(variant string) func(*stage, *direct) []byte {
	return func(s *stage, d *direct) []byte {
		l := d.letter("in other words")
		inner, err := l.Inner()
		s.must(err)
		nonce := make([]byte, cose.NonceSize)
		place := cose.Raw(cose.Marshal(l.Place))
		header := cose.Marshal(map[int64]any{1: 3, 5: nonce, 16: string(epoch.TypeMessage), -65537: place})
		protected := s.variant(header, variant)
		associated := cose.Marshal([]any{"Encrypt0", protected, l.External})
		sealed := cose.Native{}.AEAD(l.Key).Seal(nil, nonce, l.Pad(inner), associated)
		return cose.Marshal([]any{protected, map[int64]any{}, sealed})
	}
}

// everyEncoding reads every other encoding of a message that there is.
func everyEncoding(s *stage) result {
	d := s.direct()
	accepted := 0
	for _, v := range mangle.Encodings(d.event(d.letter("in other words"))) {
		_, err := epoch.ParseSealed(v.Bytes, epoch.TypeMessage, conversation.MaxMessageBytes)
		switch {
		case err == nil:
			accepted++
		case !errors.Is(err, cose.ErrMalformed) && !errors.Is(err, cose.ErrType):
			return result{says: err.Error()}
		}
	}
	return result{says: "malformed", won: accepted > 0}
}

// unprotected adds a header that nothing covers to bob's message on its way.
func unprotected(s *stage) result {
	d := s.direct()
	var parts []cose.Raw
	s.must(cose.Unmarshal(d.event(d.letter("in other words")), &parts, conversation.MaxMessageBytes))
	parts[1] = cose.Marshal(map[int64]any{99: "forwarded by the relay"})
	return d.judged(d.post(cose.Marshal(parts)), "in other words")
}

func sizeAttacks(line string) []attack {
	const bomb = "a zip bomb: Bridgefy, 2021"
	return []attack{
		{
			line: line, name: "a message larger than there may be", known: bomb,
			by: []check.Name{check.Size}, says: "not-opened (malformed)", play: func(s *stage) result {
				d := s.direct()
				l := d.letter("")
				l.Body = cose.Marshal([]any{99, 1, make([]byte, conversation.MaxMessageBytes)})
				_, says := d.alice.at(d.conv, d.post(d.event(l)))
				return result{says: says, won: says == "newer-version"}
			},
		},
		{
			line: line, name: "a frame larger than there may be", known: bomb,
			by: []check.Name{check.Size}, says: "too large", play: func(*stage) result {
				_, err := wire.Decode(wire.Encode(0, wire.EventPush{Event: wire.Event{Event: make([]byte, wire.MaxFrame)}}))
				return sized(err)
			},
		},
		{
			line: line, name: "more devices in a roster than there may be", known: bomb,
			by: []check.Name{check.Size}, says: "too large", play: func(s *stage) result {
				d := s.direct()
				h := *d.room.Header
				h.Number, h.Prev = 1, make([]byte, 32)
				h.Roster = slices.Clone(h.Roster)
				own := slices.IndexFunc(h.Roster, func(m epoch.Member) bool { return m.Slots[0].Device == h.Creator })
				m := &h.Roster[1-own]
				m.Slots = nil
				for i := range epoch.MaxDevices {
					m.Slots = append(m.Slots, epoch.Slot{Device: [32]byte{0: byte(i >> 8), 1: byte(i), 31: 1}})
				}
				_, err := epoch.ParseHeader(h.Bytes())
				return sized(err)
			},
		},
	}
}

func sized(err error) result {
	switch {
	case err == nil:
		return result{won: true}
	case errors.Is(err, cose.ErrTooLarge):
		return result{says: "too large"}
	}
	return result{says: err.Error()}
}
