package client

import (
	"context"
	"crypto"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/wire"
)

// When a prekey is replaced, in seconds: each week, and soon after it admitted this device to a conversation.
const (
	prekeyWeek = 7 * 24 * 3600
	prekeySoon = 30 * 60
	// A prekey that was replaced goes at the latest so long after, whatever conversations the relay said may still need
	// it; for a conversation that did not turn up it is kept only for as long as one takes to arrive.
	prekeyKept    = prekeyWeek
	prekeyUnknown = 10 * 60
)

// newPrekey generates both halves of a prekey.
func (e *Engine) newPrekey(ctx context.Context, counter uint64) (*kem.PrivateKey, prekeyRecord, error) {
	record := prekeyRecord{Counter: counter, Seed: make([]byte, kem.SeedSize), State: prekeyPending}
	record.Expiry = e.seconds() + uint64(account.PrekeyLife.Seconds())
	if _, err := io.ReadFull(e.ports.Random, record.Seed); err != nil {
		return nil, record, fmt.Errorf("draw a prekey: %w", err)
	}
	decrypter, err := e.ports.Keys.NewDecrypter(ctx, decrypterName(counter))
	if err != nil {
		return nil, record, err
	}
	private, err := kem.NewPrivateKey(record.Seed, decrypter)
	return private, record, err
}

func (e *Engine) signPrekey(id *identity, private *kem.PrivateKey, p prekeyRecord) ([]byte, error) {
	return account.SignPrekey(e.ports.Random, id.signer, account.Prekey{
		Account: id.chain.ID(), Device: id.device, Counter: p.Counter, Expiry: p.Expiry, Key: private.Public(),
	})
}

// tendPrekeys replaces the prekey when it is due and finishes a replacement that was not acknowledged.
func (e *Engine) tendPrekeys(s *session) {
	e.identityMu.Lock()
	defer e.identityMu.Unlock()
	e.destroyPassed()
	id := e.identity()
	pending := slices.IndexFunc(id.record.Prekeys, func(p prekeyRecord) bool { return p.State == prekeyPending })
	if pending < 0 {
		if e.seconds() < id.record.ReplaceBy {
			e.plan(id.record.ReplaceBy)
			return
		}
		if e.founding() {
			return // it goes on when the group has begun
		}
		if err := e.addPrekey(id); err != nil {
			return
		}
		id = e.identity()
		pending = len(id.record.Prekeys) - 1
	}
	var heads wire.Heads
	err := e.ask(s, wire.Prekey{Prekey: id.record.Prekeys[pending].Signed}, &heads)
	if code, _ := refusal(err); code == wire.CodeStaleCounter {
		s.fail(e.alarm(AlarmDeviceUnknown, map[string]string{}))
	}
	if err != nil {
		return
	}
	if e.promote(id, pending, heads.Heads) == nil {
		e.plan(e.identity().record.ReplaceBy)
		e.replaced(heads.Heads)
	}
}

// replaced lets the old prekey go where nothing needs it, and asks with the new one for what was asked with the old. The
// caller holds identityMu, which a room takes while its record is being stored: rooms are changed elsewhere.
func (e *Engine) replaced(heads []wire.Head) {
	for _, h := range heads {
		e.noteHead(h) // who was let in by the old prekey just now gets there before it goes
	}
	e.destroyPassed()
	e.later(prekeyUnknown+1, e.sweepPrekeys)
	for _, r := range e.allRooms() {
		if r.joined() || r.waits() {
			e.start(r.asksAnew) // a request to be let in names the prekey, and one to be let back in needs it
		}
	}
}

// sweepPrekeys destroys what need not be kept any more.
func (e *Engine) sweepPrekeys() {
	e.identityMu.Lock()
	defer e.identityMu.Unlock()
	e.destroyPassed()
}

// addPrekey makes the next prekey and stores it before anyone hears of it.
func (e *Engine) addPrekey(id *identity) error {
	var counter uint64
	for _, p := range id.record.Prekeys {
		counter = max(counter, p.Counter)
	}
	private, record, err := e.newPrekey(e.ctx, counter+1)
	if err != nil {
		return err
	}
	if record.Signed, err = e.signPrekey(id, private, record); err != nil {
		return err
	}
	next := *id
	next.private = append(slices.Clone(id.private), private)
	next.record.Prekeys = append(slices.Clone(id.record.Prekeys), record)
	return e.setIdentity(&next)
}

// promote makes the acknowledged prekey the current one. The one before is kept until this device has passed every
// event that may still be wrapped to it.
func (e *Engine) promote(id *identity, pending int, heads []wire.Head) error {
	next := *id
	next.record.Prekeys = slices.Clone(id.record.Prekeys)
	for i := range next.record.Prekeys {
		if p := &next.record.Prekeys[i]; p.State == prekeyCurrent {
			p.State, p.Heads, p.Retired = prekeyRetired, heads, e.seconds()
		}
	}
	next.record.Prekeys[pending].State = prekeyCurrent
	next.record.ReplaceBy = e.seconds() + prekeyWeek
	return e.setIdentity(&next)
}

// usedPrekey brings the replacement forward after the prekey admitted this device somewhere.
func (e *Engine) usedPrekey() {
	e.identityMu.Lock()
	defer e.identityMu.Unlock()
	id := *e.identity()
	due := e.seconds() + prekeySoon
	if id.record.ReplaceBy <= due {
		return
	}
	id.record.ReplaceBy = due
	if e.setIdentity(&id) == nil {
		e.plan(due)
	}
}

// begun looks after the prekey when a conversation has begun: a group that was waiting for that has kept it.
func (e *Engine) begun() {
	if s := e.session(); s != nil && e.seconds() >= e.identity().record.ReplaceBy {
		e.start(func() { e.tendPrekeys(s) })
	}
}

// plan looks after the prekeys at a time in seconds since 1970, should there be a connection then.
func (e *Engine) plan(at uint64) {
	wait := max(int64(at)-int64(e.seconds()), 0)
	stop := e.ports.Clock.AfterFunc(time.Duration(wait)*time.Second, func() {
		if s := e.session(); s != nil {
			e.start(func() { e.tendPrekeys(s) })
		}
	})
	e.mu.Lock()
	before := e.prekeyTimer
	e.prekeyTimer = stop
	e.mu.Unlock()
	if before != nil {
		before()
	}
}

// passed looks whether a retired prekey can go now that a room has moved on.
func (e *Engine) passed(id epoch.ConversationID) {
	e.identityMu.Lock()
	defer e.identityMu.Unlock()
	if e.retiring(id) {
		e.destroyPassed()
	}
}

// destroyPassed destroys the retired prekeys whose conversations are all past the point of replacement.
func (e *Engine) destroyPassed() {
	id := e.identity()
	next := *id
	next.record.Prekeys, next.private = nil, nil
	var gone []uint64
	for i, p := range id.record.Prekeys {
		if p.State == prekeyRetired && !e.needed(p) {
			gone = append(gone, p.Counter)
			continue
		}
		next.record.Prekeys = append(next.record.Prekeys, p)
		next.private = append(next.private, id.private[i])
	}
	if len(gone) == 0 || e.setIdentity(&next) != nil {
		return
	}
	for _, counter := range gone {
		_ = e.ports.Keys.Destroy(e.ctx, decrypterName(counter)) // its seed is gone: the pair cannot open anything
	}
}

// needed says whether a retired prekey may still open something that this device has not come to.
func (e *Engine) needed(p prekeyRecord) bool {
	now := e.seconds()
	if now >= p.Retired+prekeyKept {
		return false
	}
	return slices.ContainsFunc(p.Heads, func(h wire.Head) bool {
		r := e.room(h.Conversation)
		if r == nil || !r.begun() {
			return now < p.Retired+prekeyUnknown
		}
		return r.position() < h.Position
	})
}

// retiring says whether a prekey waits to be destroyed.
func (e *Engine) retiring(id epoch.ConversationID) bool {
	return slices.ContainsFunc(e.identity().record.Prekeys, func(p prekeyRecord) bool {
		return p.State == prekeyRetired && slices.ContainsFunc(p.Heads, func(h wire.Head) bool { return h.Conversation == id })
	})
}

func rsaKeyOf(public crypto.PublicKey) (cose.RSAKey, error) {
	key, ok := public.(*rsa.PublicKey)
	if !ok {
		return cose.RSAKey{}, errors.New("signing key is not an RSA key")
	}
	return cose.NewRSAKey(key)
}
