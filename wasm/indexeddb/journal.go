//go:build js && wasm

package indexeddb

import (
	"context"
	"encoding/binary"
	"fmt"
	"syscall/js"
	"time"

	"sotto/wasm/client"
	"sotto/wasm/indexeddb/pages"
)

// When the journal has so many bytes, or its writes have changed so many pages, the pages are written and the journal
// begins anew.
const (
	maxJournal = 2 << 20
	maxChanged = 512
)

// A journal of so many bytes is settled when nothing was written for a while: whoever opens the database next would do all
// of it again before the first page is read. A shorter one is not worth the pages.
const (
	restJournal = 64 << 10
	restTime    = 2 * time.Second
)

// rests lets the journal be settled after a while unless something is written until then.
func (s *Store) rests() {
	switch {
	case s.journal.bytes < restJournal:
	case s.resting == nil:
		s.resting = time.AfterFunc(s.rest, func() {
			s.queue.add(&batch{ctx: context.Background(), done: make(chan error, 1)}, s.commit)
		})
	default:
		s.resting.Reset(s.rest)
	}
}

// journal is where the journal on disk stands.
type journal struct {
	last  uint64 // number of the newest entry, 0 before the first
	bytes int    // of the entries on disk
}

// entryName is an entry's associated data. No page's begins with 00.
func entryName(number uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte("\x00journal"), number)
}

// append writes an entry. When it returns nil the entry is on disk.
func (s *Store) append(ctx context.Context, writes []client.Write) error {
	number := s.journal.last + 1
	sealed := s.seal(pages.EncodeWrites(writes), entryName(number))
	err := s.change(ctx, func(tx js.Value) {
		tx.Call("objectStore", journalStore).Call("add", toJS(sealed), float64(number))
	})
	if err != nil {
		return err
	}
	s.journal.last = number
	s.journal.bytes += len(sealed)
	return nil
}

// settle writes the pages that the journal has changed and removes its entries, in one transaction.
func (s *Store) settle(ctx context.Context) error {
	sealed := s.sealAll(s.changed)
	err := s.change(ctx, func(tx js.Value) {
		store := tx.Call("objectStore", pagesStore)
		for key := range s.changed {
			if data, ok := sealed[key]; ok {
				store.Call("put", toJS(data), toJS(key.Bytes()))
			} else {
				store.Call("delete", toJS(key.Bytes()))
			}
		}
		tx.Call("objectStore", journalStore).Call("clear")
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cacheMu.Lock()
	defer s.cacheMu.Unlock()
	for key, page := range s.changed {
		if s.cache.Remove(key); len(page) > 0 {
			s.cache.Put(key, page)
		}
	}
	clear(s.changed)
	s.journal.bytes = 0
	return nil
}

// replay does again what the entries of the journal say. numbers and entries are arrays in the order of the numbers.
func (s *Store) replay(ctx context.Context, numbers, entries js.Value) error {
	for i := range numbers.Length() {
		number := uint64(numbers.Index(i).Int())
		if i > 0 && number != s.journal.last+1 {
			return fmt.Errorf("journal: %w: entry %d is missing", client.ErrStorageCorrupt, s.journal.last+1)
		}
		data := toGo(entries.Index(i))
		writes, err := s.openEntry(number, data)
		if err != nil {
			return fmt.Errorf("journal, entry %d: %w: %w", number, client.ErrStorageCorrupt, err)
		}
		touched, err := s.load(ctx, s.index.Touched(writes))
		if err != nil {
			return err
		}
		s.adopt(s.index.Plan(writes, touched))
		s.journal.last = number
		s.journal.bytes += len(data)
	}
	return nil
}

func (s *Store) openEntry(number uint64, data []byte) ([]client.Write, error) {
	plain, err := s.unseal(data, entryName(number))
	if err != nil {
		return nil, err
	}
	return pages.DecodeWrites(plain)
}
