package epoch

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"io"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/cose"
)

// Header 16 of what a device asks of a conversation's members: to be let in by a link, or back in.
const (
	TypeJoin   cose.Type = "application/vnd.sotto.join"
	TypeRejoin cose.Type = "application/vnd.sotto.rejoin"
)

// MaxAskBytes bounds a join or rejoin request.
const MaxAskBytes = 1024

// ErrLink is a join request that its link does not admit.
var ErrLink = errors.New("link does not admit the request")

// Join is a device's request to be let into a group by a link, whose signature may not yet be verified.
type Join struct {
	Conversation ConversationID
	Link         LinkID
	Account      account.ID
	Device       account.DeviceID // that signed
	Head         account.Head     // of the account's chain
	Prekey       cose.Thumbprint  // the device's current one
	Expiry       uint64           // seconds since 1970: no header with this time or a later one may use it
	signed       *cose.Sign1
}

type joinArray struct {
	_            struct{} `cbor:",toarray"`
	Conversation ConversationID
	Link         LinkID
	Account      account.ID
	Head         account.Head
	Prekey       cose.Thumbprint
	Nonce        [16]byte
	Expiry       uint64
}

// SignJoin makes the request of j's fields by the device's signer, with a nonce that makes it one of its kind.
func SignJoin(random io.Reader, signer crypto.Signer, j Join) ([]byte, error) {
	a := joinArray{
		Conversation: j.Conversation, Link: j.Link, Account: j.Account, Head: j.Head, Prekey: j.Prekey, Expiry: j.Expiry,
	}
	if _, err := io.ReadFull(random, a.Nonce[:]); err != nil {
		return nil, fmt.Errorf("draw a nonce: %w", err)
	}
	return cose.Sign(random, signer, cose.Thumbprint(j.Device), TypeJoin, cose.Marshal(a))
}

// ParseJoin reads a request and verifies nothing: see [Join.Verify].
func ParseJoin(data []byte) (*Join, error) {
	signed, err := cose.ParseSign1(data, TypeJoin, MaxAskBytes)
	if err != nil {
		return nil, err
	}
	var a joinArray
	if err := cose.Unmarshal(signed.Payload, &a, MaxAskBytes); err != nil {
		return nil, fmt.Errorf("join request: %w", err)
	}
	return &Join{
		Conversation: a.Conversation, Link: a.Link, Account: a.Account, Device: account.DeviceID(signed.Kid),
		Head: a.Head, Prekey: a.Prekey, Expiry: a.Expiry, signed: signed,
	}, nil
}

// Verify checks that an active device of the account signed. It returns [account.ErrInactive] or [cose.ErrSignature].
func (j *Join) Verify(p cose.Primitives, chain *account.Chain) error {
	return verifyActive(p, chain, j.Device, j.signed)
}

// Hash is over what the request signs.
func (j *Join) Hash() [32]byte { return j.signed.Hash() }

// ID names the request where its link counts it.
func (j *Join) ID() RequestID {
	hash := j.Hash()
	return RequestID(hash[:16])
}

// Rejoin is a member's device's request for a new epoch that it can open, because it cannot open the newest one.
type Rejoin struct {
	Conversation ConversationID
	Epoch        ID // the newest epoch, that it cannot open
	Device       account.DeviceID
	signed       *cose.Sign1
}

type rejoinArray struct {
	_            struct{} `cbor:",toarray"`
	Conversation ConversationID
	Epoch        ID
}

// SignRejoin makes the request of r's fields by the device's signer.
func SignRejoin(random io.Reader, signer crypto.Signer, r Rejoin) ([]byte, error) {
	payload := cose.Marshal(rejoinArray{Conversation: r.Conversation, Epoch: r.Epoch})
	return cose.Sign(random, signer, cose.Thumbprint(r.Device), TypeRejoin, payload)
}

// ParseRejoin reads a request and verifies nothing: see [Rejoin.Verify].
func ParseRejoin(data []byte) (*Rejoin, error) {
	signed, err := cose.ParseSign1(data, TypeRejoin, MaxAskBytes)
	if err != nil {
		return nil, err
	}
	var a rejoinArray
	if err := cose.Unmarshal(signed.Payload, &a, MaxAskBytes); err != nil {
		return nil, fmt.Errorf("rejoin request: %w", err)
	}
	return &Rejoin{
		Conversation: a.Conversation, Epoch: a.Epoch, Device: account.DeviceID(signed.Kid), signed: signed,
	}, nil
}

// Verify checks that an active device of the account signed. It returns [account.ErrInactive] or [cose.ErrSignature].
func (r *Rejoin) Verify(p cose.Primitives, chain *account.Chain) error {
	return verifyActive(p, chain, r.Device, r.signed)
}

func verifyActive(p cose.Primitives, chain *account.Chain, device account.DeviceID, signed *cose.Sign1) error {
	active := chain.Active()
	at := slices.IndexFunc(active, func(d account.Device) bool { return d.ID == device })
	if at < 0 {
		return account.ErrInactive
	}
	return signed.Verify(p, active[at].Key)
}

func sortRequests(ids []RequestID) {
	slices.SortFunc(ids, func(a, b RequestID) int { return bytes.Compare(a[:], b[:]) })
}
