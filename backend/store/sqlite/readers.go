package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"sotto/backend/store"
)

// readers are the connections that read. Each read sees one state of the whole database.
type readers struct {
	db         *sql.DB
	statements [readCount]*sql.Stmt
}

func newReaders(ctx context.Context, source string, connections int) (*readers, error) {
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	r := &readers{db: db}
	for i, text := range readTexts {
		if r.statements[i], err = db.PrepareContext(ctx, text); err != nil {
			_ = db.Close()
			return nil, fmt.Errorf("prepare %q: %w", text, err)
		}
	}
	return r, nil
}

func (r *readers) close() error {
	var err error
	for _, s := range r.statements {
		err = errors.Join(err, s.Close())
	}
	return storage(errors.Join(err, r.db.Close()))
}

// view is one state of the database to read from.
type view struct {
	ctx     context.Context
	tx      *sql.Tx
	readers *readers
}

// view runs read on one state of the database. Errors of the database come back as the store's.
func (r *readers) view(ctx context.Context, read func(view) error) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return beginError(err)
	}
	defer func() { _ = tx.Rollback() }()
	return readError(read(view{ctx, tx, r}))
}

// beginError tells that the pool is closed, which database/sql has no name for.
func beginError(err error) error {
	if err = readError(err); ended(err) || errors.Is(err, store.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", store.ErrClosed, err)
}

// readError keeps refusals and the end of a context as they are.
func readError(err error) error {
	if ended(err) {
		return err
	}
	return storage(err)
}

func ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func (v view) find(s readStatement, args []any, into ...any) error {
	err := v.tx.StmtContext(v.ctx, v.readers.statements[s]).QueryRowContext(v.ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// each reads rows until there are no more or row says that it has enough.
func (v view) each(s readStatement, args []any, row func(*sql.Rows) (more bool, err error)) (err error) {
	rows, err := v.tx.StmtContext(v.ctx, v.readers.statements[s]).QueryContext(v.ctx, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if more, err := row(rows); err != nil || !more {
			return err
		}
	}
	return rows.Err()
}
