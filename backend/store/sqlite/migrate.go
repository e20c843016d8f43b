package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"sotto/backend/store"
	"sotto/wasm/epoch"
)

//go:embed migrations/*.sql
var migrations embed.FS

// logVersion is the migration that gives each event L[p], which SQL cannot compute.
const logVersion = 3

func migrate(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", source(path, writerPragmas))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, sub,
		goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(goose.NewGoMigration(logVersion, &goose.GoFunc{RunTx: chainLogs}, nil)))
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", databaseName, err)
	}
	if have > want {
		return fmt.Errorf("%w: schema %d, this one knows %d", store.ErrNewer, have, want)
	}
	if _, err = p.Up(ctx); err != nil {
		return fmt.Errorf("%s: %w", databaseName, err)
	}
	return nil
}

// chainLogs computes L[p] of every event that has none.
func chainLogs(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT id, conversation FROM conversations`)
	if err != nil {
		return err
	}
	names := map[int64]epoch.ConversationID{}
	for rows.Next() {
		var row int64
		var name []byte
		if err := rows.Scan(&row, &name); err != nil {
			return errors.Join(err, rows.Close())
		}
		names[row] = epoch.ConversationID(name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for row, name := range names {
		if err := chainLog(ctx, tx, row, name); err != nil {
			return fmt.Errorf("log of conversation %s: %w", name, err)
		}
	}
	return nil
}

// unchained is an event whose L[p] is to be computed.
type unchained struct {
	row      int64
	position epoch.Position
	kind     epoch.Kind
	hash     []byte
}

// chainLog computes L[p] of a conversation's events, some at a time.
func chainLog(ctx context.Context, tx *sql.Tx, row int64, name epoch.ConversationID) error {
	log, after := epoch.LogStart(name), epoch.Position(0)
	for {
		events, err := nextUnchained(ctx, tx, row, after)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			log, after = epoch.LogNext(name, e.position, log, e.kind, [32]byte(e.hash)), e.position
			if _, err := tx.ExecContext(ctx, `UPDATE events SET log = ? WHERE id = ?`, log[:], e.row); err != nil {
				return err
			}
		}
	}
}

func nextUnchained(ctx context.Context, tx *sql.Tx, row int64, after epoch.Position) (_ []unchained, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, position, kind, hash FROM events
		WHERE conversation = ? AND position > ? ORDER BY position LIMIT 1000`, row, int64(after))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var events []unchained
	for rows.Next() {
		var e unchained
		if err := rows.Scan(&e.row, &e.position, &e.kind, &e.hash); err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, rows.Err()
}
