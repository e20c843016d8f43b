//go:build js && wasm

package promise

import (
	"runtime"
	"sync"
	"syscall/js"
)

// MaxRound is how many promises are awaited together at most.
const MaxRound = 256

// Group awaits promises of many goroutines together. The slowest of a round holds the others up, so operations of
// one duration share a Group and others have their own. The zero Group is ready for use.
type Group struct {
	mu   sync.Mutex
	open *round // takes promises; nil when none waits
}

// round is a set of promises that are awaited together.
type round struct {
	promises js.Value // Array; grows while the round is open
	size     int      // guarded by the group's mutex
	settled  chan struct{}
	values   js.Value // Array; set before settled is closed, undefined when one was rejected
	results  js.Value // of Promise.allSettled; set before settled is closed when values is not
}

var (
	array  = js.Global().Get("Array")
	global = js.Global().Get("Promise")
	all    = global.Get("all").Call("bind", global)
	each   = global.Get("allSettled").Call("bind", global)
)

// Await gives what p is fulfilled with, or a [*Rejection]. It always waits for the end of p.
func (g *Group) Await(p js.Value) (js.Value, error) {
	r, place := g.join(p)
	<-r.settled
	if !r.values.IsUndefined() {
		return r.values.Index(place), nil
	}
	result := r.results.Index(place)
	if result.Get("status").String() == "rejected" {
		return js.Undefined(), Reject(result.Get("reason"))
	}
	return result.Get("value"), nil
}

// join puts p into the open round and opens one when there is none.
func (g *Group) join(p js.Value) (*round, int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open == nil {
		g.open = &round{promises: array.New(), settled: make(chan struct{})}
		go g.gather(g.open)
	}
	r, place := g.open, g.open.size
	r.promises.SetIndex(place, p)
	r.size++
	if r.size == MaxRound {
		g.open = nil
		r.start()
	}
	return r, place
}

// gather lets other goroutines run for as long as they join r, then starts it.
func (g *Group) gather(r *round) {
	for before := 0; ; {
		runtime.Gosched()
		g.mu.Lock()
		switch {
		case g.open != r: // full, and started
			g.mu.Unlock()
			return
		case r.size == before:
			g.open = nil
			g.mu.Unlock()
			r.start()
			return
		}
		before = r.size
		g.mu.Unlock()
	}
}

// start awaits all promises of r with one callback, and with a second one when some are rejected.
func (r *round) start() {
	var fulfilled, rejected js.Func
	fulfilled = js.FuncOf(func(_ js.Value, args []js.Value) any {
		fulfilled.Release()
		rejected.Release()
		r.values = args[0]
		close(r.settled)
		return nil
	})
	rejected = js.FuncOf(func(js.Value, []js.Value) any {
		fulfilled.Release()
		rejected.Release()
		r.sort()
		return nil
	})
	all.Invoke(r.promises).Call("then", fulfilled, rejected)
}

// sort finds out which promises of r were rejected.
func (r *round) sort() {
	var done js.Func
	done = js.FuncOf(func(_ js.Value, args []js.Value) any {
		done.Release()
		r.results = args[0]
		close(r.settled)
		return nil
	})
	each.Invoke(r.promises).Call("then", done)
}
