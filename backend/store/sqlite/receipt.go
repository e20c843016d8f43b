package sqlite

import (
	"sotto/backend/store"
	"sotto/wasm/epoch"
)

// Receipt implements [store.Log].
func (s *Store) Receipt(r store.Receipt, done func(store.Received, error)) {
	var result store.Received
	s.add(&op{
		size: len(r.Signal),
		run:  func(w *writer) (err error) { result, err = w.receipt(r); return err },
		tell: func(err error) { done(result, err) },
	})
}

func (w *writer) receipt(r store.Receipt) (store.Received, error) {
	conv, err := w.member(r.Place.Conversation, r.Sender)
	if err != nil {
		return store.Received{}, err
	}
	slot, ok := conv.roster.Slot(r.Sender)
	switch {
	case !ok:
		return store.Received{}, store.ErrWrongSender
	case conv.roster.Accounts() > store.MaxReceiptAccounts:
		return store.Received{}, store.ErrCrowded
	case r.Place.Number != conv.number:
		return store.Received{}, stale(conv, r.Sender)
	case r.Place.Index != uint64(slot):
		return store.Received{}, store.ErrWrongSender
	}
	if err := w.exec(putReceipt, conv.row, conv.devices[slot], int64(conv.receipts+1), int64(conv.number), r.Signal); err != nil {
		return store.Received{}, err
	}
	conv.receipts++
	return store.Received{Count: conv.receipts, Roster: conv.roster}, nil
}

// Cursor implements [store.Log].
func (s *Store) Cursor(c store.Cursor, done func(error)) {
	s.add(&op{size: 64, run: func(w *writer) error { return w.cursor(c) }, tell: done})
}

func (w *writer) cursor(c store.Cursor) error {
	conv, err := w.conversation(c.Conversation)
	if err != nil {
		return err
	}
	if conv == nil {
		return store.ErrNotMember
	}
	device, head, err := w.readsTo(conv, c.Sender)
	if err != nil {
		return err
	}
	if c.Position > head {
		return store.ErrRange
	}
	return w.exec(putCursor, conv.row, device, int64(c.Position))
}

// readsTo gives a device's row and up to where its account may read a conversation.
func (w *writer) readsTo(conv *conversation, by store.Sender) (int64, epoch.Position, error) {
	if slot, ok := conv.roster.Slot(by); ok {
		return conv.devices[slot], conv.head, nil
	}
	if conv.roster.HasAccount(by.Account) {
		return 0, 0, store.ErrNotMember
	}
	device, err := w.device(by.Device)
	if err != nil {
		return 0, 0, err
	}
	var last epoch.Position
	found, err := w.find(findOut, []any{conv.row, by.Account[:]}, &last)
	if err == nil && !found {
		err = store.ErrNotMember
	}
	return device, last, err
}
