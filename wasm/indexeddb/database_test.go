//go:build js && wasm

package indexeddb

import (
	"context"
	"crypto/rand"
	"errors"
	"syscall/js"
	"testing"

	"sotto/wasm/client"
	"sotto/wasm/promise"
)

// nothing is a step that makes a version and changes nothing.
func nothing(js.Value) {}

func mustOpenSteps(t *testing.T, name string, steps ...step) *Store {
	t.Helper()
	s, err := open(t.Context(), primitives(t), name, steps)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// A newer version opens while a tab of the old one is open: the old one lets go, and from then on fails.
func TestUpgradeWhileOpen(t *testing.T) {
	p, name := primitives(t), rand.Text()
	old := mustOpen(t, p, name)
	mustApply(t, old, record("kind", "a", "1"))
	newer := mustOpenSteps(t, name, steps()[0], func(db js.Value) { db.Call("createObjectStore", "later") })
	records, err := newer.Get(t.Context(), []client.Key{{Kind: "kind", ID: []byte("a")}})
	if err != nil || string(records[0].Value) != "1" {
		t.Errorf("the record after the upgrade: %q, %v", records[0].Value, err)
	}
	if !newer.d.db.Get("objectStoreNames").Call("contains", "later").Bool() {
		t.Error("the step was not run")
	}
	if err := old.Apply(t.Context(), []client.Write{record("kind", "b", "1")}); !errors.Is(err, errClosed) || !errors.Is(err, client.ErrStorageFailed) {
		t.Errorf("the old version writes: %v, want errClosed", err)
	}
	if _, err := Open(t.Context(), p, name); !errors.Is(err, client.ErrStorageFailed) || errors.Is(err, ErrUnavailable) {
		t.Errorf("the old version opens a newer database: %v", err)
	}
}

func TestAFailedUpgradeChangesNothing(t *testing.T) {
	p, name := primitives(t), rand.Text()
	mustApply(t, mustOpen(t, p, name), record("kind", "a", "1"))
	fail := func(db js.Value) {
		db.Call("deleteObjectStore", pagesStore)
		db.Call("createObjectStore", metaStore) // exists, throws
	}
	if _, err := open(t.Context(), p, name, []step{steps()[0], fail}); !errors.Is(err, client.ErrStorageFailed) {
		t.Errorf("got %v, want ErrStorageFailed", err)
	}
	records, err := mustOpen(t, p, name).Get(t.Context(), []client.Key{{Kind: "kind", ID: []byte("a")}})
	if err != nil || string(records[0].Value) != "1" {
		t.Errorf("the record after the failure: %q, %v", records[0].Value, err)
	}
}

// A connection that does not let go holds an upgrade up until the context ends; what opens then is closed again.
func TestBlockedUpgrade(t *testing.T) {
	p, name := primitives(t), rand.Text()
	stubborn := mustOpen(t, p, name)
	stubborn.d.db.Set("onversionchange", js.Null())
	blocked := make(chan struct{})
	listener := js.FuncOf(func(js.Value, []js.Value) any { close(blocked); return nil })
	defer listener.Release()
	stubborn.d.db.Call("addEventListener", "versionchange", listener)
	cause := errors.New("waited enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	failed := make(chan error)
	go func() {
		_, err := open(ctx, p, name, []step{steps()[0], nothing})
		failed <- err
	}()
	<-blocked
	cancel(cause)
	if err := <-failed; !errors.Is(err, cause) {
		t.Errorf("got %v, want the context's cause", err)
	}
	stubborn.d.db.Call("close")
	mustOpenSteps(t, name, steps()[0], nothing)
	mustOpenSteps(t, name, steps()[0], nothing, nothing) // blocked if what opened late were still open without a listener
}

func TestUnavailable(t *testing.T) {
	for _, name := range []string{"InvalidStateError", "SecurityError", "UnknownError"} {
		if err := openError(&promise.Rejection{Name: name}); !errors.Is(err, ErrUnavailable) || !errors.Is(err, client.ErrStorageFailed) {
			t.Errorf("%s: %v, want ErrUnavailable", name, err)
		}
	}
	var coded interface{ Code() string }
	if !errors.As(ErrUnavailable, &coded) || coded.Code() != "storage-unavailable" {
		t.Error("ErrUnavailable has no code")
	}
}

// A page without the property indexedDB, or where reading it throws, as some browsers' settings make it.
func TestNoIndexedDB(t *testing.T) {
	global := js.Global()
	object := global.Get("Object")
	property := object.Call("getOwnPropertyDescriptor", global, "indexedDB")
	defer object.Call("defineProperty", global, "indexedDB", property)
	getters := map[string]js.Value{
		"none":   global.Get("Function").New(`return undefined`),
		"throws": global.Get("Function").New(`throw new DOMException("words", "SecurityError")`),
		"open throws": global.Get("Function").New(
			`return {open() { throw new DOMException("words", "SecurityError") }}`),
	}
	for name, getter := range getters {
		object.Call("defineProperty", global, "indexedDB", map[string]any{"get": getter, "configurable": true})
		if _, err := Open(t.Context(), primitives(t), rand.Text()); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", name, err)
		}
	}
}
