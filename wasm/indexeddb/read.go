//go:build js && wasm

package indexeddb

import (
	"context"
	"maps"
	"slices"
	"sync"
	"syscall/js"

	"sotto/wasm/client"
)

// Get implements [client.Store].
func (s *Store) Get(ctx context.Context, keys []client.Key) ([]client.Record, error) {
	for _, key := range keys {
		if err := checkKey(key); err != nil {
			return nil, storageError("read", err)
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.readable(ctx); err != nil {
		return nil, err
	}
	wanted := make(map[pageKey]bool)
	for _, key := range keys {
		if place, exists := s.index.locate(key.Kind, string(key.ID)); exists {
			wanted[place] = true
		}
	}
	pages, err := s.load(ctx, slices.Collect(maps.Keys(wanted)))
	if err != nil {
		return nil, err
	}
	records := make([]client.Record, len(keys))
	for i, key := range keys {
		records[i].Key = key
		place, _ := s.index.locate(key.Kind, string(key.ID))
		if at, found := pages[place].find(string(key.ID)); found {
			records[i].Value = copied(pages[place][at].value)
		}
	}
	return records, nil
}

// Range implements [client.Store].
func (s *Store) Range(ctx context.Context, kind string, from, to []byte, limit int, reverse bool) ([]client.Record, error) {
	if err := checkKey(client.Key{Kind: kind}); err != nil {
		return nil, storageError("read", err)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.readable(ctx); err != nil {
		return nil, err
	}
	firsts := s.index.overlapping(kind, string(from), string(to), to != nil)
	var records []client.Record
	for some := 2; len(firsts) > 0 && len(records) < limit; some *= 2 { // few for a screen, more for a scan
		var keys []pageKey
		keys, firsts = takePages(kind, firsts, min(some, cachedPages), reverse)
		pages, err := s.load(ctx, keys)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			records = pages[key].collect(records, kind, from, to, limit, reverse)
		}
	}
	return records, nil
}

// takePages takes up to n pages from the beginning of firsts, or from its end and backwards.
func takePages(kind string, firsts []string, n int, reverse bool) (keys []pageKey, rest []string) {
	n = min(n, len(firsts))
	some, rest := firsts[:n], firsts[n:]
	if reverse {
		some, rest = firsts[len(firsts)-n:], firsts[:len(firsts)-n]
	}
	for _, first := range some {
		keys = append(keys, pageKey{kind: kind, first: first})
	}
	if reverse {
		slices.Reverse(keys)
	}
	return keys, rest
}

// readable says why nothing can be read. The caller holds s.mu.
func (s *Store) readable(ctx context.Context) error {
	if s.closed {
		return storageError("read", errClosed)
	}
	return context.Cause(ctx)
}

// load gives pages that exist, from the cache or from the database in one transaction.
func (s *Store) load(ctx context.Context, keys []pageKey) (map[pageKey]page, error) {
	pages := make(map[pageKey]page, len(keys))
	var missing []pageKey
	s.cacheMu.Lock()
	for _, key := range keys {
		p, ok := s.cache.get(key)
		if !ok {
			missing = append(missing, key)
		}
		pages[key] = p
	}
	s.cacheMu.Unlock()
	if len(missing) == 0 {
		return pages, nil
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
		pages[key] = opened[i]
		s.cache.put(key, opened[i])
	}
	return pages, nil
}

// readPages reads sealed pages; one that is gone is nil.
func (s *Store) readPages(ctx context.Context, keys []pageKey) ([][]byte, error) {
	requests := make([]js.Value, len(keys))
	err := s.d.transact(ctx, readOnly, []any{pagesStore}, func(tx js.Value) {
		store := tx.Call("objectStore", pagesStore)
		for i, key := range keys {
			requests[i] = store.Call("get", toJS(key.bytes()))
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
func (s *Store) openAll(keys []pageKey, stored [][]byte) ([]page, error) {
	pages, errs := make([]page, len(keys)), make([]error, len(keys))
	var all sync.WaitGroup
	for i, key := range keys {
		all.Go(func() { pages[i], errs[i] = s.open(key, stored[i]) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return pages, nil
}
