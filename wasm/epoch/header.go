package epoch

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"sotto/wasm/account"
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

// RoleMember may send and commit mechanical changes. Both accounts of a direct conversation have it.
const RoleMember Role = 0

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
	Admitted     []cose.Raw         // who came by a link: nobody comes to a direct conversation that way
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
	for i, e := range h.Entries() {
		if e.Device == device {
			return uint64(i), true
		}
	}
	return 0, false
}

// Rejoins says whether the header marks the device as rejoining.
func (h *Header) Rejoins(device account.DeviceID) bool {
	for _, d := range h.Rejoin {
		if d == device {
			return true
		}
	}
	return false
}

// member gives the roster's entry of an account.
func (h *Header) member(id account.ID) (Member, bool) {
	for _, m := range h.Roster {
		if m.Account == id {
			return m, true
		}
	}
	return Member{}, false
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
	if err := h.rosterShape(); err != nil {
		return err
	}
	index, ok := h.Index(h.Creator)
	if !ok || h.Entries()[index].Absent() {
		return ErrCreator
	}
	for i, d := range h.Rejoin {
		if at, ok := h.Index(d); !ok || h.Entries()[at].Absent() || d == h.Creator ||
			i > 0 && bytes.Compare(h.Rejoin[i-1][:], d[:]) >= 0 {
			return fmt.Errorf("%w: rejoin", cose.ErrMalformed)
		}
	}
	return h.direct()
}

func (h *Header) rosterShape() error {
	devices := 0
	for i, m := range h.Roster {
		if i > 0 && bytes.Compare(h.Roster[i-1].Account[:], m.Account[:]) >= 0 {
			return fmt.Errorf("%w: roster out of order", cose.ErrMalformed)
		}
		for j, s := range m.Slots {
			if j > 0 && bytes.Compare(m.Slots[j-1].Device[:], s.Device[:]) >= 0 {
				return fmt.Errorf("%w: devices out of order", cose.ErrMalformed)
			}
			if !s.Absent() && len(s.Prekey) != len(cose.Thumbprint{}) {
				return fmt.Errorf("%w: prekey thumbprint of %d bytes", cose.ErrMalformed, len(s.Prekey))
			}
		}
		devices += len(m.Slots)
	}
	if devices > MaxDevices {
		return fmt.Errorf("%w: %d devices, at most %d", cose.ErrTooLarge, devices, MaxDevices)
	}
	return nil
}

// direct checks that the header is of the conversation between its two accounts and of no other.
func (h *Header) direct() error {
	if len(h.Roster) != 2 || h.Conversation != DirectID(h.Roster[0].Account, h.Roster[1].Account) {
		return ErrConversation
	}
	if len(h.Admitted) != 0 {
		return fmt.Errorf("%w: a direct conversation admits nobody", ErrNotAllowed)
	}
	for _, m := range h.Roster {
		if m.Role != RoleMember {
			return fmt.Errorf("%w: a direct conversation has no admin", ErrNotAllowed)
		}
	}
	return nil
}
