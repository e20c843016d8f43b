package client

import (
	"errors"
	"fmt"

	"sotto/wasm/wire"
)

// Error is a failure that a person can be told: its code is one of a closed list.
type Error struct {
	code string
	err  error
}

// Code is the short name that the frontend has words for.
func (e *Error) Code() string { return e.code }

// Error names the code and the cause.
func (e *Error) Error() string {
	if e.err == nil {
		return e.code
	}
	return e.code + ": " + e.err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.err }

// The codes of [Error].
const (
	CodeHandleInvalid = "handle-invalid"
	CodeHandleTaken   = "handle-taken"
	CodeUnknownHandle = "unknown-handle"
	CodeSelf          = "self"
	CodeOffline       = "offline"
	CodeLimited       = "limited"
	CodeClosed        = "registration-closed"
	CodeTooLong       = "too-long"
	CodeEmpty         = "empty"
	CodeBlocked       = "blocked"
	CodeNotFound      = "not-found"
	CodeNotSent       = "not-sent"
	CodeNotJoined     = "not-joined"
	CodeJoined        = "already-joined"
	CodeStorageFull   = "storage-full"
	CodeStorageFailed = "storage-failed"
	CodeCorrupt       = "storage-corrupt"
	CodeOrigin        = "wrong-origin"
	CodeRefused       = "refused"
	CodeServerLied    = "server-lied"
	CodeNameInvalid   = "name-invalid" // of a group
	CodeNotAllowed    = "not-allowed"  // only an admin may
	CodeLastAdmin     = "last-admin"   // somebody who stays has to be one first
	CodeEnded         = "ended"        // the group has ended here
	CodeTooMany       = "too-many"     // members, or links
	CodeLinkInvalid   = "link-invalid" // not a room link of this server
)

func failure(code string, err error) error { return &Error{code: code, err: err} }

// codeOf names what went wrong for people.
func codeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.code
	}
	return CodeRefused
}

// storage turns a store's failure into one with a code.
func storage(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrStorageFull):
		return failure(CodeStorageFull, err)
	case errors.Is(err, ErrStorageCorrupt):
		return failure(CodeCorrupt, err)
	default:
		return failure(CodeStorageFailed, err)
	}
}

// Opening gives a store's failure to open a code. What has one, and what is none of [Store]'s failures, stays as it is.
func Opening(err error) error {
	if coded := interface{ Code() string }(nil); errors.As(err, &coded) {
		return err
	}
	for _, known := range []error{ErrStorageFull, ErrStorageCorrupt, ErrStorageFailed} {
		if errors.Is(err, known) {
			return storage(err)
		}
	}
	return err
}

var relayCodes = map[wire.Code]string{
	wire.CodeHandleTaken: CodeHandleTaken, wire.CodeHandleInvalid: CodeHandleInvalid,
	wire.CodeNotFound: CodeUnknownHandle, wire.CodeLimited: CodeLimited, wire.CodeRegisterClosed: CodeClosed,
	wire.CodeStorage: CodeOffline, wire.CodeClosing: CodeOffline,
}

// fromRelay turns a refusal or a lost connection into one with a code.
func fromRelay(err error) error {
	var refused wire.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		if code, ok := relayCodes[refused.Code]; ok {
			return failure(code, err)
		}
		return failure(CodeRefused, err)
	case errors.Is(err, errOffline):
		return failure(CodeOffline, err)
	}
	return err
}

// refusal gives the relay's code in err, 0 if it holds none.
func refusal(err error) (code wire.Code, detail uint64) {
	var refused wire.Error
	if errors.As(err, &refused) {
		return refused.Code, refused.Detail
	}
	return 0, 0
}

var errOffline = errors.New("no connection to the relay")

// errLied is an answer that contradicts itself: nothing in it is used.
var errLied = fmt.Errorf("%w", &Error{code: CodeServerLied})
