package relay

import (
	"context"
	"time"

	"sotto/wasm/wire"
)

// looks is how often in the time between two pings the relay looks for idle sessions, so that it does not ask all
// clients at once.
const looks = 32

// lookAfter pings idle sessions and forgets old limiters, until the relay closes.
func (r *Relay) lookAfter() {
	ticker := time.NewTicker(max(r.limits.Ping/looks, time.Millisecond))
	defer ticker.Stop()
	for n := 0; ; n++ {
		select {
		case <-r.stop:
			return
		case <-ticker.C:
		}
		for _, s := range r.idle() {
			go s.ping()
		}
		if n%looks == 0 {
			r.addresses.sweep()
			r.accounts.sweep()
			r.devices.sweep()
			r.commits.sweep()
			r.rooms.sweep()
			r.added.sweep()
			r.asks.sweep()
			r.activities.sweep()
		}
	}
}

// idle gives the sessions that were last heard of long ago and are not being asked.
func (r *Relay) idle() []*session {
	before := time.Since(r.began) - r.limits.Ping
	r.mu.Lock()
	defer r.mu.Unlock()
	var idle []*session
	for s := range r.sessions {
		if time.Duration(s.heard.Load()) < before && s.asked.CompareAndSwap(false, true) {
			idle = append(idle, s)
		}
	}
	return idle
}

// ping asks for a sign of life and closes the session if there is none.
func (s *session) ping() {
	ctx, cancel := context.WithTimeout(context.Background(), s.relay.limits.Pong)
	defer cancel()
	if err := s.out.conn.Ping(ctx); err != nil {
		s.out.close(wire.ReasonIdle)
		return
	}
	s.hear()
	s.asked.Store(false)
}

// hear notes a sign of life.
func (s *session) hear() { s.heard.Store(int64(time.Since(s.relay.began))) }
