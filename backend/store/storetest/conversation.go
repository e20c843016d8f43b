package storetest

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"sync"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// Conversation is a conversation as the test knows it.
type Conversation struct {
	ID        epoch.ConversationID
	Low, High Person   // of a direct one
	People    []Person // its accounts, in order
	Founder   Person   // who reads the log for the test and so stays in it
	Number    epoch.Number
	Epoch     epoch.ID
	Left      []account.ID
	Room      []epoch.Room // of a group

	mu  sync.Mutex
	log epoch.Seen // as far as the test has read it
}

// Between gives the conversation of two people before its first epoch.
func Between(a, b Person) *Conversation {
	if bytes.Compare(a.Sender.Account[:], b.Sender.Account[:]) > 0 {
		a, b = b, a
	}
	c := &Conversation{ID: epoch.DirectID(a.Sender.Account, b.Sender.Account), Low: a, High: b, Founder: a}
	c.People, c.log.Log = []Person{a, b}, epoch.LogStart(c.ID)
	return c
}

// Group gives the group of some people before its first epoch, which the first of them opens.
func Group(people ...Person) *Conversation {
	c := &Conversation{ID: epoch.ConversationID(randomBytes(16)), Founder: people[0], Room: []epoch.Room{{Sealed: []byte{1}}}}
	c.log.Log = epoch.LogStart(c.ID)
	c.Invite(people...)
	return c
}

// Invite adds people to the roster of the commits to come.
func (c *Conversation) Invite(people ...Person) {
	c.People = append(slices.Clone(c.People), people...)
	slices.SortFunc(c.People, func(a, b Person) int { return bytes.Compare(a.Sender.Account[:], b.Sender.Account[:]) })
}

// Expel takes a person out of the roster of the commits to come.
func (c *Conversation) Expel(p Person) {
	c.People = slices.DeleteFunc(slices.Clone(c.People), func(other Person) bool { return other.Sender == p.Sender })
}

// seen gives where the log of a conversation stands, as a store that is right has it.
func (w *World) seen(c *Conversation) epoch.Seen {
	w.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.Epoch == (epoch.ID{}) {
		return c.log
	}
	for {
		p := w.page(c.Founder, c.ID, c.log.Position, 1<<20)
		for _, e := range p.Events {
			c.log.Log = epoch.LogNext(c.ID, e.Position, c.log.Log, e.Kind, sha256.Sum256(e.Bytes))
			c.log.Position = e.Position
		}
		if c.log.Position == p.Head.Position {
			return c.log
		}
	}
}

// Next makes a commit by a person that follows what c has and the store's log.
func (w *World) Next(c *Conversation, by Person) store.Commit {
	w.Helper()
	h := &epoch.Header{
		Suite: epoch.Suite, Conversation: c.ID, Creator: by.Sender.Device, Room: slices.Clone(c.Room), Seen: w.seen(c),
	}
	for _, p := range c.People {
		h.Roster = append(h.Roster, member(p))
	}
	if c.Epoch != (epoch.ID{}) {
		h.Number, h.Prev = c.Number+1, bytes.Clone(c.Epoch[:])
	}
	wraps := make([][]byte, len(c.People))
	for i := range wraps {
		wraps[i] = randomBytes(64)
	}
	if index, ok := h.Index(by.Sender.Device); ok {
		wraps[index] = nil
	}
	return store.Commit{
		Sender: by.Sender, Header: h, ID: random[epoch.ID](), Left: c.Left, Event: randomBytes(200), Wraps: wraps,
	}
}

func member(p Person) epoch.Member {
	return epoch.Member{
		Account: p.Sender.Account,
		Head:    account.Head{Number: 0, Hash: p.Link.Hash},
		Slots:   []epoch.Slot{{Device: p.Sender.Device, Prekey: bytes.Clone(p.Prekey.Thumbprint[:])}},
	}
}

// Opened is c after the commit was stored.
func (c *Conversation) Opened(commit store.Commit) {
	c.Number, c.Epoch, c.Left = commit.Header.Number, commit.ID, nil
}

// Commit stores the next commit by a person and gives its position.
func (w *World) Commit(c *Conversation, by Person) epoch.Position {
	w.Helper()
	commit := w.Next(c, by)
	at := w.stored(w.commit(commit))
	c.Opened(commit)
	return at
}

// leaving makes a leave event by a person.
func (w *World) leaving(c *Conversation, by Person) store.Leave {
	w.Helper()
	return store.Leave{
		Sender: by.Sender, Conversation: c.ID, Epoch: c.Epoch, Seen: w.seen(c), Left: c.Left, Event: randomBytes(200),
	}
}

// Leave stores a leave event by a person and gives its position.
func (w *World) Leave(c *Conversation, by Person) epoch.Position {
	w.Helper()
	at := w.stored(w.leave(w.leaving(c, by)))
	c.Left = append(slices.Clone(c.Left), by.Sender.Account)
	return at
}

// Message makes a message by a person in the newest epoch.
func (c *Conversation) Message(by Person, generation uint64, size int) store.Message {
	return store.Message{Sender: by.Sender, Place: c.place(by, generation), Event: randomBytes(size)}
}

func (c *Conversation) place(by Person, generation uint64) epoch.Place {
	index := slices.IndexFunc(c.People, func(p Person) bool { return p.Sender == by.Sender })
	return epoch.Place{Conversation: c.ID, Number: c.Number, Index: uint64(max(index, 0)), Generation: generation}
}

// Open stores the first commit of a conversation between two people.
func (w *World) Open(a, b Person) *Conversation {
	w.Helper()
	c := Between(a, b)
	w.Commit(c, a)
	return c
}

// Found stores the first commit of a group.
func (w *World) Found(people ...Person) *Conversation {
	w.Helper()
	c := Group(people...)
	w.Commit(c, c.Founder)
	return c
}
