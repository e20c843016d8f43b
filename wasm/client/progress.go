package client

import (
	"context"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
)

// kindProgress is how far a member has received and read, by conversation and account.
const kindProgress = "progress"

// progressRecord is how far a member has received and read a conversation: the furthest of its devices.
type progressRecord struct {
	_         struct{} `cbor:",toarray"`
	Version   uint64
	Delivered epoch.Position
	Read      epoch.Position
}

func progressID(c epoch.ConversationID, a account.ID) []byte {
	return append(append([]byte(nil), c[:]...), a[:]...)
}

// loadProgress reads how far the others are.
func (r *room) loadProgress(ctx context.Context) error {
	records, err := r.e.within(ctx, kindProgress, r.id[:])
	if err != nil {
		return err
	}
	for _, record := range records {
		var p progressRecord
		if err := decodeRecord(record, &p); err != nil {
			return err
		}
		r.progress[account.ID(record.Key.ID[len(r.id):])] = p
	}
	return nil
}

// progressed gives what a receipt says as a member's new progress, and the write that keeps it.
func (r *room) progressed(receipt conversation.Receipt) (progressRecord, Write) {
	id := receipt.Sender.Account
	r.mu.Lock()
	p := r.progress[id]
	r.mu.Unlock()
	p.Version = recordVersion
	p.Delivered, p.Read = max(p.Delivered, receipt.Delivered), max(p.Read, receipt.Read)
	return p, put(kindProgress, progressID(r.id, id), p)
}

// others gives the accounts of the newest roster beside the own one. The caller holds mu.
func (r *room) others(own account.ID) []account.ID {
	h := r.conv.Header()
	if h == nil {
		return nil
	}
	var all []account.ID
	for _, m := range h.Roster {
		if m.Account != own {
			all = append(all, m.Account)
		}
	}
	return all
}

// everyone is how far all others are. The caller holds mu.
func (r *room) everyone(others []account.ID) (delivered, read epoch.Position) {
	for i, id := range others {
		p := r.progress[id]
		if i == 0 {
			delivered, read = p.Delivered, p.Read
			continue
		}
		delivered, read = min(delivered, p.Delivered), min(read, p.Read)
	}
	return delivered, read
}

// Told tells how far each of the others has got with a message.
func (e *Engine) Told(ctx context.Context, conv, id string) ([]Told, error) {
	r, err := e.find(conv)
	if err != nil {
		return nil, err
	}
	p, _, err := r.findEntry(ctx, id)
	if err != nil {
		return nil, err
	}
	shared := e.chosen().Receipts
	own := e.identity().chain.ID()
	r.mu.Lock()
	defer r.mu.Unlock()
	told := []Told{}
	for _, other := range r.others(own) {
		is := r.progress[other]
		told = append(told, Told{
			Account: other.String(), Handle: e.handleOf(other), Delivered: is.Delivered >= p, Read: shared && is.Read >= p,
		})
	}
	return told, nil
}
