package relay

import (
	"time"

	"sotto/wasm/epoch"
)

// Rate is how often something may happen: Burst at once, refilled with PerSecond. Zero is without limit.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Limits bound what clients may do and what the relay keeps for them.
type Limits struct {
	Login time.Duration // within which a session must log in
	Nonce time.Duration // within which its nonce can be used
	Ping  time.Duration // between two signs of life of an idle session
	Pong  time.Duration // within which a client must answer

	Outstanding int // requests of a session that may wait for the store
	QueueFrames int // frames that may wait for a session
	QueueBytes  int // and their bytes together
	Sessions    int // of one account

	Address Rate // connections, and requests before a login, from one address
	Account Rate // requests of one account
	Device  Rate // what one device has written: messages, receipts, cursors, prekeys
	Commits Rate // of one device, and of one conversation; a large one's count more
	Added   Rate // accounts that one account adds to groups
	Asks    Rate // of one device

	Activities Rate // of one device: what is passed on and not kept
}

// DefaultLimits are generous to people and in the way of floods.
func DefaultLimits() Limits {
	return Limits{
		Login: 10 * time.Second,
		Nonce: 30 * time.Second,
		Ping:  45 * time.Second,
		Pong:  15 * time.Second,

		Outstanding: 64,
		QueueFrames: 2048,
		QueueBytes:  8 << 20,
		Sessions:    64,

		Address: Rate{PerSecond: 100, Burst: 4000},
		Account: Rate{PerSecond: 500, Burst: 4000},
		Device:  Rate{PerSecond: 200, Burst: 2000},
		Commits: Rate{PerSecond: 2, Burst: 200},
		Added:   Rate{PerSecond: 0.1, Burst: 4 * epoch.MaxDevices},
		Asks:    Rate{PerSecond: 0.1, Burst: 30},

		Activities: Rate{PerSecond: 10, Burst: 200},
	}
}

// highWater is how many bytes may wait for a session before it handles another request: a client that asks for more
// than it takes is slowed down, not closed.
const highWater = 1 << 20

// strikes is how many requests in a row may be refused by a rate before the session is closed.
const strikes = 256
