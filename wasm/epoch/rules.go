package epoch

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/cose"
)

// Why a commit is refused. Each is a security failure or the work of broken software; none is retried.
var (
	ErrSuite        = errors.New("unknown suite")
	ErrConversation = errors.New("not this conversation")
	ErrNumber       = errors.New("not the next epoch")
	ErrPrev         = errors.New("follows another epoch")
	ErrTime         = errors.New("older than the epoch before")
	ErrCreator      = errors.New("creator is not a present device of its own roster")
	ErrNotMember    = errors.New("creator is not in the roster before")
	ErrNotAllowed   = errors.New("change is not allowed")
	ErrHead         = errors.New("account chain does not have the named head")
	ErrDevices      = errors.New("roster differs from the account's active devices")
	ErrSeen         = errors.New("names a history that is not this one")
)

// Standing is what the rules need to know of the epoch that is newest before a commit.
type Standing struct {
	ID     ID
	Header *Header
	Left   []account.ID // who left in this epoch, in the order of the log
}

// Chains gives the verified chain of an account, at least up to the head a commit names.
type Chains func(account.ID) (*account.Chain, bool)

// Check decides whether the commit may follow before, which is nil when it opens the conversation. In this order:
// the chains have the named heads, the creator's device was active there and in the roster before, the signature,
// E[n-1], the time, the change is allowed. What is left to the caller is what needs a log or a key: seen, the own
// slot, the wrap and confirm.
func (c *Commit) Check(p cose.Primitives, before *Standing, chains Chains) error {
	h := c.Header
	if err := c.checkRoster(p, before, chains); err != nil {
		return c.wrong(err)
	}
	if before == nil {
		if h.Number != 0 || len(h.Rejoin) != 0 {
			return c.wrong(ErrNumber)
		}
		return nil
	}
	if err := h.follows(before); err != nil {
		return c.wrong(err)
	}
	return c.wrong(h.checkAdmitted(p, before, chains))
}

// CheckEntry is [Commit.Check] for a device that this commit lets in and that has not seen the epoch before: what
// compares with that epoch is left to those who have.
func (c *Commit) CheckEntry(p cose.Primitives, chains Chains) error {
	if c.Header.Number == 0 {
		return c.wrong(ErrNumber)
	}
	return c.wrong(c.checkRoster(p, nil, chains))
}

// checkRoster compares the roster with the accounts' chains, and verifies that a device signed that stands in it and
// stood in the one before.
func (c *Commit) checkRoster(p cose.Primitives, before *Standing, chains Chains) error {
	for i := range c.Header.Roster {
		if err := checkMember(&c.Header.Roster[i], chains, c.Header.Group()); err != nil {
			return err
		}
	}
	if before != nil {
		if _, ok := before.Header.Index(c.Header.Creator); !ok && !check.Off(check.CreatorMember) {
			return ErrNotMember
		}
	}
	return c.checkCreator(p, chains)
}

func (c *Commit) wrong(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("commit %d: %w", c.Header.Number, err)
}

// checkMember compares a member's devices with its chain at the named head. An account that has revoked all its devices
// stays in a group without any, until an admin takes it out: it must not keep everyone else from committing.
func checkMember(m *Member, chains Chains, group bool) error {
	chain, ok := chains(m.Account)
	if !ok || chain.ID() != m.Account || !chain.Has(m.Head) && !check.Off(check.ChainHead) {
		return fmt.Errorf("account %s: %w", m.Account, ErrHead)
	}
	active := chain.ActiveAt(m.Head.Number)
	same := slices.EqualFunc(active, m.Slots, func(d account.Device, s Slot) bool { return d.ID == s.Device })
	if (!same || len(active) == 0 && !group) && !check.Off(check.ActiveDevices) {
		return fmt.Errorf("account %s: %w", m.Account, ErrDevices)
	}
	return nil
}

// checkCreator verifies the signature by a device of the roster.
func (c *Commit) checkCreator(p cose.Primitives, chains Chains) error {
	_, entry, ok := c.Header.Find(c.Header.Creator)
	if !ok {
		return ErrCreator
	}
	chain, ok := chains(entry.Account)
	if !ok {
		return ErrHead
	}
	key, ok := chain.Key(entry.Device)
	if !ok {
		return ErrCreator
	}
	return c.signed.Verify(p, key)
}

// follows compares a header with the one before.
func (h *Header) follows(before *Standing) error {
	b := before.Header
	switch {
	case h.Conversation != b.Conversation && !check.Off(check.Conversation):
		return ErrConversation
	case h.Number != b.Number+1 && !check.Off(check.Number):
		return ErrNumber
	case !bytes.Equal(h.Prev, before.ID[:]) && !check.Off(check.Prev):
		return ErrPrev
	case h.Time < b.Time && !check.Off(check.Time):
		return ErrTime
	case len(h.Room) != len(b.Room):
		return ErrNotAllowed
	}
	if len(h.Room) == 0 {
		return h.sameAccounts(b)
	}
	return h.changes(before)
}

// sameAccounts holds for a direct conversation: its accounts never change and their chains only grow.
func (h *Header) sameAccounts(b *Header) error {
	for _, m := range h.Roster {
		old, ok := b.Member(m.Account)
		if !ok && !check.Off(check.DirectRoster) {
			return ErrNotAllowed
		}
		if err := m.grew(old); ok && err != nil {
			return err
		}
	}
	return nil
}

// grew holds a member's chain against the epoch before: it is the same or longer.
func (m *Member) grew(old Member) error {
	if (m.Head.Number < old.Head.Number || m.Head.Number == old.Head.Number && m.Head.Hash != old.Head.Hash) && !check.Off(check.ChainHead) {
		return fmt.Errorf("account %s: %w", m.Account, ErrHead)
	}
	return nil
}
