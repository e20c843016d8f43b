// Package storetest is what every [client.Store] and [client.Keys] must do, as tests that each of them runs.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"sotto/wasm/client"
)

// Place opens the store at one place: the first time an empty one, and after it was closed the same again.
type Place func(t testing.TB) client.Store

// Run tests a store. place gives a new empty place at each call.
func Run(t *testing.T, place func(t testing.TB) Place) {
	tests := []struct {
		name string
		run  func(t *testing.T, open Place)
	}{
		{"empty", testEmpty},
		{"values", testValues},
		{"order within a batch", testOrder},
		{"kinds", testKinds},
		{"ranges", testRanges},
		{"values are copies", testCopies},
		{"closing and opening", testReopen},
		{"erasing", testErase},
		{"a wrong key", testWrongKey},
		{"an ended context", testContext},
		{"batches of many goroutines", testConcurrent},
		{"a log of several conversations", testLogs},
		{"against a model", testModel},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.run(t, place(t)) })
	}
}

// key, put and del make keys and writes.
func key(kind, id string) client.Key { return client.Key{Kind: kind, ID: []byte(id)} }

func put(kind, id, value string) client.Write {
	return client.Write{Record: client.Record{Key: key(kind, id), Value: []byte(value)}}
}

func del(kind, id string) client.Write {
	return client.Write{Record: client.Record{Key: key(kind, id)}, Delete: true}
}

func apply(t testing.TB, s client.Store, writes ...client.Write) {
	t.Helper()
	if err := s.Apply(context.Background(), writes); err != nil {
		t.Fatal(err)
	}
}

// get gives values by id; a missing one is "(none)".
func get(t testing.TB, s client.Store, kind string, ids ...string) []string {
	t.Helper()
	var keys []client.Key
	for _, id := range ids {
		keys = append(keys, key(kind, id))
	}
	records, err := s.Get(context.Background(), keys)
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != len(keys) {
		t.Fatalf("got %d records for %d keys", len(records), len(keys))
	}
	var values []string
	for i, r := range records {
		if r.Key.Kind != kind || string(r.Key.ID) != ids[i] {
			t.Fatalf("record %d is %q %q, want %q %q", i, r.Key.Kind, r.Key.ID, kind, ids[i])
		}
		if r.Value == nil {
			r.Value = []byte("(none)")
		}
		values = append(values, string(r.Value))
	}
	return values
}

// span gives "id=value" of a range. An empty to has no end.
func span(t testing.TB, s client.Store, kind, from, to string, limit int, reverse bool) []string {
	t.Helper()
	var end []byte
	if to != "" {
		end = []byte(to)
	}
	records, err := s.Range(context.Background(), kind, []byte(from), end, limit, reverse)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, r := range records {
		if r.Key.Kind != kind || r.Value == nil {
			t.Fatalf("record %q of kind %q with value %q", r.Key.ID, r.Key.Kind, r.Value)
		}
		found = append(found, string(r.Key.ID)+"="+string(r.Value))
	}
	return found
}

func want(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %.500q\nwant %.500q", got, want)
	}
}

func testEmpty(t *testing.T, open Place) {
	s := open(t)
	want(t, get(t, s, "kind", "a", "", "b"), "(none)", "(none)", "(none)")
	want(t, get(t, s, "kind"))
	want(t, span(t, s, "kind", "", "", 10, false))
	want(t, span(t, s, "kind", "", "", 10, true))
	apply(t, s)
	apply(t, s, del("kind", "a"))
	want(t, get(t, s, "kind", "a"), "(none)")
}

func testValues(t *testing.T, open Place) {
	s := open(t)
	large := string(bytes.Repeat([]byte{0, 1, 255}, 400_000))
	long := string(bytes.Repeat([]byte{255}, 64))
	apply(t, s, put("kind", "", "of the empty id"), put("kind", "empty", ""), put("kind", "large", large), put("kind", long, "of a long id"))
	want(t, get(t, s, "kind", "empty", long, "large", "", "large"), "", "of a long id", large, "of the empty id", large)
	apply(t, s, put("kind", "large", "small"), put("kind", "", large))
	want(t, get(t, s, "kind", "large", "", "empty"), "small", large, "")
	apply(t, s, client.Write{Record: client.Record{Key: key("kind", "nil")}})
	want(t, get(t, s, "kind", "nil"), "")
}

func testOrder(t *testing.T, open Place) {
	s := open(t)
	apply(t, s, put("kind", "a", "1"), put("kind", "a", "2"), put("kind", "b", "1"), del("kind", "b"), del("kind", "c"), put("kind", "c", "1"))
	want(t, get(t, s, "kind", "a", "b", "c"), "2", "(none)", "1")
	apply(t, s, del("kind", "a"), put("kind", "a", "3"), put("kind", "c", "2"), del("kind", "c"))
	want(t, get(t, s, "kind", "a", "b", "c"), "3", "(none)", "(none)")
}

func testKinds(t *testing.T, open Place) {
	s := open(t)
	apply(t, s, put("a", "bc", "1"), put("ab", "c", "2"), put("abc", "", "3"), put("a", "\x00b", "4"))
	want(t, span(t, s, "a", "", "", 10, false), "\x00b=4", "bc=1")
	want(t, span(t, s, "ab", "", "", 10, false), "c=2")
	want(t, span(t, s, "abc", "", "", 10, true), "=3")
	apply(t, s, del("a", "bc"))
	want(t, get(t, s, "ab", "c"), "2")
	want(t, get(t, s, "a", "bc", "c"), "(none)", "(none)")
}

func testRanges(t *testing.T, open Place) {
	s := open(t)
	for _, id := range []string{"b", "a", "", "ab", "\x00", "\xff\xff", "a\x00", "\xff", "c"} {
		apply(t, s, put("kind", id, "v"))
	}
	every := []string{"=v", "\x00=v", "a=v", "a\x00=v", "ab=v", "b=v", "c=v", "\xff=v", "\xff\xff=v"}
	backwards := slices.Clone(every)
	slices.Reverse(backwards)
	want(t, span(t, s, "kind", "", "", 100, false), every...)
	want(t, span(t, s, "kind", "", "", 100, true), backwards...)
	want(t, span(t, s, "kind", "a", "c", 100, false), every[2:6]...)
	want(t, span(t, s, "kind", "a", "c", 100, true), backwards[3:7]...)
	want(t, span(t, s, "kind", "a", "c", 2, false), every[2:4]...)
	want(t, span(t, s, "kind", "a", "c", 2, true), backwards[3:5]...)
	want(t, span(t, s, "kind", "aa", "bb", 100, false), "ab=v", "b=v")
	want(t, span(t, s, "kind", "\xff", "", 100, false), every[7:]...)
	want(t, span(t, s, "kind", "c", "a", 100, false))
	want(t, span(t, s, "kind", "c", "a", 100, true))
	want(t, span(t, s, "kind", "b", "b", 100, false))
	want(t, span(t, s, "kind", "", "", 0, false))
}

func testCopies(t *testing.T, open Place) {
	s := open(t)
	w := put("kind", "a", "value")
	apply(t, s, w)
	copy(w.Value, "XXXXX")
	copy(w.Key.ID, "X")
	records, err := s.Get(context.Background(), []client.Key{key("kind", "a")})
	if err != nil {
		t.Fatal(err)
	}
	copy(records[0].Value, "YYYYY")
	records, err = s.Range(context.Background(), "kind", nil, nil, 1, false)
	if err != nil {
		t.Fatal(err)
	}
	copy(records[0].Value, "ZZZZZ")
	copy(records[0].Key.ID, "Z")
	want(t, span(t, s, "kind", "", "", 10, false), "a=value")
}

func testReopen(t *testing.T, open Place) {
	s := open(t)
	apply(t, s, put("kind", "a", "1"), put("kind", "b", "1"), put("other", "a", "2"))
	apply(t, s, del("kind", "b"), put("kind", "c", "3"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(context.Background(), []client.Write{put("kind", "d", "4")}); !errors.Is(err, client.ErrStorageFailed) {
		t.Errorf("write to a closed store: %v, want ErrStorageFailed", err)
	}
	if _, err := s.Get(context.Background(), []client.Key{key("unseen", "a"), key("kind", "a")}); !errors.Is(err, client.ErrStorageFailed) {
		t.Errorf("read from a closed store: %v, want ErrStorageFailed", err)
	}
	if _, err := s.Range(context.Background(), "kind", nil, nil, 1, false); !errors.Is(err, client.ErrStorageFailed) {
		t.Errorf("range of a closed store: %v, want ErrStorageFailed", err)
	}
	s = open(t)
	want(t, span(t, s, "kind", "", "", 10, false), "a=1", "c=3")
	want(t, span(t, s, "other", "", "", 10, false), "a=2")
}

func testWrongKey(t *testing.T, open Place) {
	s := open(t)
	wrong := map[string]client.Key{
		"no kind": {ID: []byte("a")}, "zero in the kind": {Kind: "a\x00b", ID: []byte("a")},
		"long id": {Kind: "kind", ID: make([]byte, 65)},
	}
	for name, k := range wrong {
		err := s.Apply(context.Background(), []client.Write{put("kind", "a", "1"), {Record: client.Record{Key: k}}})
		if err == nil {
			t.Errorf("%s: was written", name)
		}
	}
	want(t, span(t, s, "kind", "", "", 10, false))
}

func testContext(t *testing.T, open Place) {
	s := open(t)
	apply(t, s, put("kind", "a", "1"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Apply(ctx, []client.Write{put("kind", "b", "1")}); !errors.Is(err, context.Canceled) {
		t.Errorf("write: %v, want context.Canceled", err)
	}
	if _, err := s.Get(ctx, []client.Key{key("kind", "a")}); !errors.Is(err, context.Canceled) {
		t.Errorf("read: %v, want context.Canceled", err)
	}
	if _, err := s.Range(ctx, "kind", nil, nil, 5, false); !errors.Is(err, context.Canceled) {
		t.Errorf("range: %v, want context.Canceled", err)
	}
	want(t, span(t, s, "kind", "", "", 10, false), "a=1")
}

// Each batch writes one value under two keys, so every reader must find them equal.
func testConcurrent(t *testing.T, open Place) {
	s := open(t)
	apply(t, s, put("pair", "a", "0"), put("pair", "z", "0"))
	var all sync.WaitGroup
	for i := range 64 {
		all.Go(func() {
			value := fmt.Sprint(i)
			if err := s.Apply(context.Background(), []client.Write{put("pair", "a", value), put("pair", "z", value), put("own", fmt.Sprintf("%03d", i), value)}); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			records, err := s.Get(context.Background(), []client.Key{key("pair", "a"), key("pair", "z")})
			if err != nil || !bytes.Equal(records[0].Value, records[1].Value) {
				t.Errorf("half of a batch was read, or %v", err)
			}
		})
	}
	all.Wait()
	if found := span(t, s, "own", "", "", 100, false); len(found) != 64 {
		t.Errorf("%d of 64 batches are there", len(found))
	}
}
