package epoch

import (
	"crypto/sha256"

	"sotto/wasm/cose"
)

const logLabel = "sotto/1 log"

// LogHash is L[p], the hash of a conversation's whole history up to a position.
type LogHash [32]byte

// Seen names the newest event its author had processed: a position and L there.
type Seen struct {
	_        struct{} `cbor:",toarray"`
	Position Position
	Log      LogHash
}

type logStart struct {
	_            struct{} `cbor:",toarray"`
	Label        string
	Conversation ConversationID
}

type logLink struct {
	_            struct{} `cbor:",toarray"`
	Label        string
	Conversation ConversationID
	Position     Position
	Before       LogHash
	Kind         Kind
	Event        [32]byte
}

// LogStart is L[0] = SHA-256([ "sotto/1 log", conversation ]).
func LogStart(c ConversationID) LogHash {
	return sha256.Sum256(cose.Marshal(logStart{Label: logLabel, Conversation: c}))
}

// LogNext is L[p] of the event at position p, given L[p-1] and the SHA-256 of the event's bytes.
func LogNext(c ConversationID, p Position, before LogHash, kind Kind, event [32]byte) LogHash {
	return sha256.Sum256(cose.Marshal(logLink{
		Label: logLabel, Conversation: c, Position: p, Before: before, Kind: kind, Event: event,
	}))
}
