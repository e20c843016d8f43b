package relay

import (
	"context"
	"errors"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// standing is the newest epoch of a conversation. Header is nil where there is none.
type standing struct {
	epoch.Standing
	leftAt epoch.Position // of the last who left
}

// epoch gives what the rules are asked with: nil where nothing stands.
func (st *standing) epoch() *epoch.Standing {
	if st.Header == nil {
		return nil
	}
	return &st.Standing
}

// next is the number of the next epoch.
func (st *standing) next() epoch.Number {
	if st.Header == nil {
		return 0
	}
	return st.Header.Number + 1
}

func (s *session) standing(id epoch.ConversationID) (*standing, error) {
	stored, err := s.relay.store.Standing(context.Background(), id)
	if errors.Is(err, store.ErrNotFound) {
		return &standing{}, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := epoch.ParseCommit(stored.Commit)
	if err != nil {
		return nil, errors.Join(store.ErrCorrupt, err)
	}
	return &standing{epoch.Standing{ID: c.ID, Header: c.Header, Left: stored.Left}, stored.LeftAt}, nil
}

// chains gives the chains of a header's accounts, each up to the head that is named there.
type chains struct {
	relay  *Relay
	header *epoch.Header
	failed error // when a chain could not be read; the answer for want of it means nothing then
}

func (r *Relay) chainsOf(h *epoch.Header) *chains { return &chains{relay: r, header: h} }

// at is an [epoch.Chains].
func (c *chains) at(id account.ID) (*account.Chain, bool) {
	m, ok := c.header.Member(id)
	if !ok || c.failed != nil {
		return nil, false
	}
	chain, err := c.relay.chainAt(id, m.Head)
	if err != nil {
		c.failed = err
	}
	return chain, chain != nil
}
