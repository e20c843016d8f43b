package e2e

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"sotto/backend/dial"
	"sotto/build/testkeys"
	"sotto/wasm/client"
	"sotto/wasm/client/memory"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

var keys = testkeys.NewPool()

// shifted is a clock that goes as fast as the real one and can be set to another time.
type shifted struct {
	client.SystemClock
	mu  sync.Mutex
	off time.Duration
}

// Now implements [client.Clock].
func (c *shifted) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.off)
}

// set makes the clock so much ahead of the real one.
func (c *shifted) set(off time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off = off
}

// friend is someone with a real engine and no browser.
type friend struct {
	t      testing.TB
	name   string
	clock  *shifted
	keys   *memory.Keys
	engine *client.Engine
}

// newFriend makes an account at a server.
func newFriend(t testing.TB, address, name string) *friend {
	t.Helper()
	f := &friend{t: t, name: name, clock: &shifted{}}
	f.start(dial.Transport{Origin: address}, address)
	return f
}

// start boots the engine and makes the account.
func (f *friend) start(transport client.Transport, address string) {
	f.t.Helper()
	f.keys = memory.NewKeysFrom(keys.Next)
	f.engine = client.New(client.Ports{
		Store: memory.NewStore(), Keys: f.keys, Transport: transport,
		Clock: f.clock, Random: rand.Reader, Primitives: cose.Native{},
	}, address, func(client.Event) {})
	f.t.Cleanup(func() { _ = f.engine.Close() })
	if _, err := f.engine.Boot(context.Background()); err != nil {
		f.t.Fatalf("boot %s: %v", f.name, err)
	}
	if _, err := f.engine.Join(context.Background(), f.name); err != nil {
		f.t.Fatalf("join %s: %v", f.name, err)
	}
}

// meet gives the conversation with someone.
func (f *friend) meet(name string) string {
	f.t.Helper()
	c, err := f.engine.Open(context.Background(), name)
	if err != nil {
		f.t.Fatalf("%s opens %s: %v", f.name, name, err)
	}
	return c.ID
}

// say queues messages.
func (f *friend) say(conv string, texts ...string) {
	f.t.Helper()
	for _, text := range texts {
		if _, err := f.engine.Send(context.Background(), conv, text, ""); err != nil {
			f.t.Fatalf("%s sends: %v", f.name, err)
		}
	}
}

// texts gives the messages of a conversation as a screen would show them, own ones after "> ".
func (f *friend) texts(conv string) []string {
	var texts []string
	for _, e := range f.entries(conv) {
		switch {
		case e.Kind != client.EntryMessage:
		case e.Own:
			texts = append(texts, "> "+*e.Text)
		default:
			texts = append(texts, *e.Text)
		}
	}
	return texts
}

// entries gives everything of a conversation, oldest first.
func (f *friend) entries(conv string) []client.Entry {
	var all []client.Entry
	var before *int64
	for {
		page, err := f.engine.History(context.Background(), conv, before, 100)
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

// has waits until a conversation holds exactly these messages.
func (f *friend) has(conv string, texts ...string) {
	f.t.Helper()
	if !within(func() bool { return slices.Equal(f.texts(conv), texts) }) {
		f.t.Fatalf("%s has %q, want %q", f.name, f.texts(conv), texts)
	}
}

// settled waits until everything that was said is in the log.
func (f *friend) settled(conv string) {
	f.t.Helper()
	until(f.t, fmt.Sprintf("%s has sent all", f.name), func() bool {
		return !slices.ContainsFunc(f.entries(conv), func(e client.Entry) bool { return e.Own && e.Position == nil })
	})
}

// last gives the position of the newest entry of a conversation.
func (f *friend) last(conv string) epoch.Position {
	f.t.Helper()
	all := f.entries(conv)
	return epoch.Position(*all[len(all)-1].Position)
}

// seen notes that everything in a conversation was read.
func (f *friend) seen(conv string) {
	f.t.Helper()
	all := f.entries(conv)
	if err := f.engine.Read(context.Background(), conv, *all[len(all)-1].Position); err != nil {
		f.t.Fatalf("%s reads: %v", f.name, err)
	}
}

// contact gives what is known of the other side of a conversation.
func (f *friend) contact(conv string) client.Contact {
	f.t.Helper()
	c, err := f.engine.Contact(context.Background(), conv)
	if err != nil {
		f.t.Fatalf("%s: contact: %v", f.name, err)
	}
	return c
}
