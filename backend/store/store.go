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
	// same transaction; those that its account was taken out of only as long as the device's cursor is not there. The
	// same prekey again succeeds. It returns [ErrStaleCounter] or [ErrNotFound].
	ReplacePrekey(ctx context.Context, p Prekey) ([]Head, error)
}

// Log is the conversations.
type Log interface {
	// Commit appends a commit if its number follows the newest, its Prev is the newest epoch's id, its sender is in
	// that epoch's roster, nobody has left that it does not know of, every prekey and head it names is current, and what
	// it has seen is this log. The same commit again gets its first answer. Else [StaleEpochError], which is also for
	// one that has not seen an event of its sender's own, [ErrNotMember], [ErrStalePrekey], [ErrStaleHead], [ErrSeen].
	Commit(c Commit, done func(Appended, error))
	// Leave appends a leave event if its epoch is the newest, nobody has left that it does not know of, and what it has
	// seen is this log. The same event again gets its first answer, also when its sender is taken out by then. Else
	// [StaleEpochError] as above, [ErrNotMember], [ErrWrongSender], [ErrLeft], [ErrSeen].
	Leave(l Leave, done func(Appended, error))
	// Message appends a message if its epoch is the newest, its index the sender's, and nobody has left. The same
	// message again gets its first answer, also when its sender is taken out by then.
	// Else [StaleEpochError], [ErrNotMember], [ErrWrongSender], [ErrEpochFull], [ErrReused].
	Message(m Message, done func(Appended, error))
	// Receipt replaces the sender's receipt if its epoch is the newest and its index the sender's.
	// Else [StaleEpochError], [ErrNotMember], [ErrWrongSender], [ErrCrowded] in a conversation of too many accounts.
	Receipt(r Receipt, done func(Received, error))
	// Cursor moves the sender's cursor forward; backward is no error and no change. It returns [ErrNotMember], or
	// [ErrRange] beyond the head. An account that was taken out has its own head.
	Cursor(c Cursor, done func(error))
	// Ask replaces what the sender's device asks in a conversation if the epoch is the newest. It is kept until a commit
	// has the account in its roster (a rejoin request: until any commit), no longer has the link or no use of it left,
	// it expires, or the device's prekey is replaced, which a join request names. The same again succeeds.
	// Else [StaleEpochError], [ErrNotMember] when there is no such conversation, [ErrCrowded].
	Ask(a Ask, done func(Asked, error))
	// Unask takes back what the sender's device asks in a conversation, if it does.
	Unask(s Sender, id epoch.ConversationID, done func(error))

	// Standing gives the newest commit of a conversation and who has left since, or [ErrNotFound].
	Standing(ctx context.Context, id epoch.ConversationID) (Standing, error)
	// Page gives the next events that an account may read, or [ErrNotMember] to who never was one.
	Page(ctx context.Context, q Query) (Page, error)
	// Conversations gives at most limit of the conversations that an account is or was in after an id (nil: the
	// first), in the order of their ids, and whether there are more.
	Conversations(ctx context.Context, id account.ID, after *epoch.ConversationID, limit int) ([]Head, bool, error)
}
