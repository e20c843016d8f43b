package conversation

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// Plan is what a device wants the next epoch to be.
type Plan struct {
	Roster []epoch.Member                     // in order, with the prekeys' thumbprints
	Keys   map[account.DeviceID]kem.PublicKey // the verified prekeys of all present devices but the creator
	Time   uint64                             // seconds since 1970; raised to the previous header's if that is later
	Rejoin []account.DeviceID
	Room   *RoomPlan // of a group, else nil
}

// RoomPlan is what a group is to be in the next epoch beside its roster.
type RoomPlan struct {
	Group    Group             // what its members know; without a name it stays what it is, also where this device does not know it
	Links    []epoch.Link      // by id, their uses counted
	Admitted []epoch.Admission // by account; the secrets of their links are in Group or were in the one before
}

// Create begins a group with the commit of epoch 0, which stays pending until it is seen in the log.
func Create(env Env, plan Plan) (*Conversation, error) {
	if plan.Room == nil {
		return nil, fmt.Errorf("create: %w: a direct conversation", epoch.ErrNotAllowed)
	}
	d, err := New(epoch.ConversationID{}).draw(env, plan)
	if err != nil {
		return nil, err
	}
	defer d.destroy()
	id := epoch.GroupID(d.header)
	c := New(id)
	d.header.Conversation, d.header.Seen = id, c.Seen()
	return c.propose(env, plan, d)
}

// Commit draws a fresh epoch secret, wraps it to every device of the plan and signs the commit that opens the next
// epoch. The next conversation keeps it as pending until it is seen in the log; until then nothing else is sealed. It
// returns [ErrPending] while something of this device is on its way, which the header would have to have seen, and
// [ErrLeft] or [ErrGone] where it is not this device's to open one. A device that has lost its place needs a plan that
// lets everybody back in, because it has nothing of the epoch before: see [Everyone]. Otherwise it gets [ErrLost].
func (c *Conversation) Commit(env Env, plan Plan) (*Conversation, error) {
	if err := c.mayWrite(env); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	d, err := c.draw(env, plan)
	if err != nil {
		return nil, err
	}
	defer d.destroy()
	if c.s.Lost != "" && len(c.holders(d.header)) > 0 {
		return nil, fmt.Errorf("commit: %w", ErrLost)
	}
	return c.propose(env, plan, d)
}

// Everyone lists the present devices of a roster but the creator's, as a header lists those that are let back in. So
// whoever has lost its place opens an epoch for all, where nobody is left who could let it back in.
func Everyone(roster []epoch.Member, creator account.DeviceID) []account.DeviceID {
	var list []account.DeviceID
	for _, m := range roster {
		for _, s := range m.Slots {
			if !s.Absent() && s.Device != creator {
				list = append(list, s.Device)
			}
		}
	}
	slices.SortFunc(list, func(a, b account.DeviceID) int { return bytes.Compare(a[:], b[:]) })
	return list
}

// mayWrite says whether this device may put something into the log now.
func (c *Conversation) mayWrite(env Env) error {
	switch {
	case c.s.Stopped != "":
		return fmt.Errorf("conversation is stopped: %s", c.s.Stopped)
	case c.s.Gone:
		return ErrGone
	case slices.Contains(c.s.Left, env.Account):
		return ErrLeft
	case c.onItsWay():
		return ErrPending
	}
	return nil
}

// onItsWay says whether something of this device is on its way into the log.
func (c *Conversation) onItsWay() bool {
	_, commits := c.PendingCommit()
	return commits || c.sealed() || len(c.s.Leave) != 0
}

// drawn is an epoch that was drawn and not yet wrapped.
type drawn struct {
	header *epoch.Header
	secret cose.Secret
	joiner cose.Secret
}

func (d *drawn) destroy() { d.secret.Destroy() }

// draw draws the secret of the next epoch and says in a header what it is.
func (c *Conversation) draw(env Env, plan Plan) (*drawn, error) {
	secret, err := cose.NewSecret(env.Random)
	if err != nil {
		return nil, err
	}
	d := &drawn{secret: secret, joiner: deriveJoiner(c.s.Init, secret), header: c.nextHeader(env, plan)}
	if plan.Room != nil {
		state, sealed, err := c.sealState(env, plan.Room.Group, d.joiner)
		if err != nil {
			return nil, err
		}
		d.header.Room = []epoch.Room{{State: state, Sealed: sealed, Links: plan.Room.Links, Admitted: plan.Room.Admitted}}
	}
	return d, nil
}

// propose wraps what was drawn to everyone and signs it.
func (c *Conversation) propose(env Env, plan Plan, d *drawn) (*Conversation, error) {
	h, encoded := d.header, d.header.Bytes()
	if _, err := epoch.ParseHeader(encoded); err != nil {
		return nil, fmt.Errorf("commit %d: %w", h.Number, err)
	}
	bound := sha256.Sum256(encoded)
	wraps, hashes, err := c.wrapAll(env, plan, d, bound)
	if err != nil {
		return nil, fmt.Errorf("commit %d: %w", h.Number, err)
	}
	epochKey := deriveEpochKey(d.joiner, bound)
	defer epochKey.Destroy()
	commit, err := epoch.SignEncoded(env.Random, env.Signer, h.Creator, encoded, deriveConfirm(epochKey, bound), hashes)
	if err != nil {
		return nil, fmt.Errorf("commit %d: %w", h.Number, err)
	}
	signed, err := cose.ParseSign1(commit, epoch.TypeCommit, epoch.MaxCommitBytes)
	if err != nil {
		return nil, fmt.Errorf("commit %d: %w", h.Number, err)
	}
	next := c.clone()
	next.s.Commit = append(slices.Clone(c.s.Commit), PendingCommit{ID: signed.Hash(), Joiner: d.joiner, Commit: commit, Wraps: wraps})
	return next, nil
}

// DropCommit gives up a commit of this device that lost its race or that the relay refused. What it takes to open it is
// kept until the epoch ends, so that this device knows it for its own should the relay have it all the same.
func (c *Conversation) DropCommit() *Conversation {
	next := c.clone()
	last := len(c.s.Commit) - 1
	if last < 0 {
		return next
	}
	next.s.Commit = slices.Clone(c.s.Commit)
	next.s.Commit[last].Commit, next.s.Commit[last].Wraps = nil, nil
	if first := len(next.s.Commit) - maxDropped; first > 0 {
		next.s.Commit = next.s.Commit[first:]
	}
	return next
}

func (c *Conversation) nextHeader(env Env, plan Plan) *epoch.Header {
	h := &epoch.Header{
		Suite: epoch.Suite, Conversation: c.s.ID, Seen: c.Seen(), Roster: plan.Roster,
		Creator: env.Device, Time: plan.Time, Rejoin: plan.Rejoin,
	}
	if c.h != nil {
		h.Number, h.Prev, h.Time = c.h.Number+1, c.s.Epoch[:], max(plan.Time, c.h.Time)
	}
	return h
}

// wrapAll makes the wraps, one for each present device but the creator, with their hashes.
func (c *Conversation) wrapAll(env Env, plan Plan, d *drawn, bound [32]byte) (wraps, hashes [][]byte, err error) {
	entries, holders := d.header.Entries(), c.holders(d.header)
	wraps, hashes = make([][]byte, len(entries)), make([][]byte, len(entries))
	errs := make([]error, len(entries))
	each(len(entries), func(i int) {
		e := entries[i]
		if e.Absent() || e.Device == d.header.Creator {
			return
		}
		key, ok := plan.Keys[e.Device]
		if !ok || key.Thumbprint() != cose.Thumbprint(e.Prekey) {
			errs[i] = fmt.Errorf("no prekey of device %s", e.Device)
			return
		}
		to := wrapTo{header: bound, device: e.Device}
		if to.link, errs[i] = c.linkOf(plan, e.Account); errs[i] != nil {
			return
		}
		carried := wrapContent{Content: contentJoiner, Secret: d.joiner}
		if holders[e.Device] {
			carried = wrapContent{Content: contentEpochSecret, Secret: d.secret}
		}
		wraps[i], errs[i] = sealWrap(env.Primitives, env.Random, key, to, carried)
	})
	for i, w := range wraps {
		if errs[i] != nil {
			return nil, nil, errs[i]
		}
		if len(w) != 0 {
			sum := sha256.Sum256(w)
			hashes[i] = sum[:]
		}
	}
	return wraps, hashes, nil
}

// linkOf gives the secret of the link by which the plan admits an account, nil for everyone else.
func (c *Conversation) linkOf(plan Plan, id account.ID) (*cose.Secret, error) {
	if plan.Room == nil {
		return nil, nil
	}
	for _, a := range plan.Room.Admitted {
		if a.Account != id {
			continue
		}
		r, err := epoch.ParseJoin(a.Request)
		if err != nil {
			return nil, err
		}
		group, _ := c.Group()
		secret, ok := group.Secret(r.Link)
		if !ok || !cose.Secret(JoinTag(secret, r.Hash())).Equal(cose.Secret(a.Tag)) && !check.Off(check.JoinTag) {
			return nil, fmt.Errorf("admission of account %s: %w: tag", id, epoch.ErrLink)
		}
		return &secret, nil
	}
	return nil, nil
}

// holders gives the devices of a header that have init[n-1]: they were present in the epoch before and do not rejoin. Its
// creator is not among them.
func (c *Conversation) holders(h *epoch.Header) map[account.DeviceID]bool {
	present := make(map[account.DeviceID]bool, len(c.entries))
	for _, e := range c.entries {
		present[e.Device] = !e.Absent()
	}
	holders := make(map[account.DeviceID]bool, len(c.entries))
	for _, m := range h.Roster {
		for _, s := range m.Slots {
			if present[s.Device] && !s.Absent() && s.Device != h.Creator {
				holders[s.Device] = true
			}
		}
	}
	for _, d := range h.Rejoin {
		delete(holders, d)
	}
	return holders
}

// holdsInit says whether a device has init[n-1].
func (c *Conversation) holdsInit(h *epoch.Header, d account.DeviceID) bool {
	if c.h == nil || h.Rejoins(d) {
		return false
	}
	_, entry, ok := c.h.Find(d)
	return ok && !entry.Absent()
}
