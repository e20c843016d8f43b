//go:build js && wasm

package indexeddb

import (
	"testing"
	"testing/synctest"
)

func TestQueueGathersWhileACommitRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var q queue
		var sizes []int
		proceed := make(chan bool)
		commit := func(batches []*batch) {
			sizes = append(sizes, len(batches))
			<-proceed
			for _, b := range batches {
				b.done <- nil
			}
		}
		var all []*batch
		add := func(n int) {
			for range n {
				all = append(all, &batch{done: make(chan error, 1)})
				if !q.add(all[len(all)-1], commit) {
					t.Error("refused while open")
				}
			}
			synctest.Wait()
		}
		add(1)
		add(3)
		proceed <- true
		synctest.Wait()
		add(2)
		proceed <- true
		proceed <- true
		for _, b := range all {
			<-b.done
		}
		add(1)
		closed := make(chan bool)
		go func() { q.close(); close(closed) }()
		synctest.Wait()
		if q.add(&batch{}, commit) {
			t.Error("taken while closing")
		}
		select {
		case <-closed:
			t.Error("closed before its last commit ended")
		default:
		}
		proceed <- true
		<-closed
		if len(sizes) != 4 || sizes[0] != 1 || sizes[1] != 3 || sizes[2] != 2 || sizes[3] != 1 {
			t.Errorf("commits of %v batches, want [1 3 2 1]", sizes)
		}
	})
}
