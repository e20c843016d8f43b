//go:build attack

package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"errors"
	"slices"
	"sync"
	"time"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/client"
	"sotto/wasm/client/memory"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

const origin = "https://sotto.test"

// patience bounds every wait: what takes longer does not happen. Nothing is measured by it.
const patience = 2 * time.Minute

// person is a victim: an engine as it ships.
type person struct {
	s         *stage
	name      string
	transport client.Transport
	store     client.Store
	keys      *memory.Keys
	clock     client.Clock
	engine    *client.Engine

	mu      sync.Mutex
	changed chan struct{} // closed and replaced at every event
	alarms  []string
}

// newPerson boots an engine that has no account yet.
func (s *stage) newPerson(transport client.Transport, name string) *person {
	p := &person{
		s: s, name: name, transport: transport, store: memory.NewStore(), keys: memory.NewKeysFrom(pool.Next),
		clock: client.SystemClock{}, changed: make(chan struct{}),
	}
	p.boot()
	s.cleanup(func() {
		if p.engine != nil {
			_ = p.engine.Close()
		}
	})
	return p
}

// boot starts an engine on what the person has stored.
func (p *person) boot() {
	p.s.must(p.tryBoot())
}

func (p *person) tryBoot() error {
	p.engine = client.New(client.Ports{
		Store: p.store, Keys: p.keys, Transport: p.transport, Clock: p.clock, Random: rand.Reader, Primitives: cose.Native{},
	}, origin, p.event)
	_, err := p.engine.Boot(context.Background())
	return err
}

// stop ends the engine. What is stored stays, as a power cut would leave it.
func (p *person) stop() {
	store := p.store
	if m, ok := store.(*memory.Store); ok {
		store = m.Clone()
	}
	keys := p.keys.Clone()
	_ = p.engine.Close()
	p.engine, p.store, p.keys = nil, store, keys
}

func (p *person) event(e client.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a, ok := e.(client.AlarmEvent); ok {
		p.alarms = append(p.alarms, a.Code)
	}
	close(p.changed)
	p.changed = make(chan struct{})
}

// until waits for a condition that events bring about.
func (p *person) until(what string, holds func() bool) {
	deadline := time.After(patience)
	for {
		p.mu.Lock()
		changed := p.changed
		p.mu.Unlock()
		if holds() {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			p.s.fatalf("%s: still waiting until %s", p.name, what)
		}
	}
}

func (p *person) alarmed() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.alarms) == 0 {
		return ""
	}
	return p.alarms[0]
}

// join registers the person and waits until it is online.
func (p *person) join() *person {
	_, err := p.engine.Join(context.Background(), p.name)
	p.s.must(err)
	p.online()
	return p
}

func (p *person) online() {
	p.until("online", func() bool { return p.engine.Connection().State == client.StateOnline })
}

// open begins a conversation with a handle.
func (p *person) open(handle string) string {
	c, err := p.tryOpen(handle)
	p.s.must(err)
	return c
}

func (p *person) tryOpen(handle string) (string, error) {
	c, err := p.engine.Open(context.Background(), handle)
	return c.ID, err
}

func (p *person) send(conv, text string) {
	_, err := p.engine.Send(context.Background(), conv, text, "")
	p.s.must(err)
}

// account is the person's account.
func (p *person) account() account.ID {
	b, err := hex.DecodeString(p.engine.Me().Account)
	p.s.must(err)
	return account.ID(b)
}

// device is the person's device.
func (p *person) device() account.DeviceID {
	signer, err := p.keys.Signer(context.Background(), "signing")
	p.s.must(err)
	key, err := cose.NewRSAKey(signer.Public().(*rsa.PublicKey))
	p.s.must(err)
	return account.DeviceID(key.Thumbprint())
}

// timeline gives everything of a conversation, oldest first.
func (p *person) timeline(conv string) []client.Entry {
	var all []client.Entry
	var before *int64
	for {
		page, err := p.engine.History(context.Background(), conv, before, 100)
		if err != nil {
			return nil // the conversation is not here yet
		}
		all = append(page.Entries, all...)
		if !page.More {
			return all
		}
		before = page.Entries[0].Position
	}
}

// texts gives the messages of a conversation in their order.
func (p *person) texts(conv string) []string {
	var texts []string
	for _, e := range p.timeline(conv) {
		if e.Kind == client.EntryMessage {
			texts = append(texts, *e.Text)
		}
	}
	return texts
}

func (p *person) has(conv, text string) bool { return slices.Contains(p.texts(conv), text) }

// sent says whether nothing of the person's own waits.
func (p *person) sent(conv string) bool {
	return !slices.ContainsFunc(p.timeline(conv), func(e client.Entry) bool { return e.Own && e.Position == nil })
}

// told gives what a notice says: its code and, where there is one, the cause.
func told(t *client.Trouble) string {
	if cause := t.Detail["cause"]; cause != "" && cause != t.Code {
		return t.Code + " (" + cause + ")"
	}
	return t.Code
}

// notices gives what the notices of a conversation say, but that it was opened or renewed.
func (p *person) notices(conv string) []string {
	var all []string
	for _, e := range p.timeline(conv) {
		if e.Notice != nil && e.Notice.Code != client.NoticeOpened && e.Notice.Code != client.NoticeRenewed {
			all = append(all, told(e.Notice))
		}
	}
	return all
}

// first gives the first of the notices, empty when there is none.
func (p *person) first(conv string) string {
	if all := p.notices(conv); len(all) > 0 {
		return all[0]
	}
	return ""
}

func (p *person) blocked(conv string) string {
	for _, c := range p.engine.Conversations() {
		if c.ID == conv && c.Blocked != nil {
			return c.Blocked.Code
		}
	}
	return ""
}

// at waits for the entry that stands at a position and gives its text or what its notice says.
func (p *person) at(conv string, position epoch.Position) (text, says string) {
	p.until("there is an entry", func() bool {
		for _, e := range p.timeline(conv) {
			switch {
			case e.Position == nil || *e.Position != int64(position):
			case e.Notice != nil && e.Notice.Code != client.NoticeRenewed:
				says = told(e.Notice)
			case e.Text != nil:
				text = *e.Text
			}
		}
		return text != "" || says != ""
	})
	return text, says
}

// codeOf names an engine's error.
func codeOf(err error) string {
	var named *client.Error
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &named):
		return err.Error()
	}
	for _, sentinel := range []error{
		account.ErrID, account.ErrInactive, account.ErrForeign, account.ErrRequest, account.ErrNumber, account.ErrPrev,
		cose.ErrSignature, cose.ErrMalformed,
	} {
		if errors.Is(err, sentinel) {
			return named.Code() + " (" + sentinel.Error() + ")"
		}
	}
	return named.Code()
}

// liar makes a member whose keys the attack holds, with an account that the server shows.
func (s *stage) liar(server *hostile.Server, handle string) *hostile.Member {
	m, err := hostile.NewMember(handle, pool.Next)
	s.must(err)
	if server != nil {
		server.Enrol(m)
	}
	return m
}

// turning is a clock that the attack turns.
type turning struct {
	client.SystemClock
	mu  sync.Mutex
	off time.Duration
}

func (c *turning) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.off)
}

func (c *turning) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off += d
}

// decodeHex reads hexadecimal of exactly the length of into.
func decodeHex(into []byte, text string) error {
	_, err := hex.Decode(into, []byte(text))
	return err
}
