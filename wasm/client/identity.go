package client

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/kem"
	"sotto/wasm/wire"
)

const signerName = "signing"

func decrypterName(counter uint64) string { return fmt.Sprintf("prekey-%d", counter) }

// identity is this device's account with its keys at hand. It is replaced, never changed.
type identity struct {
	record  identityRecord
	chain   *account.Chain
	device  account.DeviceID
	signer  crypto.Signer
	private []*kem.PrivateKey // beside record.Prekeys
}

// env gives what conversations need of this device.
func (e *Engine) env() conversation.Env {
	e.mu.Lock()
	id := e.keys
	e.mu.Unlock()
	return conversation.Env{
		Account: id.chain.ID(), Device: id.device, Signer: id.signer,
		Random: e.ports.Random, Primitives: e.ports.Primitives, Chains: e.chain, Prekey: id.prekey, LinkSecret: e.linkSecret,
	}
}

func (id *identity) prekey(t cose.Thumbprint) (*kem.PrivateKey, uint64, bool) {
	for i, k := range id.private {
		if k.Public().Thumbprint() == t {
			return k, id.record.Prekeys[i].Expiry, true
		}
	}
	return nil, 0, false
}

// current is the prekey that others are given now.
func (id *identity) current() *kem.PrivateKey {
	for i, p := range id.record.Prekeys {
		if p.State == prekeyCurrent {
			return id.private[i]
		}
	}
	return id.private[len(id.private)-1]
}

// prekeyExpiry is when the prekey that others are given now expires.
func (e *Engine) prekeyExpiry() uint64 {
	id := e.identity()
	_, expiry, _ := id.prekey(id.current().Public().Thumbprint())
	return expiry
}

func (e *Engine) loadIdentity(ctx context.Context) error {
	got, err := e.ports.Store.Get(ctx, []Key{{Kind: kindIdentity}})
	if err != nil || got[0].Value == nil {
		return err
	}
	var record identityRecord
	if err := decodeRecord(got[0], &record); err != nil {
		return err
	}
	id, err := e.openIdentity(ctx, record)
	if err != nil {
		return err
	}
	e.keys = id
	return e.sweepKeys(ctx, record)
}

// sweepKeys destroys the RSA halves of prekeys that a crash left behind after their records were removed. One
// replacement retires one prekey, so few can be left.
func (e *Engine) sweepKeys(ctx context.Context, record identityRecord) error {
	const few = 8
	kept := map[uint64]bool{}
	var newest uint64
	for _, p := range record.Prekeys {
		kept[p.Counter], newest = true, max(newest, p.Counter)
	}
	for counter := newest; counter > 0 && counter+few > newest; counter-- {
		if kept[counter] {
			continue
		}
		if err := e.ports.Keys.Destroy(ctx, decrypterName(counter)); err != nil {
			return fmt.Errorf("destroy prekey %d: %w", counter, err)
		}
	}
	return nil
}

// openIdentity finds the keys that a record names.
func (e *Engine) openIdentity(ctx context.Context, record identityRecord) (*identity, error) {
	chain, err := account.ParseChain(e.ports.Primitives, record.Links)
	if err != nil {
		return nil, fmt.Errorf("%w: own chain: %w", ErrStorageCorrupt, err)
	}
	signer, err := e.ports.Keys.Signer(ctx, signerName)
	if err != nil {
		return nil, fmt.Errorf("own signing key: %w", err)
	}
	device, err := deviceOf(signer)
	if err != nil {
		return nil, err
	}
	id := &identity{record: record, chain: chain, signer: signer, device: device}
	for _, p := range record.Prekeys {
		decrypter, err := e.ports.Keys.Decrypter(ctx, decrypterName(p.Counter))
		if err != nil {
			return nil, fmt.Errorf("own prekey %d: %w", p.Counter, err)
		}
		private, err := kem.NewPrivateKey(p.Seed, decrypter)
		if err != nil {
			return nil, fmt.Errorf("%w: own prekey %d", ErrStorageCorrupt, p.Counter)
		}
		id.private = append(id.private, private)
	}
	return id, nil
}

func deviceOf(signer crypto.Signer) (account.DeviceID, error) {
	key, err := rsaKeyOf(signer.Public())
	return account.DeviceID(key.Thumbprint()), err
}

func (e *Engine) identity() *identity {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.keys
}

func (e *Engine) registered() bool {
	id := e.identity()
	return id != nil && id.record.Registered
}

// setIdentity stores a changed record and then uses it.
func (e *Engine) setIdentity(id *identity) error {
	if err := e.apply([]Write{put(kindIdentity, nil, id.record)}); err != nil {
		return err
	}
	e.mu.Lock()
	e.keys = id
	e.mu.Unlock()
	return nil
}

// Me is this device's account, nil before it has joined.
func (e *Engine) Me() *Me {
	id := e.identity()
	if id == nil || !id.record.Registered {
		return nil
	}
	return &Me{Handle: id.record.Handle, Account: id.chain.ID().String(), Link: e.origin + "/#/with/" + id.record.Handle}
}

// Prepare makes the keys ahead of [Engine.Join]. It does nothing when they exist.
func (e *Engine) Prepare(ctx context.Context) error {
	e.identityMu.Lock()
	defer e.identityMu.Unlock()
	if e.identity() != nil {
		return nil
	}
	type made struct {
		private *kem.PrivateKey
		record  prekeyRecord
		err     error
	}
	prekey := make(chan made, 1)
	e.start(func() {
		private, record, err := e.newPrekey(ctx, 1)
		prekey <- made{private, record, err}
	})
	signer, err := e.ports.Keys.NewSigner(ctx, signerName)
	p := <-prekey
	if err = errors.Join(err, p.err); err != nil {
		return storage(err)
	}
	key, err := rsaKeyOf(signer.Public())
	if err != nil {
		return err
	}
	link, chain, err := account.Create(e.ports.Random, signer, key, e.seconds())
	if err != nil {
		return err
	}
	id := &identity{chain: chain, device: account.DeviceID(key.Thumbprint()), signer: signer, private: []*kem.PrivateKey{p.private}}
	id.record = identityRecord{Version: recordVersion, Links: [][]byte{link}, ReplaceBy: e.seconds() + prekeyWeek}
	if p.record.Signed, err = e.signPrekey(id, p.private, p.record); err != nil {
		return err
	}
	p.record.State = prekeyCurrent
	id.record.Prekeys = []prekeyRecord{p.record}
	return storage(e.setIdentity(id))
}

// Join registers this device's account under a handle and connects.
func (e *Engine) Join(ctx context.Context, name string) (Me, error) {
	handle, err := account.ParseHandle(name)
	if err != nil {
		return Me{}, failure(CodeHandleInvalid, err)
	}
	if err := e.Prepare(ctx); err != nil {
		return Me{}, err
	}
	if e.registered() {
		return Me{}, failure(CodeJoined, nil)
	}
	answer, err := e.expectJoin(string(handle))
	if err != nil {
		return Me{}, err
	}
	e.run()
	select {
	case err = <-answer:
	case <-ctx.Done():
		err = failure(CodeOffline, ctx.Err())
	case <-e.ctx.Done():
		err = failure(CodeOffline, e.ctx.Err())
	}
	if err != nil {
		return Me{}, fromRelay(err)
	}
	return *e.Me(), nil
}

// expectJoin stores the wished handle and takes the place of who waits for the registration.
func (e *Engine) expectJoin(handle string) (chan error, error) {
	e.identityMu.Lock()
	defer e.identityMu.Unlock()
	id := *e.identity()
	id.record.Handle = handle
	if err := e.setIdentity(&id); err != nil {
		return nil, storage(err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.joining != nil {
		return nil, failure(CodeLimited, nil)
	}
	e.joining = make(chan error, 1)
	return e.joining, nil
}

// joined tells who waits for the registration how it went.
func (e *Engine) joined(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.joining != nil {
		e.joining <- err
		e.joining = nil
	}
}

// enter logs the session in, or registers the account and is logged in by that.
func (e *Engine) enter(s *session) error {
	id := e.identity()
	if s.hello.Origin != e.origin && !check.Off(check.Origin) {
		return e.alarm(AlarmWrongOrigin, map[string]string{"relay": s.hello.Origin, "here": e.origin})
	}
	login, err := account.SignLogin(e.ports.Random, id.signer, account.Login{
		Origin: e.origin, Nonce: s.hello.Nonce, Account: id.chain.ID(), Device: id.device,
	})
	if err != nil {
		return err
	}
	if id.record.Registered {
		err := e.ask(s, wire.Login{Login: login}, &wire.Done{})
		return e.loginResult(err)
	}
	current := id.record.Prekeys[0]
	err = e.ask(s, wire.Register{
		Link: id.record.Links[0], Prekey: current.Signed, Handle: id.record.Handle, Login: login,
	}, &wire.Done{})
	if err != nil {
		return err
	}
	return e.setRegistered()
}

// loginResult lets one refused login pass, should its nonce have become too old on the way.
func (e *Engine) loginResult(err error) error {
	code, _ := refusal(err)
	e.mu.Lock()
	if code == wire.CodeLoginRefused {
		e.refusals++
	} else if err == nil {
		e.refusals = 0
	}
	again := e.refusals > 1
	e.mu.Unlock()
	if again {
		return e.alarm(AlarmLoginRefused, map[string]string{})
	}
	return err
}

func (e *Engine) setRegistered() error {
	e.identityMu.Lock()
	defer e.identityMu.Unlock()
	id := *e.identity()
	id.record.Registered = true
	return storage(e.setIdentity(&id))
}

// checkOwnAccount compares what the relay shows of this account with what this device made.
func (e *Engine) checkOwnAccount(s *session) error {
	id := e.identity()
	var page wire.ChainPage
	err := e.ask(s, wire.Chain{Account: id.chain.ID(), From: id.chain.Head().Number}, &page)
	if err != nil {
		return err
	}
	known := slices.ContainsFunc(id.record.Prekeys, func(p prekeyRecord) bool {
		return len(page.Prekeys) == 1 && string(p.Signed) == string(page.Prekeys[0])
	})
	same := len(page.Links) == 1 && string(page.Links[0]) == string(id.record.Links[len(id.record.Links)-1])
	if known && same || check.Off(check.OwnAccount) {
		return nil
	}
	return e.alarm(AlarmDeviceUnknown, map[string]string{})
}

// random16 draws 16 bytes.
func (e *Engine) random16() (id [16]byte, err error) {
	_, err = io.ReadFull(e.ports.Random, id[:])
	return id, err
}
