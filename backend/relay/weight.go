package relay

import (
	"time"

	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// perCommit is how many devices a commit has that counts one more than another.
const perCommit = 50

// weight is how many commits one of a roster counts for beyond itself: what it costs the relay grows with its devices.
func weight(h *epoch.Header) int { return len(h.Entries()) / perCommit }

// mayOpen counts the weight of a commit with its sender. The commit itself was counted before it was read.
func (s *session) mayOpen(h *epoch.Header) error {
	return limited(s.relay.commits.takeMany(s.sender.Device, weight(h)))
}

// mayChange counts a commit that is right with its conversation, and the accounts it adds with its sender's account.
func (s *session) mayChange(h, before *epoch.Header) error {
	if err := limited(s.relay.rooms.takeMany(h.Conversation, 1+weight(h))); err != nil {
		return err
	}
	return limited(s.relay.added.takeMany(s.sender.Account, addedTo(h, before)))
}

// addedTo counts the accounts that a group's commit brings in without their having asked.
func addedTo(h, before *epoch.Header) int {
	if !h.Group() {
		return 0
	}
	n := 0
	_, creator, _ := h.Find(h.Creator)
	for _, m := range h.Roster {
		_, asked := h.Admits(m.Account)
		was := m.Account == creator.Account
		if before != nil {
			_, was = before.Member(m.Account)
		}
		if !asked && !was {
			n++
		}
	}
	return n
}

// limited is the refusal of what came before its time.
func limited(wait time.Duration) error {
	if wait == 0 {
		return nil
	}
	return refusal{wire.CodeLimited, uint64(wait.Milliseconds()) + 1}
}
