package conversation

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// openCommit processes the commit at the next position. Whether it opens the next epoch depends on the log and the named
// chains alone, so that all decide alike; where this device has no keys of an epoch that everyone takes, it is lost.
func (c *Conversation) openCommit(env Env, e Event, hash [32]byte) Outcome {
	out := Outcome{Position: c.s.Position + 1, Kind: e.Kind, Hash: hash}
	commit, err := epoch.ParseCommit(e.Event)
	if err == nil {
		out.Own = commit.Header.Creator == env.Device
		err = c.checkCommit(env, commit)
	}
	if err == nil && c.h == nil && !commit.Header.Has(env.Device) {
		err = ErrOwnSlot // what began without this device is not its log
	}
	if err != nil {
		c.advance(e.Kind, hash)
		out.Err = fmt.Errorf("event %d: %w", out.Position, err)
		c.stopOn(err)
		return out
	}
	out.Commit, out.Before, out.Left = commit, c.h, c.s.Left
	out.Unproven = c.unproven(commit.Header)
	joiner, err := c.keysOf(env, commit, e.Wrap)
	c.advance(e.Kind, hash)
	c.install(env, commit, joiner, err)
	c.stopOn(err)
	if err != nil {
		out.Lost = fmt.Errorf("event %d: %w", out.Position, err)
	}
	return out
}

// checkCommit runs the checks that need no key, in the protocol's order.
func (c *Conversation) checkCommit(env Env, commit *epoch.Commit) error {
	h := commit.Header
	if h.Conversation != c.s.ID && !check.Off(check.Conversation) {
		return epoch.ErrConversation
	}
	if err := commit.Check(env.Primitives, c.standing(), env.Chains); err != nil {
		return err
	}
	return c.checkSeen(h.Seen, c.lastOf(h))
}

// keysOf gives the joiner of an epoch that may open, if this device has it.
func (c *Conversation) keysOf(env Env, commit *epoch.Commit, wrap []byte) (cose.Secret, error) {
	joiner, err := c.joinerOf(env, commit, wrap)
	if err != nil {
		return cose.Secret{}, err
	}
	key := deriveEpochKey(joiner, commit.Bound)
	defer key.Destroy()
	if confirm := deriveConfirm(key, commit.Bound); !cose.Secret(confirm).Equal(cose.Secret(commit.Confirm)) && !check.Off(check.Confirm) {
		return cose.Secret{}, ErrConfirm
	}
	return joiner, nil
}

// unproven lists who was admitted with a tag that the link's secret does not give. It decides nothing, because not
// everyone who judges the commit has that secret, and a member who has it could give the right tag to anyone: it is
// shown, and tells of a broken or lying member.
func (c *Conversation) unproven(h *epoch.Header) []account.ID {
	group, ok := c.Group()
	if !ok || !h.Group() {
		return nil
	}
	var without []account.ID
	for _, a := range h.Room[0].Admitted {
		r, err := epoch.ParseJoin(a.Request)
		if err != nil {
			continue
		}
		secret, known := group.Secret(r.Link)
		if known && !cose.Secret(JoinTag(secret, r.Hash())).Equal(cose.Secret(a.Tag)) {
			without = append(without, a.Account)
		}
	}
	return without
}

func (c *Conversation) standing() *epoch.Standing {
	if c.h == nil {
		return nil
	}
	return &epoch.Standing{ID: c.s.Epoch, Header: c.h, Left: c.s.Left}
}

// lastOf is the position of the newest event in the creator's slot in the epoch before, whatever became of it: who has no
// keys of that epoch knows it too.
func (c *Conversation) lastOf(h *epoch.Header) epoch.Position {
	if c.h == nil {
		return 0
	}
	i, ok := c.h.Index(h.Creator)
	if !ok {
		return 0
	}
	return c.s.Senders[i].Wrote
}

// joinerOf takes the joiner from this device's own pending commit or from its wrap.
func (c *Conversation) joinerOf(env Env, commit *epoch.Commit, wrap []byte) (cose.Secret, error) {
	h := commit.Header
	if h.Creator == env.Device {
		for _, p := range c.s.Commit {
			if p.ID == commit.ID {
				return p.Joiner, nil
			}
		}
		return cose.Secret{}, ErrCopied
	}
	index, entry, ok := h.Find(env.Device)
	switch {
	case !ok:
		return cose.Secret{}, ErrGone
	case entry.Absent():
		return cose.Secret{}, ErrOwnSlot
	}
	key, expiry, ok := env.Prekey(cose.Thumbprint(entry.Prekey))
	if !ok {
		return cose.Secret{}, ErrOwnSlot
	}
	if h.Time >= expiry && !check.Off(check.OwnPrekey) {
		return cose.Secret{}, ErrExpired
	}
	if sum := sha256.Sum256(wrap); string(sum[:]) != string(commit.Wraps[index]) && !check.Off(check.WrapHash) {
		return cose.Secret{}, ErrWrapAltered
	}
	to := wrapTo{header: commit.Bound, device: env.Device}
	if _, byLink := h.Admits(env.Account); byLink {
		secret, asked := env.linkSecret(h.Conversation)
		if !asked && !check.Off(check.NotAsked) {
			return cose.Secret{}, ErrNotAsked
		}
		to.link = &secret
	}
	opened, err := openWrap(env.Primitives, env.Random, key, to, wrap)
	if err != nil {
		return cose.Secret{}, err
	}
	switch holds := c.holdsInit(h, env.Device); {
	case holds && c.s.Lost != "":
		return cose.Secret{}, ErrLost // the wrap is for who has the epoch before
	case holds && opened.Content == contentEpochSecret:
		return deriveJoiner(c.s.Init, opened.Secret), nil
	case !holds && opened.Content == contentJoiner:
		return opened.Secret, nil
	case check.Off(check.WrapContent):
		return opened.Secret, nil
	}
	return cose.Secret{}, ErrWrapUnusable
}

// install makes the commit's epoch the newest one: all chains are derived at once, then what they came from goes. With an
// error there are no keys of it here.
func (c *Conversation) install(env Env, commit *epoch.Commit, joiner cose.Secret, err error) {
	h := commit.Header
	entries := h.Entries()
	c.s.Senders = make([]sender, len(entries))
	c.h, c.entries = h, entries
	c.s.Header, c.s.Epoch, c.s.Shared = commit.Encoded, commit.ID, false
	c.s.Own, _ = h.Index(env.Device)
	c.s.Opened, c.s.Messages = c.s.Position, 0
	c.s.Logs = append([]byte(nil), c.s.Logs[hashSize*int(c.s.Position-c.s.LogBase):]...)
	c.s.LogBase = c.s.Position
	c.s.Pending, c.s.Keys, c.s.Commit = nil, nil, nil
	c.marks = marks{}
	c.s.Left, c.s.Leave = nil, nil
	if creator, ok := h.Index(h.Creator); ok {
		c.s.Senders[creator].Last, c.s.Senders[creator].Wrote = c.s.Position, c.s.Position
	}
	if err != nil {
		c.s.Gone = errors.Is(err, ErrGone)
		c.s.Lost, c.s.Init = string(CauseOf(err)), cose.Secret{}
		c.learnGroup(env, h, nil)
		return
	}
	c.s.Lost = ""
	c.learnGroup(env, h, &joiner)
	key := deriveEpochKey(joiner, commit.Bound)
	defer key.Destroy()
	c.s.Init = deriveInit(key)
	for i, e := range entries {
		c.s.Senders[i].Chain, c.s.Senders[i].Signal = deriveChain(key, e.Device), deriveSignal(key, e.Device)
	}
}
