package epoch

import (
	"bytes"
	"crypto/sha256"

	"sotto/wasm/account"
	"sotto/wasm/cose"
)

type directID struct {
	_     struct{} `cbor:",toarray"`
	Label string
	Low   account.ID
	High  account.ID
}

// DirectID is the id of the conversation between two accounts: the first 16 bytes of
// SHA-256([ "sotto/1 direct", lower id, higher id ]). Both sides know it without asking anyone.
func DirectID(a, b account.ID) ConversationID {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	h := sha256.Sum256(cose.Marshal(directID{Label: "sotto/1 direct", Low: a, High: b}))
	return ConversationID(h[:16])
}
