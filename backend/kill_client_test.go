package main_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"testing"

	"sotto/backend/dial"
	"sotto/backend/relay/relaytest"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// window is how many messages a client has on their way.
const window = 8

// client is one person, who keeps over all kills what a device would keep.
type client struct {
	testing.TB
	person *relaytest.Person
	talk   *relaytest.Conversation // as this person has seen it
	book   *ledger
	random *rand.Rand

	known      bool                      // registered, acknowledged
	log        [][]byte                  // the conversation as it was handed out, by position from 1
	places     map[[32]byte]int          // where each event stands in log
	acked      map[epoch.Position][]byte // what was acknowledged
	newest     epoch.Position            // of those
	waiting    []wire.Body               // sent and not acknowledged, in order
	generation uint64
	opening    []byte // a commit of one's own that is not in log yet

	// Of a group.
	everyone []*relaytest.Person // who is in it at times, its founder first; nil in a direct conversation
	out      bool                // not in it now
	left     []*relaytest.Person // in this epoch
	leaving  []byte              // a leave event of one's own that is not in log yet
	pausing  bool                // sends nothing until all of its own is in log, to commit or leave then

	conn relaytest.Conn // of this round
	id   uint64
	sent map[uint64]wire.Body
	kept []wire.Event // pushed while the client waited for an answer: newer than a page, or in it
}

var errBroken = errors.New("connection broken")

// work talks to the server until the connection breaks, which it must.
func (c *client) work(origin string) {
	if err := c.session(origin); !errors.Is(err, errBroken) {
		c.Errorf("%s: %v", c.person.Handle, err)
	}
}

func (c *client) session(origin string) error {
	if err := c.enter(origin); err != nil {
		return err
	}
	defer func() { _ = c.conn.Close() }()
	if err := c.catchUp(); err != nil {
		return err
	}
	again := c.waiting
	c.waiting = nil
	for _, body := range again {
		c.book.repeated()
		if err := c.send(body); err != nil {
			return err
		}
	}
	for {
		if err := c.more(); err != nil {
			return err
		}
		if err := c.receive(); err != nil {
			return err
		}
	}
}

// enter connects and logs in, the first time with a registration.
func (c *client) enter(origin string) error {
	conn, err := dial.Transport{Origin: origin}.Dial(context.Background())
	if err != nil {
		return errBroken
	}
	c.conn, c.sent, c.kept = conn, make(map[uint64]wire.Body), nil
	var hello wire.Hello
	if f, err := c.read(); err != nil || wire.DecodeBody(f, &hello) != nil {
		return errors.Join(err, conn.Close())
	}
	var request wire.Body = c.person.Registration(c, hello)
	if c.known {
		request = wire.Login{Login: c.person.Sign(c, hello.Origin, hello.Nonce)}
	}
	if _, err := c.ask(request); err != nil {
		return errors.Join(err, conn.Close())
	}
	c.known = true
	return nil
}

func (c *client) read() (wire.Frame, error) {
	data, err := c.conn.Read(context.Background())
	if err != nil {
		return wire.Frame{}, errBroken
	}
	return wire.Decode(data)
}

func (c *client) write(body wire.Body) error {
	c.id++
	c.sent[c.id] = body
	if c.conn.Write(context.Background(), wire.Encode(c.id, body)) != nil {
		return errBroken
	}
	return nil
}

// ask sends a request and gives its answer. Pushes that come before it are kept.
func (c *client) ask(body wire.Body) (wire.Frame, error) {
	if err := c.write(body); err != nil {
		return wire.Frame{}, err
	}
	id := c.id
	for {
		f, err := c.read()
		if err != nil {
			return wire.Frame{}, err
		}
		var push wire.EventPush
		if wire.DecodeBody(f, &push) == nil {
			c.kept = append(c.kept, push.Event)
		}
		if f.ID != id {
			continue
		}
		delete(c.sent, id)
		var refused wire.Error
		if wire.DecodeBody(f, &refused) == nil {
			return wire.Frame{}, refused
		}
		return f, nil
	}
}

// catchUp fetches what is new, until what was pushed meanwhile follows.
func (c *client) catchUp() error {
	for {
		if err := c.fetch(); err != nil {
			return err
		}
		kept := c.kept
		c.kept = nil
		for _, e := range kept {
			if c.out && e.Position > epoch.Position(len(c.log)+1) { // it lets this one in again
				c.kept = append(c.kept, e)
				continue
			}
			c.take(e)
		}
		if len(c.kept) == 0 {
			return nil
		}
	}
}

// fetch gets all pages. A conversation that nobody has opened is empty.
func (c *client) fetch() error {
	if found, err := c.find(); !found || err != nil {
		return err
	}
	for {
		f, err := c.ask(wire.Fetch{Conversation: c.talk.ID, After: epoch.Position(len(c.log))})
		var refused wire.Error
		if errors.As(err, &refused) && refused.Code == wire.CodeNotMember && len(c.log) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		var page wire.Page
		if err := wire.DecodeBody(f, &page); err != nil {
			return err
		}
		c.again(page)
		for _, e := range page.Events {
			c.take(e)
		}
		if page.Head.Position == epoch.Position(len(c.log)) {
			return nil
		}
	}
}

// take adds the next event to the log and checks it against what is known.
func (c *client) take(e wire.Event) {
	if e.Position <= epoch.Position(len(c.log)) {
		if !same(c.log[e.Position-1], e.Event) {
			c.Errorf("%s: position %d has changed", c.person.Handle, e.Position)
		}
		return
	}
	if e.Position != epoch.Position(len(c.log)+1) {
		c.Errorf("%s: position %d follows %d", c.person.Handle, e.Position, len(c.log))
	}
	if c.places == nil {
		c.places = make(map[[32]byte]int)
	}
	hash := sha256.Sum256(e.Event)
	if at, twice := c.places[hash]; twice {
		c.Errorf("%s: one event at %d and %d", c.person.Handle, at, e.Position)
	}
	c.places[hash] = int(e.Position)
	c.log = append(c.log, e.Event)
	c.talk.Take(c, e.Kind, e.Event)
	c.follow(e)
	if want, ok := c.acked[e.Position]; ok && !same(want, e.Event) {
		c.Errorf("%s: another event than was acknowledged at %d", c.person.Handle, e.Position)
	}
	if e.Kind == epoch.KindCommit {
		c.generation = 0
		if same(e.Event, c.opening) {
			c.opening = nil
		}
	}
}

// seesAll says whether every acknowledged event of one's own is in the log: what one signs has to have seen them.
func (c *client) seesAll() bool { return len(c.waiting) == 0 && c.newest <= epoch.Position(len(c.log)) }

// send sends what must be acknowledged.
func (c *client) send(body wire.Body) error {
	c.waiting = append(c.waiting, body)
	return c.write(body)
}

// more fills the window: with messages, and now and then with a commit by the one who opens epochs.
func (c *client) more() error {
	if c.everyone != nil {
		return c.moreOfGroup()
	}
	opener := c.person == c.talk.Low
	if c.seesAll() && c.opening == nil && opener && (!c.talk.Opened || c.random.IntN(20) == 0) {
		commit := c.talk.Commit(c, c.person, c.talk.Header(c.person))
		c.opening = commit.Commit
		return c.send(commit)
	}
	return c.messages()
}

func (c *client) messages() error {
	for c.talk.Opened && c.opening == nil && len(c.waiting) < window {
		c.generation++
		if err := c.send(c.talk.Message(c.person, c.generation, 1+c.random.IntN(3000))); err != nil {
			return err
		}
	}
	return nil
}

// receive handles one frame: a push, or an answer to the oldest of what waits.
func (c *client) receive() error {
	f, err := c.read()
	if err != nil {
		return err
	}
	if f.ID == 0 {
		var push wire.EventPush
		if err := wire.DecodeBody(f, &push); err != nil {
			return err
		}
		if c.out && push.Event.Position > epoch.Position(len(c.log)+1) {
			return c.catchUp()
		}
		c.take(push.Event)
		return nil
	}
	body := c.sent[f.ID]
	delete(c.sent, f.ID)
	c.waiting = c.waiting[1:]
	var refused wire.Error
	if wire.DecodeBody(f, &refused) == nil {
		return c.refused(refused, body)
	}
	var stored wire.Stored
	if err := wire.DecodeBody(f, &stored); err != nil {
		return err
	}
	if c.acked == nil {
		c.acked = make(map[epoch.Position][]byte)
	}
	c.acked[stored.Position] = event(body)
	c.newest = max(c.newest, stored.Position)
	c.book.acknowledged()
	return nil
}

// refused says which refusals belong to the game: the peer is not there yet, or a commit came before a message.
func (c *client) refused(e wire.Error, body wire.Body) error {
	switch body.(type) {
	case wire.Commit:
		// of a group: somebody left
		if e.Code == wire.CodeStaleHead && !c.talk.Opened || e.Code == wire.CodeStaleEpoch && c.everyone != nil {
			c.opening = nil
			return nil
		}
	case wire.Message:
		if e.Code == wire.CodeStaleEpoch || e.Code == wire.CodeEpochFull && c.everyone != nil {
			return nil
		}
	case wire.Leave:
		if e.Code == wire.CodeStaleEpoch {
			c.leaving = nil
			return nil
		}
	}
	return e
}

// event is what a request appends.
func event(body wire.Body) []byte {
	switch b := body.(type) {
	case wire.Commit:
		return b.Commit
	case wire.Message:
		return b.Event
	case wire.Leave:
		return b.Event
	}
	return nil
}

// verify reads the whole conversation once more and looks for everything that was acknowledged.
func (c *client) verify(origin string) {
	if err := c.enter(origin); err != nil {
		c.Fatal(err)
	}
	defer func() { _ = c.conn.Close() }()
	c.log, c.places = nil, nil
	c.forget()
	if err := c.catchUp(); err != nil {
		c.Fatal(err)
	}
	for position, want := range c.acked {
		if position > epoch.Position(len(c.log)) || !same(c.log[position-1], want) {
			c.Errorf("%s: the event acknowledged at %d is gone", c.person.Handle, position)
		}
	}
}
