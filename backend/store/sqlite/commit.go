package sqlite

import (
	"bytes"
	"crypto/sha256"
	"slices"

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
	if err := w.commitSeen(conv, c); err != nil {
		return store.Appended{}, err
	}
	before := conv
	if before == nil {
		before = &conversation{name: h.Conversation, log: epoch.LogStart(h.Conversation)}
	}
	next := &conversation{
		name: h.Conversation, row: before.row, number: h.Number, id: c.ID, receipts: before.receipts,
		opened: before.head + 1, head: before.head, log: before.log,
	}
	slots, err := w.current(h, next)
	if err != nil {
		return store.Appended{}, err
	}
	if err := w.open(before, next, slots, h.Seen.Position); err != nil {
		return store.Appended{}, err
	}
	if err := w.putCommit(c, hash, next); err != nil {
		return store.Appended{}, err
	}
	if err := w.honoured(h, next); err != nil {
		return store.Appended{}, err
	}
	w.known.put(next)
	return store.Appended{Position: next.head, Roster: next.roster, Out: before.roster.Without(next.roster)}, nil
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
	if _, ok := conv.roster.Slot(c.Sender); !ok {
		return store.ErrNotMember
	}
	if h.Number != conv.number+1 || !bytes.Equal(h.Prev, conv.id[:]) || !slices.Equal(c.Left, conv.left) {
		return stale(conv, c.Sender)
	}
	return nil
}

// commitSeen holds what a commit has seen against the log.
func (w *writer) commitSeen(conv *conversation, c store.Commit) error {
	if conv != nil {
		return w.seen(conv, c.Sender, c.Header.Seen)
	}
	if c.Header.Seen != (epoch.Seen{Log: epoch.LogStart(c.Header.Conversation)}) {
		return store.ErrSeen
	}
	return nil
}

// seen holds what a member's event has seen against the log: it is a position of the newest epoch that is there, and
// not before an event of the sender's own.
func (w *writer) seen(conv *conversation, sender store.Sender, seen epoch.Seen) error {
	log := conv.log
	switch {
	case seen.Position > conv.head || seen.Position < conv.opened:
		return store.ErrSeen
	case seen.Position < conv.head:
		slot, _ := conv.roster.Slot(sender)
		var last epoch.Position
		if _, err := w.find(findLast, []any{conv.row, int64(conv.number), slot}, &last); err != nil {
			return err
		}
		if seen.Position < last {
			return stale(conv, sender)
		}
		var stored []byte
		if _, err := w.find(findLog, []any{conv.row, int64(seen.Position)}, &stored); err != nil {
			return err
		}
		copy(log[:], stored)
	}
	if log != seen.Log {
		return store.ErrSeen
	}
	return nil
}

// slotRow is a row of the table slots.
type slotRow struct{ account, device int64 }

// current checks that the header names the current heads and prekeys, and fills next's roster.
func (w *writer) current(h *epoch.Header, next *conversation) ([]slotRow, error) {
	var slots []slotRow
	for _, m := range h.Roster {
		if len(m.Slots) == 0 { // it has revoked all its devices
			if err := w.currentHead(m); err != nil {
				return nil, err
			}
		}
		for _, s := range m.Slots {
			row, err := w.currentSlot(m, s)
			if err != nil {
				return nil, err
			}
			slots = append(slots, row)
			next.devices = append(next.devices, row.device)
			next.roster = append(next.roster, store.Sender{Account: m.Account, Device: s.Device})
		}
	}
	return slots, nil
}

func (w *writer) currentHead(m epoch.Member) error {
	var number int64
	var head []byte
	found, err := w.find(findHead, []any{m.Account[:]}, &number, &head)
	if err == nil && (!found || uint64(number) != m.Head.Number || !bytes.Equal(head, m.Head.Hash[:])) {
		err = store.ErrStaleHead
	}
	return err
}

func (w *writer) currentSlot(m epoch.Member, s epoch.Slot) (slotRow, error) {
	var row slotRow
	var number int64
	var owner, head, prekey []byte
	found, err := w.find(findCurrent, []any{s.Device[:]}, &row.device, &row.account, &owner, &number, &head, &prekey)
	switch {
	case err != nil:
		return slotRow{}, err
	case !found || !bytes.Equal(owner, m.Account[:]) || uint64(number) != m.Head.Number || !bytes.Equal(head, m.Head.Hash[:]):
		return slotRow{}, store.ErrStaleHead
	case !s.Absent() && !bytes.Equal(prekey, s.Prekey):
		return slotRow{}, store.ErrStalePrekey
	}
	return row, nil
}

// open makes next the newest epoch of its conversation.
func (w *writer) open(before, next *conversation, slots []slotRow, seen epoch.Position) (err error) {
	if before.head == 0 {
		next.row, err = w.insert(insertConversation, next.name[:], int64(next.number), next.id[:], int64(next.opened))
	} else {
		err = w.exec(updateConversation, int64(next.number), next.id[:], int64(next.opened), next.row)
	}
	if err != nil || slices.Equal(before.devices, next.devices) {
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
	return w.changeSpans(before, next, slots, seen)
}

// changeSpans notes from where on those who came may read the log and up to where those who were taken out.
func (w *writer) changeSpans(before, next *conversation, slots []slotRow, seen epoch.Position) error {
	for i, s := range next.roster {
		if before.roster.HasAccount(s.Account) || i > 0 && next.roster[i-1].Account == s.Account {
			continue
		}
		if err := w.exec(insertSpan, next.row, slots[i].account, int64(seen), int64(next.opened)); err != nil {
			return err
		}
	}
	for i, s := range before.roster {
		if next.roster.HasAccount(s.Account) || i > 0 && before.roster[i-1].Account == s.Account {
			continue
		}
		if err := w.exec(closeSpan, int64(next.opened), next.row, s.Account[:]); err != nil {
			return err
		}
	}
	return nil
}

// putCommit writes the event and its wraps behind next's head.
func (w *writer) putCommit(c store.Commit, hash [32]byte, next *conversation) error {
	slot, _ := next.roster.Slot(c.Sender) // follows has found it
	e := event{kind: epoch.KindCommit, device: next.devices[slot], hash: hash, bytes: c.Event}
	if _, err := w.append(next, e); err != nil {
		return err
	}
	for i, wrap := range c.Wraps {
		if len(wrap) == 0 {
			continue
		}
		if err := w.exec(insertWrap, next.row, next.devices[i], int64(next.head), wrap); err != nil {
			return err
		}
	}
	return nil
}
