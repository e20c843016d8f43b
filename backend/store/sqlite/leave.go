package sqlite

import (
	"crypto/sha256"
	"slices"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// Leave implements [store.Log].
func (s *Store) Leave(l store.Leave, done func(store.Appended, error)) {
	hash := sha256.Sum256(l.Event)
	var result store.Appended
	s.add(&op{
		size: len(l.Event),
		run:  func(w *writer) (err error) { result, err = w.leave(l, hash); return err },
		tell: func(err error) { done(result, err) },
	})
}

func (w *writer) leave(l store.Leave, hash [32]byte) (store.Appended, error) {
	conv, err := w.conversation(l.Conversation)
	if err != nil {
		return store.Appended{}, err
	}
	if conv == nil {
		return store.Appended{}, store.ErrNotMember
	}
	if first, err := w.repeatedLeave(conv, l, hash); first.Repeated || err != nil {
		return first, err
	}
	if err := w.mayLeave(conv, l); err != nil {
		return store.Appended{}, err
	}
	slot, _ := conv.roster.Slot(l.Sender)
	e := event{kind: epoch.KindLeave, slot: slot, device: conv.devices[slot], hash: hash, bytes: l.Event}
	if _, err := w.append(conv, e); err != nil {
		return store.Appended{}, err
	}
	conv.left = append(conv.left, l.Sender.Account)
	return store.Appended{Position: conv.head, Roster: conv.roster}, nil
}

// repeatedLeave finds the same event of the same device.
func (w *writer) repeatedLeave(conv *conversation, l store.Leave, hash [32]byte) (store.Appended, error) {
	var position epoch.Position
	var device []byte
	found, err := w.find(findLeave, []any{conv.row, hash[:]}, &position, &device)
	if err != nil || !found || account.DeviceID(device) != l.Sender.Device {
		return store.Appended{}, err
	}
	return store.Appended{Position: position, Repeated: true, Roster: conv.roster}, nil
}

// mayLeave says whether the event may be put into the log. An epoch that takes no more messages takes leave events: each
// account has one.
func (w *writer) mayLeave(conv *conversation, l store.Leave) error {
	_, member := conv.roster.Slot(l.Sender)
	switch {
	case !conv.roster.HasAccount(l.Sender.Account):
		return store.ErrNotMember
	case !member:
		return store.ErrWrongSender
	case l.Epoch != conv.id:
		return stale(conv, l.Sender)
	case slices.Contains(conv.left, l.Sender.Account):
		return store.ErrLeft
	case !slices.Equal(l.Left, conv.left):
		return stale(conv, l.Sender)
	}
	return w.seen(conv, l.Sender, l.Seen)
}
