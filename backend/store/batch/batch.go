// Package batch groups what waits to be written. One goroutine takes operations from a queue, as many as are there
// but no more than a bound, and writes them together; it never waits for more to come. A second goroutine tells the
// results in the order of writing while the first is at the next group:
//
//	Add -> queue -> [writer: write(group)] -> [teller: tell(group)]
//
// Alone, an operation is written at once; under load, a group is what came while the group before was written.
package batch

import "sync"

// Op is what can be written.
type Op interface {
	Size() int // bytes it takes, roughly
}

// Limits bound a group and what may wait.
type Limits struct {
	Ops   int // operations in one group
	Bytes int // bytes in one group; one operation is written whatever its size
	Queue int // operations that may wait before Add does
}

// Batcher runs the two goroutines.
type Batcher[O Op] struct {
	limits Limits
	queue  chan O
	told   chan struct{} // closed when the last group was told

	mu     sync.RWMutex // held for reading while an operation is put into the queue
	closed bool
}

// Start begins. write and tell are each called from one goroutine; write may change the operations it is given, tell
// then sees them. tell must not wait for anything that waits for this batcher.
func Start[O Op](limits Limits, write, tell func([]O)) *Batcher[O] {
	b := &Batcher[O]{limits: limits, queue: make(chan O, limits.Queue), told: make(chan struct{})}
	written := make(chan []O, 2)
	go b.write(write, written)
	go b.tell(tell, written)
	return b
}

// Add hands an operation over and waits while the queue is full. It reports false after Close.
func (b *Batcher[O]) Add(o O) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if b.closed {
		return false
	}
	b.queue <- o
	return true
}

// Close writes and tells what was added and ends both goroutines.
func (b *Batcher[O]) Close() {
	b.mu.Lock()
	if !b.closed {
		b.closed = true
		close(b.queue)
	}
	b.mu.Unlock()
	<-b.told
}

func (b *Batcher[O]) write(write func([]O), written chan<- []O) {
	defer close(written)
	for first := range b.queue {
		group := b.collect(first)
		write(group)
		written <- group
	}
}

// collect takes what waits, up to the bounds.
func (b *Batcher[O]) collect(first O) []O {
	group, size := []O{first}, first.Size()
	for len(group) < b.limits.Ops && size < b.limits.Bytes {
		select {
		case o, ok := <-b.queue:
			if !ok {
				return group
			}
			group, size = append(group, o), size+o.Size()
		default:
			return group
		}
	}
	return group
}

func (b *Batcher[O]) tell(tell func([]O), written <-chan []O) {
	defer close(b.told)
	for group := range written {
		tell(group)
	}
}
