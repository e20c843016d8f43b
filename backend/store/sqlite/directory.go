package sqlite

import (
	"context"
	"database/sql"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/cose"
)

// Lookup implements [store.Directory].
func (s *Store) Lookup(ctx context.Context, handle account.Handle) (account.ID, error) {
	var id account.ID
	err := s.readers.view(ctx, func(v view) error {
		var found []byte
		err := v.find(readHandle, []any{string(handle)}, &found)
		copy(id[:], found)
		return err
	})
	return id, err
}

// Device implements [store.Directory].
func (s *Store) Device(ctx context.Context, id account.DeviceID) (store.Device, error) {
	d := store.Device{ID: id}
	err := s.readers.view(ctx, func(v view) error {
		var owner, key []byte
		if err := v.find(readDevice, []any{id[:]}, &owner, &key, &d.Active); err != nil {
			return err
		}
		copy(d.Account[:], owner)
		var err error
		d.Key, err = cose.ParseRSAKey(key)
		return err
	})
	return d, err
}

// Chain implements [store.Directory].
func (s *Store) Chain(ctx context.Context, id account.ID, from uint64, maxBytes int) (store.Chain, error) {
	var c store.Chain
	err := s.readers.view(ctx, func(v view) error {
		var row int64
		err := v.find(readAccount, []any{id[:]}, &row, &c.Handle)
		if err == nil {
			err = v.links(&c, row, from, maxBytes)
		}
		if err == nil && !c.More {
			err = v.prekeys(&c, row)
		}
		return err
	})
	if err != nil {
		return store.Chain{}, err
	}
	return c, nil
}

func (v view) links(c *store.Chain, account int64, from uint64, maxBytes int) error {
	first, err := signed(from)
	if err != nil {
		return nil // no chain is that long: nothing follows
	}
	size := 0
	return v.each(readLinks, []any{account, first}, func(rows *sql.Rows) (bool, error) {
		var l store.Link
		var hash []byte
		if err := rows.Scan(&l.Number, &hash, &l.Bytes); err != nil {
			return false, err
		}
		copy(l.Hash[:], hash)
		if size += len(l.Bytes); size > maxBytes && len(c.Links) > 0 {
			c.More = true
			return false, nil
		}
		c.Links = append(c.Links, l)
		return true, nil
	})
}

func (v view) prekeys(c *store.Chain, account int64) error {
	return v.each(readPrekeys, []any{account}, func(rows *sql.Rows) (bool, error) {
		var p store.Prekey
		var device, thumbprint []byte
		if err := rows.Scan(&device, &p.Counter, &thumbprint, &p.Bytes); err != nil {
			return false, err
		}
		copy(p.Device[:], device)
		copy(p.Thumbprint[:], thumbprint)
		c.Prekeys = append(c.Prekeys, p)
		return true, nil
	})
}
