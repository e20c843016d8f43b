package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"sotto/backend/store"
)

// op is one operation for the writer.
type op struct {
	size int                 // bytes it writes, roughly
	run  func(*writer) error // checks, then changes; may run again in another transaction
	tell func(error)
	err  error
}

// Size implements [batch.Op].
func (o *op) Size() int { return o.size }

// tell gives the results of a group.
func tell(group []*op) {
	for _, o := range group {
		o.tell(o.err)
	}
}

// failure is an error of the database. Every other error of an operation is a refusal that changed nothing.
type failure struct{ error }

func (f failure) Unwrap() error { return f.error }

func isFailure(err error) bool {
	var f failure
	return errors.As(err, &f)
}

// writer owns the connection that writes. Only the batcher's goroutine uses it.
type writer struct {
	db         *sql.DB
	conn       *sql.Conn
	statements [statementCount]*sql.Stmt
	known      conversations
	broken     error // set once when the disk lost a sync
}

func newWriter(ctx context.Context, source string) (_ *writer, err error) {
	w := &writer{}
	if w.db, err = sql.Open("sqlite", source); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = w.db.Close()
		}
	}()
	if w.conn, err = w.db.Conn(ctx); err != nil {
		return nil, err
	}
	for i, text := range statementTexts {
		if w.statements[i], err = w.conn.PrepareContext(ctx, text); err != nil {
			return nil, fmt.Errorf("prepare %q: %w", text, err)
		}
	}
	return w, nil
}

func (w *writer) close() error {
	_, err := w.conn.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	for _, s := range w.statements {
		err = errors.Join(err, s.Close())
	}
	return storage(errors.Join(err, w.conn.Close(), w.db.Close()))
}

// write runs a group in one transaction. When that fails for the sake of one operation, each gets its own.
func (w *writer) write(group []*op) {
	err := w.transaction(group)
	switch {
	case err == nil:
	case len(group) == 1 || errors.Is(err, store.ErrUnavailable) || environment(err):
		for _, o := range group {
			o.err = unavailable(err)
		}
	default:
		for o := range slices.Chunk(group, 1) {
			w.write(o)
		}
	}
}

// unavailable makes sure that a failure is told as one of the store's.
func unavailable(err error) error {
	if err = storage(err); errors.Is(err, store.ErrUnavailable) {
		return err
	}
	return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
}

// transaction runs the operations and commits. When it returns an error nothing of them is there.
func (w *writer) transaction(group []*op) error {
	if w.broken != nil {
		return w.broken
	}
	err := w.exec(begin)
	for _, o := range group {
		if err != nil {
			break
		}
		if o.err = o.run(w); isFailure(o.err) {
			err = o.err
		}
	}
	if err == nil {
		err = w.exec(commit)
	}
	if err != nil {
		_ = w.exec(rollback) // SQLite may have done it
		w.known.forget()
		if lostSync(err) {
			w.broken = fmt.Errorf("%w: a sync failed, start again: %w", store.ErrUnavailable, err)
		}
	}
	return err
}

// exec runs a statement that gives no rows.
func (w *writer) exec(s statement, args ...any) error {
	_, err := w.changed(s, args...)
	return err
}

// changed runs a statement and gives the number of rows that it changed.
func (w *writer) changed(s statement, args ...any) (int64, error) {
	result, err := w.statements[s].Exec(args...)
	if err != nil {
		return 0, failure{err}
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, failure{err}
	}
	return n, nil
}

// insert runs an INSERT and gives the new row's id.
func (w *writer) insert(s statement, args ...any) (int64, error) {
	result, err := w.statements[s].Exec(args...)
	if err != nil {
		return 0, failure{err}
	}
	id, err := result.LastInsertId()
	if err != nil {
		return 0, failure{err}
	}
	return id, nil
}

// find reads the one row that a statement gives, if it gives one.
func (w *writer) find(s statement, args []any, into ...any) (bool, error) {
	err := w.statements[s].QueryRow(args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, failure{err}
	}
	return true, nil
}

// each reads the rows that a statement gives.
func (w *writer) each(s statement, args []any, row func(*sql.Rows) error) error {
	rows, err := w.statements[s].Query(args...)
	if err != nil {
		return failure{err}
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := row(rows); err != nil {
			return failure{err}
		}
	}
	if err := rows.Err(); err != nil {
		return failure{err}
	}
	return nil
}
