package wire

import (
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// Register creates an account and logs its first device in.
type Register struct {
	_      struct{} `cbor:",toarray"`
	Link   []byte   // link 0 of the chain
	Prekey []byte   // the device's first signed prekey
	Handle string   // what others find the account by
	Login  []byte   // as in [Login]
}

// Login proves that the session is a device's: a COSE_Sign1 over origin, this session's nonce, account and device.
type Login struct {
	_     struct{} `cbor:",toarray"`
	Login []byte
}

// Lookup asks which account a handle points to.
type Lookup struct {
	_      struct{} `cbor:",toarray"`
	Handle string
}

// Chain asks for an account's links from number From on, and its devices' current prekeys.
type Chain struct {
	_       struct{} `cbor:",toarray"`
	Account account.ID
	From    uint64
}

// Prekey replaces the session's device's prekey by one with a higher counter.
type Prekey struct {
	_      struct{} `cbor:",toarray"`
	Prekey []byte
}

// Commit opens an epoch: on the newest one only, by the session's device only.
type Commit struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Commit       []byte   // the COSE_Sign1
	Wraps        [][]byte // one for each device of the roster, in its order; empty for the creator and the absent
}

// Message appends a sealed message: in the newest epoch only, from the session's device's slot only.
type Message struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Event        []byte // the COSE_Encrypt0
}

// Fetch asks for the events after a position.
type Fetch struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	After        epoch.Position
}

// Conversations asks for the account's conversations in the order of their ids.
type Conversations struct {
	_     struct{} `cbor:",toarray"`
	After []byte   // the last id of the page before, empty for the first
}

// Receipt replaces the session's device's kept receipt of a conversation.
type Receipt struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Signal       []byte // the COSE_Encrypt0
}

// Cursor tells how far the session's device has processed a conversation, so that the relay may forget.
type Cursor struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Position     epoch.Position
}

// Ask asks a group's members for something that only a commit of theirs can give: a join request to be let in by a
// link, a rejoin request to be let back in. It replaces what the session's device asked in this conversation before; an
// empty one takes that back.
type Ask struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Ask          []byte // the COSE_Sign1
	Tag          []byte // 32 bytes that show a link's secret to who knows it; empty with a rejoin request
}

// Leave appends a leave event of the session's device: in the newest epoch only.
type Leave struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Event        []byte // the COSE_Sign1
}

// Kind implements [Body].
func (Register) Kind() Kind { return KindRegister }

// Kind implements [Body].
func (Login) Kind() Kind { return KindLogin }

// Kind implements [Body].
func (Lookup) Kind() Kind { return KindLookup }

// Kind implements [Body].
func (Chain) Kind() Kind { return KindChain }

// Kind implements [Body].
func (Prekey) Kind() Kind { return KindPrekey }

// Kind implements [Body].
func (Commit) Kind() Kind { return KindCommit }

// Kind implements [Body].
func (Message) Kind() Kind { return KindMessage }

// Kind implements [Body].
func (Fetch) Kind() Kind { return KindFetch }

// Kind implements [Body].
func (Conversations) Kind() Kind { return KindConversations }

// Kind implements [Body].
func (Receipt) Kind() Kind { return KindReceipt }

// Kind implements [Body].
func (Cursor) Kind() Kind { return KindCursor }

// Kind implements [Body].
func (Ask) Kind() Kind { return KindAsk }

// Kind implements [Body].
func (Leave) Kind() Kind { return KindLeave }
