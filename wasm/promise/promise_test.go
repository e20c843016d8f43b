//go:build js && wasm

package promise

import (
	"context"
	"errors"
	"sync"
	"syscall/js"
	"testing"
)

// script makes a JavaScript function of its source.
func script(source string) js.Value { return js.Global().Get("Function").New(source) }

func rejection(t *testing.T, err error, name string) {
	t.Helper()
	var r *Rejection
	if !errors.As(err, &r) || r.Name != name {
		t.Errorf("got %v, want a rejection named %s", err, name)
	}
}

func TestAwait(t *testing.T) {
	value, err := Await(t.Context(), script(`return Promise.resolve(7)`).Invoke())
	if err != nil || value.Int() != 7 {
		t.Errorf("fulfilled: %v, %v", value, err)
	}
	_, err = Await(t.Context(), script(`return Promise.reject(new TypeError("words"))`).Invoke())
	rejection(t, err, "TypeError")
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	pending := script(`let settle; const p = new Promise(ok => { settle = ok }); p.settle = settle; return p`).Invoke()
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if _, err := Await(ctx, pending); !errors.Is(err, cause) {
		t.Errorf("got %v, want the context's cause", err)
	}
	pending.Call("settle", 1)
	if value, err := Await(t.Context(), pending); err != nil || value.Int() != 1 {
		t.Errorf("settled late: %v, %v", value, err)
	}
}

func TestCatch(t *testing.T) {
	_, err := Catch(func() js.Value { return script(`throw new RangeError("words")`).Invoke() })
	rejection(t, err, "RangeError")
	value, err := Catch(func() js.Value { return script(`return 3`).Invoke() })
	if err != nil || value.Int() != 3 {
		t.Errorf("got %v, %v", value, err)
	}
	defer func() {
		if recover() != "ours" {
			t.Error("a panic of Go's was swallowed")
		}
	}()
	_, _ = Catch(func() js.Value { panic("ours") })
}

// What JavaScript throws may be anything, and looking at it may throw again.
func TestRejectTakesAnything(t *testing.T) {
	cases := map[string]string{
		`return new DOMException("words", "QuotaExceededError")`: "QuotaExceededError",
		`return undefined`: "unknown",
		`return "words"`:   "unknown",
		`return {name: 5}`: "unknown",
		`return {get name() { throw new Error("words") }}`:                   "unknown",
		`return new Proxy({}, {get() { throw 1 }})`:                          "unknown",
		`const r = Proxy.revocable({}, {}); r.revoke(); return r.proxy`:      "unknown",
		`return {get name() { throw new Proxy({}, {get() { throw 1 }}) }}`:   "unknown",
		`return Object.create(new Proxy({}, {get() { throw new Error() }}))`: "unknown",
	}
	for source, name := range cases {
		if got := Reject(script(source).Invoke()).Name; got != name {
			t.Errorf("%s: %q, want %q", source, got, name)
		}
	}
}

func TestGroupGivesEachItsOwn(t *testing.T) {
	fulfil := script(`return Promise.resolve(arguments[0])`)
	refuse := script(`const n = arguments[0]; return new Promise((_, no) => queueMicrotask(() => no(new DOMException("words", "Error" + n))))`)
	for _, refused := range []bool{false, true} {
		var g Group
		var all sync.WaitGroup
		for i := range 3*MaxRound + 5 {
			all.Go(func() {
				if refused && i%100 == 3 {
					_, err := g.Await(refuse.Invoke(i % 7))
					rejection(t, err, "Error"+string(rune('0'+i%7)))
					return
				}
				if value, err := g.Await(fulfil.Invoke(i)); err != nil || value.Int() != i {
					t.Errorf("promise %d: %v, %v", i, value, err)
				}
			})
		}
		all.Wait()
	}
}

func TestGroupGivesUndefined(t *testing.T) {
	var g Group
	for _, source := range []string{`return Promise.resolve()`, `return Promise.resolve(null)`} {
		if value, err := g.Await(script(source).Invoke()); err != nil || !value.IsUndefined() && !value.IsNull() {
			t.Errorf("%s: %v, %v", source, value, err)
		}
	}
	_, err := g.Await(script(`return Promise.reject()`).Invoke())
	rejection(t, err, "unknown")
}

// A round that is full starts without waiting for the goroutines that would still join.
func TestGroupStartsAFullRound(t *testing.T) {
	var g Group
	pending := script(`let ok; const p = new Promise(r => { ok = r }); p.settle = ok; return p`).Invoke()
	results := make(chan int, MaxRound+1)
	for i := range MaxRound {
		go func() {
			value, _ := g.Await(script(`return Promise.resolve(arguments[0])`).Invoke(i))
			results <- value.Int()
		}()
	}
	sum := 0
	for range MaxRound {
		sum += <-results
	}
	if want := MaxRound * (MaxRound - 1) / 2; sum != want {
		t.Errorf("sum %d, want %d", sum, want)
	}
	go func() {
		value, _ := g.Await(pending)
		results <- value.Int()
	}()
	pending.Call("settle", 9)
	if got := <-results; got != 9 {
		t.Errorf("next round: %d, want 9", got)
	}
}

func TestContextBeforehand(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Await(ctx, script(`return new Promise(() => {})`).Invoke()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}
