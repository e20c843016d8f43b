package wire

import (
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// NonceSize is the length of a login nonce in bytes.
const NonceSize = 32

// Hello is the first frame of a session.
type Hello struct {
	_      struct{}        `cbor:",toarray"`
	Nonce  [NonceSize]byte // to be signed within 30 s, once
	Time   uint64          // the relay's clock, milliseconds since 1970: a hint for people, never for a rule
	Origin string          // the origin a login here must name; a client compares it with its own address
}

// Done answers what has nothing more to say.
type Done struct {
	_ struct{} `cbor:",toarray"`
}

// Account answers [Lookup].
type Account struct {
	_       struct{} `cbor:",toarray"`
	Account account.ID
}

// ChainPage answers [Chain]. Handle is the relay's word for who points to the account: a name to show, never a
// proof. More says that links after these exist; prekeys come with the last page only.
type ChainPage struct {
	_       struct{} `cbor:",toarray"`
	Handle  string
	Links   [][]byte
	Prekeys [][]byte
	More    bool
}

// Head is the newest position of a conversation.
type Head struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Position     epoch.Position
	Receipts     uint64 // how many receipts the relay has taken in this conversation
}

// Heads answers [Prekey]: where each of the device's conversations stood when the prekey was replaced.
type Heads struct {
	_     struct{} `cbor:",toarray"`
	Heads []Head
}

// Stored answers [Commit], [Message] and [Leave]: the event is on disk at this position. A repetition of the same bytes
// gets the first answer.
type Stored struct {
	_        struct{} `cbor:",toarray"`
	Position epoch.Position
}

// Event is one event of a log as the relay hands it out.
type Event struct {
	_        struct{} `cbor:",toarray"`
	Position epoch.Position
	Kind     epoch.Kind
	Event    []byte
	Wrap     []byte // with a commit: the session's device's own wrap, else empty
}

// EventHash is what a newcomer learns of an event that was not meant for it: enough for the log chain.
type EventHash struct {
	_    struct{} `cbor:",toarray"`
	Kind epoch.Kind
	Hash [32]byte // SHA-256 of the event
}

// Asked is what somebody asks of the members; see [Ask].
type Asked struct {
	_   struct{} `cbor:",toarray"`
	Ask []byte
	Tag []byte
}

// Page answers [Fetch]: the next events in order. Receipts and Asks are those kept, and come when the page reaches Head.
// For an account that was added later the first event is the commit that did; Before are then the events between what
// that commit's header has seen and the commit. What a removed account gets ends with the commit that removed it, and
// Head is there.
type Page struct {
	_        struct{} `cbor:",toarray"`
	Events   []Event
	Head     Head
	Receipts [][]byte
	Before   []EventHash
	Asks     []Asked
}

// ConversationPage answers [Conversations].
type ConversationPage struct {
	_     struct{} `cbor:",toarray"`
	Heads []Head
	More  bool
}

// EventPush tells a member's session of a new event.
type EventPush struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Event        Event
}

// ReceiptPush tells a member's session of a new receipt.
type ReceiptPush struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Receipts     uint64 // as in [Head]
	Signal       []byte
}

// AskPush tells a member's session of a new [Ask].
type AskPush struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Ask          []byte
	Tag          []byte
}

// Kind implements [Body].
func (Hello) Kind() Kind { return KindHello }

// Kind implements [Body].
func (Done) Kind() Kind { return KindDone }

// Kind implements [Body].
func (Account) Kind() Kind { return KindAccount }

// Kind implements [Body].
func (ChainPage) Kind() Kind { return KindChainPage }

// Kind implements [Body].
func (Heads) Kind() Kind { return KindHeads }

// Kind implements [Body].
func (Stored) Kind() Kind { return KindStored }

// Kind implements [Body].
func (Page) Kind() Kind { return KindPage }

// Kind implements [Body].
func (ConversationPage) Kind() Kind { return KindConversationPage }

// Kind implements [Body].
func (EventPush) Kind() Kind { return KindEventPush }

// Kind implements [Body].
func (ReceiptPush) Kind() Kind { return KindReceiptPush }

// Kind implements [Body].
func (AskPush) Kind() Kind { return KindAskPush }
