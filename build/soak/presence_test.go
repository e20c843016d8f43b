package soak

import (
	"context"
	"slices"
	"testing"
	"time"

	"sotto/wasm/client"
)

// writers gives the handles of who writes in a conversation, as the events told.
func (u *user) writers(conv string) []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	var handles []string
	for _, p := range u.typing[conv] {
		handles = append(handles, p.Handle)
	}
	return handles
}

func (u *user) conversation(conv string) client.Conversation {
	for _, c := range u.engine.Conversations() {
		if c.ID == conv {
			return c
		}
	}
	return client.Conversation{}
}

func (u *user) choose(s client.Settings) {
	u.t.Helper()
	if err := u.engine.Choose(context.Background(), s); err != nil {
		u.t.Fatal(err)
	}
}

func (u *user) types(conv string, on bool) {
	u.t.Helper()
	if err := u.engine.Typing(context.Background(), conv, on); err != nil {
		u.t.Fatal(err)
	}
}

func (u *user) here(here bool) {
	u.t.Helper()
	if err := u.engine.Here(context.Background(), here); err != nil {
		u.t.Fatal(err)
	}
}

// turningPair is a pair that has talked, with clocks that are turned.
func turningPair(t *testing.T) (alice, bob *user, clock *turning, conv string) {
	_, alice, bob, conv = newPair(t)
	clock = newTurning()
	clock.lives = 5 * time.Second
	for _, u := range []*user{alice, bob} {
		u.stop()
		u.clock = clock
		u.start()
		u.online()
	}
	alice.send(conv, "one")
	tells(t, conv, []*user{alice, bob}, "alice: one")
	return alice, bob, clock, conv
}

func TestTyping(t *testing.T) {
	alice, bob, clock, conv := turningPair(t)
	typing := func(who ...string) func() bool { return func() bool { return slices.Equal(alice.writers(conv), who) } }
	bob.types(conv, true)
	alice.until("bob writes", typing("bob"))
	bob.types(conv, false)
	alice.until("bob writes no more", typing())
	bob.types(conv, true)
	alice.until("bob writes again", typing("bob"))
	bob.send(conv, "two")
	alice.until("bob has written", typing())
	clock.turn(10 * time.Second)
	bob.types(conv, true)
	alice.until("bob writes something else", typing("bob"))
	clock.turn(10 * time.Second)
	alice.until("nothing is heard of bob", typing())

	alice.choose(client.Settings{Receipts: true})
	bob.types(conv, true)
	bob.send(conv, "three")
	alice.until("the message", func() bool { return len(alice.story(conv)) == 3 })
	if got := alice.writers(conv); len(got) > 0 {
		t.Errorf("who does not share is told of %q", got)
	}
	alice.types(conv, true)
	alice.send(conv, "four")
	bob.until("the message", func() bool { return len(bob.story(conv)) == 4 })
	if got := bob.writers(conv); len(got) > 0 {
		t.Errorf("told of %q who does not share", got)
	}
}

func TestPresence(t *testing.T) {
	alice, bob, clock, conv := turningPair(t)
	alice.here(true)
	bob.here(true)
	sharing := client.Settings{Receipts: true, Typing: true, Presence: true}
	online := func(u *user, n int) func() bool { return func() bool { return len(u.conversation(conv).Online) == n } }
	alice.choose(sharing)
	bob.choose(sharing)
	for _, u := range []*user{alice, bob} {
		u.until("the other is here", online(u, 1))
	}
	bob.here(false)
	alice.until("bob has gone", online(alice, 0))
	bob.here(true)
	alice.until("bob is here", online(alice, 1))
	bob.crash() // and says nothing more
	clock.turn(time.Minute)
	clock.turn(time.Minute)
	alice.until("nothing is heard of bob", online(alice, 0))
	bob.online()
	bob.here(true)
	alice.until("bob is back", online(alice, 1))
	alice.choose(client.Settings{})
	if !online(alice, 0)() {
		t.Error("who does not share is shown who is here")
	}
	bob.until("alice shares no more", online(bob, 0))
}

func TestReadingIsAChoice(t *testing.T) {
	alice, bob, _, conv := turningPair(t)
	read := func(u *user, p int64) {
		t.Helper()
		if err := u.engine.Read(t.Context(), conv, p); err != nil {
			t.Fatal(err)
		}
	}
	bob.choose(client.Settings{Typing: true})
	read(bob, 2)
	bob.send(conv, "two")
	read(alice, 3)
	alice.until("bob's message", func() bool { return len(alice.story(conv)) == 2 })
	read(alice, 3)
	alice.until("told of the delivery", func() bool { return alice.conversation(conv).Delivered >= 2 })
	bob.until("told of the delivery", func() bool { return bob.conversation(conv).Delivered >= 3 })
	two := bob.entry(conv, "two")
	told := func(u *user, id string) client.Told {
		t.Helper()
		all, err := u.engine.Told(t.Context(), conv, id)
		if err != nil || len(all) != 1 {
			t.Fatalf("%v, %v", all, err)
		}
		return all[0]
	}
	if c := alice.conversation(conv); c.Read != 0 {
		t.Errorf("alice was told that bob read up to %d", c.Read)
	}
	if c, is := bob.conversation(conv), told(bob, two.ID); c.Read != 0 || is.Read || !is.Delivered || is.Handle != "alice" {
		t.Errorf("bob, who does not tell, is shown %d and %+v", c.Read, is)
	}
	bob.choose(client.Settings{Receipts: true})
	alice.until("told what bob had read", func() bool { return alice.conversation(conv).Read == 2 })
	bob.until("shown what alice had read", func() bool { return bob.conversation(conv).Read == 3 })
	if is := told(bob, two.ID); !is.Read {
		t.Errorf("%+v", is)
	}
	bob.crash()
	if got := bob.engine.Settings(); got != (client.Settings{Receipts: true}) {
		t.Errorf("settings after a restart: %+v", got)
	}
}

func TestChoicesForAConversation(t *testing.T) {
	_, alice, bob, conv := newPair(t)
	alice.send(conv, "one")
	bob.until("a message", func() bool { return bob.conversation(conv).Unread == 1 })
	for _, err := range []error{
		bob.engine.Mute(t.Context(), conv, true), bob.engine.Pin(t.Context(), conv, true), bob.engine.Mark(t.Context(), conv, true),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	bob.crash()
	if c := bob.conversation(conv); !c.Muted || !c.Pinned || !c.Marked {
		t.Errorf("after a restart: %+v", c)
	}
	if err := bob.engine.Read(t.Context(), conv, 2); err != nil {
		t.Fatal(err)
	}
	if c := bob.conversation(conv); !c.Muted || !c.Pinned || c.Marked || c.Unread != 0 {
		t.Errorf("after reading: %+v", c)
	}
	mention := client.Post{Text: "bob?", Mentions: []client.Range{{Account: bob.engine.Me().Account, Start: 0, End: 3}}}
	for range 2 {
		if _, err := alice.engine.Post(t.Context(), conv, mention); err != nil {
			t.Fatal(err)
		}
	}
	bob.until("two mentions", func() bool { return bob.conversation(conv).Mentions == 2 })
	alice.erase(conv, alice.entry(conv, "bob?"))
	bob.until("one mention", func() bool { c := bob.conversation(conv); return c.Mentions == 1 && c.Unread == 1 })
	if err := bob.engine.Read(t.Context(), conv, 3); err != nil {
		t.Fatal(err)
	}
	bob.until("no mention", func() bool { c := bob.conversation(conv); return c.Mentions == 0 && c.Unread == 0 })
}

func TestPagesInBothDirections(t *testing.T) {
	_, alice, _, conv := newPair(t)
	const count = 25
	for i := range count {
		alice.send(conv, string(rune('a'+i)))
	}
	alice.until("all sent", func() bool { return alice.settled(conv) })
	var got []int64
	after := int64(0)
	for more := true; more; {
		page, err := alice.engine.HistoryAfter(t.Context(), conv, after, 10)
		if err != nil || len(page.Entries) == 0 || len(page.Entries) > 10 {
			t.Fatalf("%d entries, %v", len(page.Entries), err)
		}
		for _, e := range page.Entries {
			got = append(got, *e.Position)
		}
		after, more = got[len(got)-1], page.More
	}
	for i, p := range got {
		if p != int64(i+1) {
			t.Fatalf("positions %d", got)
		}
	}
	if len(got) != count+1 {
		t.Errorf("%d entries", len(got))
	}
	page, err := alice.engine.HistoryAfter(t.Context(), conv, count+1, 10)
	if err != nil || len(page.Entries) != 0 || page.More {
		t.Errorf("behind the end: %d entries, more %t, %v", len(page.Entries), page.More, err)
	}
}
