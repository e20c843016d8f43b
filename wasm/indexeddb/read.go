//go:build js && wasm

package indexeddb

import (
	"context"
	"maps"
	"slices"
	"sync"
	"syscall/js"

	"sotto/wasm/client"
	"sotto/wasm/indexeddb/pages"
)

// Get implements [client.Store].
func (s *Store) Get(ctx context.Context, keys []client.Key) ([]client.Record, error) {
	for _, key := range keys {
		if err := pages.CheckKey(key); err != nil {
			return nil, storageError("read", err)
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.readable(ctx); err != nil {
		return nil, err
	}
	wanted := make(map[pages.Key]bool)
	for _, key := range keys {
		if place, exists := s.index.Locate(key.Kind, string(key.ID)); exists {
			wanted[place] = true
		}
	}
	loaded, err := s.load(ctx, slices.Collect(maps.Keys(wanted)))
	if err != nil {
		return nil, err
	}
	records := make([]client.Record, len(keys))
	for i, key := range keys {
		place, _ := s.index.Locate(key.Kind, string(key.ID))
		records[i] = client.Record{Key: key, Value: loaded[place].Value(key.ID)}
	}
	return records, nil
}

// Range implements [client.Store].
func (s *Store) Range(ctx context.Context, kind string, from, to []byte, limit int, reverse bool) ([]client.Record, error) {
	if err := pages.CheckKey(client.Key{Kind: kind}); err != nil {
		return nil, storageError("read", err)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.readable(ctx); err != nil {
		return nil, err
	}
	span := s.index.Span(kind, from, to)
	var records []client.Record
	for some := 2; len(records) < limit; some *= 2 { // few for a screen, more for a scan
		keys := span.Take(min(some, cachedPages), reverse)
		if keys == nil {
			break
		}
		loaded, err := s.load(ctx, keys)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			records = loaded[key].Collect(records, kind, from, to, limit, reverse)
		}
	}
	return records, nil
}

// readable says why nothing can be read. The caller holds s.mu.
func (s *Store) readable(ctx context.Context) error {
	if s.closed {
		return storageError("read", errClosed)
	}
	return context.Cause(ctx)
}

// load gives pages that exist: changed ones, and the others from the cache or from the database in one transaction.
// The caller holds s.mu or is the one goroutine that writes.
func (s *Store) load(ctx context.Context, keys []pages.Key) (map[pages.Key]pages.Page, error) {
	loaded := make(map[pages.Key]pages.Page, len(keys))
	var missing []pages.Key
	s.cacheMu.Lock()
	for _, key := range keys {
		p, ok := s.changed[key]
		if !ok {
			p, ok = s.cache.Get(key)
		}
		if !ok {
			missing = append(missing, key)
		}
		loaded[key] = p
	}
	s.cacheMu.Unlock()
	if len(missing) == 0 {
		return loaded, nil
	}
	stored, err := s.readPages(ctx, missing)
	if err != nil {
		return nil, err
	}
	opened, err := s.openAll(missing, stored)
	if err != nil {
		return nil, err
	}
	s.cacheMu.Lock()
	defer s.cacheMu.Unlock()
	for i, key := range missing {
		loaded[key] = opened[i]
		s.cache.Put(key, opened[i])
	}
	return loaded, nil
}

// readPages reads sealed pages; one that is gone is nil.
func (s *Store) readPages(ctx context.Context, keys []pages.Key) ([][]byte, error) {
	requests := make([]js.Value, len(keys))
	err := s.d.transact(ctx, readOnly, []any{pagesStore}, func(tx js.Value) {
		store := tx.Call("objectStore", pagesStore)
		for i, key := range keys {
			requests[i] = store.Call("get", toJS(key.Bytes()))
		}
	})
	if err != nil {
		return nil, storageError("read", err)
	}
	stored := make([][]byte, len(keys))
	for i, request := range requests {
		stored[i] = toGo(request.Get("result"))
	}
	return stored, nil
}

// openAll opens pages, all at once.
func (s *Store) openAll(keys []pages.Key, stored [][]byte) ([]pages.Page, error) {
	opened, errs := make([]pages.Page, len(keys)), make([]error, len(keys))
	var all sync.WaitGroup
	for i, key := range keys {
		all.Go(func() { opened[i], errs[i] = s.openPage(key, stored[i]) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return opened, nil
}
