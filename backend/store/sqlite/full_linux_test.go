package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"sotto/backend/store"
	"sotto/backend/store/storetest"
	"sotto/wasm/epoch"
)

// TestFullDisk fills a real file system under the store. What was answered stays, and when there is room again the
// store goes on.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	mount(t, dir, 0, "size=4m")
	ballast := filepath.Join(dir, "ballast")
	w := storetest.NewWorld(t, opener(t, filepath.Join(dir, "data")))
	c := w.Open(w.Register("alice"), w.Register("bob"))
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	stored, failed := fill(t, w, c)
	if !errors.Is(failed, store.ErrFull) {
		t.Fatalf("after %d events: %v, want %v", stored, failed, store.ErrFull)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if at := w.Append(c.Message(c.High, 0, 100)); at != epoch.Position(stored+2) {
		t.Errorf("the first event with room again has position %d, want %d", at, stored+2)
	}
	w.Restart()
	if at := w.Append(c.Message(c.High, 1, 100)); at != epoch.Position(stored+3) {
		t.Errorf("the first event after a restart has position %d, want %d", at, stored+3)
	}
}

// fill appends until it fails and gives how many were stored.
func fill(t *testing.T, w *storetest.World, c *storetest.Conversation) (int, error) {
	for g := range uint64(4000) {
		answer := make(chan error, 1)
		w.Store.Message(c.Message(c.Low, g, 4000), func(_ store.Appended, err error) { answer <- err })
		if err := <-answer; err != nil {
			return int(g), err
		}
	}
	t.Fatal("the disk did not get full")
	return 0, nil
}
