package soak

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// truth is a conversation's log as it lies in the relay's database, and who was in it when.
type truth struct {
	rosters []*epoch.Header // that holds at each position, from 1; nil before the first commit
	kinds   []epoch.Kind
	left    map[account.ID]bool // since the newest commit
}

// readTruth reads the log of a conversation without asking anyone but the file. The relay is honest here: it keeps no
// commit that may not follow.
func (h *house) readTruth(conv string) (*truth, error) {
	db, err := sql.Open("sqlite", filepath.Join(h.dir, "sotto.db"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	rows, err := db.Query(`SELECT position, kind, event FROM events JOIN conversations ON conversations.id = events.conversation
		WHERE lower(hex(conversations.conversation)) = ? ORDER BY position`, conv)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	t := &truth{}
	var now *epoch.Header
	for rows.Next() {
		var position int
		var kind epoch.Kind
		var event []byte
		if err := rows.Scan(&position, &kind, &event); err != nil {
			return nil, err
		}
		if position != len(t.kinds)+1 {
			return nil, fmt.Errorf("position %d follows %d", position, len(t.kinds))
		}
		if kind == epoch.KindCommit {
			c, err := epoch.ParseCommit(event)
			if err != nil {
				return nil, fmt.Errorf("position %d: %w", position, err)
			}
			now, t.left = c.Header, map[account.ID]bool{}
		}
		if l, err := epoch.ParseLeave(event); err == nil {
			_, entry, _ := now.Find(l.Device)
			t.left[entry.Account] = true
		}
		t.rosters, t.kinds = append(t.rosters, now), append(t.kinds, kind)
	}
	return t, rows.Err()
}

// has says whether an account may read what stands at a position.
func (t *truth) has(id account.ID, position int64) bool {
	if position < 1 || position > int64(len(t.rosters)) || t.rosters[position-1] == nil {
		return false
	}
	_, ok := t.rosters[position-1].Member(id)
	return ok
}

// inside says whether an account is in at the end and stays.
func (t *truth) inside(id account.ID) bool { return t.has(id, int64(len(t.kinds))) && !t.left[id] }

// newest is the header that holds at the end.
func (t *truth) newest() *epoch.Header {
	if len(t.rosters) == 0 {
		return nil
	}
	return t.rosters[len(t.rosters)-1]
}

// messages counts the messages of the log.
func (t *truth) messages() int {
	return len(slices.DeleteFunc(slices.Clone(t.kinds), func(k epoch.Kind) bool { return k != epoch.KindMessage }))
}

// count gives how many rows a table of the relay's database has, -1 when that cannot be read now.
func (h *house) count(table string) int {
	db, err := sql.Open("sqlite", filepath.Join(h.dir, "sotto.db"))
	if err != nil {
		return -1
	}
	defer func() { _ = db.Close() }()
	n := -1
	if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
		return -1
	}
	return n
}
