package relay

import (
	"errors"
	"time"

	"sotto/backend/store"
	"sotto/wasm/wire"
)

// refusals says what a client is told of the store's refusals.
var refusals = []struct {
	err  error
	code wire.Code
}{
	{store.ErrNotFound, wire.CodeNotFound},
	{store.ErrHandleTaken, wire.CodeHandleTaken},
	{store.ErrExists, wire.CodeHandleTaken},
	{store.ErrStaleCounter, wire.CodeStaleCounter},
	{store.ErrNotMember, wire.CodeNotMember},
	{store.ErrStalePrekey, wire.CodeStalePrekey},
	{store.ErrStaleHead, wire.CodeStaleHead},
	{store.ErrWrongSender, wire.CodeWrongSender},
	{store.ErrEpochFull, wire.CodeEpochFull},
	{store.ErrLeft, wire.CodeCommitRefused},
	{store.ErrSeen, wire.CodeCommitRefused},
	{store.ErrReused, wire.CodeReused},
	{store.ErrRange, wire.CodeMalformed},
	{store.ErrClosed, wire.CodeClosing},
}

// refusal is why something is not stored.
type refusal struct {
	code   wire.Code
	detail uint64
}

// Error names the code.
func (r refusal) Error() string { return r.code.String() }

// notStored answers a request that was refused, or that failed, before the store had it.
func (s *session) notStored(id uint64, err error) {
	var r refusal
	if errors.As(err, &r) {
		s.refuse(id, r.code, r.detail)
		return
	}
	s.failed(id, err)
}

// failed answers a request that the store refused or could not do.
func (s *session) failed(id uint64, err error) {
	var stale *store.StaleEpochError
	if errors.As(err, &stale) {
		s.refuse(id, wire.CodeStaleEpoch, uint64(stale.Newest))
		return
	}
	for _, r := range refusals {
		if errors.Is(err, r.err) {
			s.refuse(id, r.code, 0)
			return
		}
	}
	s.relay.fault(err)
	s.refuse(id, wire.CodeStorage, 0)
}

// tooLarge answers a request with a part of more than limit bytes.
func (s *session) tooLarge(id uint64, size, limit int) bool {
	if size <= limit {
		return false
	}
	s.refuse(id, wire.CodeTooLarge, uint64(limit))
	return true
}

// mayWrite counts something to be written with a rate of the device.
func (s *session) mayWrite(id uint64, r *rates[deviceKey]) bool {
	return s.within(id, r.take(s.sender.Device))
}

// clock is the relay's clock in milliseconds since 1970.
func clock() uint64 { return uint64(time.Now().UnixMilli()) }
