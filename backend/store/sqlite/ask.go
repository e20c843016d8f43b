package sqlite

import (
	"database/sql"
	"math"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// Ask implements [store.Log].
func (s *Store) Ask(a store.Ask, done func(store.Asked, error)) {
	var result store.Asked
	s.add(&op{
		size: len(a.Ask) + len(a.Tag),
		run:  func(w *writer) (err error) { result, err = w.ask(a); return err },
		tell: func(err error) { done(result, err) },
	})
}

func (w *writer) ask(a store.Ask) (store.Asked, error) {
	conv, err := w.conversation(a.Conversation)
	if err != nil {
		return store.Asked{}, err
	}
	switch {
	case conv == nil:
		return store.Asked{}, store.ErrNotMember
	case a.Epoch != conv.id:
		return store.Asked{}, &store.StaleEpochError{Newest: conv.number}
	}
	device, err := w.device(a.Sender.Device)
	if err != nil {
		return store.Asked{}, err
	}
	var ask, tag []byte
	if _, err := w.find(findAsk, []any{conv.row, device}, &ask, &tag); err != nil {
		return store.Asked{}, err
	}
	if string(ask) == string(a.Ask) && string(tag) == string(a.Tag) {
		return store.Asked{Repeated: true, Roster: conv.roster}, nil
	}
	if err := w.roomToAsk(conv, a, device); err != nil {
		return store.Asked{}, err
	}
	var link any
	if a.Link != nil {
		link = a.Link[:]
	}
	err = w.exec(putAsk, conv.row, device, link, int64(min(a.Expiry, math.MaxInt64)), a.Ask, a.Tag)
	return store.Asked{Roster: conv.roster}, err
}

// roomToAsk says whether others leave room for one more request of the kind, once those that expired are gone.
func (w *writer) roomToAsk(conv *conversation, a store.Ask, device int64) error {
	if err := w.exec(expireAsks, conv.row, int64(min(a.Now, math.MaxInt64))); err != nil {
		return err
	}
	limit := store.MaxRejoins
	if a.Link != nil {
		limit = store.MaxJoins
	}
	var n int
	if _, err := w.find(countAsks, []any{conv.row, device, a.Link != nil}, &n); err != nil {
		return err
	}
	if n >= limit {
		return store.ErrCrowded
	}
	return nil
}

// Unask implements [store.Log].
func (s *Store) Unask(by store.Sender, id epoch.ConversationID, done func(error)) {
	s.add(&op{
		size: 64,
		run:  func(w *writer) error { return w.exec(dropOwnAsk, id[:], by.Device[:]) },
		tell: done,
	})
}

// honoured removes what nobody need honour any more once the epoch of header h is open: requests to be let back in,
// which name the epoch before, and those by who is in, or by links that are gone or used up.
func (w *writer) honoured(h *epoch.Header, next *conversation) error {
	open := map[string]bool{}
	for _, r := range h.Room {
		for _, l := range r.Links {
			open[string(l.ID[:])] = uint64(len(l.Used)) < l.Uses
		}
	}
	var gone []int64
	err := w.each(asksOf, []any{next.row}, func(rows *sql.Rows) error {
		var row int64
		var id, link []byte
		if err := rows.Scan(&row, &id, &link); err != nil {
			return err
		}
		if !open[string(link)] || next.roster.HasAccount(account.ID(id)) {
			gone = append(gone, row)
		}
		return nil
	})
	for _, row := range gone {
		if err == nil {
			err = w.exec(dropAsk, row)
		}
	}
	return err
}
