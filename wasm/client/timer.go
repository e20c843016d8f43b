package client

import (
	"sync"
	"time"
)

// later runs f in a goroutine of the engine's after some seconds.
func (e *Engine) later(seconds int64, f func()) {
	e.ports.Clock.AfterFunc(time.Duration(seconds)*time.Second, func() { e.start(f) })
}

// after does the same after any time.
func (e *Engine) after(d time.Duration, f func()) {
	e.ports.Clock.AfterFunc(d, func() { e.start(f) })
}

// SystemClock is the [Clock] of the machine.
type SystemClock struct{}

// Now implements [Clock].
func (SystemClock) Now() time.Time { return time.Now() }

// AfterFunc implements [Clock].
func (SystemClock) AfterFunc(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// atOnce runs f for 0 … n-1, some at a time, and waits for all.
func atOnce(n int, f func(i int)) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(inFlight, n) {
		workers.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}
