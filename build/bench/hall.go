package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"sotto/build/bench/raw"
)

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
	room, stop := make(chan struct{}, outstanding), make(chan struct{})
	var sender sync.WaitGroup
	sender.Go(func() { h.send(requests, room, stop) })
	var err error
	for range requests {
		if err = acknowledged(h.speaker); err != nil {
			break
		}
		<-room
	}
	close(stop)
	sender.Wait()
	if err == nil {
		err = h.allHeard(ctx)
	}
	return err
}

// send writes requests while there is room for them. Whether that goes well shows in the acknowledgements.
func (h *hall) send(requests [][]byte, room chan<- struct{}, stop <-chan struct{}) {
	for _, request := range requests {
		select {
		case room <- struct{}{}:
		case <-stop:
			return
		}
		if h.speaker.Write(request) != nil {
			return
		}
	}
}

func (h *hall) close() {
	for _, s := range append(h.listeners, h.speaker) {
		if s != nil {
			_ = s.Close()
		}
	}
}
