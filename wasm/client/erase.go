package client

import (
	"context"
	"errors"
)

// Erase destroys every record and every key of this device, in one step as far as the store can, and ends the engine.
// The account cannot be used from here any more; what others and the server have stays with them. When the store
// fails nothing was destroyed, and it can be called again.
func (e *Engine) Erase(ctx context.Context) error {
	e.end()
	var counters []uint64
	if id := e.identity(); id != nil {
		for _, p := range id.record.Prekeys {
			counters = append(counters, p.Counter)
		}
	}
	if err := e.ports.Store.Erase(ctx); err != nil {
		return storage(err)
	}
	err := e.ports.Keys.Destroy(ctx, signerName)
	for _, counter := range counters {
		err = errors.Join(err, e.ports.Keys.Destroy(ctx, decrypterName(counter)))
	}
	e.emit(ErasedEvent{})
	return storage(err)
}
