package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"math"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// Standing implements [store.Log].
func (s *Store) Standing(ctx context.Context, id epoch.ConversationID) (store.Standing, error) {
	var st store.Standing
	err := s.readers.view(ctx, func(v view) error {
		return v.find(readStanding, []any{id[:]}, &st.Number, &st.Commit)
	})
	return st, err
}

// Page implements [store.Log].
func (s *Store) Page(ctx context.Context, q store.Query) (store.Page, error) {
	var p store.Page
	err := s.readers.view(ctx, func(v view) error {
		row, err := v.membership(q.Conversation, q.Reader.Account)
		if err != nil {
			return err
		}
		return v.page(&p, q, row)
	})
	if err != nil {
		return store.Page{}, err
	}
	return p, nil
}

// membership gives the row of a conversation that an account is in. It returns [store.ErrNotMember].
func (v view) membership(id epoch.ConversationID, account account.ID) (int64, error) {
	var row int64
	err := v.find(readMembership, []any{id[:], account[:]}, &row)
	if errors.Is(err, store.ErrNotFound) {
		err = store.ErrNotMember
	}
	return row, err
}

func (v view) page(p *store.Page, q store.Query, row int64) error {
	after := int64(min(q.After, math.MaxInt64))
	p.Head.Conversation = q.Conversation
	var id []byte
	if err := v.find(readHead, []any{row}, &id, &p.Head.Position, &p.Head.Receipts); err != nil {
		return err
	}
	if err := v.events(p, row, after, q.MaxBytes); err != nil {
		return err
	}
	reached := q.After
	if n := len(p.Events); n > 0 {
		reached = p.Events[n-1].Position
		if err := v.wraps(p, q, row, after, int64(reached)); err != nil {
			return err
		}
	}
	if reached < p.Head.Position {
		return nil
	}
	return v.receipts(p, row)
}

func (v view) events(p *store.Page, row, after int64, maxBytes int) error {
	size := 0
	return v.each(readEvents, []any{row, after}, func(rows *sql.Rows) (bool, error) {
		var e store.Event
		if err := rows.Scan(&e.Position, &e.Kind, &e.Bytes); err != nil {
			return false, err
		}
		if size += eventSize(e); size > maxBytes && len(p.Events) > 0 {
			return false, nil
		}
		p.Events = append(p.Events, e)
		return true, nil
	})
}

// eventSize is what an event takes in a page, with its numbers and, for a commit, a wrap.
func eventSize(e store.Event) int {
	if e.Kind == epoch.KindCommit {
		return len(e.Bytes) + maxWrap + 32
	}
	return len(e.Bytes) + 32
}

// maxWrap is a bound of a wrap's size: a composite ciphertext, a sealed secret and their frame.
const maxWrap = 2 << 10

// wraps adds the reader's own wraps to the commits of a page.
func (v view) wraps(p *store.Page, q store.Query, row, after, last int64) error {
	first := p.Events[0].Position
	args := []any{q.Reader.Device[:], row, after, last}
	return v.each(readWraps, args, func(rows *sql.Rows) (bool, error) {
		var position epoch.Position
		var wrap []byte
		if err := rows.Scan(&position, &wrap); err != nil {
			return false, err
		}
		p.Events[position-first].Wrap = wrap // positions have no gaps
		return true, nil
	})
}

func (v view) receipts(p *store.Page, row int64) error {
	return v.each(readReceipts, []any{row}, func(rows *sql.Rows) (bool, error) {
		var signal []byte
		if err := rows.Scan(&signal); err != nil {
			return false, err
		}
		p.Receipts = append(p.Receipts, signal)
		return true, nil
	})
}

// Conversations implements [store.Log].
func (s *Store) Conversations(ctx context.Context, id account.ID, after *epoch.ConversationID, limit int) ([]store.Head, bool, error) {
	heads := []store.Head{}
	from := []byte{}
	if after != nil {
		from = after[:]
	}
	err := s.readers.view(ctx, func(v view) error {
		return v.each(readConversations, []any{from, id[:], limit + 1}, func(rows *sql.Rows) (bool, error) {
			h, err := scanHead(rows)
			heads = append(heads, h)
			return true, err
		})
	})
	if err != nil {
		return nil, false, err
	}
	if len(heads) > limit {
		return heads[:limit], true, nil
	}
	return heads, false, nil
}
