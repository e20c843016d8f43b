package conversation

import (
	"bytes"
	"fmt"

	"sotto/wasm/epoch"
)

// Leave makes this device's word that its account leaves the group, also where it has lost its place. The next conversation keeps it as pending until it
// is seen in the log; a retry sends the same bytes. It returns [ErrPending] while something else is on its way, and
// [epoch.ErrNotAllowed] where nobody who stays is an admin.
func (c *Conversation) Leave(env Env) (*Conversation, []byte, error) {
	if c.h == nil {
		return nil, nil, ErrNoEpoch
	}
	if err := c.mayWrite(env); err != nil {
		return nil, nil, fmt.Errorf("leave: %w", err)
	}
	l := epoch.Leave{Conversation: c.s.ID, Epoch: c.s.Epoch, Seen: c.Seen(), Device: env.Device}
	event, err := epoch.SignLeave(env.Random, env.Signer, l)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := epoch.ParseLeave(event)
	if err != nil {
		return nil, nil, err
	}
	if _, err := parsed.Check(env.Primitives, c.standing(), env.Chains); err != nil {
		return nil, nil, err
	}
	next := c.clone()
	next.s.Leave = event
	return next, event, nil
}

// PendingLeave is this device's leave event that is not yet in the log, if there is one.
func (c *Conversation) PendingLeave() ([]byte, bool) { return c.s.Leave, len(c.s.Leave) > 0 }

// DropLeave forgets a leave event that the relay refused: the epoch it names is over.
func (c *Conversation) DropLeave() *Conversation {
	next := c.clone()
	next.s.Leave = nil
	return next
}

// openLeave processes the leave event at the next position.
func (c *Conversation) openLeave(env Env, e Event, hash [32]byte) Outcome {
	out := Outcome{Position: c.s.Position + 1, Kind: e.Kind, Hash: hash}
	l, err := epoch.ParseLeave(e.Event)
	if err == nil {
		out.Own = l.Device == env.Device
		err = c.checkLeave(env, l, &out)
	}
	c.advance(e.Kind, hash)
	if err != nil {
		out.Err = fmt.Errorf("event %d: %w", out.Position, err)
		c.stopOn(err)
		return out
	}
	c.s.Left = append(c.Left(), out.Leave.Account)
	index, _ := c.h.Index(l.Device)
	c.s.Senders[index].Last, c.s.Senders[index].Wrote = out.Position, out.Position
	if out.Own && !bytes.Equal(c.s.Leave, e.Event) {
		c.stopOn(ErrCopied)
	}
	if out.Own {
		c.s.Leave = nil
	}
	return out
}

func (c *Conversation) checkLeave(env Env, l *epoch.Leave, out *Outcome) error {
	if c.h == nil {
		return ErrNoEpoch
	}
	id, err := l.Check(env.Primitives, c.standing(), env.Chains)
	if err != nil {
		return err
	}
	index, entry, _ := c.h.Find(l.Device)
	out.Sender, out.Leave = entry, &Leaving{Account: id}
	err = c.checkSeen(l.Seen, c.s.Senders[index].Wrote)
	if err != nil {
		out.Leave = nil
	}
	return err
}
