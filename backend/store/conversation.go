package store

import (
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// Sender is the device that a session has proved to be.
type Sender struct {
	Account account.ID
	Device  account.DeviceID
}

// Roster is the current epoch's devices in roster order. It is shared and never changed.
type Roster []Sender

// HasAccount says whether a device of the account is in the roster.
func (r Roster) HasAccount(id account.ID) bool {
	for _, s := range r {
		if s.Account == id {
			return true
		}
	}
	return false
}

// Commit opens an epoch. Header and ID are those of Event.
type Commit struct {
	Sender Sender
	Header *epoch.Header
	ID     epoch.ID
	Event  []byte
	Wraps  [][]byte // in roster order; empty for the creator and the absent
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
}

// Received is a receipt that was taken.
type Received struct {
	Count  uint64 // receipts taken in this conversation, this one included
	Roster Roster
}

// Head is where a conversation stands.
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

// Query asks for the events after a position, as one device sees them.
type Query struct {
	Reader       Sender
	Conversation epoch.ConversationID
	After        epoch.Position
	MaxBytes     int // of events and wraps together; one event comes in any case
}

// Page is the events after a position. Receipts are those kept; they come when the page reaches the head.
type Page struct {
	Events   []Event
	Head     Head
	Receipts [][]byte
}

// Standing is the commit that opened a conversation's newest epoch.
type Standing struct {
	Number epoch.Number
	Commit []byte
}
