package relay

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// maxAhead is how far a commit's time may be ahead of the relay's clock.
const maxAhead = 10 * time.Minute

// refusal is why a commit is not stored.
type refusal struct {
	code   wire.Code
	detail uint64
}

// Error names the code.
func (r refusal) Error() string { return r.code.String() }

// commit opens an epoch. What a commit says and who may say it is checked here; what two commits could race for is
// compared by the store when it writes: the epoch, prekeys and heads on which the checks here were made.
func (s *session) commit(id uint64, request wire.Commit) {
	if s.tooLarge(id, len(request.Commit), wire.MaxCommitEvent) || !s.mayWrite(id, s.relay.commits) {
		return
	}
	for _, w := range request.Wraps {
		if s.tooLarge(id, len(w), wire.MaxWrap) {
			return
		}
	}
	c, err := s.checkedCommit(request)
	if err != nil {
		s.commitRefused(id, err)
		return
	}
	s.out.begin()
	s.relay.store.Commit(c, func(a store.Appended, err error) {
		defer s.out.done()
		if err != nil {
			s.failed(id, err)
			return
		}
		s.send(id, wire.Stored{Position: a.Position})
		if !a.Repeated {
			s.relay.pushCommit(c, a)
		}
	})
}

func (s *session) commitRefused(id uint64, err error) {
	var r refusal
	if errors.As(err, &r) {
		s.refuse(id, r.code, r.detail)
		return
	}
	s.failed(id, err)
}

// checkedCommit gives the commit for the store when all that can be known of it now is right.
func (s *session) checkedCommit(request wire.Commit) (store.Commit, error) {
	c, err := epoch.ParseCommit(request.Commit)
	if err != nil || c.Header.Conversation != request.Conversation || !wrapsFit(c, request.Wraps) {
		return store.Commit{}, refusal{code: wire.CodeCommitRefused}
	}
	index, _ := c.Header.Index(c.Header.Creator)
	if entry := c.Header.Entries()[index]; entry.Device != s.sender.Device || entry.Account != s.sender.Account {
		return store.Commit{}, refusal{code: wire.CodeWrongSender}
	}
	if c.Header.Time > uint64(time.Now().Add(maxAhead).Unix()) {
		return store.Commit{}, refusal{wire.CodeClock, clock()}
	}
	if err := s.checkRules(c); err != nil {
		return store.Commit{}, err
	}
	return store.Commit{Sender: *s.sender, Header: c.Header, ID: c.ID, Event: request.Commit, Wraps: request.Wraps}, nil
}

// wrapsFit says whether the wraps are those whose hashes were signed.
func wrapsFit(c *epoch.Commit, wraps [][]byte) bool {
	if len(wraps) != len(c.Wraps) {
		return false
	}
	for i, want := range c.Wraps {
		if len(want) == 0 {
			if len(wraps[i]) != 0 {
				return false
			}
			continue
		}
		if sum := sha256.Sum256(wraps[i]); string(sum[:]) != string(want) {
			return false
		}
	}
	return true
}

// checkRules holds the commit against the newest epoch and the chains. One that is not of the next number is left to
// the store, which knows whether it is a repetition.
func (s *session) checkRules(c *epoch.Commit) error {
	before, err := s.standing(c.Header.Conversation)
	if err != nil {
		return err
	}
	next := epoch.Number(0)
	if before != nil {
		next = before.Header.Number + 1
	}
	if c.Header.Number != next {
		return nil
	}
	chains, err := s.chains(c.Header)
	if err != nil {
		return err
	}
	return ruleRefusal(c.Check(s.relay.keys, before, func(id account.ID) (*account.Chain, bool) {
		chain, ok := chains[id]
		return chain, ok
	}))
}

// ruleRefusal says what a client is told of a broken rule.
func ruleRefusal(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, epoch.ErrHead):
		return refusal{code: wire.CodeStaleHead}
	case errors.Is(err, epoch.ErrNotMember):
		return refusal{code: wire.CodeNotMember}
	}
	return refusal{code: wire.CodeCommitRefused}
}

// standing gives the newest epoch of a conversation, nil when it has none.
func (s *session) standing(id epoch.ConversationID) (*epoch.Standing, error) {
	stored, err := s.relay.store.Standing(context.Background(), id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := epoch.ParseCommit(stored.Commit)
	if err != nil {
		return nil, errors.Join(store.ErrCorrupt, err)
	}
	return &epoch.Standing{ID: c.ID, Header: c.Header}, nil
}

// chains gives the chains of a roster's accounts. An account that does not exist is left out.
func (s *session) chains(h *epoch.Header) (map[account.ID]*account.Chain, error) {
	chains := make(map[account.ID]*account.Chain)
	for _, m := range h.Roster {
		stored, err := s.relay.store.Chain(context.Background(), m.Account, 0, account.MaxLinks*account.MaxLinkBytes)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var links [][]byte
		for _, l := range stored.Links {
			links = append(links, l.Bytes)
		}
		if chains[m.Account], err = account.ParseChain(s.relay.keys, links); err != nil {
			return nil, errors.Join(store.ErrCorrupt, err)
		}
	}
	return chains, nil
}
