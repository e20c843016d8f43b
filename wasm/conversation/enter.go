package conversation

import (
	"crypto/sha256"
	"fmt"

	"sotto/wasm/check"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// EventHash is what a newcomer learns of an event that was not meant for it: enough for the log chain.
type EventHash struct {
	Kind epoch.Kind
	Hash [32]byte // SHA-256 of the event
}

// Enter begins a conversation with the commit that lets this device into it, at a position after the first. before are
// the events between what the header's creator had seen and the commit; from there on the newcomer holds the log
// against what everyone else says. Its trust begins here: that the creator was a member is not for it to see, and the
// screen says who it was. Where the commit is not one that lets this device in the outcome has an error and the
// conversation is nil. Who asked by a link enters by it and with keys, or not at all: the link's secret is what tells
// the group from one that the server made.
func Enter(env Env, id epoch.ConversationID, before []EventHash, e Event) (*Conversation, Outcome) {
	hash := sha256.Sum256(e.Event)
	out := Outcome{Kind: e.Kind, Hash: hash}
	commit, err := epoch.ParseCommit(e.Event)
	if err == nil {
		out.Position = commit.Header.Seen.Position + epoch.Position(len(before)) + 1
		err = mayEnter(env, id, before, commit)
	}
	if err != nil {
		out.Err = fmt.Errorf("enter conversation %s: %w", id, err)
		return nil, out
	}
	seen := commit.Header.Seen
	c := New(id)
	c.s.LogBase, c.s.Opened, c.s.Position = seen.Position, seen.Position, seen.Position
	c.s.Logs = append([]byte(nil), seen.Log[:]...)
	for _, b := range before {
		c.advance(b.Kind, b.Hash)
	}
	joiner, err := c.keysOf(env, commit, e.Wrap)
	if _, byLink := commit.Header.Admits(env.Account); byLink && err != nil {
		out.Err = fmt.Errorf("enter conversation %s: %w", id, err)
		return nil, out
	}
	c.advance(e.Kind, hash)
	c.install(env, commit, joiner, err)
	out.Commit, out.Lost = commit, err
	return c, out
}

// maxBefore bounds the events of one epoch: those that fill it, and that everyone leaves.
const maxBefore = epoch.MaxEvents + epoch.MaxDevices

// maxPosition is far beyond what any log reaches: what a newcomer is told of positions it cannot count itself.
const maxPosition = 1 << 52

// mayEnter checks what a newcomer can see of the commit that lets it in.
func mayEnter(env Env, id epoch.ConversationID, before []EventHash, commit *epoch.Commit) error {
	h := commit.Header
	switch {
	case h.Conversation != id && !check.Off(check.Conversation):
		return epoch.ErrConversation
	case len(before) > maxBefore:
		return fmt.Errorf("%w: %d events", cose.ErrTooLarge, len(before))
	case h.Seen.Position > maxPosition:
		return fmt.Errorf("%w: position %d", cose.ErrTooLarge, h.Seen.Position)
	case h.Creator == env.Device:
		return ErrCopied
	}
	if _, _, ok := h.Find(env.Device); !ok {
		return ErrOwnSlot
	}
	_, byLink := h.Admits(env.Account)
	if _, asked := env.linkSecret(id); byLink && !asked && !check.Off(check.NotAsked) {
		return ErrNotAsked
	} else if asked && !byLink && !check.Off(check.ByLink) {
		return ErrNotByLink
	}
	return commit.CheckEntry(env.Primitives, env.Chains)
}

func (env *Env) linkSecret(id epoch.ConversationID) (cose.Secret, bool) {
	if env.LinkSecret == nil {
		return cose.Secret{}, false
	}
	return env.LinkSecret(id)
}
