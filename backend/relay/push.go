package relay

import (
	"errors"

	"sotto/backend/store"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// The pushes are made on the store's telling goroutine, so they enter every queue in the order of positions.

// pushMessage gives a message to all sessions of the members. It is encoded once.
func (r *Relay) pushMessage(m store.Message, a store.Appended) {
	r.counters.appended.Add(1)
	r.push(a.Roster, wire.Encode(0, wire.EventPush{
		Conversation: m.Place.Conversation,
		Event:        wire.Event{Position: a.Position, Kind: epoch.KindMessage, Event: m.Event},
	}))
}

// pushCommit gives a commit to all sessions of the members, to each device its own wrap, and to the sessions of those
// whom it takes out. What is the same for all is there once: a large group's commit would fill the memory otherwise.
func (r *Relay) pushCommit(c store.Commit, a store.Appended) {
	r.counters.appended.Add(1)
	r.slots.forget(c.Header.Conversation)
	shared := wire.Encode(0, wire.EventPush{
		Conversation: c.Header.Conversation,
		Event:        wire.Event{Position: a.Position, Kind: epoch.KindCommit, Event: c.Event},
	})
	shared = shared[:len(shared)-1] // the wrap stands last; an empty one is one byte
	wraps := make(map[deviceKey][]byte, len(c.Wraps))
	for i, e := range c.Header.Entries() {
		wraps[e.Device] = cose.Marshal(c.Wraps[i])
	}
	none := cose.Marshal([]byte{})
	deliver := func(s *session) {
		wrap, ok := wraps[s.sender.Device]
		if !ok {
			wrap = none
		}
		r.counters.deliveries.Add(1)
		s.out.putParts(shared, wrap)
	}
	r.members.each(a.Roster, deliver)
	r.members.each(a.Out, deliver)
}

// pushLeave gives a leave event to all sessions of the members, of whom the leaver is one still.
func (r *Relay) pushLeave(l store.Leave, a store.Appended) {
	r.counters.appended.Add(1)
	r.push(a.Roster, wire.Encode(0, wire.EventPush{
		Conversation: l.Conversation,
		Event:        wire.Event{Position: a.Position, Kind: epoch.KindLeave, Event: l.Event},
	}))
}

// pushAsk tells all sessions of the members what they are asked.
func (r *Relay) pushAsk(ask store.Ask, got store.Asked) {
	r.push(got.Roster, wire.Encode(0, wire.AskPush{Conversation: ask.Conversation, Ask: ask.Ask, Tag: ask.Tag}))
}

// pushReceipt gives a receipt to all sessions of the members.
func (r *Relay) pushReceipt(receipt store.Receipt, got store.Received) {
	r.push(got.Roster, wire.Encode(0, wire.ReceiptPush{
		Conversation: receipt.Place.Conversation, Receipts: got.Count, Signal: receipt.Signal,
	}))
}

func (r *Relay) push(roster store.Roster, frame []byte) {
	r.members.each(roster, func(s *session) { r.deliver(s, frame) })
}

func (r *Relay) deliver(s *session, frame []byte) {
	r.counters.deliveries.Add(1)
	s.out.put(frame)
}

// receiptRefused answers a receipt for another epoch or slot, or in too large a company, with a code of its own.
func (s *session) receiptRefused(id uint64, err error) {
	if errors.Is(err, store.ErrStaleEpoch) || errors.Is(err, store.ErrWrongSender) || errors.Is(err, store.ErrCrowded) {
		s.refuse(id, wire.CodeReceiptRefused, 0)
		return
	}
	s.failed(id, err)
}
