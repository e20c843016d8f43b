package store

import (
	"context"

	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// Store keeps what the relay needs. All methods may be called from any goroutine.
//
// The methods with a done function hand an operation over and return; they wait only while too many operations do.
// done is called once, for all of the store from one goroutine at a time and in the order in which the operations
// were written; it must not wait. Whoever hands two operations over one after the other has them written in that order.
type Store interface {
	Directory
	Log

	// Close waits for what was handed over, then releases everything. Operations that come later get [ErrClosed].
	Close() error
}

// Directory is who there is.
type Directory interface {
	// Register writes a new account. The same registration again succeeds. It returns [ErrHandleTaken] or [ErrExists].
	Register(ctx context.Context, r Registration) error
	// Lookup gives the account of a handle, or [ErrNotFound].
	Lookup(ctx context.Context, handle account.Handle) (account.ID, error)
	// Device gives a device, or [ErrNotFound].
	Device(ctx context.Context, id account.DeviceID) (Device, error)
	// Chain gives an account's links from a number on, together at most maxBytes but at least one if there is one.
	// It returns [ErrNotFound] for an account that does not exist.
	Chain(ctx context.Context, id account.ID, from uint64, maxBytes int) (Chain, error)
	// ReplacePrekey replaces a device's prekey and gives the heads of the device's conversations as they are in the
	// same transaction. The same prekey again succeeds. It returns [ErrStaleCounter] or [ErrNotFound].
	ReplacePrekey(ctx context.Context, p Prekey) ([]Head, error)
}

// Log is the conversations.
type Log interface {
	// Commit appends a commit if its number follows the newest, its Prev is the newest epoch's id, its sender is in
	// that epoch's roster, and every prekey and head it names is current. The same commit again gets its first answer.
	// Else [StaleEpochError], [ErrNotMember], [ErrStalePrekey], [ErrStaleHead].
	Commit(c Commit, done func(Appended, error))
	// Message appends a message if its epoch is the newest and its index the sender's. The same message again gets its
	// first answer. Else [StaleEpochError], [ErrNotMember], [ErrWrongSender], [ErrEpochFull], [ErrReused].
	Message(m Message, done func(Appended, error))
	// Receipt replaces the sender's receipt if its epoch is the newest and its index the sender's.
	// Else [StaleEpochError], [ErrNotMember], [ErrWrongSender].
	Receipt(r Receipt, done func(Received, error))
	// Cursor moves the sender's cursor forward; backward is no error and no change. It returns [ErrNotMember], or
	// [ErrRange] beyond the head.
	Cursor(c Cursor, done func(error))

	// Standing gives the newest commit of a conversation, or [ErrNotFound].
	Standing(ctx context.Context, id epoch.ConversationID) (Standing, error)
	// Page gives the next events, or [ErrNotMember].
	Page(ctx context.Context, q Query) (Page, error)
	// Conversations gives at most limit of an account's conversations after an id (nil: the first), in the order of
	// their ids, and whether there are more.
	Conversations(ctx context.Context, id account.ID, after *epoch.ConversationID, limit int) ([]Head, bool, error)
}
