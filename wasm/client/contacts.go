package client

import (
	"fmt"
	"slices"

	"sotto/wasm/account"
)

// contact is another account as this device knows it. It is replaced, never changed.
type contact struct {
	record contactRecord
	chain  *account.Chain
	proven map[[32]byte]*account.Prekey // by the SHA-256 of their bytes: prekeys that were verified since the start
}

func (c *contact) id() account.ID { return c.chain.ID() }

func (e *Engine) loadContact(r Record) error {
	var record contactRecord
	if err := decodeRecord(r, &record); err != nil {
		return err
	}
	chain, err := account.ParseChain(e.ports.Primitives, record.Links)
	if err != nil {
		return fmt.Errorf("%w: contact: %w", ErrStorageCorrupt, err)
	}
	e.useContacts([]*contact{{record: record, chain: chain}})
	return nil
}

func (e *Engine) contact(id account.ID) *contact {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.contacts[id]
}

// setContact stores a contact and then uses it.
func (e *Engine) setContact(c *contact) error {
	id := c.id()
	if err := e.apply([]Write{put(kindContact, id[:], c.record)}); err != nil {
		return err
	}
	e.useContacts([]*contact{c})
	return nil
}

// change stores what f makes of a contact's newest record.
func (e *Engine) change(id account.ID, f func(*contactRecord)) error {
	e.identityMu.Lock()
	defer e.identityMu.Unlock()
	c := *e.contact(id)
	f(&c.record)
	return e.setContact(&c)
}

// chain is the verified chain of any account this device knows.
func (e *Engine) chain(id account.ID) (*account.Chain, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.keys != nil && e.keys.chain.ID() == id {
		return e.keys.chain, true
	}
	if c, ok := e.contacts[id]; ok {
		return c.chain, true
	}
	return nil, false
}

// byHandle finds the contact that is pinned to a handle.
func (e *Engine) byHandle(handle string) *contact {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range e.contacts {
		if c.record.Handle == handle && c.record.Trouble != NoticeSuperseded && !e.claims(c) {
			return c
		}
	}
	return nil
}

// claims says whether an account claims a handle that is pinned to another one, and the person has not decided. The
// caller holds mu.
func (e *Engine) claims(c *contact) bool { return e.pinnedAgainst(c) != nil }

// pinnedAgainst gives the contact whose handle another account claims, nil when it claims none. The caller holds mu.
func (e *Engine) pinnedAgainst(c *contact) *contact {
	if !e.disputed[c.id()] {
		return nil
	}
	for _, other := range e.contacts {
		if slices.Contains(other.record.Changed, c.id()) {
			return other
		}
	}
	return nil
}

// pinned gives the contact whose handle an account claims, nil when it claims none.
func (e *Engine) pinned(c *contact) *contact {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.pinnedAgainst(c)
}

// pointsElsewhere keeps that a handle now points to another account than the one pinned to it.
func (e *Engine) pointsElsewhere(known *contact, now account.ID) error {
	if slices.Contains(known.record.Changed, now) {
		return nil
	}
	err := e.change(known.id(), func(r *contactRecord) { r.Changed, r.Verified = []account.ID{now}, false })
	if err != nil {
		return storage(err)
	}
	e.blockRooms(known.id(), NoticeIdentityChanged)
	return nil
}
