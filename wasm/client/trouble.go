package client

import (
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
)

// What a contradiction about one account stops:
//
// In a direct conversation everything, until the person decides or for good: there is nobody else to write to.
//
// In a group, a handle that points to another account now stops sending until the person decides, as there: they may be
// about to write to somebody else than they think. A chain or a prekey that the relay contradicts itself about stops
// only what would seal something new for that account: commits of this device, but not one that takes the account out.
// The keys of the epoch that is open were sealed before, and for them the relay's word does not count any more; so
// a relay that lies to one member about another stops no message and locks nobody out. Leaving the account's devices
// out as absent would, each time the relay wants it to.

// blocked says why the person cannot send here, nil when they can.
func (r *room) blocked() *Trouble {
	r.mu.Lock()
	stopped, own, peer, group := r.conv.Stopped(), r.record.Trouble, r.record.Peer, r.record.Group
	joining := r.joining
	r.mu.Unlock()
	if stopped != "" {
		t := trouble(causeNotices[stopped])
		return &t
	}
	switch {
	case joining == nil:
	case joining.Told != epoch.ID{}:
		return &Trouble{Code: NoticeNotByLink, Detail: map[string]string{"by": r.e.handleOf(joining.By)}}
	case joining.Refused:
		own = NoticeLinkRefused
	}
	t := r.e.directTrouble(peer)
	if group {
		t = r.memberTrouble()
	}
	if t == nil && own != "" {
		named := trouble(own)
		t = &named
	}
	return t
}

// directTrouble is what stops the conversation with an account.
func (e *Engine) directTrouble(peer account.ID) *Trouble {
	c := e.contact(peer)
	switch {
	case c == nil:
		return nil
	case len(c.record.Changed) > 0 || e.pinned(c) != nil:
		t := trouble(NoticeIdentityChanged)
		return &t
	case c.record.Trouble != "":
		t := trouble(c.record.Trouble)
		return &t
	}
	return nil
}

// memberTrouble is what stops sending in a group: a member whose handle points to another account now, or that claims
// the handle of another one, while the person has not decided.
func (r *room) memberTrouble() *Trouble {
	open := r.undecided()
	if len(open) == 0 {
		return nil
	}
	t := r.e.about(open[0], NoticeIdentityChanged)
	return &t
}

// undecided lists the members of a group that the person has to decide about.
func (r *room) undecided() []account.ID {
	disputed := r.e.disputes()
	if len(disputed) == 0 {
		return nil
	}
	own := r.e.identity().chain.ID()
	r.mu.Lock()
	defer r.mu.Unlock()
	var open []account.ID
	for _, id := range r.others(own) {
		if disputed[id] && !slices.Contains(r.record.Accepted, id) {
			open = append(open, id)
		}
	}
	return open
}

// about is a notice about one member of a group.
func (e *Engine) about(id account.ID, code string) Trouble {
	p := e.senderOf(id)
	return Trouble{Code: code, Detail: map[string]string{"handle": p.Handle, "account": p.Account, "group": "yes"}}
}

// disputes gives the accounts whose handle points elsewhere now, and those that it points to. It is replaced, never
// changed.
func (e *Engine) disputes() map[account.ID]bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.disputed
}

// countClaims finds the accounts in dispute anew. The caller holds mu.
func (e *Engine) countClaims() {
	disputed := map[account.ID]bool{}
	for id, c := range e.contacts {
		for _, other := range c.record.Changed {
			disputed[id], disputed[other] = true, true
		}
	}
	e.disputed = disputed
}

// distrusted says whether the relay has contradicted itself about an account: nothing new is sealed for it.
func distrusted(c *contact) bool {
	return c.record.Trouble != "" && c.record.Trouble != NoticeSuperseded
}

// blockRooms puts a notice into every conversation with an account and shows that it is blocked.
func (e *Engine) blockRooms(id account.ID, code string) {
	for _, r := range e.allRooms() {
		r.mu.Lock()
		with, group := r.record.Peer == id, r.record.Group
		if h := r.conv.Header(); group && h != nil {
			_, with = h.Member(id)
		}
		r.mu.Unlock()
		switch {
		case with && group:
			e.start(func() { r.note(e.about(id, code)) })
		case with:
			e.start(func() { r.note(trouble(code)) })
		}
	}
}

// acceptMembers is the person's decision to go on in a group with the accounts that are in it, whatever their handles
// point to now.
func (r *room) acceptMembers() error {
	open := r.undecided()
	if len(open) == 0 {
		return failure(CodeBlocked, nil)
	}
	return r.changeRecord(func(record *roomRecord) {
		record.Accepted = append(slices.Clone(record.Accepted), open...)
	})
}

// copied says whether the conversation stopped because this device's keys write elsewhere too.
func (r *room) copied() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.conv.Stopped() == conversation.CauseCopied
}
