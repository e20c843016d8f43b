package relay

import (
	"crypto/rand"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"sotto/backend/store"
	"sotto/wasm/cose"
	"sotto/wasm/wire"
)

// Options are what a relay works with.
type Options struct {
	Store        store.Store
	Log          *slog.Logger // faults of the relay's own; nil for none
	Registration bool         // whether new accounts are taken
	Limits       Limits
}

// Relay serves clients. It does not own the store.
type Relay struct {
	store        store.Store
	log          *slog.Logger
	registration bool
	limits       Limits
	keys         cose.Primitives
	began        time.Time // the zero of times that are kept as durations
	counters     counters
	members      members
	verified     verified
	crew         crew

	addresses *rates[addressKey]
	accounts  *rates[accountKey]
	devices   *rates[deviceKey]
	commits   *rates[deviceKey]
	rooms     *rates[roomKey]
	added     *rates[accountKey]
	asks      *rates[deviceKey]

	activities *rates[deviceKey]
	slots      slots

	mu       sync.Mutex
	closing  bool
	sessions map[*session]struct{}
	running  sync.WaitGroup // sessions, and the goroutine that looks after them
	stop     chan struct{}  // closed by Close

	faults faultLog
}

// New starts a relay.
func New(o Options) *Relay {
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	r := &Relay{
		store: o.Store, log: log, registration: o.Registration, limits: o.Limits, keys: cose.Native{},
		began:     time.Now(),
		members:   newMembers(o.Limits.Sessions),
		verified:  newVerified(maxVerified),
		crew:      newCrew(),
		addresses: newRates[addressKey](o.Limits.Address),
		accounts:  newRates[accountKey](o.Limits.Account),
		devices:   newRates[deviceKey](o.Limits.Device),
		commits:   newRates[deviceKey](o.Limits.Commits),
		rooms:     newRates[roomKey](o.Limits.Commits),
		added:     newRates[accountKey](o.Limits.Added),
		asks:      newRates[deviceKey](o.Limits.Asks),

		activities: newRates[deviceKey](o.Limits.Activities),

		sessions: make(map[*session]struct{}),
		stop:     make(chan struct{}),
	}
	r.running.Go(r.lookAfter)
	return r
}

// Admit says whether another connection from the peer's address may come now. A transport asks before it makes one.
func (r *Relay) Admit(p Peer) bool { return r.addresses.take(network(p.Address)) == 0 }

// Serve runs a client's session until it ends and closes the connection.
func (r *Relay) Serve(conn Conn, p Peer) {
	s := newSession(r, conn, p)
	if !r.add(s) {
		conn.Close(closeCode(wire.ReasonClosing), wire.ReasonClosing)
		return
	}
	defer r.remove(s)
	s.greet()
	s.run()
}

func newSession(r *Relay, conn Conn, p Peer) *session {
	s := &session{relay: r, peer: p, started: time.Now(), nonce: new(nonce)}
	_, _ = rand.Read(s.nonce[:]) // never fails
	s.out.init(conn, &r.counters, &r.limits)
	return s
}

func (r *Relay) add(s *session) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closing {
		return false
	}
	r.sessions[s] = struct{}{}
	r.running.Add(1)
	r.counters.sessions.Add(1)
	return true
}

func (r *Relay) remove(s *session) {
	s.out.gone()
	r.members.leave(s)
	r.mu.Lock()
	delete(r.sessions, s)
	r.mu.Unlock()
	r.counters.sessions.Add(-1)
	r.running.Done()
}

// Close ends all sessions and waits until they have. The store may be closed after it.
func (r *Relay) Close() {
	r.mu.Lock()
	if !r.closing {
		r.closing = true
		close(r.stop)
	}
	for s := range r.sessions {
		s.out.close(wire.ReasonClosing)
	}
	r.mu.Unlock()
	r.running.Wait()
	r.crew.dismiss()
}

// fault logs a failure of the store. A disk that is full fails every request; one line in a while is enough.
func (r *Relay) fault(err error) {
	if errors.Is(err, store.ErrClosed) || !r.faults.due() {
		return
	}
	r.log.Error("the store failed a request", "error", err)
}

// recovered ends a session on a fault in the relay itself, so that it is not everyone's.
func (r *Relay) recovered(s *session, fault any) {
	r.log.Error("a session failed", "fault", fault, "stack", string(debug.Stack()))
	s.out.close(reasonInternal)
}

// faultLog lets one line through in a while.
type faultLog struct {
	mu   sync.Mutex
	last time.Time
}

const faultPause = 10 * time.Second

func (f *faultLog) due() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	if now.Sub(f.last) < faultPause {
		return false
	}
	f.last = now
	return true
}
