// Package memory is [client.Store] and [client.Keys] in memory: for tests, and for whoever wants an engine that
// forgets. What it keeps is not sealed.
//
// A clone holds what had been stored when it was made and shares nothing with its original. To start an engine
// from a clone is what a crash at that moment leaves.
package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"sotto/wasm/client"
)

const maxID = 64 // bytes of a record's id

var (
	errKey    = errors.New("not a record's key")
	errClosed = errors.New("the store is closed")
)

// Store is [client.Store].
type Store struct {
	mu     sync.RWMutex
	kinds  map[string][]entry // ascending by id
	closed bool
}

type entry struct {
	id    string
	value []byte // not changed once stored
}

var _ client.Store = (*Store)(nil)

// NewStore gives an empty store.
func NewStore() *Store { return &Store{kinds: make(map[string][]entry)} }

// Clone gives an open store with what s holds now.
func (s *Store) Clone() *Store {
	s.mu.RLock()
	defer s.mu.RUnlock()
	clone := NewStore()
	for kind, entries := range s.kinds {
		clone.kinds[kind] = slices.Clone(entries)
	}
	return clone
}

// Apply implements [client.Store].
func (s *Store) Apply(ctx context.Context, writes []client.Write) error {
	for _, w := range writes {
		if w.Key.Kind == "" || strings.ContainsRune(w.Key.Kind, 0) || len(w.Key.ID) > maxID {
			return fmt.Errorf("write: %w: %w: kind %q, id of %d bytes", client.ErrStorageFailed, errKey, w.Key.Kind, len(w.Key.ID))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx, "write"); err != nil {
		return err
	}
	for _, w := range writes {
		s.write(w)
	}
	return nil
}

func (s *Store) write(w client.Write) {
	entries := s.kinds[w.Key.Kind]
	at, found := find(entries, w.Key.ID)
	switch {
	case w.Delete && found:
		entries = slices.Delete(entries, at, at+1)
	case w.Delete:
	case found:
		entries[at].value = copied(w.Value)
	default:
		entries = slices.Insert(entries, at, entry{id: string(w.Key.ID), value: copied(w.Value)})
	}
	s.kinds[w.Key.Kind] = entries
}

// Get implements [client.Store].
func (s *Store) Get(ctx context.Context, keys []client.Key) ([]client.Record, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx, "read"); err != nil {
		return nil, err
	}
	records := make([]client.Record, len(keys))
	for i, key := range keys {
		records[i].Key = key
		if at, found := find(s.kinds[key.Kind], key.ID); found {
			records[i].Value = copied(s.kinds[key.Kind][at].value)
		}
	}
	return records, nil
}

// Range implements [client.Store].
func (s *Store) Range(ctx context.Context, kind string, from, to []byte, limit int, reverse bool) ([]client.Record, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.usable(ctx, "read"); err != nil {
		return nil, err
	}
	entries := s.kinds[kind]
	begin, _ := find(entries, from)
	end := len(entries)
	if to != nil {
		end, _ = find(entries, to)
	}
	var records []client.Record
	for i := begin; i < end && len(records) < limit; i++ {
		e := entries[i]
		if reverse {
			e = entries[end-1-(i-begin)]
		}
		records = append(records, client.Record{Key: client.Key{Kind: kind, ID: []byte(e.id)}, Value: copied(e.value)})
	}
	return records, nil
}

// Erase implements [client.Store].
func (s *Store) Erase(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx, "erase"); err != nil {
		return err
	}
	clear(s.kinds)
	s.closed = true
	return nil
}

// Close implements [client.Store].
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// usable says why nothing can be done. The caller holds s.mu.
func (s *Store) usable(ctx context.Context, did string) error {
	if s.closed {
		return fmt.Errorf("%s: %w: %w", did, client.ErrStorageFailed, errClosed)
	}
	return context.Cause(ctx)
}

func find(entries []entry, id []byte) (int, bool) {
	return slices.BinarySearchFunc(entries, string(id), func(e entry, id string) int { return strings.Compare(e.id, id) })
}

func copied(value []byte) []byte { return append([]byte{}, value...) }
