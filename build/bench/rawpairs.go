package main

import (
	"context"
	"time"

	"sotto/build/bench/raw"
	"sotto/wasm/wire"
)

// rawPairs are pairs of raw connections whose events were sealed before they are sent: what they wait for is the relay.
type rawPairs struct {
	talks    []*raw.Talk
	writers  []*raw.Session
	readers  []*raw.Session
	requests [][][]byte // of the next run, encoded
	size     int        // of an event
}

func newRawPairs(ctx context.Context, b *bench, origin string) (*rawPairs, error) {
	people, err := b.crowd(2 * pairs)
	if err != nil {
		return nil, err
	}
	r := &rawPairs{
		talks: make([]*raw.Talk, pairs), writers: make([]*raw.Session, pairs), readers: make([]*raw.Session, pairs),
		requests: make([][][]byte, pairs),
	}
	if r.size, err = eventSize(people[0], people[1]); err != nil {
		return nil, err
	}
	err = each(ctx, pairs, setupGoroutines, func(ctx context.Context, i int) (err error) {
		if r.readers[i], err = raw.Enter(ctx, origin, people[2*i+1], 0); err != nil {
			return err
		}
		go drain(r.readers[i].Conn)
		if r.writers[i], err = raw.Enter(ctx, origin, people[2*i], 0); err != nil {
			return err
		}
		r.talks[i] = raw.NewTalk(people[2*i], people[2*i+1])
		return openTalk(r.writers[i], r.talks[i])
	})
	if err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// eventSize is that of a real message of 200 bytes.
func eventSize(p, q *raw.Person) (int, error) {
	writer, _, err := newPair(p, q)
	if err != nil {
		return 0, err
	}
	event, err := writer.seal(text200)
	return len(event.Event), err
}

// drain reads what comes until the connection ends.
func drain(c *raw.Conn) {
	for {
		if _, err := c.Skip(); err != nil {
			return
		}
	}
}

// openTalk opens the next epoch.
func openTalk(s *raw.Session, t *raw.Talk) error {
	commit, err := t.Commit()
	if err != nil {
		return err
	}
	_, err = raw.Ask[wire.Stored](s, commit)
	return err
}

// prepare seals the events of the next run.
func (r *rawPairs) prepare(ctx context.Context) error {
	return each(ctx, pairs, setupGoroutines, func(_ context.Context, i int) error {
		if r.talks[i].Left() < rawMessages {
			if err := openTalk(r.writers[i], r.talks[i]); err != nil {
				return err
			}
		}
		r.requests[i] = nil
		for range rawMessages {
			r.requests[i] = append(r.requests[i], r.writers[i].Request(r.talks[i].Seal(r.size)))
		}
		return nil
	})
}

func (r *rawPairs) run(ctx context.Context) ([]time.Duration, error) {
	latencies := make([]time.Duration, pairs*rawMessages)
	err := each(ctx, pairs, pairs, func(ctx context.Context, i int) error {
		for m, request := range r.requests[i] {
			start := time.Now()
			if err := exchange(r.writers[i], request); err != nil {
				return err
			}
			latencies[i*rawMessages+m] = time.Since(start)
		}
		return nil
	})
	return latencies, err
}

// exchange sends a request and waits for its answer.
func exchange(s *raw.Session, request []byte) error {
	if err := s.Write(request); err != nil {
		return err
	}
	return acknowledged(s)
}

// acknowledged reads up to the next answer, which must be that an event is on disk. The writer's own events are pushed to
// it too.
func acknowledged(s *raw.Session) error {
	for {
		frame, err := s.Read()
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
		return raw.Decode(f, new(wire.Stored))
	}
}

func (r *rawPairs) close() {
	for _, s := range append(r.writers, r.readers...) {
		if s != nil {
			_ = s.Close()
		}
	}
}
