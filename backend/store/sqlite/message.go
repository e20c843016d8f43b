package sqlite

import (
	"bytes"
	"crypto/sha256"
	"errors"

	"sotto/backend/store"
	"sotto/wasm/check"
	"sotto/wasm/epoch"
)

// Message implements [store.Log].
func (s *Store) Message(m store.Message, done func(store.Appended, error)) {
	hash := sha256.Sum256(m.Event)
	var result store.Appended
	s.add(&op{
		size: len(m.Event),
		run:  func(w *writer) (err error) { result, err = w.message(m, hash); return err },
		tell: func(err error) { done(result, err) },
	})
}

// slotPlace is a message's place in the database's integers.
type slotPlace struct{ n, slot, g int64 }

func place(p epoch.Place) (slotPlace, error) {
	n, err := signed(p.Number)
	if err != nil {
		return slotPlace{}, err
	}
	slot, err := signed(p.Index)
	if err != nil {
		return slotPlace{}, err
	}
	g, err := signed(p.Generation)
	return slotPlace{n, slot, g}, err
}

func (w *writer) message(m store.Message, hash [32]byte) (store.Appended, error) {
	p, err := place(m.Place)
	if err != nil {
		return store.Appended{}, err
	}
	conv, err := w.conversation(m.Place.Conversation)
	if err != nil {
		return store.Appended{}, err
	}
	if conv == nil {
		return store.Appended{}, store.ErrNotMember
	}
	slot, ok := conv.roster.Slot(m.Sender)
	switch {
	case !ok:
		return w.outsidersMessage(conv, p, hash, m.Sender)
	case m.Place.Number != conv.number:
		return w.repeatedMessage(conv, p, hash, conv.devices[slot], stale(conv, m.Sender))
	case m.Place.Index != uint64(slot) && !check.Off(check.SessionSlot):
		return store.Appended{}, store.ErrWrongSender
	case conv.full() || len(conv.left) > 0:
		return w.repeatedMessage(conv, p, hash, conv.devices[slot], store.ErrEpochFull)
	}
	put, err := w.append(conv, event{
		kind: epoch.KindMessage, slot: p.slot, g: p.g, device: conv.devices[slot], hash: hash, bytes: m.Event,
	})
	if err != nil {
		return store.Appended{}, err
	}
	if !put {
		return w.repeatedMessage(conv, p, hash, conv.devices[slot], store.ErrReused)
	}
	return store.Appended{Position: conv.head, Roster: conv.roster}, nil
}

// outsidersMessage is one of a device that is not in the roster: it may have been when it was sent first.
func (w *writer) outsidersMessage(conv *conversation, p slotPlace, hash [32]byte, by store.Sender) (store.Appended, error) {
	refusal := store.ErrNotMember
	if conv.roster.HasAccount(by.Account) {
		refusal = store.ErrWrongSender
	}
	device, err := w.device(by.Device)
	if errors.Is(err, store.ErrNotFound) {
		return store.Appended{}, refusal
	}
	if err != nil {
		return store.Appended{}, err
	}
	return w.repeatedMessage(conv, p, hash, device, refusal)
}

// repeatedMessage finds the same message of the same device in its slot; if there is none the refusal holds.
func (w *writer) repeatedMessage(conv *conversation, p slotPlace, hash [32]byte, device int64, refusal error) (store.Appended, error) {
	var position epoch.Position
	var stored []byte
	var sender int64
	found, err := w.find(findEvent, []any{conv.row, p.n, p.slot, p.g}, &position, &stored, &sender)
	if err != nil {
		return store.Appended{}, err
	}
	if !found || sender != device || !bytes.Equal(stored, hash[:]) {
		return store.Appended{}, refusal
	}
	return store.Appended{Position: position, Repeated: true, Roster: conv.roster}, nil
}
