//go:build js && wasm

package indexeddb

import (
	"context"
	"slices"
	"syscall/js"

	"sotto/wasm/client"
	"sotto/wasm/indexeddb/pages"
)

// Apply implements [client.Store]. When ctx ends before the writes have completed, they may still be done, or not.
func (s *Store) Apply(ctx context.Context, writes []client.Write) error {
	if len(writes) == 0 || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	writes, err := pages.CheckedCopy(writes)
	if err != nil {
		return storageError("write", err)
	}
	b := &batch{ctx: ctx, writes: writes, done: make(chan error, 1)}
	if !s.queue.add(b, s.commit) {
		return storageError("write", errClosed)
	}
	select {
	case err := <-b.done:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// commit writes batches together. Where that fails each gets its own transaction, so that one batch that cannot be
// written takes no other with it.
func (s *Store) commit(batches []*batch) {
	batches = slices.DeleteFunc(batches, func(b *batch) bool { return b.ctx.Err() != nil })
	if len(batches) == 0 {
		return
	}
	var writes []client.Write
	for _, b := range batches {
		writes = append(writes, b.writes...)
	}
	err := s.write(writes)
	for _, b := range batches {
		if err != nil && len(batches) > 1 {
			b.done <- s.write(b.writes)
		} else {
			b.done <- err
		}
	}
}

// write does writes in one transaction. Only one goroutine is in it at a time.
func (s *Store) write(writes []client.Write) error {
	ctx := context.Background() // a batch is done or not, whoever still waits for it
	touched, err := s.load(ctx, s.index.Touched(writes))
	if err != nil {
		return err
	}
	plan := s.index.Plan(writes, touched)
	sealed := s.sealAll(plan.Put)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.writePages(ctx, sealed, plan.Remove); err != nil {
		return err
	}
	s.adopt(plan)
	return nil
}

// writePages runs the transaction, unless another store has become the writer.
func (s *Store) writePages(ctx context.Context, sealed []sealedPage, remove []pages.Key) error {
	var release js.Func
	replaced := false
	err := s.d.transact(ctx, readWrite, []any{metaStore, pagesStore}, func(tx js.Value) {
		current := tx.Call("objectStore", metaStore).Call("get", writerKey)
		release = whenDone(current, func(writer js.Value) {
			if replaced = writer.String() != s.writer; replaced {
				abort(tx)
			}
		})
		store := tx.Call("objectStore", pagesStore)
		for _, page := range sealed {
			store.Call("put", toJS(page.data), toJS(page.key.Bytes()))
		}
		for _, key := range remove {
			store.Call("delete", toJS(key.Bytes()))
		}
	})
	release.Release()
	switch {
	case replaced:
		return storageError("write", errWriter)
	case err != nil:
		return storageError("write", err)
	}
	return nil
}

// adopt takes what was written into index and cache. The caller holds s.mu.
func (s *Store) adopt(plan pages.Plan) {
	s.index.Adopt(plan)
	s.cacheMu.Lock()
	defer s.cacheMu.Unlock()
	for key, page := range plan.Put {
		s.cache.Put(key, page)
	}
	for _, key := range plan.Remove {
		s.cache.Remove(key)
	}
}
