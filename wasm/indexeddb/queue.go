//go:build js && wasm

package indexeddb

import (
	"context"
	"sync"

	"sotto/wasm/client"
)

// batch is the writes of one Apply, waiting.
type batch struct {
	ctx    context.Context
	writes []client.Write // none: the journal is to be settled
	done   chan error     // takes one error, never blocks
}

// queue gathers batches: while one transaction is on its way, those that arrive wait and go into the next together.
type queue struct {
	mu      sync.Mutex
	waiting []*batch
	running bool
	closed  bool
	idle    sync.WaitGroup // the goroutine that commits
}

// add puts b into the queue. commit is run for what waits, in its own goroutine, one call at a time, until nothing
// waits. It reports false when the queue is closed.
func (q *queue) add(b *batch, commit func([]*batch)) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.waiting = append(q.waiting, b)
	if !q.running {
		q.running = true
		q.idle.Go(func() { q.run(commit) })
	}
	return true
}

func (q *queue) run(commit func([]*batch)) {
	for batches := q.take(); batches != nil; batches = q.take() {
		commit(batches)
	}
}

func (q *queue) take() []*batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	batches := q.waiting
	q.waiting = nil
	q.running = len(batches) > 0
	return batches
}

// close refuses what comes from now on and waits for what is there.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.idle.Wait()
}
