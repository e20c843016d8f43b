package main_test

import (
	"slices"

	"sotto/backend/relay/relaytest"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// find says whether there is anything to fetch. Only its founder knows a group's id from the start.
func (c *client) find() (bool, error) {
	if c.everyone == nil || c.talk.ID != (epoch.ConversationID{}) {
		return true, nil
	}
	f, err := c.ask(wire.Conversations{})
	if err != nil {
		return false, err
	}
	var page wire.ConversationPage
	if err := wire.DecodeBody(f, &page); err != nil || len(page.Heads) == 0 {
		return false, err
	}
	c.talk.ID = page.Heads[0].Conversation
	return true, nil
}

// again takes over the log where a page lets this one in again. What happened meanwhile stays unknown.
func (c *client) again(page wire.Page) {
	if len(page.Events) == 0 || page.Events[0].Position == epoch.Position(len(c.log)+1) {
		return
	}
	first := page.Events[0]
	if !c.out || first.Position <= epoch.Position(len(c.log)) {
		c.Errorf("%s: a page begins at %d after %d", c.person.Handle, first.Position, len(c.log))
	}
	c.log = append(c.log, make([][]byte, int(first.Position)-len(c.log)-1)...)
	c.talk.Enter(c, page.Before, first)
}

// follow keeps up with who is in the group.
func (c *client) follow(e wire.Event) {
	if c.everyone == nil {
		return
	}
	switch e.Kind {
	case epoch.KindCommit:
		c.followCommit(e)
	case epoch.KindLeave:
		l, err := epoch.ParseLeave(e.Event)
		if err != nil {
			c.Fatal(err)
		}
		at := slices.IndexFunc(c.everyone, func(p *relaytest.Person) bool { return p.Device == l.Device })
		c.left = append(c.left, c.everyone[at])
		if same(e.Event, c.leaving) {
			c.leaving = nil
			c.book.counts(&c.book.left)
		}
	}
}

func (c *client) followCommit(e wire.Event) {
	commit, err := epoch.ParseCommit(e.Event)
	if err != nil {
		c.Fatal(err)
	}
	for _, p := range c.left {
		if commit.Header.Has(p.Device) {
			c.Errorf("%s: %s left before %d and is in its epoch", c.person.Handle, p.Handle, e.Position)
		}
	}
	if in := commit.Header.Has(c.person.Device); in && c.out && e.Position > 1 {
		c.book.counts(&c.book.came)
	}
	c.left, c.out, c.talk.People = nil, !commit.Header.Has(c.person.Device), nil
	for _, p := range c.everyone {
		if commit.Header.Has(p.Device) {
			c.talk.Invite(p)
		}
	}
}

// moreOfGroup fills the window: the founder commits, the others leave now and then, who is in sends.
func (c *client) moreOfGroup() error {
	founder := c.person == c.everyone[0]
	c.pausing = c.pausing || c.random.IntN(100) == 0 || founder && (!c.talk.Opened || len(c.left) > 0)
	switch quiet := c.opening == nil && c.leaving == nil && c.seesAll(); {
	case founder && c.pausing && quiet:
		c.pausing = false
		next := *c.talk
		next.People = nil
		next.Invite(c.wanted()...)
		commit := next.Commit(c, c.person, next.Header(c.person))
		c.opening = commit.Commit
		return c.send(commit)
	case c.out || c.leaving != nil || len(c.left) > 0:
		return nil
	case c.pausing && quiet:
		c.pausing = false
		leave := c.person.Leave(c, c.talk.Leaving(c.person))
		c.leaving = leave.Event
		return c.send(leave)
	case c.pausing:
		return nil
	}
	return c.messages()
}

// wanted are who is to be in the next epoch: all but who left, and of those who are out some.
func (c *client) wanted() []*relaytest.Person {
	var people []*relaytest.Person
	for _, p := range c.everyone {
		out := c.talk.Opened && !slices.Contains(c.talk.People, p)
		if !slices.Contains(c.left, p) && (!out || c.random.IntN(2) == 0) {
			people = append(people, p)
		}
	}
	return people
}

// forget begins the log anew, as it is read from the start. Nothing counts any more.
func (c *client) forget() {
	c.book = &ledger{}
	if c.everyone == nil {
		c.talk = relaytest.Between(c.talk.Low, c.talk.High)
		return
	}
	id := c.talk.ID
	c.talk = relaytest.Group(c.everyone[0], c.everyone[1:]...)
	c.talk.ID, c.out, c.left = id, true, nil
}
