//go:build js && wasm

package indexeddb

import (
	"errors"
	"fmt"

	"sotto/wasm/client"
	"sotto/wasm/promise"
)

// unavailable is the type of [ErrUnavailable].
type unavailable struct{}

// Error says what the browser lacks.
func (unavailable) Error() string { return "no IndexedDB: the browser's mode or settings refuse it" }

// Code is the error's code for the page.
func (unavailable) Code() string { return "storage-unavailable" }

// Unwrap makes it a kind of [client.ErrStorageFailed].
func (unavailable) Unwrap() error { return client.ErrStorageFailed }

// ErrUnavailable is a browser that gives no database, as some do in a private window.
var ErrUnavailable error = unavailable{}

var (
	errWriter = errors.New("another tab writes to the database")
	errClosed = errors.New("the database is closed")
)

// storageError turns what IndexedDB failed with into the errors of [client.Store].
func storageError(did string, err error) error {
	var rejection *promise.Rejection
	switch {
	case errors.As(err, &rejection) && rejection.Name == "QuotaExceededError":
		return fmt.Errorf("%s: %w", did, client.ErrStorageFull)
	case errors.As(err, &rejection) && rejection.Name == "InvalidStateError":
		return fmt.Errorf("%s: %w: %w", did, client.ErrStorageFailed, errClosed)
	default:
		return fmt.Errorf("%s: %w: %w", did, client.ErrStorageFailed, err)
	}
}
