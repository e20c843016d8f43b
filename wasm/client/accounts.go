package client

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/cose"
	"sotto/wasm/wire"
)

// inFlight bounds how many accounts are asked for at once.
const inFlight = 16

// Why the relay's word about an account is not believed.
var (
	errRolledBack    = errors.New("the relay shows an older chain than before")
	errForked        = errors.New("the relay shows another chain than before")
	errStalePrekey   = errors.New("the relay shows an older prekey than before")
	errDoubledPrekey = errors.New("two prekeys of a device have one counter")
)

var pinNotices = []struct {
	err  error
	code string
}{
	{errRolledBack, NoticeRolledBack}, {errForked, NoticeForked}, {errStalePrekey, NoticeStalePrekey},
	{errDoubledPrekey, NoticeDoubledPrekey},
}

// fetched is an account as the relay shows it, after every check.
type fetched struct {
	contact *contact
	prekeys map[account.DeviceID]*account.Prekey
	fresh   bool // it was not known before
}

// inquiry is what the relay says of an account, verified and compared with what is pinned.
type inquiry struct {
	id      account.ID
	known   *contact // what was pinned when it began, nil when nothing was
	next    *contact
	prekeys map[account.DeviceID]*account.Prekey
	err     error
}

// fetchAccount asks the relay for an account, verifies all of it, compares it with what is pinned and pins what is
// new. A contradiction to the pin is kept with the contact.
func (e *Engine) fetchAccount(s *session, id account.ID) (*fetched, error) {
	got, err := e.fetchAccounts(s, []account.ID{id})
	if err != nil {
		return nil, err
	}
	return got[id], nil
}

// fetchAccounts does the same for many at once and stores what is new in one batch. With an error it gives those that
// are right.
func (e *Engine) fetchAccounts(s *session, ids []account.ID) (map[account.ID]*fetched, error) {
	found := make([]inquiry, len(ids))
	atOnce(len(ids), func(i int) { found[i] = e.inquire(s, ids[i]) })
	return e.pin(found)
}

func (e *Engine) inquire(s *session, id account.ID) inquiry {
	f := inquiry{id: id, known: e.contact(id)}
	links, prekeys, handle, err := e.askChain(s, id, f.known)
	if err != nil {
		f.err = err
		return f
	}
	if f.next, err = e.extend(id, f.known, links, handle); err == nil {
		f.prekeys, err = e.checkPrekeys(f.next, prekeys)
	}
	if err != nil {
		f.err = e.distrust(f.known, err)
	}
	return f
}

// pin stores what was found.
func (e *Engine) pin(found []inquiry) (map[account.ID]*fetched, error) {
	e.identityMu.Lock()
	defer e.identityMu.Unlock()
	got := make(map[account.ID]*fetched, len(found))
	var all []*contact
	var writes []Write
	var first error
	for i := range found {
		f := &found[i]
		if f.err != nil {
			first = worse(first, f.err)
			continue
		}
		latest := e.contact(f.next.id())
		c := f.merged(latest)
		all = append(all, c)
		if latest == nil || !sameRecord(latest, c) {
			id := c.id()
			writes = append(writes, put(kindContact, id[:], c.record))
		}
		got[f.id] = &fetched{contact: c, prekeys: f.prekeys, fresh: latest == nil}
	}
	if len(writes) > 0 {
		if err := e.apply(writes); err != nil {
			return nil, storage(err)
		}
	}
	e.useContacts(all)
	return got, first
}

func sameRecord(a, b *contact) bool {
	return len(a.record.Links) == len(b.record.Links) && slices.Equal(a.record.Counters, b.record.Counters)
}

// merged puts what was found upon what was stored meanwhile.
func (f *inquiry) merged(latest *contact) *contact {
	if latest == nil || latest == f.known {
		return f.next
	}
	c := *latest
	if f.next.chain.Head().Number > c.chain.Head().Number {
		c.chain, c.record.Links = f.next.chain, f.next.record.Links
	}
	counters := slices.Clone(c.record.Counters)
	for _, r := range f.next.record.Counters {
		at := slices.IndexFunc(counters, func(o counterRecord) bool { return o.Device == r.Device })
		switch {
		case at < 0:
			counters = append(counters, r)
		case r.Counter > counters[at].Counter:
			counters[at] = r
		}
	}
	c.record.Counters, c.proven = counters, f.next.proven
	return &c
}

// useContacts makes stored contacts those that are used.
func (e *Engine) useContacts(all []*contact) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range all {
		id := c.id()
		before := e.contacts[id]
		e.contacts[id] = c
		if len(c.record.Changed) > 0 || before != nil && len(before.record.Changed) > 0 {
			e.countClaims()
		}
	}
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
		return e.firstMet(id, links, handle)
	}
	before := known.record.Links[:len(known.record.Links)-1]
	if len(links) == 0 {
		if check.Off(check.RolledBack) {
			return e.firstMet(id, before, handle)
		}
		return nil, errRolledBack
	}
	if string(links[0]) != string(known.record.Links[len(before)]) {
		if check.Off(check.Forked) {
			return e.firstMet(id, slices.Concat(before, links), handle)
		}
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

// firstMet verifies an account that is new here.
func (e *Engine) firstMet(id account.ID, links [][]byte, handle string) (*contact, error) {
	chain, err := account.ParseChain(e.ports.Primitives, links)
	if err != nil {
		return nil, failure(CodeServerLied, err)
	}
	if chain.ID() != id && !check.Off(check.AccountID) {
		return nil, failure(CodeServerLied, account.ErrID)
	}
	parsed, err := account.ParseHandle(handle)
	if err != nil {
		return nil, failure(CodeServerLied, err)
	}
	record := contactRecord{Version: recordVersion, Handle: string(parsed), Links: links, Since: e.millis()}
	return &contact{record: record, chain: chain}, nil
}

// checkPrekeys verifies the prekeys of a contact's active devices and notes their counters in it; they never go back, and
// one counter names one key.
func (e *Engine) checkPrekeys(c *contact, prekeys [][]byte) (map[account.DeviceID]*account.Prekey, error) {
	usable := map[account.DeviceID]*account.Prekey{}
	proven := map[[32]byte]*account.Prekey{}
	counters := slices.Clone(c.record.Counters)
	for _, data := range prekeys {
		p, err := e.provenPrekey(c, data)
		if err != nil {
			return nil, failure(CodeServerLied, err)
		}
		i := slices.IndexFunc(counters, func(r counterRecord) bool { return r.Device == p.Device })
		now := counterRecord{Device: p.Device, Counter: p.Counter, Key: p.Thumbprint()}
		switch {
		case i < 0:
			counters = append(counters, now)
		case p.Counter < counters[i].Counter && !check.Off(check.PrekeyCounter):
			return nil, fmt.Errorf("%w: %d after %d", errStalePrekey, p.Counter, counters[i].Counter)
		case p.Counter == counters[i].Counter && now.Key != counters[i].Key && !check.Off(check.PrekeyOne):
			return nil, fmt.Errorf("%w: %d", errDoubledPrekey, p.Counter)
		default:
			counters[i] = now
		}
		usable[p.Device], proven[sha256.Sum256(data)] = p, p
	}
	c.record.Counters, c.proven = counters, proven
	return usable, nil
}

// provenPrekey reads a prekey and verifies it, once for the same bytes.
func (e *Engine) provenPrekey(c *contact, data []byte) (*account.Prekey, error) {
	p, known := c.proven[sha256.Sum256(data)]
	if !known {
		var err error
		if p, err = account.ParsePrekey(data); err != nil {
			return nil, err
		}
	}
	active := c.chain.Active()
	at := slices.IndexFunc(active, func(d account.Device) bool { return d.ID == p.Device })
	switch {
	case at < 0 || p.Account != c.id():
		return nil, account.ErrInactive
	case known:
		return p, nil
	}
	return p, p.Verify(e.ports.Primitives, active[at].Key)
}

// distrust keeps a contradiction with the contact: what is sealed for it is blocked by it.
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

// keyThumbprint is a prekey's thumbprint as a roster has it.
func keyThumbprint(p *account.Prekey) []byte {
	var t cose.Thumbprint = p.Thumbprint()
	return t[:]
}
