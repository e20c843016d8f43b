package relay

import (
	"sotto/backend/store"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// place reads where a sealed object says it belongs and answers one that is none or belongs elsewhere.
func (s *session) place(id uint64, data []byte, typ cose.Type, limit int, in epoch.ConversationID) (epoch.Place, bool) {
	if s.tooLarge(id, len(data), limit) {
		return epoch.Place{}, false
	}
	sealed, err := epoch.ParseSealed(data, typ, limit)
	if err != nil || sealed.Conversation != in {
		s.refuse(id, wire.CodeMalformed, 0)
		return epoch.Place{}, false
	}
	return sealed.Place, true
}

func (s *session) message(id uint64, request wire.Message) {
	place, ok := s.place(id, request.Event, epoch.TypeMessage, wire.MaxMessageEvent, request.Conversation)
	if !ok || !s.mayWrite(id, s.relay.devices) {
		return
	}
	m := store.Message{Sender: *s.sender, Place: place, Event: request.Event}
	s.out.begin()
	s.relay.store.Message(m, func(a store.Appended, err error) {
		defer s.out.done()
		if err != nil {
			s.failed(id, err)
			return
		}
		s.send(id, wire.Stored{Position: a.Position})
		if !a.Repeated {
			s.relay.pushMessage(m, a)
		}
	})
}

func (s *session) receipt(id uint64, request wire.Receipt) {
	place, ok := s.place(id, request.Signal, epoch.TypeSignal, wire.MaxReceipt, request.Conversation)
	if !ok || !s.mayWrite(id, s.relay.devices) {
		return
	}
	r := store.Receipt{Sender: *s.sender, Place: place, Signal: request.Signal}
	s.out.begin()
	s.relay.store.Receipt(r, func(got store.Received, err error) {
		defer s.out.done()
		if err != nil {
			s.receiptRefused(id, err)
			return
		}
		s.send(id, wire.Done{})
		s.relay.pushReceipt(r, got)
	})
}

func (s *session) cursor(id uint64, request wire.Cursor) {
	if !s.mayWrite(id, s.relay.devices) {
		return
	}
	c := store.Cursor{Sender: *s.sender, Conversation: request.Conversation, Position: request.Position}
	s.out.begin()
	s.relay.store.Cursor(c, func(err error) {
		defer s.out.done()
		if err != nil {
			s.failed(id, err)
			return
		}
		s.send(id, wire.Done{})
	})
}
