package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"

	"github.com/pressly/goose/v3"

	"sotto/backend/store/batch"
)

// OpenUngrouped opens a store that gives each operation a transaction of its own.
func OpenUngrouped(ctx context.Context, dir string) (*Store, error) {
	return open(ctx, dir, batch.Limits{Ops: 1, Bytes: 1, Queue: limits.Queue})
}

// MigrateTo makes a database in the folder with the schema of a version that SQL alone leads to, and fills it.
func MigrateTo(ctx context.Context, dir string, version int64, fill func(*sql.DB) error) (err error) {
	path, err := databaseFile(dir)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", source(path, writerPragmas))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, sub, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return err
	}
	return fill(db)
}
