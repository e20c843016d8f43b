package client

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"time"

	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// Waiting between attempts to connect: doubled from the least to the most, and drawn from its upper half, so that
// many clients do not come back at once (full jitter would let some hammer).
const (
	leastWait = 500 * time.Millisecond
	mostWait  = 30 * time.Second
)

// skewTold is how far the clocks may differ before people are told.
const skewTold = 10 * time.Minute

// run starts the connection loop unless it runs.
func (e *Engine) run() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.running {
		return
	}
	e.running = true
	e.start(e.loop)
}

// loop connects again and again until the engine is closed or nobody is left to connect for.
func (e *Engine) loop() {
	for attempt := 0; e.ctx.Err() == nil; attempt++ {
		e.setConnection(Connection{State: StateConnecting})
		loggedIn, err := e.connect()
		if loggedIn {
			attempt = 0
		}
		if e.stopLoop() {
			reason := closeReason(err)
			e.setConnection(Connection{State: StateOffline, Reason: &reason})
			return
		}
		e.pause(e.backoff(attempt), err)
	}
}

// stopLoop says whether to stop connecting, and then the loop counts as ended: after an alarm, and when there is
// neither an account nor a registration that waits.
func (e *Engine) stopLoop() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	wanted := e.joining != nil || e.keys != nil && e.keys.record.Registered
	e.running = wanted && !e.halted
	return !e.running
}

// alarm tells of a security failure of the whole account and stops connecting: whoever answers there is not the
// relay this account was made with, or this device is not the only one that is it.
func (e *Engine) alarm(code string, detail map[string]string) error {
	e.mu.Lock()
	e.halted = true
	e.mu.Unlock()
	e.emit(AlarmEvent{Code: code, Detail: detail})
	return failure(code, nil)
}

// connect makes one connection and stays with it until it ends.
func (e *Engine) connect() (loggedIn bool, err error) {
	s, err := e.dial(e.ctx)
	if err != nil {
		e.joined(errOffline)
		return false, err
	}
	s.push = e.pushed
	e.start(func() { s.read(e.ctx) })
	stop := e.watch(s)
	defer stop()
	defer func() { s.fail(errOffline) }()
	e.compareClocks(s.hello.Time)
	if err := e.enter(s); err != nil {
		e.joined(err)
		return false, err
	}
	e.mu.Lock()
	e.online = s
	e.mu.Unlock()
	e.joined(nil)
	e.setConnection(Connection{State: StateOnline})
	e.start(func() { e.arrive(s) })
	<-s.done
	e.mu.Lock()
	e.online = nil
	e.mu.Unlock()
	e.left()
	return true, s.err
}

// watch ends a session that does not answer, and looks from time to time for what was not told.
func (e *Engine) watch(s *session) (stop func()) {
	ctx, cancel := context.WithCancel(e.ctx)
	var tick func()
	tick = func() {
		if ctx.Err() != nil || s.over() {
			return
		}
		if s.overdue(e.now()) {
			s.fail(errTimeout)
			return
		}
		if e.session() == s {
			e.start(func() { e.lookAround(s) })
		}
		e.ports.Clock.AfterFunc(heartbeat, tick)
	}
	first := e.ports.Clock.AfterFunc(answerTimeout, tick)
	return func() { cancel(); first() }
}

// arrive brings everything up to date after a login.
func (e *Engine) arrive(s *session) {
	if err := e.checkOwnAccount(s); err != nil {
		s.fail(err)
		return
	}
	e.lookAround(s)
	for _, r := range e.allRooms() {
		r.kick()
		r.showOutbox()
	}
	if e.isHere() && e.chosen().Presence {
		e.tellHere(true)
	}
	e.tendPrekeys(s)
}

// lookAround compares every conversation's head with the relay's.
func (e *Engine) lookAround(s *session) {
	var last []byte
	for {
		var page wire.ConversationPage
		err := e.ask(s, wire.Conversations{After: last}, &page)
		if err != nil {
			if _, refused := refusal(err); refused == 0 {
				s.fail(err)
			}
			return
		}
		for _, h := range page.Heads {
			e.noteHead(h)
		}
		if !page.More || len(page.Heads) == 0 {
			return
		}
		id := page.Heads[len(page.Heads)-1].Conversation
		last = id[:]
	}
}

// noteHead tells a room how far its log goes; a conversation that is new here gets its room.
func (e *Engine) noteHead(h wire.Head) {
	if r := e.roomFor(h.Conversation); r != nil {
		r.head(h)
	}
}

// pushed takes what the relay sends of itself.
func (e *Engine) pushed(f wire.Frame) {
	switch f.Kind {
	case wire.KindEventPush:
		var p wire.EventPush
		if wire.DecodeBody(f, &p) == nil {
			if r := e.roomFor(p.Conversation); r != nil {
				r.arrived(p.Event)
			}
		}
	case wire.KindAskPush:
		var p wire.AskPush
		if wire.DecodeBody(f, &p) == nil {
			if r := e.room(p.Conversation); r != nil {
				r.asked(wire.Asked{Ask: p.Ask, Tag: p.Tag})
			}
		}
	case wire.KindReceiptPush:
		var p wire.ReceiptPush
		if wire.DecodeBody(f, &p) == nil {
			if r := e.roomFor(p.Conversation); r != nil {
				r.receipt(p.Signal, p.Receipts)
			}
		}
	case wire.KindActivityPush:
		var p wire.ActivityPush
		if wire.DecodeBody(f, &p) == nil {
			if r := e.room(p.Conversation); r != nil {
				r.did(p.Signal)
			}
		}
	}
}

func (e *Engine) left() {
	for _, r := range e.allRooms() {
		r.disconnected()
	}
}

func (e *Engine) allRooms() []*room {
	e.mu.Lock()
	defer e.mu.Unlock()
	rooms := make([]*room, 0, len(e.rooms))
	for _, r := range e.rooms {
		rooms = append(rooms, r)
	}
	return rooms
}

func (e *Engine) room(id epoch.ConversationID) *room {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rooms[id]
}

// backoff draws how long to wait before another attempt.
func (e *Engine) backoff(attempt int) time.Duration {
	wait := min(leastWait<<min(attempt, 16), mostWait)
	var b [8]byte
	if _, err := io.ReadFull(e.ports.Random, b[:]); err != nil {
		return wait
	}
	return wait/2 + time.Duration(binary.BigEndian.Uint64(b[:])%uint64(wait/2))
}

// pause waits for the time to pass or for a nudge.
func (e *Engine) pause(d time.Duration, err error) {
	at := e.now().Add(d).UnixMilli()
	c := Connection{State: StateOffline, RetryAt: &at}
	if reason := closeReason(err); reason != "" {
		c.Reason = &reason
	}
	e.setConnection(c)
	expired := make(chan struct{})
	stop := e.ports.Clock.AfterFunc(d, func() { close(expired) })
	defer stop()
	select {
	case <-expired:
	case <-e.nudge:
	case <-e.ctx.Done():
	}
}

// closeReason gives the reason that the relay or the engine named for the end of a session.
func closeReason(err error) string {
	var closed *CloseError
	var named *Error
	switch {
	case errors.As(err, &closed):
		return closed.Reason
	case errors.As(err, &named):
		return named.code
	}
	return ""
}

// Connect tries to connect now instead of waiting: the page became visible, the network came back.
func (e *Engine) Connect() {
	select {
	case e.nudge <- struct{}{}:
	default:
	}
}

// Connection tells how the engine stands to its relay.
func (e *Engine) Connection() Connection {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state
}

func (e *Engine) setConnection(c Connection) {
	e.mu.Lock()
	e.state = c
	e.mu.Unlock()
	e.emit(ConnectionEvent(c))
}

// compareClocks tells people when this device's clock is far from the relay's. Nothing is decided by it.
func (e *Engine) compareClocks(relay uint64) {
	skew := e.now().Sub(time.UnixMilli(int64(relay))).Truncate(time.Second)
	if skew.Abs() < skewTold {
		skew = 0
	}
	e.mu.Lock()
	before := e.skew
	e.skew = int64(skew / time.Second)
	after := e.skew
	e.mu.Unlock()
	if before != after {
		e.emit(ClockEvent{Skew: after})
	}
}
