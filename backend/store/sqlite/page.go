package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"

	"sotto/backend/store"
	"sotto/wasm/epoch"
)

// Page implements [store.Log].
func (s *Store) Page(ctx context.Context, q store.Query) (store.Page, error) {
	var p store.Page
	err := s.readers.view(ctx, func(v view) error {
		r, err := v.reader(q)
		if err != nil {
			return err
		}
		p, err = v.page(q, r)
		return err
	})
	if err != nil {
		return store.Page{}, err
	}
	return p, nil
}

// reader is who reads a page and what of the log it may read next.
type reader struct {
	row    int64 // of the conversation
	member bool
	head   store.Head
	seen   int64 // of the commit at first
	first  int64
	last   int64
}

// reader gives the first span of the log that has something behind q's position. It returns [store.ErrNotMember] for an
// account that was never let in.
func (v view) reader(q store.Query) (reader, error) {
	var r reader
	var row int64
	var out sql.NullInt64
	err := v.find(readNewestSpan, []any{q.Conversation[:], q.Reader.Account[:]}, &r.row, &row, &out)
	if errors.Is(err, store.ErrNotFound) {
		return r, store.ErrNotMember
	}
	if err != nil {
		return r, err
	}
	r.member, r.head.Conversation = !out.Valid, q.Conversation
	if r.member {
		var id []byte
		err = v.find(readHead, []any{r.row}, &id, &r.head.Position, &r.head.Receipts)
	} else {
		r.head.Position = epoch.Position(out.Int64)
	}
	if err != nil {
		return r, err
	}
	var last sql.NullInt64
	err = v.find(readSpan, []any{r.row, row, bounded(q.After)}, &r.seen, &r.first, &last)
	if errors.Is(err, store.ErrNotFound) {
		return r, nil // behind all there is
	}
	if r.last = last.Int64; !last.Valid {
		r.last = int64(r.head.Position)
	}
	return r, err
}

// bounded gives a position in the database's integers; there is none beyond them.
func bounded(p epoch.Position) int64 { return int64(min(p, math.MaxInt64)) }

func (v view) page(q store.Query, r reader) (store.Page, error) {
	p := store.Page{Head: r.head}
	after := max(bounded(q.After), r.first-1)
	left := q.MaxBytes
	if r.first > bounded(q.After) {
		if err := v.hashes(&p, r); err != nil {
			return p, err
		}
		left -= len(p.Before) * hashSize
	}
	left, err := v.events(&p, r, after, left)
	if err != nil {
		return p, err
	}
	reached := q.After
	if n := len(p.Events); n > 0 {
		reached = p.Events[n-1].Position
		if err := v.wraps(&p, q, r.row, after, int64(reached)); err != nil {
			return p, err
		}
	}
	if !r.member || reached < r.head.Position {
		return p, nil
	}
	return p, v.kept(&p, q, r, left)
}

// Sizes of what is in a page, with their frames.
const (
	maxWrap   = 2 << 10 // a bound: a composite ciphertext, a sealed secret
	hashSize  = 40
	frameSize = 32
)

// hashes gives what a newcomer needs of what was before it came.
func (v view) hashes(p *store.Page, r reader) error {
	return v.each(readHashes, []any{r.row, r.seen, r.first}, func(rows *sql.Rows) (bool, error) {
		var h store.EventHash
		var hash []byte
		if err := rows.Scan(&h.Kind, &hash); err != nil {
			return false, err
		}
		copy(h.Hash[:], hash)
		p.Before = append(p.Before, h)
		return true, nil
	})
}

// events fills the page up to its size and gives how much of that is left.
func (v view) events(p *store.Page, r reader, after int64, left int) (int, error) {
	err := v.each(readEvents, []any{r.row, after, r.last}, func(rows *sql.Rows) (bool, error) {
		var e store.Event
		if err := rows.Scan(&e.Position, &e.Kind, &e.Bytes); err != nil {
			return false, err
		}
		size := eventSize(e)
		if size > left && len(p.Events) > 0 {
			return false, nil
		}
		left -= size
		p.Events = append(p.Events, e)
		return true, nil
	})
	return left, err
}

// eventSize is what an event takes in a page, with its numbers and, for a commit, a wrap.
func eventSize(e store.Event) int {
	if e.Kind == epoch.KindCommit {
		return len(e.Bytes) + maxWrap + frameSize
	}
	return len(e.Bytes) + frameSize
}

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

// kept adds receipts and requests. Where they do not fit behind the events the last of those waits for the next page,
// which then reaches the head again; beside one event there is always room.
func (v view) kept(p *store.Page, q store.Query, r reader, left int) error {
	err := v.each(readReceipts, []any{r.row, store.MaxReceipts}, func(rows *sql.Rows) (bool, error) {
		var signal []byte
		err := rows.Scan(&signal)
		p.Receipts = append(p.Receipts, signal)
		left -= len(signal) + frameSize
		return true, err
	})
	if err != nil {
		return err
	}
	slices.Reverse(p.Receipts) // the newest were read first
	now := int64(min(q.Now, math.MaxInt64))
	err = v.each(readAsks, []any{r.row, now}, func(rows *sql.Rows) (bool, error) {
		var a store.Request
		err := rows.Scan(&a.Ask, &a.Tag)
		p.Asks = append(p.Asks, a)
		left -= len(a.Ask) + len(a.Tag) + frameSize
		return true, err
	})
	if n := len(p.Events); left < 0 && n > 1 {
		p.Events, p.Receipts, p.Asks = p.Events[:n-1], nil, nil
	}
	return err
}
