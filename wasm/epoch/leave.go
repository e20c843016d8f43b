package epoch

import (
	"crypto"
	"fmt"
	"io"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/cose"
)

// TypeLeave is header 16 of a leave event.
const TypeLeave cose.Type = "application/vnd.sotto.leave"

// MaxLeaveBytes bounds a leave event.
const MaxLeaveBytes = 1024

// Leave is a device's word that its account leaves a group, whose signature and place may not yet be checked. From it
// on the epoch takes no more messages: the next commit, by someone who stays, draws a secret that the leaver never has.
type Leave struct {
	Conversation ConversationID
	Epoch        ID // the newest one
	Seen         Seen
	Device       account.DeviceID // that signed
	signed       *cose.Sign1
}

type leaveArray struct {
	_            struct{} `cbor:",toarray"`
	Conversation ConversationID
	Epoch        ID
	Seen         Seen
}

// SignLeave makes the event of l's fields by the device's signer.
func SignLeave(random io.Reader, signer crypto.Signer, l Leave) ([]byte, error) {
	payload := cose.Marshal(leaveArray{Conversation: l.Conversation, Epoch: l.Epoch, Seen: l.Seen})
	return cose.Sign(random, signer, cose.Thumbprint(l.Device), TypeLeave, payload)
}

// ParseLeave reads a leave event and checks nothing else: see [Leave.Check].
func ParseLeave(data []byte) (*Leave, error) {
	signed, err := cose.ParseSign1(data, TypeLeave, MaxLeaveBytes)
	if err != nil {
		return nil, err
	}
	var a leaveArray
	if err := cose.Unmarshal(signed.Payload, &a, MaxLeaveBytes); err != nil {
		return nil, fmt.Errorf("leave: %w", err)
	}
	return &Leave{
		Conversation: a.Conversation, Epoch: a.Epoch, Seen: a.Seen, Device: account.DeviceID(signed.Kid), signed: signed,
	}, nil
}

// Check decides whether the account of the device may leave now, and gives it. In this order: the conversation is a
// group and this one, the epoch is the newest, the device is in its roster, the signature, the account has not left, and
// somebody who stays is an admin, unless nobody stays. What is left to the caller is seen.
func (l *Leave) Check(p cose.Primitives, now *Standing, chains Chains) (account.ID, error) {
	switch {
	case !now.Header.Group():
		return account.ID{}, fmt.Errorf("leave: %w: a direct conversation", ErrNotAllowed)
	case l.Conversation != now.Header.Conversation && !check.Off(check.Conversation):
		return account.ID{}, fmt.Errorf("leave: %w", ErrConversation)
	case l.Epoch != now.ID && !check.Off(check.Prev):
		return account.ID{}, fmt.Errorf("leave: %w", ErrPrev)
	}
	_, entry, ok := now.Header.Find(l.Device)
	if !ok {
		return account.ID{}, fmt.Errorf("leave: %w", ErrNotMember)
	}
	chain, ok := chains(entry.Account)
	if !ok {
		return account.ID{}, fmt.Errorf("leave: %w", ErrHead)
	}
	key, ok := chain.Key(l.Device)
	if !ok {
		return account.ID{}, fmt.Errorf("leave: %w", ErrDevices)
	}
	if err := l.signed.Verify(p, key); err != nil {
		return account.ID{}, fmt.Errorf("leave: %w", err)
	}
	return entry.Account, now.mayLeave(entry.Account)
}

// mayLeave says whether the group can do without an account.
func (s *Standing) mayLeave(id account.ID) error {
	if slices.Contains(s.Left, id) {
		return fmt.Errorf("leave: %w: account %s has left", ErrNotAllowed, id)
	}
	stay, admins := 0, 0
	for _, m := range s.Header.Roster {
		if m.Account == id || slices.Contains(s.Left, m.Account) {
			continue
		}
		stay++
		if m.Role == RoleAdmin {
			admins++
		}
	}
	if stay > 0 && admins == 0 && !check.Off(check.LastAdmin) {
		return fmt.Errorf("leave: %w: nobody who stays is an admin", ErrNotAllowed)
	}
	return nil
}
