package relay

import (
	"slices"

	"sotto/backend/store"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// leave appends the sender's word that its account leaves a group.
func (s *session) leave(id uint64, request wire.Leave) {
	if s.tooLarge(id, len(request.Event), wire.MaxLeaveEvent) || !s.mayWrite(id, s.relay.commits) {
		return
	}
	l, err := s.checkedLeave(request)
	if err != nil {
		s.notStored(id, err)
		return
	}
	s.out.begin()
	s.relay.store.Leave(l, func(a store.Appended, err error) {
		defer s.out.done()
		if err != nil {
			s.failed(id, err)
			return
		}
		s.send(id, wire.Stored{Position: a.Position})
		if !a.Repeated {
			s.relay.pushLeave(l, a)
		}
	})
}

// checkedLeave gives the event for the store when all that can be known of it now is right. One that cannot be a new
// event is left to the store, which knows whether it is a repetition.
func (s *session) checkedLeave(request wire.Leave) (store.Leave, error) {
	l, err := epoch.ParseLeave(request.Event)
	if err != nil || l.Conversation != request.Conversation {
		return store.Leave{}, refusal{code: wire.CodeMalformed}
	}
	if l.Device != s.sender.Device {
		return store.Leave{}, refusal{code: wire.CodeWrongSender}
	}
	now, err := s.standing(request.Conversation)
	if err != nil {
		return store.Leave{}, err
	}
	event := store.Leave{
		Sender: *s.sender, Conversation: l.Conversation, Epoch: l.Epoch, Seen: l.Seen, Left: now.Left, Event: request.Event,
	}
	if now.Header == nil || l.Epoch != now.ID || slices.Contains(now.Left, s.sender.Account) {
		return event, nil
	}
	return event, s.mayLeave(l, now)
}

func (s *session) mayLeave(l *epoch.Leave, now *standing) error {
	chains := s.relay.chainsOf(now.Header)
	id, err := l.Check(s.relay.keys, now.epoch(), chains.at)
	switch {
	case chains.failed != nil:
		return chains.failed
	case err == nil && id == s.sender.Account:
		return nil
	case err != nil && l.Seen.Position < now.leftAt: // it was right before somebody else left
		return refusal{wire.CodeStaleEpoch, uint64(now.Header.Number)}
	}
	return ruleRefusal(err)
}
