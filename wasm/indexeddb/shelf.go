//go:build js && wasm

package indexeddb

import (
	"context"
	"fmt"
	"syscall/js"

	"sotto/wasm/webcrypto"
)

// Shelf keeps JavaScript objects by name in the store's database: [webcrypto.Shelf].
type Shelf struct{ d *database }

var _ webcrypto.Shelf = Shelf{}

// Shelf gives the shelf of the store's database.
func (s *Store) Shelf() Shelf { return Shelf{d: s.d} }

// Put implements [webcrypto.Shelf]. The object is on disk when it returns nil.
func (s Shelf) Put(ctx context.Context, name string, object js.Value) error {
	err := s.d.transact(ctx, readWrite, []any{objectsStore}, func(tx js.Value) {
		tx.Call("objectStore", objectsStore).Call("put", object, name)
	})
	if err != nil {
		return storageError(fmt.Sprintf("keep %q", name), err)
	}
	return nil
}

// Get implements [webcrypto.Shelf].
func (s Shelf) Get(ctx context.Context, name string) (js.Value, error) {
	object, err := s.d.get(ctx, objectsStore, name)
	if err != nil {
		return js.Undefined(), storageError(fmt.Sprintf("look for %q", name), err)
	}
	return object, nil
}

// Delete implements [webcrypto.Shelf]. From an erased database everything was deleted.
func (s Shelf) Delete(ctx context.Context, name string) error {
	if s.d.erased.Load() {
		return nil
	}
	err := s.d.transact(ctx, readWrite, []any{objectsStore}, func(tx js.Value) {
		tx.Call("objectStore", objectsStore).Call("delete", name)
	})
	if err != nil {
		return storageError(fmt.Sprintf("delete %q", name), err)
	}
	return nil
}

// get gives the value of one key, undefined when there is none.
func (d *database) get(ctx context.Context, store, key string) (js.Value, error) {
	var request js.Value
	err := d.transact(ctx, readOnly, []any{store}, func(tx js.Value) {
		request = tx.Call("objectStore", store).Call("get", key)
	})
	if err != nil {
		return js.Undefined(), err
	}
	return request.Get("result"), nil
}
