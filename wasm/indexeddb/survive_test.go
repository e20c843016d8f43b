//go:build js && wasm

package indexeddb

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"

	"sotto/wasm/client"
	"sotto/wasm/socket"
)

// survivor is the database that outlives its browser.
const survivor = "survivor"

// environment gives what the native test of a name has set.
func environment(t *testing.T, variable string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		t.Skip("runs in a browser that a native test of this package prepares")
	}
	return value
}

func state(t *testing.T, s *Store) int {
	t.Helper()
	records, err := s.Get(t.Context(), []client.Key{{Kind: "state"}})
	if err != nil {
		t.Fatal(err)
	}
	n, _ := strconv.Atoi(string(records[0].Value))
	return n
}

// TestWrite writes batches until its browser is killed, and tells each number once its batch has completed.
func TestWrite(t *testing.T) {
	acks, err := socket.Transport{URL: environment(t, ackVariable)}.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, primitives(t), survivor)
	for n := state(t, s) + 1; ; n++ {
		number := fmt.Sprint(n)
		mustApply(t, s, record("log", fmt.Sprintf("%08d", n), number+rand.Text()), record("state", "", number), record("other", number, number))
		if err := acks.Write(context.Background(), []byte(number)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestKept looks for what TestWrite had written when it was killed.
func TestKept(t *testing.T) {
	kept, err := strconv.Atoi(environment(t, keptVariable))
	if err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, primitives(t), survivor)
	n := state(t, s)
	if n < kept {
		t.Errorf("%d batches are there, %d had completed", n, kept)
	}
	for _, kind := range []string{"log", "other"} {
		records, err := s.Range(t.Context(), kind, nil, nil, 1<<20, false)
		if err != nil || len(records) != n {
			t.Errorf("%s: %d records of %d batches, %v", kind, len(records), n, err)
		}
	}
}

// TestFull writes until the browser grants no more, and then finds what was written and nothing else.
func TestFull(t *testing.T) {
	environment(t, fullVariable)
	s := mustOpen(t, primitives(t), rand.Text())
	written := 0
	for ; ; written++ {
		id := fmt.Sprintf("%04d", written)
		err := s.Apply(t.Context(), []client.Write{record("kind", id, rand.Text()), record("large", id, string(make([]byte, 200_000)))})
		if errors.Is(err, client.ErrStorageFull) {
			break
		}
		if err != nil || written > 1000 {
			t.Fatalf("after %d batches: %v, want ErrStorageFull", written, err)
		}
	}
	for _, kind := range []string{"kind", "large"} {
		if records, err := s.Range(t.Context(), kind, nil, nil, 2000, false); err != nil || len(records) != written || written == 0 {
			t.Errorf("%s: %d records of %d batches, %v", kind, len(records), written, err)
		}
	}
}
