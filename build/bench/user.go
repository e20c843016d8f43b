package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"fmt"
	"sync"

	"sotto/backend/dial"
	"sotto/build/bench/raw"
	"sotto/wasm/client"
	"sotto/wasm/client/memory"
	"sotto/wasm/cose"
)

// user is a real engine, natively, that keeps what it stores in memory.
type user struct {
	name   string
	engine *client.Engine

	mu      sync.Mutex
	changed chan struct{}            // closed and replaced at every event
	waiting map[string]chan struct{} // own messages by id until they are acknowledged
	heard   int                      // messages of others that were opened
}

// newUser boots an engine that signs with a person's key. Its connections go through transport; nil is a WebSocket.
func newUser(ctx context.Context, origin string, p *raw.Person, transport client.Transport) (*user, error) {
	return newUserOn(ctx, origin, p, transport, memory.NewStore())
}

// newUserOn does the same with a store.
func newUserOn(ctx context.Context, origin string, p *raw.Person, transport client.Transport, store client.Store) (*user, error) {
	if transport == nil {
		transport = dial.Transport{Origin: origin}
	}
	u := &user{name: p.Handle, changed: make(chan struct{}), waiting: map[string]chan struct{}{}}
	u.engine = client.New(client.Ports{
		Store: store, Keys: newKeys(p.Key()), Transport: transport, Clock: client.SystemClock{},
		Random: rand.Reader, Primitives: cose.Native{},
	}, origin, u.event)
	if _, err := u.engine.Boot(ctx); err != nil {
		return nil, fmt.Errorf("boot %s: %w", u.name, err)
	}
	return u, nil
}

// join registers the user and waits until they are online.
func (u *user) join(ctx context.Context) error {
	if _, err := u.engine.Join(ctx, u.name); err != nil {
		return fmt.Errorf("join %s: %w", u.name, err)
	}
	return u.until(ctx, "online", func() bool { return u.engine.Connection().State == client.StateOnline })
}

// open gives the conversation with a handle.
func (u *user) open(ctx context.Context, handle string) (string, error) {
	c, err := u.engine.Open(ctx, handle)
	if err != nil {
		return "", fmt.Errorf("%s opens %s: %w", u.name, handle, err)
	}
	return c.ID, nil
}

// send sends a text and waits until the relay has acknowledged it.
func (u *user) send(ctx context.Context, conversation, text string) error {
	sent, err := u.post(ctx, conversation, text)
	if err != nil {
		return err
	}
	select {
	case <-sent:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s waits for an acknowledgement: %w", u.name, context.Cause(ctx))
	}
}

// post queues a text and gives a channel that is closed when it was acknowledged.
func (u *user) post(ctx context.Context, conversation, text string) (<-chan struct{}, error) {
	var drawn [16]byte
	_, _ = rand.Read(drawn[:]) // never fails
	id, sent := hex.EncodeToString(drawn[:]), make(chan struct{})
	u.mu.Lock()
	u.waiting[id] = sent
	u.mu.Unlock()
	if _, err := u.engine.Send(ctx, conversation, text, id); err != nil {
		return nil, fmt.Errorf("%s sends: %w", u.name, err)
	}
	return sent, nil
}

// event takes what the engine tells.
func (u *user) event(e client.Event) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if entry, ok := e.(client.EntryEvent); ok {
		u.entry(entry.Entry)
	}
	close(u.changed)
	u.changed = make(chan struct{})
}

// entry counts messages. The caller holds mu.
func (u *user) entry(e client.Entry) {
	switch {
	case e.Kind != client.EntryMessage:
	case !e.Own:
		u.heard++
	case e.State != nil && *e.State == client.EntrySent && u.waiting[e.ID] != nil:
		close(u.waiting[e.ID])
		delete(u.waiting, e.ID)
	}
}

func (u *user) messages() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.heard
}

// until waits for a condition that events bring about.
func (u *user) until(ctx context.Context, what string, holds func() bool) error {
	for {
		u.mu.Lock()
		changed := u.changed
		u.mu.Unlock()
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("%s waits until %s: %w", u.name, what, context.Cause(ctx))
		}
	}
}

// keys is a [client.Keys] with a signing key of its own and a decryption key that is everyone's: RSA keys take long to
// make, and a prekey is another one by its other half.
type keys struct{ signers, decrypters *memory.Keys }

var shared = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 8*cose.ModulusSize) })

func newKeys(signing *rsa.PrivateKey) keys {
	own := func() (*rsa.PrivateKey, error) { return signing, nil }
	return keys{signers: memory.NewKeysFrom(own), decrypters: memory.NewKeysFrom(shared)}
}

func (k keys) NewSigner(ctx context.Context, name string) (crypto.Signer, error) {
	return k.signers.NewSigner(ctx, name)
}

func (k keys) NewDecrypter(ctx context.Context, name string) (crypto.Decrypter, error) {
	return k.decrypters.NewDecrypter(ctx, name)
}

func (k keys) Signer(ctx context.Context, name string) (crypto.Signer, error) {
	return k.signers.Signer(ctx, name)
}

func (k keys) Decrypter(ctx context.Context, name string) (crypto.Decrypter, error) {
	return k.decrypters.Decrypter(ctx, name)
}

func (k keys) Destroy(ctx context.Context, name string) error { return k.decrypters.Destroy(ctx, name) }
