package sqlite

import (
	"bytes"
	"crypto/sha256"

	"sotto/backend/store"
	"sotto/wasm/epoch"
)

// Commit implements [store.Log].
func (s *Store) Commit(c store.Commit, done func(store.Appended, error)) {
	size := len(c.Event)
	for _, w := range c.Wraps {
		size += len(w)
	}
	hash := sha256.Sum256(c.Event)
	var result store.Appended
	s.add(&op{
		size: size,
		run:  func(w *writer) (err error) { result, err = w.commit(c, hash); return err },
		tell: func(err error) { done(result, err) },
	})
}

func (w *writer) commit(c store.Commit, hash [32]byte) (store.Appended, error) {
	h := c.Header
	conv, err := w.conversation(h.Conversation)
	if err != nil {
		return store.Appended{}, err
	}
	if first, err := w.repeatedCommit(conv, c, hash); first.Repeated || err != nil {
		return first, err
	}
	if err := follows(conv, c); err != nil {
		return store.Appended{}, err
	}
	next := &conversation{number: h.Number, id: c.ID, opened: 1}
	if conv != nil {
		next.row, next.opened, next.receipts = conv.row, conv.head+1, conv.receipts
	}
	next.head = next.opened
	slots, err := w.current(h, next)
	if err != nil {
		return store.Appended{}, err
	}
	if err := w.open(conv == nil, h.Conversation, next, slots); err != nil {
		return store.Appended{}, err
	}
	if err := w.putCommit(c, hash, next); err != nil {
		return store.Appended{}, err
	}
	w.known.put(h.Conversation, next)
	return store.Appended{Position: next.head, Roster: next.roster}, nil
}

// repeatedCommit finds the commit of the number that c has, if that is not a new one.
func (w *writer) repeatedCommit(conv *conversation, c store.Commit, hash [32]byte) (store.Appended, error) {
	if conv == nil || c.Header.Number > conv.number {
		return store.Appended{}, nil
	}
	var position epoch.Position
	var stored, device []byte
	found, err := w.find(findCommit, []any{conv.row, int64(c.Header.Number)}, &position, &stored, &device)
	if err != nil {
		return store.Appended{}, err
	}
	if found && bytes.Equal(stored, hash[:]) && bytes.Equal(device, c.Sender.Device[:]) {
		return store.Appended{Position: position, Repeated: true, Roster: conv.roster}, nil
	}
	return store.Appended{}, stale(conv, c.Sender)
}

// stale is what a sender is told whose epoch is not the newest; someone who is no member learns nothing.
func stale(conv *conversation, sender store.Sender) error {
	if !conv.roster.HasAccount(sender.Account) {
		return store.ErrNotMember
	}
	return &store.StaleEpochError{Newest: conv.number}
}

// follows compares a commit with the newest epoch.
func follows(conv *conversation, c store.Commit) error {
	h := c.Header
	if _, ok := h.Index(c.Sender.Device); !ok {
		return store.ErrWrongSender
	}
	if conv == nil {
		if h.Number != 0 {
			return store.ErrNotMember
		}
		return nil
	}
	if _, ok := conv.slot(c.Sender.Device); !ok {
		return store.ErrNotMember
	}
	if h.Number != conv.number+1 || !bytes.Equal(h.Prev, conv.id[:]) {
		return stale(conv, c.Sender)
	}
	return nil
}

// slotRow is a row of the table slots.
type slotRow struct{ account, device int64 }

// current checks that the header names the current heads and prekeys, and fills next's roster.
func (w *writer) current(h *epoch.Header, next *conversation) ([]slotRow, error) {
	var slots []slotRow
	for _, m := range h.Roster {
		row, err := w.currentHead(m)
		if err != nil {
			return nil, err
		}
		for _, s := range m.Slots {
			device, err := w.currentPrekey(s, row)
			if err != nil {
				return nil, err
			}
			slots = append(slots, slotRow{row, device})
			next.devices = append(next.devices, device)
			next.roster = append(next.roster, store.Sender{Account: m.Account, Device: s.Device})
		}
	}
	return slots, nil
}

func (w *writer) currentHead(m epoch.Member) (int64, error) {
	var row, number int64
	var hash []byte
	found, err := w.find(findHead, []any{m.Account[:]}, &row, &number, &hash)
	if err != nil {
		return 0, err
	}
	if !found || uint64(number) != m.Head.Number || !bytes.Equal(hash, m.Head.Hash[:]) {
		return 0, store.ErrStaleHead
	}
	return row, nil
}

func (w *writer) currentPrekey(s epoch.Slot, account int64) (int64, error) {
	var device, owner, counter int64
	found, err := w.find(findDevice, []any{s.Device[:]}, &device, &owner)
	if err != nil {
		return 0, err
	}
	if !found || owner != account {
		return 0, store.ErrStaleHead
	}
	if s.Absent() {
		return device, nil
	}
	var thumbprint, prekey []byte
	if found, err = w.find(findPrekey, []any{device}, &counter, &thumbprint, &prekey); err != nil {
		return 0, err
	}
	if !found || !bytes.Equal(thumbprint, s.Prekey) {
		return 0, store.ErrStalePrekey
	}
	return device, nil
}

// open makes next the newest epoch of its conversation.
func (w *writer) open(first bool, id epoch.ConversationID, next *conversation, slots []slotRow) (err error) {
	if first {
		next.row, err = w.insert(insertConversation, id[:], int64(next.number), next.id[:], int64(next.opened))
	} else {
		err = w.exec(updateConversation, int64(next.number), next.id[:], int64(next.opened), next.row)
	}
	if err != nil {
		return err
	}
	if err := w.exec(clearSlots, next.row); err != nil {
		return err
	}
	for i, s := range slots {
		if err := w.exec(insertSlot, next.row, i, s.account, s.device); err != nil {
			return err
		}
	}
	return nil
}

// putCommit writes the event and its wraps at next's head.
func (w *writer) putCommit(c store.Commit, hash [32]byte, next *conversation) error {
	at, _ := next.slot(c.Sender.Device) // follows has found it
	err := w.exec(insertEvent, next.row, int64(next.head), int64(epoch.KindCommit), int64(next.number), nil, nil,
		next.devices[at], hash[:], c.Event)
	for i, wrap := range c.Wraps {
		if err == nil && len(wrap) > 0 {
			err = w.exec(insertWrap, next.row, next.devices[i], int64(next.head), wrap)
		}
	}
	return err
}
