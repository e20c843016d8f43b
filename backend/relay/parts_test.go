package relay

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"testing"

	"sotto/wasm/wire"
)

// sink is a connection that takes everything and notes the calls.
type sink struct {
	mu    sync.Mutex
	calls [][][]byte
	gate  chan struct{} // a write waits for it
}

func (s *sink) Write(frames [][]byte) error {
	<-s.gate
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, slices.Clone(frames))
	return nil
}

func (s *sink) Read(int) ([]byte, error)   { return nil, nil }
func (s *sink) Ping(context.Context) error { return nil }
func (s *sink) Close(int, wire.Reason)     {}

// TestParts has frames of two parts between others: they arrive whole, in order, and are put together one at a time.
func TestParts(t *testing.T) {
	s := &sink{gate: make(chan struct{})}
	limits := DefaultLimits()
	var q queue
	q.init(s, &counters{}, &limits)
	shared := bytes.Repeat([]byte("s"), 1000)
	q.put([]byte("first")) // is being written while the others come
	q.put([]byte("a"))
	q.put([]byte("b"))
	q.putParts(shared, []byte("1"))
	q.putParts(shared, []byte("2"))
	q.put([]byte("c"))
	close(s.gate)
	q.close(wire.ReasonClosing)
	q.gone()
	var got [][]byte
	for _, call := range s.calls {
		got = append(got, call...)
		if len(call) > 1 && slices.ContainsFunc(call, func(f []byte) bool { return len(f) > 1000 }) {
			t.Errorf("%d frames were put together at once", len(call))
		}
	}
	want := [][]byte{[]byte("first"), []byte("a"), []byte("b"), append(slices.Clone(shared), '1'), append(slices.Clone(shared), '2'), []byte("c")}
	if !slices.EqualFunc(got, want, bytes.Equal) {
		t.Errorf("%d frames were written", len(got))
	}
	if q.bytes != 0 {
		t.Errorf("%d bytes are counted when nothing waits", q.bytes)
	}
}

// TestPartsCount has what is shared count in each queue: a client that does not read is closed as before.
func TestPartsCount(t *testing.T) {
	s := &sink{gate: make(chan struct{})}
	limits := DefaultLimits()
	limits.QueueBytes = 5000
	var q queue
	q.init(s, &counters{}, &limits)
	shared := bytes.Repeat([]byte("s"), 999)
	for i := range 6 {
		if q.putParts(shared, []byte("1")); q.open() != (i < 5) {
			t.Errorf("open after frame %d: %v", i, q.open())
		}
	}
	close(s.gate)
	q.gone()
}
