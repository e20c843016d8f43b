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
	if len(writes) == 0 {
		_ = s.settle(context.Background()) // else the next write does it, and tells why it cannot
		return
	}
	err := s.write(writes)
	for _, b := range batches {
		if err != nil && len(batches) > 1 && len(b.writes) > 0 {
			b.done <- s.write(b.writes)
		} else {
			b.done <- err
		}
	}
}

// write does writes in one transaction, which appends them to the journal. Only one goroutine is in it at a time.
func (s *Store) write(writes []client.Write) error {
	ctx := context.Background() // a batch is done or not, whoever still waits for it
	if s.journal.bytes >= maxJournal || len(s.changed) >= maxChanged {
		if err := s.settle(ctx); err != nil {
			return err
		}
	}
	touched, err := s.load(ctx, s.index.Touched(writes))
	if err != nil {
		return err
	}
	plan := s.index.Plan(writes, touched)
	if err := s.append(ctx, writes); err != nil {
		return err
	}
	s.adopt(plan)
	s.rests()
	return nil
}

// adopt makes true in memory what the journal has on disk.
func (s *Store) adopt(plan pages.Plan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index.Adopt(plan)
	for key, page := range plan.Put {
		s.changed[key] = page
	}
	for _, key := range plan.Remove {
		s.changed[key] = nil
	}
}

// change runs a transaction that writes, unless another store has become the writer. issue makes its requests.
func (s *Store) change(ctx context.Context, issue func(tx js.Value)) error {
	var release js.Func
	replaced := false
	err := s.d.transact(ctx, readWrite, []any{metaStore, pagesStore, journalStore, objectsStore}, func(tx js.Value) {
		current := tx.Call("objectStore", metaStore).Call("get", writerKey)
		release = whenDone(current, func(writer js.Value) {
			if replaced = writer.String() != s.writer; replaced {
				abort(tx)
			}
		})
		issue(tx)
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
