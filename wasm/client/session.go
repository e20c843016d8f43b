package client

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"sotto/wasm/wire"
)

// How long a session waits: for the connection and the first frame, and for an answer.
const (
	dialTimeout   = 15 * time.Second
	answerTimeout = 20 * time.Second
	heartbeat     = 30 * time.Second
)

// session is one connection to the relay. Its reader hands out frames and waits for nobody.
type session struct {
	conn  Conn
	hello wire.Hello
	push  func(wire.Frame)

	mu      sync.Mutex
	nextID  uint64
	waiting map[uint64]*waiter
	err     error         // why it ended
	done    chan struct{} // closed when it has ended
}

type waiter struct {
	since  time.Time
	answer func(wire.Frame, error)
}

// dial opens a connection and reads the relay's hello.
func (e *Engine) dial(ctx context.Context) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, err := e.ports.Transport.Dial(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{conn: conn, waiting: map[uint64]*waiter{}, done: make(chan struct{})}
	if err := s.greet(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return s, nil
}

func (s *session) greet(ctx context.Context) error {
	data, err := s.conn.Read(ctx)
	if err != nil {
		return err
	}
	frame, err := wire.Decode(data)
	if err != nil {
		return err
	}
	return wire.DecodeBody(frame, &s.hello)
}

// read hands out frames until the connection ends.
func (s *session) read(ctx context.Context) {
	for {
		data, err := s.conn.Read(ctx)
		if err != nil {
			s.fail(err)
			return
		}
		frame, err := wire.Decode(data)
		if err != nil {
			s.fail(err)
			return
		}
		if frame.ID == 0 {
			s.push(frame)
			continue
		}
		if !s.deliver(frame) {
			s.fail(fmt.Errorf("answer %d to no request: %w", frame.ID, errLied))
			return
		}
	}
}

// deliver hands an answer to who waits for it.
func (s *session) deliver(frame wire.Frame) bool {
	s.mu.Lock()
	w, ok := s.waiting[frame.ID]
	delete(s.waiting, frame.ID)
	s.mu.Unlock()
	if !ok {
		return s.over()
	}
	if frame.Kind == wire.KindError {
		var refused wire.Error
		if err := wire.DecodeBody(frame, &refused); err != nil {
			w.answer(wire.Frame{}, err)
		} else {
			w.answer(wire.Frame{}, refused)
		}
		return true
	}
	w.answer(frame, nil)
	return true
}

// send writes a request; answer is called once, from the reader or when the session ends, and must not wait.
func (s *session) send(now time.Time, request wire.Body, answer func(wire.Frame, error)) {
	s.mu.Lock()
	if s.err != nil {
		s.mu.Unlock()
		answer(wire.Frame{}, errOffline)
		return
	}
	s.nextID++
	id := s.nextID
	s.waiting[id] = &waiter{since: now, answer: answer}
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), answerTimeout)
	defer cancel()
	if err := s.conn.Write(ctx, wire.Encode(id, request)); err != nil {
		s.fail(err)
	}
}

// fail ends the session once; everyone who waits is told.
func (s *session) fail(err error) {
	s.mu.Lock()
	if s.err != nil {
		s.mu.Unlock()
		return
	}
	s.err = err
	waiting := s.waiting
	s.waiting = map[uint64]*waiter{}
	close(s.done)
	s.mu.Unlock()
	_ = s.conn.Close()
	for _, w := range waiting {
		w.answer(wire.Frame{}, errOffline)
	}
}

func (s *session) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err != nil
}

// overdue says whether a request has waited too long for its answer.
func (s *session) overdue(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range s.waiting {
		if now.Sub(w.since) > answerTimeout {
			return true
		}
	}
	return false
}

var errTimeout = errors.New("the relay did not answer")

// ask sends a request and waits for its answer, which it reads into answer. A refusal is a [wire.Error]; a lost
// connection is errOffline.
func (e *Engine) ask(s *session, request, answer wire.Body) error {
	type result struct {
		frame wire.Frame
		err   error
	}
	if s == nil {
		return errOffline
	}
	answered := make(chan result, 1)
	s.send(e.now(), request, func(f wire.Frame, err error) { answered <- result{f, err} })
	select {
	case r := <-answered:
		if r.err != nil {
			return r.err
		}
		return wire.DecodeBody(r.frame, answer)
	case <-e.ctx.Done():
		return errOffline
	}
}
