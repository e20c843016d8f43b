package batch_test

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"sotto/backend/store/batch"
)

type op struct{ n, size int }

func (o op) Size() int { return o.size }

var limits = batch.Limits{Ops: 4, Bytes: 100, Queue: 64}

// gated starts a batcher whose writer waits for a value on gate before each group.
func gated(gate <-chan struct{}, limits batch.Limits) (*batch.Batcher[op], *[][]int) {
	var told [][]int
	b := batch.Start(limits, func([]op) { <-gate }, func(group []op) {
		var numbers []int
		for _, o := range group {
			numbers = append(numbers, o.n)
		}
		told = append(told, numbers)
	})
	return b, &told
}

func TestGroupsWhatWaits(t *testing.T) {
	cases := []struct {
		name  string
		sizes []int
		want  [][]int
	}{
		{"one alone", []int{1}, [][]int{{0}}},
		{"up to the number", []int{1, 1, 1, 1, 1, 1}, [][]int{{0}, {1, 2, 3, 4}, {5}}},
		{"up to the bytes", []int{1, 60, 60, 60}, [][]int{{0}, {1, 2}, {3}}},
		{"one over the bytes", []int{1, 500, 1}, [][]int{{0}, {1}, {2}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gate := make(chan struct{})
				b, told := gated(gate, limits)
				for i, size := range c.sizes {
					b.Add(op{i, size})
					synctest.Wait() // the writer holds the first before the others come
				}
				close(gate)
				b.Close()
				if !slices.EqualFunc(*told, c.want, slices.Equal) {
					t.Errorf("told %v, want %v", *told, c.want)
				}
			})
		})
	}
}

func TestAddWaitsWhenFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		b, told := gated(gate, batch.Limits{Ops: 1, Bytes: 1, Queue: 1})
		var added []int
		go func() {
			for i := range 4 {
				b.Add(op{n: i})
				added = append(added, i)
			}
		}()
		synctest.Wait()
		if len(added) != 2 { // one at the writer, one in the queue
			t.Errorf("%d were added while the writer waited, want 2", len(added))
		}
		close(gate)
		synctest.Wait()
		b.Close()
		if len(*told) != 4 {
			t.Errorf("told %v", *told)
		}
	})
}

func TestCloseTellsEverythingOnce(t *testing.T) {
	var mu sync.Mutex
	told := map[int]int{}
	b := batch.Start(limits, func([]op) {}, func(group []op) {
		mu.Lock()
		defer mu.Unlock()
		for _, o := range group {
			told[o.n]++
		}
	})
	var adders sync.WaitGroup
	var accepted sync.Map
	for w := range 8 {
		adders.Go(func() {
			for i := range 100 {
				if b.Add(op{n: 100*w + i}) {
					accepted.Store(100*w+i, true)
				}
			}
		})
	}
	b.Close()
	adders.Wait()
	if b.Add(op{}) {
		t.Error("added after Close")
	}
	accepted.Range(func(n, _ any) bool {
		if told[n.(int)] != 1 {
			t.Errorf("operation %d was told %d times", n, told[n.(int)])
		}
		return true
	})
}
