//go:build js && wasm

package indexeddb

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"sync"
	"syscall/js"
	"time"

	"sotto/wasm/client"
	"sotto/wasm/indexeddb/pages"
	"sotto/wasm/webcrypto"
)

// Store is [client.Store]. Its methods may be called by many goroutines at once and none from inside a js.Func.
type Store struct {
	d      *database
	aead   cipher.AEAD
	writer string // what meta holds while this store may write

	queue queue

	journal journal       // of the one goroutine that writes
	rest    time.Duration // see [restTime]
	resting *time.Timer   // runs while the journal waits to be settled; nil before the first time

	mu      sync.RWMutex // held for writing while index and changed change; who does that reads them without
	index   pages.Index
	changed map[pages.Key]pages.Page // by writes of the journal; without records to be removed
	closed  bool

	cacheMu sync.Mutex
	cache   *pages.Cache
}

var _ client.Store = (*Store)(nil)

// cachedPages is how many opened pages are kept in memory.
const cachedPages = 128

const (
	sealKey   = "seal"
	writerKey = "writer"
)

// Open opens the database of that name, makes it and its key where they do not exist, and becomes its writer.
// Stores that opened it before fail from then on.
func Open(ctx context.Context, p *webcrypto.Primitives, name string) (*Store, error) {
	return open(ctx, p, name, steps())
}

func open(ctx context.Context, p *webcrypto.Primitives, name string, steps []step) (*Store, error) {
	d, err := openDatabase(ctx, name, steps)
	if err != nil {
		return nil, err
	}
	s := &Store{
		d: d, writer: rand.Text(), index: make(pages.Index), changed: make(map[pages.Key]pages.Page),
		cache: pages.NewCache(cachedPages), rest: restTime,
	}
	if err := s.start(ctx, p); err != nil {
		d.close()
		return nil, err
	}
	return s, nil
}

// start loads or makes the key, becomes the writer, reads which pages exist and replays the journal.
func (s *Store) start(ctx context.Context, p *webcrypto.Primitives) error {
	key, err := s.sealKey(ctx, p)
	if err != nil {
		return storageError("open the database: its key", err)
	}
	s.aead = p.StorageAEAD(key)
	var keys, numbers, entries js.Value
	err = s.d.transact(ctx, readWrite, []any{metaStore, pagesStore, journalStore}, func(tx js.Value) {
		tx.Call("objectStore", metaStore).Call("put", s.writer, writerKey)
		keys = tx.Call("objectStore", pagesStore).Call("getAllKeys")
		numbers = tx.Call("objectStore", journalStore).Call("getAllKeys")
		entries = tx.Call("objectStore", journalStore).Call("getAll")
	})
	if err != nil {
		return storageError("open the database", err)
	}
	if err := s.readIndex(keys.Get("result")); err != nil {
		return err
	}
	if err := s.replay(ctx, numbers.Get("result"), entries.Get("result")); err != nil {
		return err
	}
	s.rests()
	return nil
}

// sealKey gives the key of the pages and makes it when there is none. Of two who make one at once the first wins.
func (s *Store) sealKey(ctx context.Context, p *webcrypto.Primitives) (js.Value, error) {
	if key, err := s.d.get(ctx, metaStore, sealKey); err != nil || !key.IsUndefined() {
		return key, err
	}
	made, err := p.NewStorageKey(ctx)
	if err != nil {
		return js.Undefined(), err
	}
	var release js.Func
	err = s.d.transact(ctx, readWrite, []any{metaStore}, func(tx js.Value) {
		meta := tx.Call("objectStore", metaStore)
		release = whenDone(meta.Call("get", sealKey), func(kept js.Value) {
			if kept.IsUndefined() {
				meta.Call("put", made, sealKey)
			}
		})
	})
	release.Release()
	if err != nil {
		return js.Undefined(), err
	}
	return s.d.get(ctx, metaStore, sealKey)
}

// readIndex takes the keys of all pages.
func (s *Store) readIndex(keys js.Value) error {
	for i := range keys.Length() {
		key, err := pages.ParseKey(toGo(keys.Index(i)))
		if err != nil {
			return fmt.Errorf("open the database: %w: %w", client.ErrStorageCorrupt, err)
		}
		s.index.Add(key)
	}
	return nil
}

// Erase implements [client.Store]: it empties the database, with what is on the shelf and the key of the pages, in one
// transaction. The empty database stays, for deleting it would wait for every other tab that has it open.
func (s *Store) Erase(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	s.queue.close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return storageError("erase", errClosed)
	}
	err := s.change(ctx, func(tx js.Value) {
		for _, name := range []string{pagesStore, journalStore, objectsStore, metaStore} {
			tx.Call("objectStore", name).Call("clear")
		}
	})
	if err != nil {
		return err
	}
	s.closed = true
	s.d.erased.Store(true)
	s.d.close()
	return nil
}

// Close implements [client.Store]. It waits for batches on their way.
func (s *Store) Close() error {
	s.queue.close()
	if s.resting != nil {
		s.resting.Stop()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed = true
		s.d.close()
	}
	return nil
}
