package relay

import "sotto/wasm/cose"

// VerifyWith has the relay verify signatures with other primitives. It is called before there are sessions.
func (r *Relay) VerifyWith(keys cose.Primitives) { r.keys = keys }
