package conversation

import (
	"crypto/sha256"
	"fmt"

	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// openCommit processes the commit at the next position. It either installs the epoch or changes nothing but the
// position.
func (c *Conversation) openCommit(env Env, e Event, hash [32]byte) Outcome {
	out := Outcome{Position: c.s.Position + 1, Kind: e.Kind, Hash: hash}
	commit, err := epoch.ParseCommit(e.Event)
	var joiner cose.Secret
	if err == nil {
		out.Own = commit.Header.Creator == env.Device
		joiner, err = c.checkCommit(env, commit, e.Wrap)
	}
	c.advance(e.Kind, hash)
	if err != nil {
		out.Err = fmt.Errorf("event %d: %w", out.Position, err)
		c.stopOn(err)
		return out
	}
	c.install(env, commit, joiner)
	out.Commit = commit
	return out
}

// checkCommit runs the receiver's checks in the protocol's order and gives the joiner secret.
func (c *Conversation) checkCommit(env Env, commit *epoch.Commit, wrap []byte) (cose.Secret, error) {
	h := commit.Header
	if h.Conversation != c.s.ID {
		return cose.Secret{}, epoch.ErrConversation
	}
	if err := commit.Check(env.Primitives, c.standing(), env.Chains); err != nil {
		return cose.Secret{}, err
	}
	if err := c.checkSeen(h.Seen, c.lastOf(h)); err != nil {
		return cose.Secret{}, err
	}
	joiner, err := c.joinerOf(env, commit, wrap)
	if err != nil {
		return cose.Secret{}, err
	}
	key := deriveEpochKey(joiner, h.Hash())
	defer key.Destroy()
	if confirm := deriveConfirm(key, h.Hash()); !cose.Secret(confirm).Equal(cose.Secret(commit.Confirm)) {
		return cose.Secret{}, ErrConfirm
	}
	return joiner, nil
}

func (c *Conversation) standing() *epoch.Standing {
	if c.h == nil {
		return nil
	}
	return &epoch.Standing{ID: c.s.Epoch, Header: c.h}
}

// lastOf is the position of the creator's newest event in the epoch before.
func (c *Conversation) lastOf(h *epoch.Header) epoch.Position {
	if c.h == nil {
		return 0
	}
	i, ok := c.h.Index(h.Creator)
	if !ok {
		return 0
	}
	return c.s.Senders[i].Last
}

// joinerOf takes the joiner from this device's own pending commit or from its wrap.
func (c *Conversation) joinerOf(env Env, commit *epoch.Commit, wrap []byte) (cose.Secret, error) {
	h := commit.Header
	if h.Creator == env.Device {
		if p, ok := c.PendingCommit(); ok && p.ID == commit.ID {
			return p.Joiner, nil
		}
		return cose.Secret{}, ErrCopied
	}
	index, ok := h.Index(env.Device)
	if !ok || h.Entries()[index].Absent() {
		return cose.Secret{}, ErrOwnSlot
	}
	key, expiry, ok := env.Prekey(cose.Thumbprint(h.Entries()[index].Prekey))
	if !ok {
		return cose.Secret{}, ErrOwnSlot
	}
	if h.Time >= expiry {
		return cose.Secret{}, ErrExpired
	}
	if sum := sha256.Sum256(wrap); string(sum[:]) != string(commit.Wraps[index]) {
		return cose.Secret{}, ErrWrapAltered
	}
	opened, err := openWrap(env.Primitives, env.Random, key, h.Hash(), env.Device, wrap)
	if err != nil {
		return cose.Secret{}, err
	}
	switch holds := c.holdsInit(h, env.Device); {
	case holds && opened.Content == contentEpochSecret:
		return deriveJoiner(c.s.Init, opened.Secret), nil
	case !holds && opened.Content == contentJoiner:
		return opened.Secret, nil
	}
	return cose.Secret{}, ErrWrapUnusable
}

// install makes the commit's epoch the newest one: all chains are derived at once, then what they came from goes.
func (c *Conversation) install(env Env, commit *epoch.Commit, joiner cose.Secret) {
	h := commit.Header
	key := deriveEpochKey(joiner, h.Hash())
	defer key.Destroy()
	entries := h.Entries()
	senders := make([]sender, len(entries))
	for i, e := range entries {
		senders[i] = sender{Chain: deriveChain(key, e.Device), Signal: deriveSignal(key, e.Device)}
		if e.Device == h.Creator {
			senders[i].Last = c.s.Position
		}
	}
	c.h, c.entries = h, entries
	c.s.Header, c.s.Epoch, c.s.Shared = h.Bytes(), commit.ID, false
	c.s.Init, c.s.Senders = deriveInit(key), senders
	c.s.Own, _ = h.Index(env.Device)
	c.s.Opened, c.s.Messages = c.s.Position, 0
	c.s.Logs = append([]byte(nil), c.s.Logs[hashSize*int(c.s.Position-c.s.LogBase):]...)
	c.s.LogBase = c.s.Position
	c.s.Pending, c.s.Keys, c.s.Commit = nil, nil, nil
}
