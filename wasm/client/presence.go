package client

import "sotto/wasm/account"

// viewOthers adds what the others have got and which of them are here. The caller holds mu.
func (r *room) viewOthers(v *Conversation, others []account.ID, s settingsRecord) {
	delivered, read := r.everyone(others)
	v.Delivered = int64(delivered)
	if s.Receipts {
		v.Read = int64(read)
	}
}

func (e *Engine) sharingChanged(before, now settingsRecord) {}
