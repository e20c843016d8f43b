package sqlite

import (
	"context"
	"database/sql"
	"math"

	"sotto/backend/store"
	"sotto/wasm/account"
)

// wait hands an operation over and waits for its result. When ctx ends first the operation may still be done.
func (s *Store) wait(ctx context.Context, size int, run func(*writer) error) error {
	result := make(chan error, 1)
	s.add(&op{size: size, run: run, tell: func(err error) { result <- err }})
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *Store) add(o *op) {
	if !s.batch.Add(o) {
		o.tell(store.ErrClosed)
	}
}

// signed gives v as the database's integer. It returns [store.ErrRange].
func signed[V ~uint64](v V) (int64, error) {
	if v > math.MaxInt64 {
		return 0, store.ErrRange
	}
	return int64(v), nil
}

// Register implements [store.Directory].
func (s *Store) Register(ctx context.Context, r store.Registration) error {
	return s.wait(ctx, len(r.Link.Bytes)+len(r.Prekey.Bytes), func(w *writer) error { return w.register(r) })
}

func (w *writer) register(r store.Registration) error {
	counter, err := signed(r.Prekey.Counter)
	if err != nil {
		return err
	}
	if done, err := w.registered(r); done || err != nil {
		return err
	}
	row, err := w.insert(insertAccount, r.Account[:], string(r.Handle), r.Created.UnixMilli())
	if err != nil {
		return err
	}
	if err := w.exec(insertLink, row, 0, r.Link.Hash[:], r.Link.Bytes); err != nil {
		return err
	}
	device, err := w.insert(insertDevice, r.Device.ID[:], row, r.Device.Key.Bytes(), true)
	if err != nil {
		return err
	}
	return w.exec(putPrekey, device, counter, r.Prekey.Thumbprint[:], r.Prekey.Bytes)
}

// registered says whether this very registration was done before, or why it cannot be.
func (w *writer) registered(r store.Registration) (bool, error) {
	var row, owner, device int64
	var handle string
	known, err := w.find(findAccount, []any{r.Account[:]}, &row, &handle)
	if err != nil {
		return false, err
	}
	taken, err := w.find(findDevice, []any{r.Device.ID[:]}, &device, &owner)
	if err != nil {
		return false, err
	}
	if known && taken && owner == row && handle == string(r.Handle) {
		return true, nil
	}
	if known || taken {
		return false, store.ErrExists
	}
	taken, err = w.find(findHandle, []any{string(r.Handle)}, &row)
	if taken {
		return false, store.ErrHandleTaken
	}
	return false, err
}

// ReplacePrekey implements [store.Directory].
func (s *Store) ReplacePrekey(ctx context.Context, p store.Prekey) ([]store.Head, error) {
	var heads []store.Head
	err := s.wait(ctx, len(p.Bytes), func(w *writer) (err error) {
		heads, err = w.replacePrekey(p)
		return err
	})
	if err != nil {
		return nil, err // heads may still be written when ctx has ended
	}
	return heads, nil
}

func (w *writer) replacePrekey(p store.Prekey) ([]store.Head, error) {
	counter, err := signed(p.Counter)
	if err != nil {
		return nil, err
	}
	device, err := w.device(p.Device)
	if err != nil {
		return nil, err
	}
	var last int64
	var thumbprint, bytes []byte
	if _, err := w.find(findPrekey, []any{device}, &last, &thumbprint, &bytes); err != nil {
		return nil, err
	}
	if string(bytes) == string(p.Bytes) {
		return w.heads(device)
	}
	if counter <= last {
		return nil, store.ErrStaleCounter
	}
	if err := w.exec(putPrekey, device, counter, p.Thumbprint[:], p.Bytes); err != nil {
		return nil, err
	}
	if err := w.exec(dropJoins, device); err != nil {
		return nil, err
	}
	return w.heads(device)
}

func (w *writer) heads(device int64) ([]store.Head, error) {
	heads := []store.Head{}
	err := w.each(headsOfDevice, []any{device}, func(rows *sql.Rows) error {
		h, err := scanHead(rows)
		heads = append(heads, h)
		return err
	})
	return heads, err
}

func scanHead(rows *sql.Rows) (store.Head, error) {
	var h store.Head
	var id []byte
	err := rows.Scan(&id, &h.Position, &h.Receipts)
	copy(h.Conversation[:], id)
	return h, err
}

// device gives a device's row. It returns [store.ErrNotFound].
func (w *writer) device(id account.DeviceID) (int64, error) {
	var row, owner int64
	found, err := w.find(findDevice, []any{id[:]}, &row, &owner)
	if err == nil && !found {
		err = store.ErrNotFound
	}
	return row, err
}
