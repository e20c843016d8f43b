package relay

import (
	"errors"

	"sotto/backend/store"
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

// pushCommit gives a commit to all sessions of the members, to each device its own wrap.
func (r *Relay) pushCommit(c store.Commit, a store.Appended) {
	r.counters.appended.Add(1)
	frame := func(wrap []byte) []byte {
		return wire.Encode(0, wire.EventPush{
			Conversation: c.Header.Conversation,
			Event:        wire.Event{Position: a.Position, Kind: epoch.KindCommit, Event: c.Event, Wrap: wrap},
		})
	}
	frames := make(map[deviceKey][]byte)
	r.members.each(a.Roster, func(s *session) {
		device := s.sender.Device
		if frames[device] == nil {
			var wrap []byte
			if index, ok := c.Header.Index(device); ok {
				wrap = c.Wraps[index]
			}
			frames[device] = frame(wrap)
		}
		r.deliver(s, frames[device])
	})
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

// receiptRefused answers a receipt for another epoch or slot with a code of its own.
func (s *session) receiptRefused(id uint64, err error) {
	if errors.Is(err, store.ErrStaleEpoch) || errors.Is(err, store.ErrWrongSender) {
		s.refuse(id, wire.CodeReceiptRefused, 0)
		return
	}
	s.failed(id, err)
}
