package epoch

import "encoding/hex"

// ConversationID names a conversation. 16 bytes; how it is derived is the matter of [DirectID] and [GroupID].
type ConversationID [16]byte

// String gives the id in lower-case hexadecimal; ids are public.
func (id ConversationID) String() string { return hex.EncodeToString(id[:]) }

// Position is an event's place in its conversation's log. The first event has position 1; there are no gaps.
type Position uint64

// Number counts a conversation's epochs from 0.
type Number uint64

// ID names one epoch everywhere: E[n], the SHA-256 of what its commit signs.
type ID [32]byte

// String gives the id in lower-case hexadecimal; ids are public.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// Kind says what an event of the log is.
type Kind uint8

// The kinds of events. The values stand in the log chain.
const (
	KindCommit  Kind = 1 // opens an epoch
	KindLeave   Kind = 2 // a member goes: the epoch takes no more messages
	KindMessage Kind = 3 // a sealed message
)
