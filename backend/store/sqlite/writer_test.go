package sqlite

import (
	"errors"
	"testing"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// TestFailingOperationAlone puts an operation that breaks its transaction between others.
func TestFailingOperationAlone(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	insert := func(name string) func(*writer) error {
		return func(w *writer) error {
			return w.exec(insertAccount, []byte(name), name, 0)
		}
	}
	errs := make(chan error, 3)
	ops := []*op{{run: insert("a")}, {run: insert("b")}, {run: func(w *writer) error {
		return errors.Join(insert("c")(w), insert("a")(w)) // breaks the uniqueness of accounts
	}}}
	for _, o := range ops {
		o.tell = func(err error) { errs <- err }
	}
	s.writer.write(ops) // as one group; the batcher is idle
	tell(ops)
	for i, want := range []error{nil, nil, store.ErrUnavailable} {
		if err := <-errs; !errors.Is(err, want) {
			t.Errorf("operation %d: got %v, want %v", i, err, want)
		}
	}
	for handle, want := range map[account.Handle]error{"a": nil, "b": nil, "c": store.ErrNotFound} {
		if _, err := s.Lookup(t.Context(), handle); !errors.Is(err, want) {
			t.Errorf("lookup %s: got %v, want %v", handle, err, want)
		}
	}
}

// TestFailedTransactionIsForgotten checks that what a failed transaction changed in memory is gone with it.
func TestFailedTransactionIsForgotten(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	id := epoch.ConversationID{1}
	o := &op{run: func(w *writer) error {
		w.known.put(&conversation{name: id, row: 1, head: 7})
		return failure{errors.New("broken")}
	}}
	s.writer.write([]*op{o})
	if !errors.Is(o.err, store.ErrUnavailable) {
		t.Errorf("got %v", o.err)
	}
	if c, err := s.writer.conversation(id); c != nil || err != nil {
		t.Errorf("the writer still knows %+v, %v", c, err)
	}
}
