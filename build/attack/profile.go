//go:build attack

package main

import (
	"context"
	"crypto/cipher"
	"slices"

	"sotto/wasm/check"
	"sotto/wasm/client"
	"sotto/wasm/client/memory"
	"sotto/wasm/cose"
	"sotto/wasm/indexeddb/pages"
)

func profileAttacks() []attack {
	const line = "two tabs, a copied profile, restored old state"
	return []attack{
		{
			line: line, name: "two tabs, or two copies of a profile, write at once", known: "clones of devices: Cremers et al., 2020",
			by: []check.Name{check.Copied}, says: client.NoticeCopiedProfile, play: func(s *stage) result { return copied(s, false) },
		},
		{
			line: line, name: "old state is restored after it wrote on", known: "clones of devices: Cremers et al., 2020",
			by: []check.Name{check.Copied}, says: client.NoticeCopiedProfile, play: func(s *stage) result { return copied(s, true) },
		},
	}
}

// copied runs a copy of alice's profile beside hers, or, restored, her own from before. What one of them writes the other
// must not take for its own.
func copied(s *stage, restored bool) result {
	d := s.direct()
	d.say("hello")
	d.alice.until("she has read", func() bool { return d.alice.has(d.conv, "hello") })
	twin := &person{
		s: s, name: "alice's copy", transport: d.server, store: d.alice.store.(*memory.Store).Clone(), keys: d.alice.keys.Clone(),
		clock: client.SystemClock{}, changed: make(chan struct{}),
	}
	if !restored {
		twin.start()
	}
	d.alice.send(d.conv, "from the first")
	d.alice.until("it is sent", func() bool { return d.alice.sent(d.conv) })
	if restored {
		d.alice.stop()
		twin.start()
	}
	twin.until("the copy knows", func() bool { return twin.blocked(d.conv) != "" || twin.has(d.conv, "from the first") })
	return result{says: twin.blocked(d.conv), won: twin.blocked(d.conv) == ""}
}

// start boots a person who has an account.
func (p *person) start() {
	p.boot()
	p.s.cleanup(func() { _ = p.engine.Close() })
}

func storageAttacks() []attack {
	const line = "a stored record swapped with another"
	return []attack{{
		line: line, name: "two conversations exchanged on the disk", known: "MEGA, 2022: keys that were exchanged",
		by: []check.Name{check.RecordPlace}, says: client.CodeCorrupt, play: swappedRecords,
	}}
}

// disk is a store that seals each record as the browser's does its pages, in the hands of who can exchange what it keeps.
type disk struct {
	*memory.Store
	aead cipher.AEAD
}

func (d disk) name(k client.Key) []byte { return pages.Key{Kind: k.Kind, First: string(k.ID)}.Bytes() }

// Apply implements [client.Store].
func (d disk) Apply(ctx context.Context, writes []client.Write) error {
	writes = slices.Clone(writes)
	for i := range writes {
		if !writes[i].Delete {
			writes[i].Value = pages.Seal(d.aead, writes[i].Value, d.name(writes[i].Key))
		}
	}
	return d.Store.Apply(ctx, writes)
}

// Get implements [client.Store].
func (d disk) Get(ctx context.Context, keys []client.Key) ([]client.Record, error) {
	records, err := d.Store.Get(ctx, keys)
	return d.opened(records, err)
}

// Range implements [client.Store].
func (d disk) Range(ctx context.Context, kind string, from, to []byte, limit int, reverse bool) ([]client.Record, error) {
	records, err := d.Store.Range(ctx, kind, from, to, limit, reverse)
	return d.opened(records, err)
}

func (d disk) opened(records []client.Record, err error) ([]client.Record, error) {
	for i := range records {
		if err != nil || records[i].Value == nil {
			continue
		}
		if records[i].Value, err = pages.Unseal(d.aead, records[i].Value, d.name(records[i].Key)); err != nil {
			return nil, client.ErrStorageCorrupt
		}
	}
	return records, err
}

// exchange swaps what is kept of two records.
func (d disk) exchange(s *stage, kind string, a, b []byte) {
	records, err := d.Store.Get(context.Background(), []client.Key{{Kind: kind, ID: a}, {Kind: kind, ID: b}})
	s.must(err)
	records[0].Value, records[1].Value = records[1].Value, records[0].Value
	s.must(d.Store.Apply(context.Background(), []client.Write{{Record: records[0]}, {Record: records[1]}}))
}

// swappedRecords exchanges what alice's disk keeps of her conversations with bob and with carol: what she then writes to
// one would go to the other.
func swappedRecords(s *stage) result {
	d := s.strangers()
	s.liar(d.server, "carol")
	d.alice.stop()
	kept := disk{memory.NewStore(), cose.Native{}.AEAD(cose.Secret{1})}
	d.alice.store, d.alice.keys, d.alice.name = kept, memory.NewKeysFrom(pool.Next), "alice2"
	d.alice.boot()
	d.alice.join()
	bob, carol := d.alice.open("bob"), d.alice.open("carol")
	kept.Store = kept.Store.Clone() // the first is closed with its engine
	_ = d.alice.engine.Close()
	a, b := s.id(bob), s.id(carol)
	kept.exchange(s, "room", a[:], b[:])
	d.alice.store = kept
	if err := d.alice.tryBoot(); err != nil {
		return result{says: codeOf(err)}
	}
	return result{won: slices.ContainsFunc(d.alice.engine.Conversations(), func(c client.Conversation) bool {
		return c.ID == bob && c.Handle == "carol"
	})}
}
