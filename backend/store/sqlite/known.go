package sqlite

import (
	"database/sql"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// maxKnown bounds what the writer keeps of conversations in memory before it forgets them all, by [conversation.size].
const maxKnown = 1 << 19

// conversation is the newest state of one, as the transaction that runs has it.
type conversation struct {
	name     epoch.ConversationID
	row      int64
	number   epoch.Number
	id       epoch.ID
	opened   epoch.Position
	head     epoch.Position
	log      epoch.LogHash // L[head]
	receipts uint64
	roster   store.Roster // replaced, never changed: results share it
	devices  []int64      // rows of the roster's devices
	left     []account.ID // who left in this epoch, in order; appended to, never changed
}

// full says whether the newest epoch takes no more messages.
func (c *conversation) full() bool { return c.head-c.opened+1 >= epoch.MaxEvents }

// size is what a conversation takes in memory, in devices of a roster.
func (c *conversation) size() int { return len(c.devices) + 4 }

// conversations are those that the writer has in memory.
type conversations struct {
	byID map[epoch.ConversationID]*conversation
	size int
}

func (k *conversations) forget() { k.byID, k.size = nil, 0 }

func (k *conversations) put(c *conversation) {
	if old, ok := k.byID[c.name]; ok {
		k.size -= old.size()
	}
	if k.byID == nil || k.size+c.size() > maxKnown {
		k.byID, k.size = make(map[epoch.ConversationID]*conversation), 0
	}
	k.byID[c.name] = c
	k.size += c.size()
}

// conversation gives the state of a conversation, nil when there is none.
func (w *writer) conversation(id epoch.ConversationID) (*conversation, error) {
	if c, ok := w.known.byID[id]; ok {
		return c, nil
	}
	c := &conversation{name: id}
	var newest, log []byte
	found, err := w.find(findConversation, []any{id[:]},
		&c.row, &c.number, &newest, &c.opened, &c.head, &log, &c.receipts)
	if err != nil || !found {
		return nil, err
	}
	copy(c.id[:], newest)
	copy(c.log[:], log)
	if err := w.loadRoster(c); err != nil {
		return nil, err
	}
	if err := w.loadLeft(c); err != nil {
		return nil, err
	}
	w.known.put(c)
	return c, nil
}

func (w *writer) loadRoster(c *conversation) error {
	return w.each(slotsOf, []any{c.row}, func(rows *sql.Rows) error {
		var account, device []byte
		var row int64
		if err := rows.Scan(&account, &device, &row); err != nil {
			return err
		}
		var s store.Sender
		copy(s.Account[:], account)
		copy(s.Device[:], device)
		c.roster, c.devices = append(c.roster, s), append(c.devices, row)
		return nil
	})
}

func (w *writer) loadLeft(c *conversation) error {
	return w.each(leftOf, []any{c.row, int64(c.number)}, func(rows *sql.Rows) error {
		var id []byte
		if err := rows.Scan(&id); err != nil {
			return err
		}
		c.left = append(c.left, account.ID(id))
		return nil
	})
}

// member gives the conversation when the sender's account is in its roster. It returns [store.ErrNotMember].
func (w *writer) member(id epoch.ConversationID, sender store.Sender) (*conversation, error) {
	c, err := w.conversation(id)
	if err != nil {
		return nil, err
	}
	if c == nil || !c.roster.HasAccount(sender.Account) {
		return nil, store.ErrNotMember
	}
	return c, nil
}
