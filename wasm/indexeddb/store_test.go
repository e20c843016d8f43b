//go:build js && wasm

package indexeddb

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"sotto/wasm/client"
	"sotto/wasm/client/storetest"
	"sotto/wasm/indexeddb/pages"
	"sotto/wasm/promise"
	"sotto/wasm/webcrypto"
)

func primitives(t testing.TB) *webcrypto.Primitives {
	t.Helper()
	p, err := webcrypto.New()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustOpen(t testing.TB, p *webcrypto.Primitives, name string) *Store {
	t.Helper()
	s, err := Open(context.Background(), p, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func record(kind, id, value string) client.Write {
	return client.Write{Record: client.Record{Key: client.Key{Kind: kind, ID: []byte(id)}, Value: []byte(value)}}
}

func mustApply(t testing.TB, s *Store, writes ...client.Write) {
	t.Helper()
	if err := s.Apply(context.Background(), writes); err != nil {
		t.Fatal(err)
	}
}

func TestStore(t *testing.T) {
	p := primitives(t)
	storetest.Run(t, func(testing.TB) storetest.Place {
		name := rand.Text()
		return func(t testing.TB) client.Store { return mustOpen(t, p, name) }
	})
}

func TestKeys(t *testing.T) {
	p, name := primitives(t), rand.Text()
	storetest.RunKeys(t, p, func(t testing.TB) client.Keys { return webcrypto.NewKeys(p, mustOpen(t, p, name).Shelf()) })
}

// The private halves that lie in the database cannot be exported, nor can the key that seals the pages.
func TestStoredKeysCannotBeExported(t *testing.T) {
	p, name := primitives(t), rand.Text()
	s := mustOpen(t, p, name)
	keys := webcrypto.NewKeys(p, s.Shelf())
	if _, err := keys.NewSigner(t.Context(), "device"); err != nil {
		t.Fatal(err)
	}
	if _, err := keys.NewDecrypter(t.Context(), "prekey"); err != nil {
		t.Fatal(err)
	}
	subtle := js.Global().Get("crypto").Get("subtle")
	refused := func(key js.Value, formats ...string) {
		t.Helper()
		if key.Get("extractable").Bool() {
			t.Error("a stored key is extractable")
		}
		for _, format := range formats {
			if _, err := promise.Await(t.Context(), subtle.Call("exportKey", format, key)); err == nil {
				t.Errorf("a stored key was exported as %s", format)
			}
		}
	}
	for _, name := range []string{"device", "prekey"} {
		pair, err := s.Shelf().Get(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		refused(pair.Get("privateKey"), "pkcs8", "jwk")
	}
	key, err := s.d.get(t.Context(), metaStore, sealKey)
	if err != nil {
		t.Fatal(err)
	}
	refused(key, "raw", "jwk")
}

// settled writes the pages that the journal has changed.
func settled(t testing.TB, s *Store) {
	t.Helper()
	if err := s.settle(context.Background()); err != nil {
		t.Fatal(err)
	}
	s.cache = pages.NewCache(cachedPages)
}

// journalled gives how many entries the journal on disk has.
func journalled(t testing.TB, s *Store) int {
	t.Helper()
	var entries js.Value
	err := s.d.transact(context.Background(), readOnly, []any{journalStore}, func(tx js.Value) {
		entries = tx.Call("objectStore", journalStore).Call("count")
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries.Get("result").Int()
}

// TestJournalIsSettledAtRest writes what is worth it and then nothing: also what an earlier store has left.
func TestJournalIsSettledAtRest(t *testing.T) {
	p, name := primitives(t), rand.Text()
	s := mustOpen(t, p, name)
	s.rest = time.Hour
	mustApply(t, s, record("log", "a", strings.Repeat("x", restJournal)))
	mustApply(t, s, record("log", "b", "y"))
	if got := journalled(t, s); got != 2 {
		t.Fatalf("%d entries while it does not rest, want 2", got)
	}
	after := mustOpen(t, p, name) // it rests from its start on
	for journalled(t, after) > 0 {
		if t.Context().Err() != nil {
			t.Fatal("the journal was not settled")
		}
	}
	mustApply(t, after, record("log", "c", "z"))
	again := mustOpen(t, p, name)
	got, err := again.Range(t.Context(), "log", nil, nil, 9, false)
	if err != nil || len(got) != 3 || len(got[0].Value) != restJournal || string(got[1].Value) != "y" || string(got[2].Value) != "z" {
		t.Errorf("%d records, %v", len(got), err)
	}
	if got := journalled(t, again); got != 1 {
		t.Errorf("%d entries, want the one that is not worth it", got)
	}
}

// stored reads a sealed page as it lies in the database, and overwrite puts one.
func stored(t testing.TB, s *Store, key pages.Key) []byte {
	t.Helper()
	found, err := s.readPages(context.Background(), []pages.Key{key})
	if err != nil || found[0] == nil {
		t.Fatalf("page %q: %v", key, err)
	}
	return found[0]
}

func overwrite(t testing.TB, s *Store, key pages.Key, value any) {
	t.Helper()
	err := s.d.transact(context.Background(), readWrite, []any{pagesStore}, func(tx js.Value) {
		tx.Call("objectStore", pagesStore).Call("put", value, toJS(key.Bytes()))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatLiesThereIsSealed(t *testing.T) {
	s := mustOpen(t, primitives(t), rand.Text())
	word := "a word that nobody may find"
	mustApply(t, s, record("kind", "a", word))
	journal := entry(t, s, 1)
	settled(t, s)
	first := stored(t, s, pages.Key{Kind: "kind"})
	if bytes.Contains(first, []byte(word)[:8]) || bytes.Contains(journal, []byte(word)[:8]) {
		t.Error("the value lies there in the clear")
	}
	mustApply(t, s, record("kind", "a", word))
	if second := entry(t, s, 2); bytes.Equal(journal[:12], second[:12]) {
		t.Error("a nonce was used twice in the journal")
	}
	settled(t, s)
	if second := stored(t, s, pages.Key{Kind: "kind"}); bytes.Equal(first[:12], second[:12]) || bytes.Equal(first, second) {
		t.Error("a nonce was used twice")
	}
}

func TestDamageIsNoticed(t *testing.T) {
	p := primitives(t)
	one, other := pages.Key{Kind: "kind"}, pages.Key{Kind: "other"}
	damages := map[string]func(s *Store){
		"exchanged with another kind": func(s *Store) {
			a, b := stored(t, s, one), stored(t, s, other)
			overwrite(t, s, one, toJS(b))
			overwrite(t, s, other, toJS(a))
		},
		"another database's": func(s *Store) {
			foreign := mustOpen(t, p, rand.Text())
			mustApply(t, foreign, record("kind", "a", "1"))
			settled(t, foreign)
			overwrite(t, s, one, toJS(stored(t, foreign, one)))
		},
		"a changed bit": func(s *Store) {
			data := stored(t, s, one)
			data[20] ^= 1
			overwrite(t, s, one, toJS(data))
		},
		"cut":       func(s *Store) { overwrite(t, s, one, toJS(stored(t, s, one)[:20])) },
		"empty":     func(s *Store) { overwrite(t, s, one, toJS(nil)) },
		"no bytes":  func(s *Store) { overwrite(t, s, one, "words") },
		"an object": func(s *Store) { overwrite(t, s, one, map[string]any{"length": 5}) },
		"removed": func(s *Store) {
			err := s.d.transact(t.Context(), readWrite, []any{pagesStore}, func(tx js.Value) {
				tx.Call("objectStore", pagesStore).Call("delete", toJS(one.Bytes()))
			})
			if err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			s := mustOpen(t, p, rand.Text())
			mustApply(t, s, record("kind", "a", "1"), record("other", "a", "2"))
			settled(t, s)
			damage(s)
			if _, err := s.Get(t.Context(), []client.Key{{Kind: "kind", ID: []byte("a")}}); !errors.Is(err, client.ErrStorageCorrupt) {
				t.Errorf("get: %v, want ErrStorageCorrupt", err)
			}
			if _, err := s.Range(t.Context(), "kind", nil, nil, 9, false); !errors.Is(err, client.ErrStorageCorrupt) {
				t.Errorf("range: %v, want ErrStorageCorrupt", err)
			}
			if err := s.Apply(t.Context(), []client.Write{record("kind", "b", "1")}); !errors.Is(err, client.ErrStorageCorrupt) {
				t.Errorf("apply: %v, want ErrStorageCorrupt", err)
			}
			if err := s.Apply(t.Context(), []client.Write{record("third", "b", "1")}); err != nil {
				t.Errorf("apply elsewhere: %v", err)
			}
		})
	}
}

// entry reads an entry of the journal as it lies in the database.
func entry(t testing.TB, s *Store, number int) []byte {
	t.Helper()
	var request js.Value
	err := s.d.transact(context.Background(), readOnly, []any{journalStore}, func(tx js.Value) {
		request = tx.Call("objectStore", journalStore).Call("get", number)
	})
	if err != nil {
		t.Fatal(err)
	}
	return toGo(request.Get("result"))
}

func TestDamageOfTheJournalIsNoticed(t *testing.T) {
	p := primitives(t)
	damages := map[string]func(s *Store){
		"exchanged": func(s *Store) {
			one, two := toJS(entry(t, s, 1)), toJS(entry(t, s, 2))
			put(t, s, one, 2)
			put(t, s, two, 1)
		},
		"one is missing": func(s *Store) { put(t, s, js.Undefined(), 2) },
		"a changed bit": func(s *Store) {
			data := entry(t, s, 3)
			data[15] ^= 1
			put(t, s, toJS(data), 3)
		},
		"no bytes": func(s *Store) { put(t, s, js.ValueOf("words"), 1) },
		"a page":   func(s *Store) { put(t, s, toJS(s.seal(nil, pages.Key{Kind: "kind"}.Bytes())), 1) },
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			database := rand.Text()
			s := mustOpen(t, p, database)
			for _, id := range []string{"a", "b", "c"} {
				mustApply(t, s, record("kind", id, id))
			}
			damage(s)
			if _, err := Open(t.Context(), p, database); !errors.Is(err, client.ErrStorageCorrupt) {
				t.Errorf("got %v, want ErrStorageCorrupt", err)
			}
		})
	}
}

// put overwrites an entry of the journal, or removes it where value is undefined.
func put(t testing.TB, s *Store, value js.Value, number int) {
	t.Helper()
	err := s.d.transact(context.Background(), readWrite, []any{journalStore}, func(tx js.Value) {
		journal := tx.Call("objectStore", journalStore)
		if journal.Call("delete", number); !value.IsUndefined() {
			journal.Call("put", value, number)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Pages are written and the journal begins anew when it is full, and everything is there before and after.
func TestTheJournalIsSettled(t *testing.T) {
	p, name := primitives(t), rand.Text()
	s := mustOpen(t, p, name)
	large, written := string(make([]byte, 300_000)), 0
	for settles := 0; settles < 2; written++ {
		before := s.journal.bytes
		mustApply(t, s, record("kind", fmt.Sprintf("%04d", written), large))
		if s.journal.bytes < before {
			settles++
		}
		if s.journal.bytes > maxJournal+600_000 || len(s.changed) > maxChanged+1 {
			t.Fatalf("the journal has %d bytes, %d pages are changed", s.journal.bytes, len(s.changed))
		}
	}
	for range 2 {
		records, err := s.Range(t.Context(), "kind", nil, nil, 1000, false)
		if err != nil || len(records) != written {
			t.Fatalf("%d of %d records, %v", len(records), written, err)
		}
		s = mustOpen(t, p, name)
	}
}

func TestAPageKeyThatIsNoneIsNoticed(t *testing.T) {
	p, name := primitives(t), rand.Text()
	s := mustOpen(t, p, name)
	err := s.d.transact(t.Context(), readWrite, []any{pagesStore}, func(tx js.Value) {
		tx.Call("objectStore", pagesStore).Call("put", 1, "a string")
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), p, name); !errors.Is(err, client.ErrStorageCorrupt) {
		t.Errorf("got %v, want ErrStorageCorrupt", err)
	}
}

// Who opened the database last is its writer. The one before fails at once and changes nothing.
func TestOneWriter(t *testing.T) {
	p, name := primitives(t), rand.Text()
	old := mustOpen(t, p, name)
	mustApply(t, old, record("kind", "a", "1"))
	owner := mustOpen(t, p, name)
	if err := old.Apply(t.Context(), []client.Write{record("kind", "a", "2")}); !errors.Is(err, errWriter) || !errors.Is(err, client.ErrStorageFailed) {
		t.Errorf("the old owner writes: %v, want errWriter", err)
	}
	mustApply(t, owner, record("kind", "b", "3"))
	records, err := owner.Range(t.Context(), "kind", nil, nil, 9, false)
	if err != nil || len(records) != 2 || string(records[0].Value) != "1" || string(records[1].Value) != "3" {
		t.Errorf("got %d records, %v", len(records), err)
	}
}

// One batch that cannot be written fails alone, though it was gathered with others.
func TestABadBatchFailsAlone(t *testing.T) {
	s := mustOpen(t, primitives(t), rand.Text())
	mustApply(t, s, record("bad", "a", "1"))
	settled(t, s)
	overwrite(t, s, pages.Key{Kind: "bad"}, toJS(nil))
	good, bad := make(chan error, 20), make(chan error, 20)
	for range 20 {
		go func() { good <- s.Apply(context.Background(), []client.Write{record("good", rand.Text(), "1")}) }()
		go func() { bad <- s.Apply(context.Background(), []client.Write{record("bad", rand.Text(), "1")}) }()
	}
	for range 20 {
		if err := <-good; err != nil {
			t.Errorf("good batch: %v", err)
		}
		if err := <-bad; !errors.Is(err, client.ErrStorageCorrupt) {
			t.Errorf("bad batch: %v, want ErrStorageCorrupt", err)
		}
	}
	if records, err := s.Range(t.Context(), "good", nil, nil, 100, false); err != nil || len(records) != 20 {
		t.Errorf("%d of 20 good batches are there, %v", len(records), err)
	}
}
