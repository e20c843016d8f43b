package wire

import "sotto/wasm/epoch"

// Kinds of frames for signals that nobody keeps.
const (
	KindActivity     Kind = 14 // answered by Done
	KindActivityPush Kind = 83
)

// MaxActivity bounds a sealed activity, in bytes.
const MaxActivity = 256

// Activity asks the relay to pass on what the session's device does just now, to who is there.
type Activity struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Signal       []byte // the COSE_Encrypt0
}

// ActivityPush passes on what another device does.
type ActivityPush struct {
	_            struct{} `cbor:",toarray"`
	Conversation epoch.ConversationID
	Signal       []byte
}

// Kind implements [Body].
func (Activity) Kind() Kind { return KindActivity }

// Kind implements [Body].
func (ActivityPush) Kind() Kind { return KindActivityPush }
