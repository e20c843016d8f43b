package main

import (
	"context"
	"errors"
	"time"

	"sotto/backend/store"
	"sotto/backend/store/sqlite"
	"sotto/build/bench/raw"
)

// bareStore is the relay's store with as many writers as there are pairs, and nothing before it.
type bareStore struct {
	store *sqlite.Store
	talks []*raw.Talk
	event []byte
}

func newBareStore(ctx context.Context, b *bench) (*bareStore, error) {
	people, err := b.crowd(2 * pairs)
	if err != nil {
		return nil, err
	}
	size, err := eventSize(people[0], people[1])
	if err != nil {
		return nil, err
	}
	folder, err := b.folder()
	if err != nil {
		return nil, err
	}
	s, err := sqlite.Open(ctx, folder)
	if err != nil {
		return nil, err
	}
	bare := &bareStore{store: s, talks: make([]*raw.Talk, pairs), event: make([]byte, size)}
	err = each(ctx, pairs, setupGoroutines, func(ctx context.Context, i int) error {
		for _, p := range people[2*i : 2*i+2] {
			if err := s.Register(ctx, p.Registration()); err != nil {
				return err
			}
		}
		bare.talks[i] = raw.NewTalk(people[2*i], people[2*i+1])
		return bare.openTalk(bare.talks[i])
	})
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return bare, nil
}

func (b *bareStore) openTalk(t *raw.Talk) error {
	request, err := t.Commit()
	if err != nil {
		return err
	}
	commit, err := t.StoreCommit(request)
	if err != nil {
		return err
	}
	answer := make(chan error, 1)
	b.store.Commit(commit, func(_ store.Appended, err error) { answer <- err })
	return <-answer
}

func (b *bareStore) prepare(ctx context.Context) error {
	return each(ctx, pairs, setupGoroutines, func(_ context.Context, i int) error {
		if b.talks[i].Left() < rawMessages {
			return b.openTalk(b.talks[i])
		}
		return nil
	})
}

func (b *bareStore) run(ctx context.Context) ([]time.Duration, error) {
	latencies := make([]time.Duration, pairs*rawMessages)
	err := each(ctx, pairs, pairs, func(_ context.Context, i int) error {
		answer := make(chan error, 1)
		for m := range rawMessages {
			start := time.Now()
			b.store.Message(b.talks[i].StoreMessage(b.event), func(_ store.Appended, err error) { answer <- err })
			if err := <-answer; err != nil {
				return err
			}
			latencies[i*rawMessages+m] = time.Since(start)
		}
		return nil
	})
	return latencies, err
}

func (b *bareStore) close() { _ = b.store.Close() }
