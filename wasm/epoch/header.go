package epoch

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/cose"
)

// Suite is the one suite there is; see PROTOCOL.md.
const Suite = 1

// Limits.
const (
	MaxDevices     = 500
	MaxHeaderBytes = 128 << 10
	MaxEvents      = 4096 // events of one epoch, after which the relay wants a commit
)

// Role is what an account may do in a conversation.
type Role uint64

// The roles. A member may send and commit mechanical changes; both accounts of a direct conversation are members. An
// admin of a group decides who is in it besides.
const (
	RoleMember Role = 0
	RoleAdmin  Role = 1
)

// Slot is a device of the roster and the prekey it was wrapped to.
type Slot struct {
	_      struct{} `cbor:",toarray"`
	Device account.DeviceID
	Prekey []byte // thumbprint, or empty: the device is absent and has no wrap
}

// Absent says that the device was not wrapped to.
func (s Slot) Absent() bool { return len(s.Prekey) == 0 }

// Member is an account of the roster.
type Member struct {
	_       struct{} `cbor:",toarray"`
	Account account.ID
	Head    account.Head // of the chain whose active devices these are
	Role    Role
	Slots   []Slot
}

// Header is what an epoch is: who is in it, and where it stands.
type Header struct {
	_            struct{} `cbor:",toarray"`
	Suite        uint64
	Conversation ConversationID
	Number       Number
	Prev         []byte // E[n-1], empty in epoch 0
	Seen         Seen
	Roster       []Member
	Creator      account.DeviceID
	Time         uint64             // seconds since 1970 by the creator's clock; never before the previous header's
	Room         []Room             // of a group one, of a direct conversation none
	Rejoin       []account.DeviceID // devices that lost their place and are wrapped the joiner, ascending
}

// Bytes is the header's encoding, part of what the commit signs.
func (h *Header) Bytes() []byte { return cose.Marshal(h) }

// Hash is H(header), to which keys and wraps are bound.
func (h *Header) Hash() [32]byte { return sha256.Sum256(h.Bytes()) }

// Entry is one device of the roster in roster order; its place there is the sender index.
type Entry struct {
	Account account.ID
	Slot
}

// Entries lists the roster's devices in roster order: accounts by id, each one's devices by id.
func (h *Header) Entries() []Entry {
	var entries []Entry
	for _, m := range h.Roster {
		for _, s := range m.Slots {
			entries = append(entries, Entry{Account: m.Account, Slot: s})
		}
	}
	return entries
}

// Index finds a device's place in roster order.
func (h *Header) Index(device account.DeviceID) (uint64, bool) {
	index, _, ok := h.Find(device)
	return index, ok
}

// Has says whether the roster has a device.
func (h *Header) Has(device account.DeviceID) bool {
	_, _, ok := h.Find(device)
	return ok
}

// Find gives a device's place in roster order and its entry.
func (h *Header) Find(device account.DeviceID) (uint64, Entry, bool) {
	var index uint64
	for i := range h.Roster {
		m := &h.Roster[i]
		for j := range m.Slots {
			if m.Slots[j].Device == device {
				return index, Entry{Account: m.Account, Slot: m.Slots[j]}, true
			}
			index++
		}
	}
	return 0, Entry{}, false
}

// Rejoins says whether the header marks the device as rejoining.
func (h *Header) Rejoins(device account.DeviceID) bool {
	_, ok := slices.BinarySearchFunc(h.Rejoin, device, func(d, device account.DeviceID) int {
		return bytes.Compare(d[:], device[:])
	})
	return ok
}

// Member gives the roster's entry of an account.
func (h *Header) Member(id account.ID) (Member, bool) {
	at, ok := slices.BinarySearchFunc(h.Roster, id, func(m Member, id account.ID) int {
		return bytes.Compare(m.Account[:], id[:])
	})
	if !ok {
		return Member{}, false
	}
	return h.Roster[at], true
}

// ParseHeader reads a header and checks what it is by itself.
func ParseHeader(data []byte) (*Header, error) {
	var h Header
	if err := cose.Unmarshal(data, &h, MaxHeaderBytes); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	if h.Suite != Suite {
		return nil, fmt.Errorf("header: %w: %d", ErrSuite, h.Suite)
	}
	if err := h.shape(); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	return &h, nil
}

// shape checks what a header must be by itself, whatever came before.
func (h *Header) shape() error {
	if h.Number == 0 && len(h.Prev) != 0 || h.Number != 0 && len(h.Prev) != len(ID{}) {
		return fmt.Errorf("%w: prev of %d bytes", cose.ErrMalformed, len(h.Prev))
	}
	present, err := h.rosterShape()
	if err != nil {
		return err
	}
	if !present[h.Creator] {
		return ErrCreator
	}
	for i, d := range h.Rejoin {
		if !present[d] || d == h.Creator || i > 0 && bytes.Compare(h.Rejoin[i-1][:], d[:]) >= 0 {
			return fmt.Errorf("%w: rejoin", cose.ErrMalformed)
		}
	}
	switch len(h.Room) {
	case 0:
		return h.direct()
	case 1:
		return h.group()
	}
	return fmt.Errorf("%w: %d rooms", cose.ErrMalformed, len(h.Room))
}

// rosterShape checks the order of the roster and gives its devices, each with whether it is present.
func (h *Header) rosterShape() (map[account.DeviceID]bool, error) {
	present := map[account.DeviceID]bool{}
	for i, m := range h.Roster {
		if i > 0 && bytes.Compare(h.Roster[i-1].Account[:], m.Account[:]) >= 0 {
			return nil, fmt.Errorf("%w: roster out of order", cose.ErrMalformed)
		}
		for j, s := range m.Slots {
			if j > 0 && bytes.Compare(m.Slots[j-1].Device[:], s.Device[:]) >= 0 {
				return nil, fmt.Errorf("%w: devices out of order", cose.ErrMalformed)
			}
			if _, twice := present[s.Device]; twice {
				return nil, fmt.Errorf("%w: one device in two accounts", cose.ErrMalformed)
			}
			present[s.Device] = !s.Absent()
			if !s.Absent() && len(s.Prekey) != len(cose.Thumbprint{}) {
				return nil, fmt.Errorf("%w: prekey thumbprint of %d bytes", cose.ErrMalformed, len(s.Prekey))
			}
		}
	}
	if len(present) > MaxDevices && !check.Off(check.Size) {
		return nil, fmt.Errorf("%w: %d devices, at most %d", cose.ErrTooLarge, len(present), MaxDevices)
	}
	return present, nil
}

// direct checks that the header is of the conversation between its two accounts and of no other.
func (h *Header) direct() error {
	if (len(h.Roster) != 2 || h.Conversation != DirectID(h.Roster[0].Account, h.Roster[1].Account)) && !check.Off(check.DirectRoster) {
		return ErrConversation
	}
	for _, m := range h.Roster {
		if m.Role != RoleMember {
			return fmt.Errorf("%w: a direct conversation has no admin", ErrNotAllowed)
		}
	}
	return nil
}
