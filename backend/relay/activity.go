package relay

import (
	"context"
	"errors"
	"sync"

	"sotto/backend/store"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// activity passes on what a device does just now to the sessions of the other devices. It is kept nowhere: who is not
// there does not get it.
func (s *session) activity(id uint64, request wire.Activity) {
	place, ok := s.place(id, request.Signal, epoch.TypeActivity, wire.MaxActivity, request.Conversation)
	if !ok || !s.mayWrite(id, s.relay.activities) {
		return
	}
	newest, err := s.relay.slots.find(s.relay.store, place)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		s.failed(id, err)
		return
	case err != nil || !newest.roster.HasAccount(s.sender.Account):
		s.refuse(id, wire.CodeNotMember, 0)
		return
	case place.Number != newest.number || place.Index >= uint64(len(newest.roster)) || newest.roster[place.Index] != *s.sender:
		s.refuse(id, wire.CodeReceiptRefused, 0)
		return
	}
	s.send(id, wire.Done{})
	frame := wire.Encode(0, wire.ActivityPush{Conversation: request.Conversation, Signal: request.Signal})
	s.relay.members.each(newest.roster, func(other *session) {
		if other.sender.Device != s.sender.Device {
			s.relay.deliver(other, frame)
		}
	})
}

// maxSlots is how many conversations the relay knows the slots of before it forgets them all.
const maxSlots = 1 << 12

// slots are the rosters of the newest epochs of conversations in which somebody does something.
type slots struct {
	mu    sync.Mutex
	known map[epoch.ConversationID]slotsOf
}

type slotsOf struct {
	number epoch.Number
	roster store.Roster
}

// find gives the slots of a place's conversation. It returns [store.ErrNotFound] when there is no such conversation.
// What is known is looked up again when the place names another epoch.
func (k *slots) find(s store.Store, p epoch.Place) (slotsOf, error) {
	k.mu.Lock()
	known, ok := k.known[p.Conversation]
	k.mu.Unlock()
	if ok && known.number == p.Number {
		return known, nil
	}
	standing, err := s.Standing(context.Background(), p.Conversation)
	if err != nil {
		return slotsOf{}, err
	}
	commit, err := epoch.ParseCommit(standing.Commit)
	if err != nil {
		return slotsOf{}, err
	}
	known = slotsOf{number: standing.Number}
	for _, e := range commit.Header.Entries() {
		known.roster = append(known.roster, store.Sender{Account: e.Account, Device: e.Device})
	}
	k.put(p.Conversation, known)
	return known, nil
}

func (k *slots) put(id epoch.ConversationID, s slotsOf) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil || len(k.known) >= maxSlots {
		k.known = make(map[epoch.ConversationID]slotsOf)
	}
	k.known[id] = s
}

// forget drops what is known of a conversation, which has a new epoch.
func (k *slots) forget(id epoch.ConversationID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.known, id)
}
