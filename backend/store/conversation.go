package store

import (
	"bytes"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// Sender is the device that a session has proved to be.
type Sender struct {
	Account account.ID
	Device  account.DeviceID
}

// Roster is the current epoch's devices in roster order: by account, then by device. It is shared and never changed.
type Roster []Sender

// HasAccount says whether a device of the account is in the roster.
func (r Roster) HasAccount(id account.ID) bool {
	_, ok := slices.BinarySearchFunc(r, id, func(s Sender, id account.ID) int {
		return bytes.Compare(s.Account[:], id[:])
	})
	return ok
}

// Slot gives the sender's place in the roster.
func (r Roster) Slot(s Sender) (int, bool) {
	return slices.BinarySearchFunc(r, s, func(a, b Sender) int {
		if c := bytes.Compare(a.Account[:], b.Account[:]); c != 0 {
			return c
		}
		return bytes.Compare(a.Device[:], b.Device[:])
	})
}

// Accounts counts the roster's accounts.
func (r Roster) Accounts() int {
	n := 0
	for i, s := range r {
		if i == 0 || r[i-1].Account != s.Account {
			n++
		}
	}
	return n
}

// Without gives those of r whose account is not in other.
func (r Roster) Without(other Roster) Roster {
	var rest Roster
	for _, s := range r {
		if !other.HasAccount(s.Account) {
			rest = append(rest, s)
		}
	}
	return rest
}

// Limits of what is kept of a conversation.
const (
	MaxJoins   = 64 // join requests that wait
	MaxRejoins = 64 // rejoin requests that wait

	MaxReceiptAccounts = 64  // accounts of a conversation that still takes receipts
	MaxReceipts        = 128 // of them that come with a page, the newest
)

// Commit opens an epoch. Header and ID are those of Event.
type Commit struct {
	Sender Sender
	Header *epoch.Header
	ID     epoch.ID
	Left   []account.ID // who had left the epoch before when the commit was checked
	Event  []byte
	Wraps  [][]byte // in roster order; empty for the creator and the absent
}

// Leave is a leave event. Conversation, Epoch and Seen are those of Event.
type Leave struct {
	Sender       Sender
	Conversation epoch.ConversationID
	Epoch        epoch.ID
	Seen         epoch.Seen
	Left         []account.ID // who had left the epoch when the event was checked
	Event        []byte
}

// Ask is what a device asks of a conversation's members.
type Ask struct {
	Sender       Sender
	Conversation epoch.ConversationID
	Epoch        epoch.ID      // the newest one, against which the request was checked
	Link         *epoch.LinkID // by which a join request wants in; nil with a rejoin request
	Expiry       uint64        // of a join request that can no longer be honoured, seconds since 1970
	Now          uint64        // the clock when it was asked
	Ask          []byte
	Tag          []byte
}

// Message is a sealed message. Place is that of Event.
type Message struct {
	Sender Sender
	Place  epoch.Place
	Event  []byte
}

// Receipt is a device's newest receipt of a conversation. Place is that of Signal.
type Receipt struct {
	Sender Sender
	Place  epoch.Place
	Signal []byte
}

// Cursor says how far a device has processed a conversation.
type Cursor struct {
	Sender       Sender
	Conversation epoch.ConversationID
	Position     epoch.Position
}

// Appended is where an event was put.
type Appended struct {
	Position epoch.Position
	Repeated bool   // it was there already; nothing was written
	Roster   Roster // who is in the epoch that holds now
	Out      Roster // after a commit: the devices of accounts that it took out
}

// Asked is a request that is kept.
type Asked struct {
	Repeated bool   // it was there already; nothing was written
	Roster   Roster // who is in the epoch that holds now
}

// Received is a receipt that was taken.
type Received struct {
	Count  uint64 // receipts taken in this conversation, this one included
	Roster Roster
}

// Head is where a conversation stands; for an account that was taken out, where it did so.
type Head struct {
	Conversation epoch.ConversationID
	Position     epoch.Position
	Receipts     uint64
}

// Event is one event of a log.
type Event struct {
	Position epoch.Position
	Kind     epoch.Kind
	Bytes    []byte
	Wrap     []byte // with a commit: the wrap of the device that asks, else nil
}

// EventHash is an event that its reader may know of and not read.
type EventHash struct {
	Kind epoch.Kind
	Hash [32]byte // SHA-256 of the event
}

// Request is an [Ask] as it is kept.
type Request struct{ Ask, Tag []byte }

// Query asks for the events after a position, as one device sees them.
type Query struct {
	Reader       Sender
	Conversation epoch.ConversationID
	After        epoch.Position
	MaxBytes     int    // of all that is in the page; one event comes in any case
	Now          uint64 // seconds since 1970: requests that have expired do not come
}

// Page is the next events after a position that the reader's account may read: from the commit that let it in up to the
// one that took it out, if one did. Where it was let in again the page ends there, and the next one begins with the
// commit that did so. Receipts and requests are those kept; they come to members when the page reaches the head.
type Page struct {
	Events   []Event
	Head     Head
	Receipts [][]byte
	Before   []EventHash // when Events begins with a commit that let the reader in: those since what its header has seen
	Asks     []Request
}

// Standing is the commit that opened a conversation's newest epoch and who has left since.
type Standing struct {
	Number epoch.Number
	Commit []byte
	Left   []account.ID   // in the order of the log
	LeftAt epoch.Position // of the last who did
}
