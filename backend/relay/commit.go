package relay

import (
	"crypto/sha256"
	"errors"
	"time"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// maxAhead is how far a commit's time may be ahead of the relay's clock.
const maxAhead = 10 * time.Minute

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
		s.notStored(id, err)
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

// checkedCommit gives the commit for the store when all that can be known of it now is right.
func (s *session) checkedCommit(request wire.Commit) (store.Commit, error) {
	c, err := epoch.ParseCommit(request.Commit)
	if err != nil || c.Header.Conversation != request.Conversation || !wrapsFit(c, request.Wraps) {
		return store.Commit{}, refusal{code: wire.CodeCommitRefused}
	}
	_, entry, _ := c.Header.Find(c.Header.Creator)
	if (entry.Device != s.sender.Device || entry.Account != s.sender.Account) && !check.Off(check.SessionCreator) {
		return store.Commit{}, refusal{code: wire.CodeWrongSender}
	}
	if c.Header.Time > uint64(time.Now().Add(maxAhead).Unix()) {
		return store.Commit{}, refusal{wire.CodeClock, clock()}
	}
	left, err := s.checkRules(c)
	if err != nil {
		return store.Commit{}, err
	}
	return store.Commit{
		Sender: *s.sender, Header: c.Header, ID: c.ID, Left: left, Event: request.Commit, Wraps: request.Wraps,
	}, nil
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

// checkRules holds the commit against the newest epoch and the chains and gives who has left that epoch. One that is
// not of the next number is left to the store, which knows whether it is a repetition.
func (s *session) checkRules(c *epoch.Commit) ([]account.ID, error) {
	before, err := s.standing(c.Header.Conversation)
	if err != nil {
		return nil, err
	}
	if c.Header.Number != before.next() {
		return nil, nil
	}
	if before.Header != nil && !before.Header.Has(s.sender.Device) {
		return nil, refusal{code: wire.CodeNotMember}
	}
	if err := s.mayOpen(c.Header); err != nil {
		return nil, err
	}
	chains := s.relay.chainsOf(c.Header)
	err = c.Check(s.relay.keys, before.epoch(), chains.at)
	switch {
	case chains.failed != nil:
		return nil, chains.failed
	case err != nil && c.Header.Seen.Position < before.leftAt: // it was right before somebody left
		return nil, refusal{wire.CodeStaleEpoch, uint64(before.Header.Number)}
	case err != nil:
		return nil, ruleRefusal(err)
	}
	return before.Left, s.mayChange(c.Header, before.Header)
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
