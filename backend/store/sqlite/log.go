package sqlite

import (
	"context"
	"database/sql"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// Standing implements [store.Log].
func (s *Store) Standing(ctx context.Context, id epoch.ConversationID) (store.Standing, error) {
	var st store.Standing
	err := s.readers.view(ctx, func(v view) error {
		if err := v.find(readStanding, []any{id[:]}, &st.Number, &st.Commit); err != nil {
			return err
		}
		return v.each(readLeft, []any{id[:]}, func(rows *sql.Rows) (bool, error) {
			var left []byte
			if err := rows.Scan(&left, &st.LeftAt); err != nil {
				return false, err
			}
			st.Left = append(st.Left, account.ID(left))
			return true, nil
		})
	})
	if err != nil {
		return store.Standing{}, err
	}
	return st, nil
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
