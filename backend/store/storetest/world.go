package storetest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"
	"slices"
	"sync"
	"testing"
	"time"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// Opener opens a store on data that is its own in each test; called again after Close, it opens the same data.
type Opener func() (store.Store, error)

// World is a store with people in it. Benchmarks and tests of an implementation may use it too.
type World struct {
	testing.TB
	Store store.Store
	open  Opener
}

// NewWorld opens a store and closes it when the test ends.
func NewWorld(t testing.TB, open Opener) *World {
	t.Helper()
	w := &World{TB: t, open: open}
	w.start()
	t.Cleanup(func() { _ = w.Store.Close() })
	return w
}

func (w *World) start() {
	w.Helper()
	s, err := w.open()
	if err != nil {
		w.Fatal(err)
	}
	w.Store = s
}

// Restart closes the store and opens its data again.
func (w *World) Restart() {
	w.Helper()
	if err := w.Store.Close(); err != nil {
		w.Fatal(err)
	}
	w.start()
}

// Person is an account with one device.
type Person struct {
	store.Registration
	store.Sender
}

// NewPerson makes a registration that nobody has done yet.
func NewPerson(handle string) Person {
	key := newKey()
	p := Person{Sender: store.Sender{Account: random[account.ID](), Device: account.DeviceID(key.Thumbprint())}}
	p.Registration = store.Registration{
		Account: p.Sender.Account,
		Handle:  account.Handle(handle),
		Link:    store.Link{Hash: p.Sender.Account, Bytes: randomBytes(100)},
		Device:  store.Device{ID: p.Sender.Device, Account: p.Sender.Account, Key: key, Active: true},
		Prekey:  NewPrekey(p.Sender.Device, 1),
		Created: time.UnixMilli(1_700_000_000_000),
	}
	return p
}

// NewPrekey makes a prekey of a device.
func NewPrekey(device account.DeviceID, counter uint64) store.Prekey {
	return store.Prekey{Device: device, Counter: counter, Thumbprint: random[cose.Thumbprint](), Bytes: randomBytes(100)}
}

// newKey is a public key in the right shape; nobody has its private half.
func newKey() cose.RSAKey {
	n := randomBytes(cose.ModulusSize)
	n[0] |= 0x80
	n[len(n)-1] |= 1
	key, err := cose.NewRSAKey(&rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537})
	if err != nil {
		panic(err)
	}
	return key
}

// Register adds a person.
func (w *World) Register(handle string) Person {
	w.Helper()
	p := NewPerson(handle)
	if err := w.Store.Register(w.Context(), p.Registration); err != nil {
		w.Fatalf("register %s: %v", handle, err)
	}
	return p
}

// result is an answer of the store.
type result[T any] struct {
	value T
	err   error
}

// await runs an operation with a done function and waits for its answer.
func await[T any](start func(done func(T, error))) result[T] {
	answer := make(chan result[T], 1)
	start(func(v T, err error) { answer <- result[T]{v, err} })
	return <-answer
}

func (w *World) commit(c store.Commit) result[store.Appended] {
	return await(func(done func(store.Appended, error)) { w.Store.Commit(c, done) })
}

func (w *World) leave(l store.Leave) result[store.Appended] {
	return await(func(done func(store.Appended, error)) { w.Store.Leave(l, done) })
}

func (w *World) ask(a store.Ask) result[store.Asked] {
	return await(func(done func(store.Asked, error)) { w.Store.Ask(a, done) })
}

func (w *World) unask(by Person, id epoch.ConversationID) {
	w.Helper()
	err := await(func(done func(struct{}, error)) {
		w.Store.Unask(by.Sender, id, func(err error) { done(struct{}{}, err) })
	}).err
	if err != nil {
		w.Errorf("take an ask back: %v", err)
	}
}

func (w *World) message(m store.Message) result[store.Appended] {
	return await(func(done func(store.Appended, error)) { w.Store.Message(m, done) })
}

func (w *World) receipt(r store.Receipt) result[store.Received] {
	return await(func(done func(store.Received, error)) { w.Store.Receipt(r, done) })
}

func (w *World) cursor(c store.Cursor) error {
	return await(func(done func(struct{}, error)) {
		w.Store.Cursor(c, func(err error) { done(struct{}{}, err) })
	}).err
}

// stored gives the position of an answer that must be one.
func (w *World) stored(r result[store.Appended]) epoch.Position {
	w.Helper()
	if r.err != nil {
		w.Fatalf("append: %v", r.err)
	}
	return r.value.Position
}

// Append stores a message and gives its position.
func (w *World) Append(m store.Message) epoch.Position {
	w.Helper()
	return w.stored(w.message(m))
}

// page reads one page as a person.
func (w *World) page(by Person, id epoch.ConversationID, after epoch.Position, maxBytes int) store.Page {
	w.Helper()
	p, err := w.Store.Page(w.Context(), store.Query{Reader: by.Sender, Conversation: id, After: after, MaxBytes: maxBytes})
	if err != nil {
		w.Fatalf("page after %d: %v", after, err)
	}
	return p
}

// log reads a whole conversation and checks that its positions have no gaps.
func (w *World) log(by Person, id epoch.ConversationID) []store.Event {
	w.Helper()
	var events []store.Event
	for {
		p := w.page(by, id, epoch.Position(len(events)), 1<<16)
		events = append(events, p.Events...)
		if len(p.Events) == 0 || epoch.Position(len(events)) == p.Head.Position {
			for i, e := range events {
				if e.Position != epoch.Position(i+1) {
					w.Fatalf("event %d has position %d", i+1, e.Position)
				}
			}
			return events
		}
	}
}

// together runs n functions at the same time.
func together(n int, f func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { f(i) })
	}
	all.Wait()
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return b
}

func random[T ~[32]byte]() T { return T(randomBytes(sha256.Size)) }

// heads lists a person's conversations page by page.
func (w *World) heads(ctx context.Context, by Person, limit int) []store.Head {
	w.Helper()
	var heads []store.Head
	var after *epoch.ConversationID
	for {
		page, more, err := w.Store.Conversations(ctx, by.Sender.Account, after, limit)
		if err != nil {
			w.Fatal(err)
		}
		heads = append(heads, page...)
		if !more {
			return heads
		}
		after = &slices.Clone(page)[len(page)-1].Conversation
	}
}
