package relay

import (
	"errors"
	"sync/atomic"
	"time"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/wire"
)

type nonce [wire.NonceSize]byte

// session is one client's connection. Its fields belong to the reading goroutine, which lends them to one of the crew
// for each request, but those that say otherwise.
type session struct {
	relay   *Relay
	peer    Peer
	started time.Time
	nonce   *nonce        // nil once it was used
	timer   *time.Timer   // for the login, nil after it
	sender  *store.Sender // nil before the login
	strikes int           // requests in a row that a rate refused
	out     queue         // locks itself

	heard atomic.Int64 // when, since relay.began
	asked atomic.Bool  // a ping is on its way
}

// Limits of one message before and after the login.
const (
	maxStrangerFrame = wire.MaxLink + wire.MaxPrekey + account.MaxLoginBytes + 1024
	maxFrame         = wire.MaxFrame
)

// run reads and handles requests until the session ends.
func (s *session) run() {
	s.hear()
	defer s.settle()
	for {
		data, ok := s.read()
		if !ok {
			return
		}
		s.hear()
		if !s.relay.crew.handle(s, data) {
			s.drain()
			return
		}
	}
}

// greet sends the hello and gives the client its time to log in.
func (s *session) greet() {
	s.send(0, wire.Hello{Nonce: *s.nonce, Time: uint64(s.started.UnixMilli()), Origin: s.peer.Origin})
	s.timer = time.AfterFunc(s.relay.limits.Login, func() { s.out.close(wire.ReasonNoLogin) })
}

// settle ends the time to log in.
func (s *session) settle() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
}

// read gives the next message. A message that is none ends the session with a reason.
func (s *session) read() ([]byte, bool) {
	limit := maxFrame
	if s.sender == nil {
		limit = maxStrangerFrame
	}
	data, err := s.out.conn.Read(limit)
	switch {
	case err == nil:
		return data, true
	case errors.Is(err, ErrTooLarge):
		s.out.close(wire.ReasonTooLarge)
	case errors.Is(err, ErrNotBinary):
		s.out.close(wire.ReasonMalformed)
	default:
		return nil, false
	}
	s.drain()
	return nil, false
}

// drain reads on without looking until the connection has ended, so that the client gets to hear why.
func (s *session) drain() {
	for {
		_, err := s.out.conn.Read(maxFrame)
		if err != nil && !errors.Is(err, ErrNotBinary) {
			return
		}
	}
}

// handle handles one message. It reports false when that ends the session.
func (s *session) handle(data []byte) bool {
	f, err := wire.Decode(data)
	if err != nil || f.ID == 0 {
		s.out.close(wire.ReasonMalformed)
		return false
	}
	s.relay.counters.requests.Add(1)
	h, known := handlers[f.Kind]
	switch {
	case !s.admitted(f.ID):
	case !known:
		s.refuse(f.ID, wire.CodeUnknownKind, 0)
	case s.sender == nil && !h.strangers:
		s.refuse(f.ID, wire.CodeNotLoggedIn, 0)
	case s.sender != nil && h.strangers:
		s.refuse(f.ID, wire.CodeLoggedIn, 0)
	case s.out.ready(!h.written):
		h.handle(s, f)
	}
	return s.out.open()
}

// admitted counts the request with the rates. It answers one that is over them and closes a session that goes on.
func (s *session) admitted(id uint64) bool {
	var wait time.Duration
	if s.sender == nil {
		wait = s.relay.addresses.take(network(s.peer.Address))
	} else {
		wait = s.relay.accounts.take(s.sender.Account)
	}
	return s.within(id, wait)
}

// within answers a request that came before its time.
func (s *session) within(id uint64, wait time.Duration) bool {
	if wait == 0 {
		s.strikes = 0
		return true
	}
	s.refuse(id, wire.CodeLimited, uint64(wait.Milliseconds())+1)
	if s.strikes++; s.strikes >= strikes {
		s.out.close(wire.ReasonLimited)
	}
	return false
}

// send queues a frame.
func (s *session) send(id uint64, body wire.Body) { s.out.put(wire.Encode(id, body)) }

// refuse answers a request with an error.
func (s *session) refuse(id uint64, code wire.Code, detail uint64) {
	s.relay.counters.refused[code].Add(1)
	s.send(id, wire.Error{Code: code, Detail: detail})
}
