//go:build js && wasm

package indexeddb

import (
	"context"
	"syscall/js"

	"sotto/wasm/promise"
)

// Modes of a transaction.
const (
	readOnly  = "readonly"
	readWrite = "readwrite"
)

var strict = js.ValueOf(map[string]any{"durability": "strict"})

// transact runs one transaction over stores. issue makes all its requests at once; their results can be read when
// transact has returned nil. A transaction that writes has then been flushed to disk. When ctx ends first it is
// aborted.
func (d *database) transact(ctx context.Context, mode string, stores []any, issue func(tx js.Value)) error {
	tx, err := promise.Catch(func() js.Value { return d.db.Call("transaction", stores, mode, strict) })
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	complete := js.FuncOf(func(js.Value, []js.Value) any { ended <- nil; return nil })
	defer complete.Release()
	aborted := js.FuncOf(func(js.Value, []js.Value) any { ended <- promise.Reject(tx.Get("error")); return nil })
	defer aborted.Release()
	tx.Set("oncomplete", complete)
	tx.Set("onabort", aborted)
	_, refused := promise.Catch(func() js.Value { issue(tx); return js.Undefined() })
	if refused != nil {
		abort(tx)
	}
	select {
	case err = <-ended:
	case <-ctx.Done():
		abort(tx)
		if err = <-ended; err != nil {
			err = context.Cause(ctx)
		}
	}
	if refused != nil {
		return refused
	}
	return err
}

// abort ends a transaction without its writes. One that has ended already is left as it is.
func abort(tx js.Value) {
	_, _ = promise.Catch(func() js.Value { return tx.Call("abort") })
}

// whenDone runs f within the transaction as soon as request has succeeded, and aborts the transaction where f throws.
// It gives the function to release when the transaction has ended.
func whenDone(request js.Value, f func(result js.Value)) js.Func {
	done := js.FuncOf(func(js.Value, []js.Value) any {
		_, err := promise.Catch(func() js.Value { f(request.Get("result")); return js.Undefined() })
		if err != nil {
			abort(request.Get("transaction"))
		}
		return nil
	})
	request.Set("onsuccess", done)
	return done
}

var uint8Array = js.Global().Get("Uint8Array")

func toJS(data []byte) js.Value {
	array := uint8Array.New(len(data))
	js.CopyBytesToJS(array, data)
	return array
}

// toGo copies a Uint8Array or an ArrayBuffer. Anything else gives nil.
func toGo(value js.Value) []byte {
	switch {
	case value.Type() != js.TypeObject:
		return nil
	case !value.InstanceOf(uint8Array):
		value = uint8Array.New(value)
	}
	data := make([]byte, value.Length())
	js.CopyBytesToGo(data, value)
	return data
}
