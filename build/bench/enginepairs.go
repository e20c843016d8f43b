package main

import (
	"context"
	"time"
)

// enginePairs are pairs of real engines on real WebSockets.
type enginePairs struct {
	writers, readers []*user
	conversations    []string
}

// newEnginePairs joins everyone, opens all conversations and sends a first message in each.
func newEnginePairs(ctx context.Context, b *bench, origin string) (*enginePairs, error) {
	people, err := b.crowd(2 * pairs)
	if err != nil {
		return nil, err
	}
	e := &enginePairs{
		writers: make([]*user, pairs), readers: make([]*user, pairs), conversations: make([]string, pairs),
	}
	err = each(ctx, pairs, setupGoroutines, func(ctx context.Context, i int) error {
		writer, err := newUser(ctx, origin, people[2*i], nil)
		if err != nil {
			return err
		}
		e.writers[i] = writer
		reader, err := newUser(ctx, origin, people[2*i+1], nil)
		if err != nil {
			return err
		}
		e.readers[i] = reader
		if e.conversations[i], err = meet(ctx, writer, reader); err != nil {
			return err
		}
		return reader.until(ctx, "the first message is there", func() bool { return reader.messages() == 1 })
	})
	if err != nil {
		e.close()
		return nil, err
	}
	return e, pause(ctx, settle)
}

// setupGoroutines is how many set something up at once.
const setupGoroutines = 16

// meet joins two users and lets the first send a first message to the second.
func meet(ctx context.Context, writer, reader *user) (conversation string, err error) {
	for _, u := range []*user{writer, reader} {
		if err := u.join(ctx); err != nil {
			return "", err
		}
	}
	if conversation, err = writer.open(ctx, reader.name); err != nil {
		return "", err
	}
	return conversation, writer.send(ctx, conversation, text200)
}

func (*enginePairs) prepare(context.Context) error { return nil }

func (e *enginePairs) run(ctx context.Context) ([]time.Duration, error) {
	latencies := make([]time.Duration, pairs*engineMessages)
	err := each(ctx, pairs, pairs, func(ctx context.Context, i int) error {
		for m := range engineMessages {
			start := time.Now()
			if err := e.writers[i].send(ctx, e.conversations[i], text200); err != nil {
				return err
			}
			latencies[i*engineMessages+m] = time.Since(start)
		}
		return nil
	})
	return latencies, err
}

func (e *enginePairs) close() {
	for _, u := range append(e.writers, e.readers...) {
		if u != nil {
			_ = u.engine.Close()
		}
	}
}
