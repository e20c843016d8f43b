//go:build js && wasm

// Package promise waits for JavaScript promises from Go, one at a time or many with a single callback.
//
// A callback from JavaScript into Go costs about 20 µs and a promise has its own, so whoever has many promises at
// once hands them to a [Group]: goroutines join a round, the round becomes one Promise.allSettled with one callback,
// and that callback wakes them all.
//
// Nothing here may be called from inside a js.Func: the event loop that would settle the promise waits for that
// function to return.
package promise

import (
	"context"
	"syscall/js"
)

// Rejection is a promise that was rejected or a call that threw. It holds the error's name and nothing else, since
// a message may quote what was passed in.
type Rejection struct{ Name string }

// Error names the JavaScript error.
func (r *Rejection) Error() string { return "javascript: " + r.Name }

// Reject makes a [Rejection] of what JavaScript threw, whatever it is. Nothing of the value is run but a property
// getter, and what that throws is caught.
func Reject(reason js.Value) *Rejection {
	name := "unknown"
	if reason.Type() != js.TypeObject {
		return &Rejection{Name: name}
	}
	got, err := Catch(func() js.Value { return js.Global().Get("Reflect").Call("get", reason, "name") })
	if err == nil && got.Type() == js.TypeString {
		name = got.String()
	}
	return &Rejection{Name: name}
}

// Catch runs f and turns an exception that JavaScript throws in it into a [*Rejection]. Only what Call, Invoke and
// New of js.Value run may throw; an exception in Get, Set, Index, Length or InstanceOf ends the Go program.
func Catch(f func() js.Value) (value js.Value, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case js.Error:
			value, err = js.Undefined(), Reject(r.Value)
		default:
			panic(r)
		}
	}()
	return f(), nil
}

// outcome is how a promise ended.
type outcome struct {
	value js.Value
	err   error
}

// Await gives what p is fulfilled with, or a [*Rejection]. When ctx ends first it returns the context's error, and
// what comes of p later is dropped.
func Await(ctx context.Context, p js.Value) (js.Value, error) {
	settled := make(chan outcome, 1)
	var fulfilled, rejected js.Func
	settle := func(o outcome) any {
		fulfilled.Release()
		rejected.Release()
		settled <- o
		return nil
	}
	fulfilled = js.FuncOf(func(_ js.Value, args []js.Value) any { return settle(outcome{value: args[0]}) })
	rejected = js.FuncOf(func(_ js.Value, args []js.Value) any { return settle(outcome{err: Reject(args[0])}) })
	p.Call("then", fulfilled, rejected)
	select {
	case o := <-settled:
		return o.value, o.err
	case <-ctx.Done():
		return js.Undefined(), context.Cause(ctx)
	}
}
