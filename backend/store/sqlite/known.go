package sqlite

import (
	"database/sql"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// maxKnown is how many conversations the writer keeps in memory before it forgets them all.
const maxKnown = 1 << 15

// conversation is the newest state of one, as the transaction that runs has it.
type conversation struct {
	row      int64
	number   epoch.Number
	id       epoch.ID
	opened   epoch.Position
	head     epoch.Position
	receipts uint64
	roster   store.Roster // replaced, never changed: results share it
	devices  []int64      // rows of the roster's devices
}

// slot finds a device in the roster.
func (c *conversation) slot(device account.DeviceID) (int, bool) {
	for i, s := range c.roster {
		if s.Device == device {
			return i, true
		}
	}
	return 0, false
}

// conversations are those that the writer has in memory.
type conversations struct {
	byID map[epoch.ConversationID]*conversation
}

func (k *conversations) forget() { clear(k.byID) }

func (k *conversations) put(id epoch.ConversationID, c *conversation) {
	if k.byID == nil || len(k.byID) >= maxKnown {
		k.byID = make(map[epoch.ConversationID]*conversation)
	}
	k.byID[id] = c
}

// conversation gives the state of a conversation, nil when there is none.
func (w *writer) conversation(id epoch.ConversationID) (*conversation, error) {
	if c, ok := w.known.byID[id]; ok {
		return c, nil
	}
	c := &conversation{}
	var name []byte
	found, err := w.find(findConversation, []any{id[:]}, &c.row, &c.number, &name, &c.opened, &c.head, &c.receipts)
	if err != nil || !found {
		return nil, err
	}
	copy(c.id[:], name)
	err = w.each(slotsOf, []any{c.row}, func(rows *sql.Rows) error {
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
	if err != nil {
		return nil, err
	}
	w.known.put(id, c)
	return c, nil
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
