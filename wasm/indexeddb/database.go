//go:build js && wasm

package indexeddb

import (
	"context"
	"fmt"
	"sync/atomic"
	"syscall/js"

	"sotto/wasm/client"
	"sotto/wasm/promise"
)

// The object stores.
const (
	pagesStore   = "pages"
	journalStore = "journal"
	objectsStore = "objects"
	metaStore    = "meta"
)

// step takes a database of one version to the next.
type step func(db js.Value)

// steps gives the way from nothing to the newest version, which is their number.
func steps() []step {
	return []step{func(db js.Value) {
		for _, name := range []string{pagesStore, journalStore, objectsStore, metaStore} {
			db.Call("createObjectStore", name)
		}
	}}
}

// database is an open connection.
type database struct {
	db        js.Value
	onVersion js.Func
	erased    atomic.Bool // closed, and nothing is left in it
}

// openDatabase opens the database and takes the steps that it lacks. While another tab holds an older version open it
// waits, until ctx ends.
func openDatabase(ctx context.Context, name string, steps []step) (*database, error) {
	request, err := promise.Catch(func() js.Value {
		factory := js.Global().Get("Reflect").Call("get", js.Global(), "indexedDB")
		if factory.Type() != js.TypeObject {
			return js.Undefined()
		}
		return factory.Call("open", name, len(steps))
	})
	if err != nil || request.IsUndefined() {
		return nil, ErrUnavailable
	}
	db, err := awaitOpen(ctx, request, steps)
	if err != nil {
		return nil, err
	}
	d := &database{db: db}
	d.onVersion = js.FuncOf(func(js.Value, []js.Value) any { // another tab needs a newer version
		db.Call("close")
		return nil
	})
	db.Set("onversionchange", d.onVersion)
	return d, nil
}

// close closes the connection once its transactions have ended.
func (d *database) close() {
	d.db.Set("onversionchange", js.Null())
	d.onVersion.Release()
	d.db.Call("close")
}

// awaitOpen waits for a request of opening. When ctx ends first, the database is closed again once it opens.
func awaitOpen(ctx context.Context, request js.Value, steps []step) (js.Value, error) {
	opened := make(chan error, 1)
	var behind, success, failure js.Func
	end := func(err error) any {
		behind.Release()
		success.Release()
		failure.Release()
		opened <- err
		return nil
	}
	behind = js.FuncOf(func(_ js.Value, args []js.Value) any {
		upgrade(request, steps[args[0].Get("oldVersion").Int():])
		return nil
	})
	success = js.FuncOf(func(js.Value, []js.Value) any {
		if ctx.Err() != nil {
			request.Get("result").Call("close")
			return end(context.Cause(ctx))
		}
		return end(nil)
	})
	failure = js.FuncOf(func(js.Value, []js.Value) any { return end(openError(promise.Reject(request.Get("error")))) })
	request.Set("onupgradeneeded", behind)
	request.Set("onsuccess", success)
	request.Set("onerror", failure)
	select {
	case err := <-opened:
		if err != nil {
			return js.Undefined(), err
		}
		return request.Get("result"), nil
	case <-ctx.Done():
		return js.Undefined(), fmt.Errorf("open the database: another tab may hold an older version: %w", context.Cause(ctx))
	}
}

// upgrade takes steps. Where one fails, opening fails and nothing is changed.
func upgrade(request js.Value, steps []step) {
	_, err := promise.Catch(func() js.Value {
		for _, take := range steps {
			take(request.Get("result"))
		}
		return js.Undefined()
	})
	if err != nil {
		abort(request.Get("transaction"))
	}
}

// openError says why a database did not open.
func openError(rejection *promise.Rejection) error {
	switch rejection.Name {
	case "VersionError":
		return fmt.Errorf("open the database: %w: it is of a newer version of Sotto", client.ErrStorageFailed)
	case "QuotaExceededError":
		return fmt.Errorf("open the database: %w", client.ErrStorageFull)
	default:
		return fmt.Errorf("%w: %w", ErrUnavailable, rejection)
	}
}
