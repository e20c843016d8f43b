package conversation

import (
	"crypto"
	"fmt"
	"io"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// Env is what operations on a conversation need from outside.
type Env struct {
	Account    account.ID
	Device     account.DeviceID
	Signer     crypto.Signer
	Random     io.Reader
	Primitives cose.Primitives
	// Chains gives verified account chains up to the heads that commits name.
	Chains epoch.Chains
	// Prekey gives this device's private prekey with a thumbprint and its expiry, while it is kept.
	Prekey func(cose.Thumbprint) (key *kem.PrivateKey, expiry uint64, ok bool)
	// LinkSecret gives the secret of the room link by which this device asked to be let into a group, for as long as it
	// waits for that. It may be nil.
	LinkSecret func(epoch.ConversationID) (cose.Secret, bool)
}

// ClientID names a message for good: its sender draws it before it first seals it.
type ClientID [16]byte

// sender is one device of the roster as this device receives it. Its own slot seals with the same chain.
type sender struct {
	_          struct{}    `cbor:",toarray"`
	Chain      cose.Secret // chain[Generation]
	Generation uint64      // the next one
	Signal     cose.Secret
	Last       epoch.Position // its newest accepted event in the log
	Wrote      epoch.Position // the newest event that stands in its slot, accepted or not
	Counter    uint64         // of its newest signal
}

// Pending is a message that was sealed and is not yet in the log.
type Pending struct {
	_          struct{} `cbor:",toarray"`
	ClientID   ClientID
	Generation uint64
	Seen       epoch.Position // what its content names
	Event      []byte
	GivenUp    bool
}

// PendingCommit is a commit by this device that is not yet in the log. One that was dropped has neither bytes nor wraps.
type PendingCommit struct {
	_      struct{} `cbor:",toarray"`
	ID     epoch.ID
	Joiner cose.Secret
	Commit []byte
	Wraps  [][]byte
}

func (p PendingCommit) dropped() bool { return len(p.Commit) == 0 }

// Conversation is one device's view of one conversation. The zero value is none: see [New].
type Conversation struct {
	s       state
	h       *epoch.Header // of the newest epoch, decoded from s.Header; nil before epoch 0
	entries []epoch.Entry // of h
	marks   marks         // chain keys ahead, while events are opened
}

// state is what is stored.
type state struct {
	_        struct{} `cbor:",toarray"`
	Version  uint64
	ID       epoch.ConversationID
	Header   []byte   // of the newest epoch, empty before epoch 0
	Epoch    epoch.ID // its E
	Opened   epoch.Position
	Position epoch.Position // of the newest event processed
	LogBase  epoch.Position
	Logs     []byte // L[LogBase] … L[Position], 32 bytes each
	Init     cose.Secret
	Own      uint64 // this device's slot
	Senders  []sender
	Pending  []Pending       // sealed and not seen in the log: at most one on its way, the last; before it those given up
	Keys     []cose.Secret   // theirs, kept to tell a copied profile from a forgery
	Commit   []PendingCommit // at most one on its way, the last; before it those dropped
	Stopped  string
	Shared   bool   // the person went on although this device's keys write elsewhere too; until the next epoch
	Messages uint64 // in this epoch

	Left  []account.ID // who left in this epoch: it takes no more messages
	Lost  string       // why this device has no keys of this epoch; empty when it has them
	Gone  bool         // this device is not in the newest roster: the log ends here for it
	Group []byte       // what members know of the group, encoded [Group]; empty when unknown
	Leave []byte       // this device's leave event that is not yet in the log
}

const (
	stateVersion  = 2
	maxStateBytes = 8 << 20 // messages given up, a commit with its wraps, the log hashes of an epoch
	maxDropped    = 8       // commits that were dropped and are kept in mind until the epoch ends
	hashSize      = 32
)

// New is the conversation with id before its first event.
func New(id epoch.ConversationID) *Conversation {
	start := epoch.LogStart(id)
	return &Conversation{s: state{Version: stateVersion, ID: id, Logs: start[:]}}
}

// Encode gives the state for storing. It holds secrets.
func (c *Conversation) Encode() []byte { return cose.Marshal(c.s) }

// Decode reads what [Conversation.Encode] gave.
func Decode(data []byte) (*Conversation, error) {
	var c Conversation
	if err := cose.Unmarshal(data, &c.s, maxStateBytes); err != nil {
		return nil, fmt.Errorf("conversation state: %w", err)
	}
	if c.s.Version != stateVersion {
		return nil, fmt.Errorf("conversation state: version %d, want %d", c.s.Version, stateVersion)
	}
	if !c.s.shaped() {
		return nil, fmt.Errorf("conversation state: %w", cose.ErrMalformed)
	}
	if len(c.s.Header) == 0 {
		return &c, nil
	}
	h, err := epoch.ParseHeader(c.s.Header)
	if err != nil {
		return nil, fmt.Errorf("conversation state: %w", err)
	}
	c.h, c.entries = h, h.Entries()
	if h.Conversation != c.s.ID || len(c.s.Senders) != len(c.entries) || c.s.Own >= uint64(len(c.entries)) {
		return nil, fmt.Errorf("conversation state: %w: senders", cose.ErrMalformed)
	}
	return &c, nil
}

// shaped says whether the parts of a state fit together, as far as they need no header.
func (s *state) shaped() bool {
	kept := uint64(len(s.Logs)) / hashSize
	return kept > 0 && len(s.Logs)%hashSize == 0 && s.LogBase <= s.Position && uint64(s.Position-s.LogBase) == kept-1 &&
		s.Opened == s.LogBase && len(s.Keys) == len(s.Pending) && s.commitsShaped() &&
		(len(s.Header) != 0 || len(s.Senders)+len(s.Pending)+len(s.Left)+len(s.Leave)+len(s.Group) == 0)
}

func (s *state) commitsShaped() bool {
	for i, p := range s.Commit {
		if i < len(s.Commit)-1 && !p.dropped() {
			return false
		}
	}
	return len(s.Commit) <= maxDropped+1
}

// Format keeps the secrets out of every print.
func (c Conversation) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "[conversation %s at %d]", c.s.ID, c.s.Position)
}

// clone gives a copy that shares nothing that changes.
func (c *Conversation) clone() *Conversation {
	next := &Conversation{s: c.s, h: c.h, entries: c.entries, marks: c.marks}
	next.s.Senders = slices.Clone(c.s.Senders)
	next.s.Logs = slices.Clip(c.s.Logs)
	return next
}

// ID is the conversation's id.
func (c *Conversation) ID() epoch.ConversationID { return c.s.ID }

// Position is that of the newest event processed; 0 when there is none.
func (c *Conversation) Position() epoch.Position { return c.s.Position }

// Header is the newest epoch's, nil before epoch 0. It must not be changed.
func (c *Conversation) Header() *epoch.Header { return c.h }

// Opened is the position of the commit that opened the newest epoch.
func (c *Conversation) Opened() epoch.Position { return c.s.Opened }

// Messages counts the messages of the newest epoch.
func (c *Conversation) Messages() uint64 { return c.s.Messages }

// Pending is the sealed message that is on its way into the log, if there is one.
func (c *Conversation) Pending() (Pending, bool) {
	last := len(c.s.Pending) - 1
	if last < 0 || c.s.Pending[last].GivenUp {
		return Pending{}, false
	}
	return c.s.Pending[last], true
}

// PendingCommit is this device's commit that is not yet in the log, if there is one.
func (c *Conversation) PendingCommit() (PendingCommit, bool) {
	last := len(c.s.Commit) - 1
	if last < 0 || c.s.Commit[last].dropped() {
		return PendingCommit{}, false
	}
	return c.s.Commit[last], true
}

// Lost says why this device cannot open the newest epoch, which everyone else has; empty when it can. Until an epoch that
// it is let back into, it reads and seals nothing, and keeps its place in the log.
func (c *Conversation) Lost() Cause { return Cause(c.s.Lost) }

// Gone says whether this device was taken out: the newest header, the one that did it, is the last it processes.
func (c *Conversation) Gone() bool { return c.s.Gone }

// Left lists the accounts that left in the newest epoch, in the order of the log. While there are any the epoch takes no
// messages: a commit comes first.
func (c *Conversation) Left() []account.ID { return slices.Clone(c.s.Left) }

// Epoch is E of the newest epoch.
func (c *Conversation) Epoch() epoch.ID { return c.s.Epoch }

// Stopped says why nothing more is opened or sealed here; empty when all is well.
func (c *Conversation) Stopped() Cause { return Cause(c.s.Stopped) }

// Resume goes on after [CauseCopied] because the person said so: a profile that was restored from an older copy reads
// what it wrote meanwhile as its own and moves past it. The caller opens a new epoch at once. Every other stop stays.
func (c *Conversation) Resume() *Conversation {
	next := c.clone()
	if c.Stopped() == CauseCopied {
		next.s.Stopped, next.s.Shared = "", true
		next.s.Pending, next.s.Keys = nil, nil
	}
	return next
}

// Seen is the newest event processed with the log chain there.
func (c *Conversation) Seen() epoch.Seen {
	return epoch.Seen{Position: c.s.Position, Log: c.logAt(c.s.Position)}
}

// logAt is L[p] for LogBase <= p <= Position.
func (c *Conversation) logAt(p epoch.Position) epoch.LogHash {
	at := hashSize * int(p-c.s.LogBase)
	return epoch.LogHash(c.s.Logs[at : at+hashSize])
}

// advance takes the event at the next position into the log chain.
func (c *Conversation) advance(kind epoch.Kind, hash [32]byte) {
	before := c.logAt(c.s.Position)
	c.s.Position++
	next := epoch.LogNext(c.s.ID, c.s.Position, before, kind, hash)
	c.s.Logs = append(c.s.Logs, next[:]...)
}

// checkSeen compares what an author says to have seen with this device's own log.
func (c *Conversation) checkSeen(seen epoch.Seen, last epoch.Position) error {
	switch {
	case seen.Position > c.s.Position:
		if check.Off(check.Seen) {
			return nil
		}
		return fmt.Errorf("%w: position %d is not there", ErrSeenOld, seen.Position)
	case seen.Position < c.s.LogBase || seen.Position < c.s.Opened || seen.Position < last && !check.Off(check.Seen):
		return ErrSeenOld
	case c.logAt(seen.Position) != seen.Log && !check.Off(check.SplitView):
		return fmt.Errorf("%w: position %d", ErrSplit, seen.Position)
	}
	return nil
}
