package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"sotto/build/bench/figure"
	"sotto/build/bench/raw"
	"sotto/build/bench/server"
	"sotto/wasm/wire"
)

// One sender, so many sessions of the account it writes to, and so many messages of one kibibyte in a run, of which
// some wait for their acknowledgement at any time.
const (
	audience    = 1000
	spoken      = 400
	spokenSize  = 1024
	outstanding = 16
	maxSessions = audience + 1
)

// deliveries is how many messages reach sessions in a second.
func deliveries(ctx context.Context, b *bench) ([]figure.Figure, error) {
	if err := server.RaiseFiles(2 * audience); err != nil {
		return nil, err
	}
	delivered := figure.Figure{
		Name: fmt.Sprintf("delivered, one sender to %d sessions", audience), Unit: figure.PerSecond, Aim: figure.AtLeast(100e3),
	}
	var effort effort
	settings := append([]string{fmt.Sprintf("SOTTO_LIMIT_SESSIONS=%d", maxSessions)}, noRates...)
	err := b.withServer(ctx, settings, func(s *server.Server) error {
		h, err := newHall(ctx, b, s.Origin)
		if err != nil {
			return err
		}
		defer h.close()
		for range b.runs {
			requests, err := h.prepare(ctx)
			if err != nil {
				return err
			}
			done, err := effort.begin(s)
			if err != nil {
				return err
			}
			start := time.Now()
			if err := h.speak(ctx, requests); err != nil {
				return err
			}
			delivered.Values = append(delivered.Values, rate(audience*spoken, start))
			if err := errors.Join(done(audience*spoken), pause(ctx, settle)); err != nil {
				return err
			}
		}
		return nil
	})
	return append([]figure.Figure{delivered}, effort.figures("delivery", "the load")...), err
}

// hall is one who speaks and many who listen.
type hall struct {
	talk      *raw.Talk
	speaker   *raw.Session
	listeners []*raw.Session

	left  atomic.Int64  // messages that listeners have not yet got
	heard chan struct{} // gets one when that becomes 0
	fail  chan error    // holds one
}

func newHall(ctx context.Context, b *bench, origin string) (*hall, error) {
	people, err := b.crowd(2)
	if err != nil {
		return nil, err
	}
	h := &hall{
		talk: raw.NewTalk(people[0], people[1]), listeners: make([]*raw.Session, audience),
		heard: make(chan struct{}, 1), fail: make(chan error, 1),
	}
	if err := h.enter(ctx, origin); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

// enter lets the listeners in, opens the conversation and takes its commit from everyone.
func (h *hall) enter(ctx context.Context, origin string) (err error) {
	if err := registerAll(ctx, origin, []*raw.Person{h.talk.Reader}); err != nil {
		return err
	}
	err = each(ctx, audience, setupGoroutines, func(ctx context.Context, i int) (err error) {
		h.listeners[i], err = raw.Enter(ctx, origin, h.talk.Reader, 0)
		return err
	})
	if err != nil {
		return err
	}
	if h.speaker, err = raw.Enter(ctx, origin, h.talk.Writer, 0); err != nil {
		return err
	}
	for _, l := range h.listeners {
		go h.listen(l.Conn)
	}
	return h.openEpoch(ctx)
}

func (h *hall) openEpoch(ctx context.Context) error {
	h.left.Store(audience)
	if err := openTalk(h.speaker, h.talk); err != nil {
		return err
	}
	return h.allHeard(ctx)
}

// listen counts what comes.
func (h *hall) listen(c *raw.Conn) {
	for {
		if _, err := c.Skip(); err != nil {
			select {
			case h.fail <- fmt.Errorf("a listener: %w", err):
			default:
			}
			return
		}
		if h.left.Add(-1) == 0 {
			h.heard <- struct{}{}
		}
	}
}

func (h *hall) allHeard(ctx context.Context) error {
	select {
	case <-h.heard:
		return nil
	case err := <-h.fail:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// prepare seals the messages of the next run.
func (h *hall) prepare(ctx context.Context) ([][]byte, error) {
	if h.talk.Left() < spoken {
		if err := h.openEpoch(ctx); err != nil {
			return nil, err
		}
	}
	requests := make([][]byte, spoken)
	for i := range requests {
		requests[i] = h.speaker.Request(h.talk.Seal(spokenSize))
	}
	return requests, nil
}

// speak sends messages and waits until everyone had all.
func (h *hall) speak(ctx context.Context, requests [][]byte) error {
	h.left.Store(int64(audience * len(requests)))
	acks := make(chan struct{}, outstanding)
	var sender sync.WaitGroup
	sender.Go(func() {
		for _, request := range requests {
			acks <- struct{}{}
			if h.speaker.Write(request) != nil {
				return // who reads the acknowledgements says so
			}
		}
	})
	err := h.acknowledged(len(requests), acks)
	if err != nil {
		_ = h.speaker.Close()
	}
	sender.Wait()
	if err == nil {
		err = h.allHeard(ctx)
	}
	return err
}

// acknowledged reads until so many requests were answered and makes room for others with each.
func (h *hall) acknowledged(n int, room <-chan struct{}) error {
	for n > 0 {
		frame, err := h.speaker.Read()
		if err != nil {
			return err
		}
		if !raw.IsAnswer(frame) {
			continue
		}
		f, err := wire.Decode(frame)
		if err != nil {
			return err
		}
		if f.Kind != wire.KindStored {
			return fmt.Errorf("answer of kind %d: %w", f.Kind, raw.Decode(f, new(wire.Stored)))
		}
		<-room
		n--
	}
	return nil
}

func (h *hall) close() {
	for _, s := range append(h.listeners, h.speaker) {
		if s != nil {
			_ = s.Close()
		}
	}
}
