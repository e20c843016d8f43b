package relay

import (
	"sync/atomic"

	"sotto/wasm/wire"
)

// Stats are counts since the start, but Sessions, which is now.
type Stats struct {
	Sessions   int64
	Requests   uint64
	Refused    map[wire.Code]uint64
	Closed     map[wire.Reason]uint64 // by the relay
	Appended   uint64                 // events written
	Deliveries uint64                 // pushes put into queues
}

// reasons are those that are counted: the closed list of package wire and what it has no word for.
var reasons = [...]wire.Reason{
	wire.ReasonMalformed, wire.ReasonTooLarge, wire.ReasonNoLogin, wire.ReasonIdle, wire.ReasonSlow,
	wire.ReasonLimited, wire.ReasonClosing, wire.ReasonLoginFailed, reasonInternal,
}

// reasonInternal is the close of a session on a fault of the relay's own.
const reasonInternal wire.Reason = "internal"

const codeCount = int(wire.CodeLinkRefused) + 1

// counters are the live [Stats].
type counters struct {
	sessions   atomic.Int64
	requests   atomic.Uint64
	appended   atomic.Uint64
	deliveries atomic.Uint64
	refused    [codeCount]atomic.Uint64
	closed     [len(reasons)]atomic.Uint64
}

func (c *counters) close(reason wire.Reason) {
	for i, r := range reasons {
		if r == reason {
			c.closed[i].Add(1)
		}
	}
}

// Stats gives the counts.
func (r *Relay) Stats() Stats {
	c := &r.counters
	s := Stats{
		Sessions: c.sessions.Load(), Requests: c.requests.Load(),
		Appended: c.appended.Load(), Deliveries: c.deliveries.Load(),
		Refused: make(map[wire.Code]uint64), Closed: make(map[wire.Reason]uint64),
	}
	for code := range c.refused {
		if n := c.refused[code].Load(); n > 0 {
			s.Refused[wire.Code(code)] = n
		}
	}
	for i, reason := range reasons {
		s.Closed[reason] = c.closed[i].Load()
	}
	return s
}
