package sqlite_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"testing"

	"sotto/backend/store"
	"sotto/backend/store/sqlite"
	"sotto/backend/store/storetest"
	"sotto/wasm/epoch"
)

// TestMigrateFirstSchema opens data that was written before there were groups: everything is there, and the log goes on
// where it stood.
func TestMigrateFirstSchema(t *testing.T) {
	dir := t.TempDir()
	c := storetest.Between(storetest.NewPerson("alice"), storetest.NewPerson("bob"))
	c.Epoch = epoch.ID{7}
	var events [][]byte
	err := sqlite.MigrateTo(t.Context(), dir, 1, func(db *sql.DB) error {
		for i, p := range c.People {
			insert(t, db, "accounts", i+1, p.Sender.Account[:], string(p.Handle), 1)
			insert(t, db, "links", i+1, 0, p.Link.Hash[:], p.Link.Bytes)
			insert(t, db, "devices", i+1, p.Sender.Device[:], i+1, p.Registration.Device.Key.Bytes(), 1)
			insert(t, db, "prekeys", i+1, 1, p.Prekey.Thumbprint[:], p.Prekey.Bytes)
		}
		insert(t, db, "conversations", 1, c.ID[:], 0, c.Epoch[:], 1)
		insert(t, db, "slots", 1, 0, 1, 1)
		insert(t, db, "slots", 1, 1, 2, 2)
		for position := 1; position <= 2500; position++ {
			event := bytes.Repeat([]byte{byte(position)}, 100)
			hash := sha256.Sum256(event)
			if events = append(events, event); position == 1 {
				insert(t, db, "events", position, 1, position, 1, 0, nil, nil, 1, hash[:], event)
			} else {
				insert(t, db, "events", position, 1, position, 3, 0, 0, position, 1, hash[:], event)
			}
		}
		insert(t, db, "wraps", 1, 2, 1, []byte("wrap"))
		insert(t, db, "receipts", 1, 2, 5, []byte("signal"))
		insert(t, db, "cursors", 1, 2, 3)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w := storetest.NewWorld(t, opener(t, dir))
	for i, p := range c.People {
		page, err := w.Store.Page(t.Context(), store.Query{Reader: p.Sender, Conversation: c.ID, MaxBytes: 1 << 20})
		if err != nil || len(page.Events) != len(events) || page.Head.Receipts != 5 || len(page.Receipts) != 1 || len(page.Before) != 0 {
			t.Fatalf("%d events, head %+v, %v", len(page.Events), page.Head, err)
		}
		if hasWrap := page.Events[0].Wrap != nil; hasWrap != (i == 1) || !bytes.Equal(page.Events[2499].Bytes, events[2499]) {
			t.Errorf("%s reads other events", p.Handle)
		}
	}
	if at := w.Commit(c, c.High); at != 2501 { // with the log chain over all of it
		t.Errorf("the next commit is at %d", at)
	}
	w.Append(c.Message(c.Low, 0, 10))
}

func insert(t *testing.T, db *sql.DB, table string, values ...any) {
	t.Helper()
	marks := bytes.Repeat([]byte(", ?"), len(values))[2:]
	if _, err := db.ExecContext(t.Context(), "INSERT INTO "+table+" VALUES ("+string(marks)+")", values...); err != nil {
		t.Fatalf("%s: %v", table, err)
	}
}
