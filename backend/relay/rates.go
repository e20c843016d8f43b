package relay

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// rates holds one limiter for each key that was seen lately.
type rates[K comparable] struct {
	rate Rate

	mu   sync.Mutex
	seen map[K]*rate.Limiter
}

func newRates[K comparable](r Rate) *rates[K] {
	return &rates[K]{rate: r, seen: make(map[K]*rate.Limiter)}
}

// take counts one of key and gives how long to wait if that was too many, else 0.
func (r *rates[K]) take(key K) time.Duration { return r.takeMany(key, 1) }

// takeMany is take for n at once, all or none; for more than may ever come at once, all of those.
func (r *rates[K]) takeMany(key K, n int) time.Duration {
	if r.rate == (Rate{}) || n == 0 {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	limiter, ok := r.seen[key]
	if !ok {
		limiter = rate.NewLimiter(rate.Limit(r.rate.PerSecond), r.rate.Burst)
		r.seen[key] = limiter
	}
	now := time.Now()
	reservation := limiter.ReserveN(now, max(1, min(n, r.rate.Burst)))
	if !reservation.OK() {
		return time.Second // a burst of 0 lets nothing through
	}
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

// sweep forgets limiters that are as good as new.
func (r *rates[K]) sweep() {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	for key, limiter := range r.seen {
		if limiter.TokensAt(now) >= float64(r.rate.Burst) {
			delete(r.seen, key)
		}
	}
}

// network is what counts as one address: for IPv6 the /64 that one customer has.
func network(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // the zero Prefix for the zero Addr
	return p
}
