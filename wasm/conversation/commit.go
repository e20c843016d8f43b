package conversation

import (
	"crypto/sha256"
	"fmt"

	"sotto/wasm/account"
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
}

// Commit draws a fresh epoch secret, wraps it to every device of the plan and signs the commit that opens the next
// epoch. The next conversation keeps it as pending until it is seen in the log; until then nothing else is sealed. It
// returns [ErrPending] while something of this device is on its way, which the header would have to have seen.
func (c *Conversation) Commit(env Env, plan Plan) (*Conversation, error) {
	switch {
	case c.s.Stopped != "":
		return nil, fmt.Errorf("commit: conversation is stopped: %s", c.s.Stopped)
	case c.sealed(), len(c.s.Commit) != 0:
		return nil, ErrPending
	}
	h := c.nextHeader(env, plan)
	if _, err := epoch.ParseHeader(h.Bytes()); err != nil {
		return nil, fmt.Errorf("commit %d: %w", h.Number, err)
	}
	secret, err := cose.NewSecret(env.Random)
	if err != nil {
		return nil, err
	}
	defer secret.Destroy()
	joiner := deriveJoiner(c.s.Init, secret)
	wraps, hashes, err := c.wrapAll(env, h, plan, secret, joiner)
	if err != nil {
		return nil, fmt.Errorf("commit %d: %w", h.Number, err)
	}
	epochKey := deriveEpochKey(joiner, h.Hash())
	defer epochKey.Destroy()
	commit, err := epoch.SignCommit(env.Random, env.Signer, h, deriveConfirm(epochKey, h.Hash()), hashes)
	if err != nil {
		return nil, fmt.Errorf("commit %d: %w", h.Number, err)
	}
	parsed, err := epoch.ParseCommit(commit)
	if err != nil {
		return nil, err
	}
	next := c.clone()
	next.s.Commit = []PendingCommit{{ID: parsed.ID, Joiner: joiner, Commit: commit, Wraps: wraps}}
	return next, nil
}

// DropCommit forgets a commit of this device that lost its race.
func (c *Conversation) DropCommit() *Conversation {
	next := c.clone()
	next.s.Commit = nil
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
func (c *Conversation) wrapAll(env Env, h *epoch.Header, plan Plan, secret, joiner cose.Secret) (wraps, hashes [][]byte, err error) {
	entries, hash := h.Entries(), h.Hash()
	wraps, hashes = make([][]byte, len(entries)), make([][]byte, len(entries))
	errs := make([]error, len(entries))
	each(len(entries), func(i int) {
		e := entries[i]
		if e.Absent() || e.Device == h.Creator {
			return
		}
		key, ok := plan.Keys[e.Device]
		if !ok || key.Thumbprint() != cose.Thumbprint(e.Prekey) {
			errs[i] = fmt.Errorf("no prekey of device %s", e.Device)
			return
		}
		carried := wrapContent{Content: contentJoiner, Secret: joiner}
		if c.holdsInit(h, e.Device) {
			carried = wrapContent{Content: contentEpochSecret, Secret: secret}
		}
		wraps[i], errs[i] = sealWrap(env.Primitives, env.Random, key, hash, e.Device, carried)
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

// holdsInit says whether a device has init[n-1]: it was present in the epoch before and does not rejoin.
func (c *Conversation) holdsInit(h *epoch.Header, d account.DeviceID) bool {
	if c.h == nil || h.Rejoins(d) {
		return false
	}
	i, ok := c.h.Index(d)
	return ok && !c.entries[i].Absent()
}
