package epoch

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"sotto/wasm/account"
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
}

// Chains gives the verified chain of an account, at least up to the head a commit names.
type Chains func(account.ID) (*account.Chain, bool)

// Check decides whether the commit may follow before, which is nil when it opens the conversation. In this order:
// the chains have the named heads, the creator's device was active there and in the roster before, the signature,
// the change is allowed, E[n-1], the time. What is left to the caller is what needs a log or a key: seen, the own
// slot, the wrap and confirm.
func (c *Commit) Check(p cose.Primitives, before *Standing, chains Chains) error {
	h := c.Header
	wrong := func(err error) error { return fmt.Errorf("commit %d: %w", h.Number, err) }
	for _, m := range h.Roster {
		if err := checkMember(m, chains); err != nil {
			return wrong(err)
		}
	}
	if err := c.checkCreator(p, before, chains); err != nil {
		return wrong(err)
	}
	if before == nil {
		if h.Number != 0 || len(h.Rejoin) != 0 {
			return wrong(ErrNumber)
		}
		return nil
	}
	if err := h.follows(before); err != nil {
		return wrong(err)
	}
	return nil
}

// checkMember compares a member's devices with its chain at the named head.
func checkMember(m Member, chains Chains) error {
	chain, ok := chains(m.Account)
	if !ok || chain.ID() != m.Account || !chain.Has(m.Head) {
		return fmt.Errorf("account %s: %w", m.Account, ErrHead)
	}
	active := chain.ActiveAt(m.Head.Number)
	same := slices.EqualFunc(active, m.Slots, func(d account.Device, s Slot) bool { return d.ID == s.Device })
	if !same || len(active) == 0 {
		return fmt.Errorf("account %s: %w", m.Account, ErrDevices)
	}
	return nil
}

// checkCreator verifies the signature by a device that stands in this roster and stood in the one before.
func (c *Commit) checkCreator(p cose.Primitives, before *Standing, chains Chains) error {
	if before != nil {
		if _, ok := before.Header.Index(c.Header.Creator); !ok {
			return ErrNotMember
		}
	}
	for _, m := range c.Header.Roster {
		chain, _ := chains(m.Account)
		for _, d := range chain.ActiveAt(m.Head.Number) {
			if d.ID == c.Header.Creator {
				return c.signed.Verify(p, d.Key)
			}
		}
	}
	return ErrCreator
}

// follows compares a header with the one before.
func (h *Header) follows(before *Standing) error {
	b := before.Header
	switch {
	case h.Conversation != b.Conversation:
		return ErrConversation
	case h.Number != b.Number+1:
		return ErrNumber
	case !bytes.Equal(h.Prev, before.ID[:]):
		return ErrPrev
	case h.Time < b.Time:
		return ErrTime
	}
	return h.sameAccounts(b)
}

// sameAccounts holds for a direct conversation: its accounts never change and their chains only grow.
func (h *Header) sameAccounts(b *Header) error {
	for _, m := range h.Roster {
		old, ok := b.member(m.Account)
		if !ok {
			return ErrNotAllowed
		}
		if m.Head.Number < old.Head.Number || m.Head.Number == old.Head.Number && m.Head.Hash != old.Head.Hash {
			return fmt.Errorf("account %s: %w", m.Account, ErrHead)
		}
	}
	return nil
}
