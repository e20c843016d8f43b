package store

import (
	"errors"
	"fmt"

	"sotto/wasm/epoch"
)

// Why an operation is refused. Nothing was written then.
var (
	ErrNotFound     = errors.New("not found")
	ErrHandleTaken  = errors.New("handle is taken")
	ErrExists       = errors.New("account or device exists already")
	ErrStaleCounter = errors.New("prekey counter is not above the last")
	ErrNotMember    = errors.New("no such conversation for this account")
	ErrStaleEpoch   = errors.New("not the newest epoch")
	ErrStalePrekey  = errors.New("prekey is not the current one")
	ErrStaleHead    = errors.New("chain head is not the current one")
	ErrWrongSender  = errors.New("slot is not the sender's")
	ErrEpochFull    = errors.New("epoch takes no more messages")
	ErrLeft         = errors.New("account has left")
	ErrSeen         = errors.New("names a history that is not this one")
	ErrCrowded      = errors.New("too many are there already")
	ErrReused       = errors.New("another event stands in this slot")
	ErrRange        = errors.New("number is too large to be kept")
)

// Why the store cannot do its work. Nothing was written then, and what was answered before is safe.
var (
	ErrUnavailable = errors.New("store is unavailable")
	ErrFull        = fmt.Errorf("%w: disk is full", ErrUnavailable)
	ErrReadOnly    = fmt.Errorf("%w: data folder cannot be written", ErrUnavailable)
	ErrCorrupt     = fmt.Errorf("%w: database is damaged", ErrUnavailable)
	ErrLocked      = fmt.Errorf("%w: another process uses this data folder", ErrUnavailable)
	ErrNewer       = fmt.Errorf("%w: database was written by a newer version", ErrUnavailable)
	ErrClosed      = fmt.Errorf("%w: closed", ErrUnavailable)
)

// StaleEpochError is [ErrStaleEpoch] with the number that is the newest.
type StaleEpochError struct{ Newest epoch.Number }

// Error names the newest epoch.
func (e *StaleEpochError) Error() string {
	return fmt.Sprintf("%v: that is %d", ErrStaleEpoch, e.Newest)
}

// Unwrap is [ErrStaleEpoch].
func (e *StaleEpochError) Unwrap() error { return ErrStaleEpoch }
