package storetest

import (
	"context"
	"errors"
	"testing"

	"sotto/wasm/client"
)

// testErase erases a store with much in it: it is closed then, and nothing is there when it is opened again.
func testErase(t *testing.T, open Place) {
	s := open(t)
	var writes []client.Write
	for i := range 3000 {
		writes = append(writes, put("kind", string([]byte{byte(i >> 8), byte(i)}), "some value that takes some bytes"))
	}
	apply(t, s, writes...)
	apply(t, s, put("other", "", "x"))
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Erase(ended); err == nil {
		t.Error("erased although nobody waits any more")
	}
	if err := s.Erase(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(context.Background(), writes); !errors.Is(err, client.ErrStorageFailed) {
		t.Errorf("wrote to an erased store: %v", err)
	}
	if _, err := s.Get(context.Background(), []client.Key{key("other", "")}); !errors.Is(err, client.ErrStorageFailed) {
		t.Errorf("read an erased store: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	s = open(t)
	for _, kind := range []string{"kind", "other"} {
		records, err := s.Range(context.Background(), kind, nil, nil, 10, false)
		if err != nil || len(records) != 0 {
			t.Errorf("%d records of kind %q are left, %v", len(records), kind, err)
		}
	}
	apply(t, s, put("other", "", "y"))
	if got := get(t, s, "other", ""); got[0] != "y" {
		t.Errorf("a new record is %q", got[0])
	}
}
