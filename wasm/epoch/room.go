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

// Limits of a group's header.
const (
	MaxLinks    = 4   // room links at one time
	MaxUses     = 100 // of one link
	MaxAdmitted = 16  // accounts that one commit admits by links

	MaxSealedState = 2048 // bytes
)

// LinkID names a room link. It is random and public; what the link opens is its secret, which the relay never has.
type LinkID [16]byte

// RequestID is the first 16 bytes of the hash of a join request: enough to know it again.
type RequestID [16]byte

// Room is what a header says of a group beside its roster.
type Room struct {
	_        struct{}    `cbor:",toarray"`
	State    [32]byte    // SHA-256 of what members alone know of the group: its name, the links' secrets
	Sealed   []byte      // that, sealed under a key of this epoch: who comes in learns it
	Links    []Link      // that may be used, by id
	Admitted []Admission // who came by a link with this commit, by account
}

// Link is a room link as everyone sees it.
type Link struct {
	_      struct{} `cbor:",toarray"`
	ID     LinkID
	Expiry uint64      // seconds since 1970: no header with this time or a later one may use it
	Uses   uint64      // how many requests it admits in all
	Used   []RequestID // those it has admitted, in ascending order
}

// Admission is an account that a commit lets in because it showed that it has a link's secret.
type Admission struct {
	_       struct{} `cbor:",toarray"`
	Account account.ID
	Request []byte   // the signed join request
	Tag     [32]byte // HMAC under a key from the link's secret over the request's hash; for those who know the secret
}

type groupID struct {
	_      struct{} `cbor:",toarray"`
	Label  string
	Header cose.Raw
}

// GroupID is the id of the group that header 0 opens: the first 16 bytes of SHA-256([ "sotto/1 group", header ]), with
// zeros where the id and, because it depends on it, the log's start stand. So no two groups share a log, and nobody
// can open a group under the id of another conversation.
func GroupID(h *Header) ConversationID {
	blank := *h
	blank.Conversation, blank.Seen = ConversationID{}, Seen{}
	sum := sha256.Sum256(cose.Marshal(groupID{Label: "sotto/1 group", Header: blank.Bytes()}))
	return ConversationID(sum[:16])
}

// Group says whether the header is of a group.
func (h *Header) Group() bool { return len(h.Room) == 1 }

// group checks what a group's header must be by itself.
func (h *Header) group() error {
	if h.Number == 0 && h.Conversation != GroupID(h) && !check.Off(check.Conversation) {
		return ErrConversation
	}
	admins := 0
	for _, m := range h.Roster {
		if m.Role > RoleAdmin {
			return fmt.Errorf("%w: role %d", cose.ErrMalformed, m.Role)
		}
		if m.Role == RoleAdmin {
			admins++
		}
	}
	if admins == 0 {
		return fmt.Errorf("%w: nobody is an admin", ErrNotAllowed)
	}
	if h.Number == 0 {
		_, creator, _ := h.Find(h.Creator)
		if m, _ := h.Member(creator.Account); m.Role != RoleAdmin {
			return fmt.Errorf("%w: who opens a group is its admin", ErrNotAllowed)
		}
	}
	return h.roomShape()
}

func (h *Header) roomShape() error {
	r := h.Room[0]
	if len(r.Links) > MaxLinks || len(r.Admitted) > MaxAdmitted {
		return fmt.Errorf("%w: %d links, %d admitted", cose.ErrTooLarge, len(r.Links), len(r.Admitted))
	}
	if len(r.Sealed) == 0 || len(r.Sealed) > MaxSealedState {
		return fmt.Errorf("%w: state of %d bytes", cose.ErrMalformed, len(r.Sealed))
	}
	for i, l := range r.Links {
		if i > 0 && bytes.Compare(r.Links[i-1].ID[:], l.ID[:]) >= 0 {
			return fmt.Errorf("%w: links out of order", cose.ErrMalformed)
		}
		if err := l.shape(h.Number == 0); err != nil {
			return err
		}
	}
	for i, a := range r.Admitted {
		if i > 0 && bytes.Compare(r.Admitted[i-1].Account[:], a.Account[:]) >= 0 {
			return fmt.Errorf("%w: admitted out of order", cose.ErrMalformed)
		}
		if h.Number == 0 {
			return fmt.Errorf("%w: nobody can be admitted to a group that is not there", ErrNotAllowed)
		}
	}
	return nil
}

func (l *Link) shape(fresh bool) error {
	if l.Uses == 0 || l.Uses > MaxUses || uint64(len(l.Used)) > l.Uses && !check.Off(check.LinkUses) {
		return fmt.Errorf("%w: link with %d of %d uses", cose.ErrMalformed, len(l.Used), l.Uses)
	}
	if fresh && len(l.Used) > 0 {
		return fmt.Errorf("%w: a new link that was used", ErrNotAllowed)
	}
	for i := 1; i < len(l.Used); i++ {
		if bytes.Compare(l.Used[i-1][:], l.Used[i][:]) >= 0 {
			return fmt.Errorf("%w: uses out of order", cose.ErrMalformed)
		}
	}
	return nil
}

// Link gives one of the links that may be used.
func (r *Room) Link(id LinkID) (Link, bool) {
	at := slices.IndexFunc(r.Links, func(l Link) bool { return l.ID == id })
	if at < 0 {
		return Link{}, false
	}
	return r.Links[at], true
}

// Admits gives the admission of an account by a link.
func (h *Header) Admits(id account.ID) (Admission, bool) {
	for _, r := range h.Room {
		for _, a := range r.Admitted {
			if a.Account == id {
				return a, true
			}
		}
	}
	return Admission{}, false
}
