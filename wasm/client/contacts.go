package client

import (
	"errors"
	"fmt"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/kem"
	"sotto/wasm/wire"
)

// contact is another account as this device knows it. It is replaced, never changed.
type contact struct {
	record contactRecord
	chain  *account.Chain
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
	e.contacts[chain.ID()] = &contact{record: record, chain: chain}
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
	e.mu.Lock()
	e.contacts[id] = c
	e.mu.Unlock()
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

// Why the relay's word about an account is not believed.
var (
	errRolledBack  = errors.New("the relay shows an older chain than before")
	errForked      = errors.New("the relay shows another chain than before")
	errStalePrekey = errors.New("the relay shows an older prekey than before")
)

var pinNotices = []struct {
	err  error
	code string
}{{errRolledBack, NoticeRolledBack}, {errForked, NoticeForked}, {errStalePrekey, NoticeStalePrekey}}

// fetched is an account as the relay shows it, after every check.
type fetched struct {
	contact *contact
	prekeys map[account.DeviceID]*account.Prekey
}

// fetchAccount asks the relay for an account, verifies all of it, compares it with what is pinned and pins what is
// new. A contradiction to the pin is errRolledBack, errForked or errStalePrekey and is kept with the contact.
func (e *Engine) fetchAccount(s *session, id account.ID) (*fetched, error) {
	known := e.contact(id)
	links, prekeys, handle, err := e.askChain(s, id, known)
	if err != nil {
		return nil, err
	}
	next, err := e.extend(id, known, links, handle)
	if err != nil {
		return nil, e.distrust(known, err)
	}
	usable, counters, err := e.checkPrekeys(next, prekeys)
	if err != nil {
		return nil, e.distrust(known, err)
	}
	e.identityMu.Lock()
	defer e.identityMu.Unlock()
	if latest := e.contact(id); latest != nil && latest != known {
		verified, changed := latest.record.Verified, latest.record.Changed
		next.record.Verified, next.record.Changed = verified, changed
	}
	next.record.Counters = counters
	if known == nil || len(links) > 1 || !slices.Equal(counters, known.record.Counters) {
		if err := e.setContact(next); err != nil {
			return nil, storage(err)
		}
	}
	return &fetched{contact: next, prekeys: usable}, nil
}

// askChain gets an account's links from the newest known one on, that one included, with the current prekeys.
func (e *Engine) askChain(s *session, id account.ID, known *contact) (links, prekeys [][]byte, handle string, err error) {
	var from uint64
	if known != nil {
		from = known.chain.Head().Number
	}
	for {
		var page wire.ChainPage
		err := e.ask(s, wire.Chain{Account: id, From: from}, &page)
		if err != nil {
			return nil, nil, "", err
		}
		links, handle = append(links, page.Links...), page.Handle
		from += uint64(len(page.Links))
		if !page.More || len(page.Links) == 0 || len(links) > account.MaxLinks {
			return links, page.Prekeys, handle, nil
		}
	}
}

// extend verifies links behind what is known of an account.
func (e *Engine) extend(id account.ID, known *contact, links [][]byte, handle string) (*contact, error) {
	if known == nil {
		chain, err := account.ParseChain(e.ports.Primitives, links)
		if err != nil {
			return nil, failure(CodeServerLied, err)
		}
		if chain.ID() != id {
			return nil, failure(CodeServerLied, account.ErrID)
		}
		parsed, err := account.ParseHandle(handle)
		if err != nil {
			return nil, failure(CodeServerLied, err)
		}
		record := contactRecord{Version: recordVersion, Handle: string(parsed), Links: links, Since: e.millis()}
		return &contact{record: record, chain: chain}, nil
	}
	if len(links) == 0 {
		return nil, errRolledBack
	}
	if string(links[0]) != string(known.record.Links[len(known.record.Links)-1]) {
		return nil, errForked
	}
	next := *known
	for _, link := range links[1:] {
		chain, err := next.chain.Append(e.ports.Primitives, link)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errForked, err)
		}
		next.chain = chain
		next.record.Links = append(slices.Clone(next.record.Links), link)
	}
	return &next, nil
}

// checkPrekeys verifies the prekeys of a contact's active devices; counters never go back.
func (e *Engine) checkPrekeys(c *contact, prekeys [][]byte) (map[account.DeviceID]*account.Prekey, []counterRecord, error) {
	usable := map[account.DeviceID]*account.Prekey{}
	counters := slices.Clone(c.record.Counters)
	for _, data := range prekeys {
		p, err := account.ParsePrekey(data)
		if err != nil {
			return nil, nil, failure(CodeServerLied, err)
		}
		at := slices.IndexFunc(c.chain.Active(), func(d account.Device) bool { return d.ID == p.Device })
		if at < 0 || p.Account != c.id() {
			return nil, nil, failure(CodeServerLied, account.ErrInactive)
		}
		if err := p.Verify(e.ports.Primitives, c.chain.Active()[at].Key); err != nil {
			return nil, nil, failure(CodeServerLied, err)
		}
		i := slices.IndexFunc(counters, func(r counterRecord) bool { return r.Device == p.Device })
		switch {
		case i < 0:
			counters = append(counters, counterRecord{Device: p.Device, Counter: p.Counter})
		case p.Counter < counters[i].Counter:
			return nil, nil, fmt.Errorf("%w: %d after %d", errStalePrekey, p.Counter, counters[i].Counter)
		default:
			counters[i].Counter = p.Counter
		}
		usable[p.Device] = p
	}
	return usable, counters, nil
}

// distrust keeps a contradiction with the contact: its conversations are blocked by it.
func (e *Engine) distrust(known *contact, err error) error {
	for _, p := range pinNotices {
		if known != nil && errors.Is(err, p.err) {
			if stored := e.change(known.id(), func(r *contactRecord) { r.Trouble = p.code }); stored != nil {
				return storage(stored)
			}
			e.blockRooms(known.id(), p.code)
			return failure(CodeBlocked, err)
		}
	}
	return err
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

// keysOf gives the public halves of prekeys.
func keysOf(prekeys map[account.DeviceID]*account.Prekey) map[account.DeviceID]kem.PublicKey {
	keys := map[account.DeviceID]kem.PublicKey{}
	for d, p := range prekeys {
		keys[d] = p.Key
	}
	return keys
}
