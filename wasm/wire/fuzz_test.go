package wire_test

import (
	"bytes"
	"testing"

	"sotto/wasm/vectors/mangle"
	"sotto/wasm/vectors/seed"
	"sotto/wasm/wire"
)

// FuzzFrame reads a frame and its body as the kind it names: what is accepted encodes to the same bytes.
func FuzzFrame(f *testing.F) {
	seed.Add(f, "frame", "bytes")
	for _, c := range frames() {
		f.Add(wire.Encode(1, c.body))
	}
	all := frames()
	f.Fuzz(func(t *testing.T, data []byte) {
		frame, err := wire.Decode(data)
		if err != nil {
			return
		}
		for _, c := range all {
			if c.kind != frame.Kind {
				continue
			}
			body, err := c.read(frame)
			if err == nil && (!bytes.Equal(wire.Encode(frame.ID, body), data) || mangle.Canonical(data) != nil) {
				t.Errorf("%x encodes otherwise again", data)
			}
			break
		}
	})
}
