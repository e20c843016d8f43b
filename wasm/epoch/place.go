package epoch

import (
	"fmt"

	"sotto/wasm/cose"
)

// Header 16 of what is sealed under an epoch's keys.
const (
	TypeMessage cose.Type = "application/vnd.sotto.message"
	TypeSignal  cose.Type = "application/vnd.sotto.signal"
)

// Place is header -65537 of a message or signal: where it says it belongs. The relay checks it against the session,
// the receiver against its own keys, which open it nowhere else.
type Place struct {
	_            struct{} `cbor:",toarray"`
	Conversation ConversationID
	Number       Number
	Index        uint64 // the sender's slot in the roster
	Generation   uint64 // of the sender's ratchet; of a signal its counter
}

// Sealed is a message or signal that was read and not yet opened.
type Sealed struct {
	Place
	*cose.Encrypt0
}

// ParseSealed reads a COSE_Encrypt0 of the type with its place. It opens nothing.
func ParseSealed(data []byte, typ cose.Type, limit int) (Sealed, error) {
	e, err := cose.ParseEncrypt0(data, typ, limit)
	if err != nil {
		return Sealed{}, err
	}
	var p Place
	if err := cose.Unmarshal(e.Place, &p, 64); err != nil {
		return Sealed{}, fmt.Errorf("place: %w", err)
	}
	return Sealed{Place: p, Encrypt0: e}, nil
}
