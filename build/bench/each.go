package main

import (
	"context"
	"sync"
)

// each runs f for 0 … n-1 in so many goroutines and gives the first error, which ends the others' context.
func each(ctx context.Context, n, goroutines int, f func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	next := make(chan int)
	for range min(n, goroutines) {
		all.Go(func() {
			for i := range next {
				if err := f(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := range n {
		if ctx.Err() == nil {
			next <- i
		}
	}
	close(next)
	all.Wait()
	return context.Cause(ctx)
}
