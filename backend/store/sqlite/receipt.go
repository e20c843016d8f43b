package sqlite

import "sotto/backend/store"

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
	slot, ok := conv.slot(r.Sender.Device)
	switch {
	case !ok:
		return store.Received{}, store.ErrWrongSender
	case r.Place.Number != conv.number:
		return store.Received{}, stale(conv, r.Sender)
	case r.Place.Index != uint64(slot):
		return store.Received{}, store.ErrWrongSender
	}
	if err := w.exec(putReceipt, conv.row, conv.devices[slot], int64(conv.receipts+1), r.Signal); err != nil {
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
	conv, err := w.member(c.Conversation, c.Sender)
	if err != nil {
		return err
	}
	slot, ok := conv.slot(c.Sender.Device)
	switch {
	case !ok:
		return store.ErrNotMember
	case c.Position > conv.head:
		return store.ErrRange
	}
	return w.exec(putCursor, conv.row, conv.devices[slot], int64(c.Position))
}
