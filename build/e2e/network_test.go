package e2e

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"sotto/build/hostile"
	"sotto/wasm/wire"
)

// countdown gives the seconds to the next attempt as the banner tells them, -1 where it does not.
func (p *tab) countdown() int {
	for _, word := range strings.Fields(p.read(`document.querySelector('sotto-banner .countdown')?.innerText ?? ''`)) {
		if n, err := strconv.Atoi(word); err == nil {
			return n
		}
	}
	return -1
}

// TestOffline shuts alice's network: what she writes waits, the banner counts down, and everything goes out at once
// when she asks for it.
func TestOffline(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	g := newGate(t, s)
	bob, alice := newFriend(t, s.url(), "bob"), newProfile(t, "alice").tab()
	alice.watch.expect("ERR_CONNECTION", "WebSocket")
	alice.join(g.url())
	alice.meet("bob")
	alice.say("hello")
	alice.status("hello", "Delivered")
	conv := bob.meet("alice")
	g.shut()
	alice.until("told", `document.querySelector('sotto-banner .strip[data-kind=offline]').checkVisibility()`)
	alice.say("one")
	alice.say("two")
	alice.status("one", "Waiting")
	alice.status("two", "Waiting")
	if !alice.sees("You are offline. What you write is kept here and sent when the connection is back.") {
		t.Errorf("alice sees %q", alice.read("document.body.innerText"))
	}
	until(t, "some seconds are left", func() bool { return alice.countdown() >= 3 })
	from := alice.countdown()
	until(t, "fewer are left", func() bool { n := alice.countdown(); return n >= 0 && n < from })
	if alice.read(`document.querySelector('sotto-sidebar .connection').innerText`) == "Connected" {
		t.Error("the sidebar says connected")
	}
	bob.say(conv, "where are you?")
	g.open()
	alice.press("Connect now")
	alice.until("the banner is gone", `!document.querySelector('sotto-banner .strip[data-kind=offline]').checkVisibility()`)
	alice.status("two", "Delivered")
	bob.has(conv, "hello", "> where are you?", "one", "two")
	alice.shows("> hello", "where are you?", "> one", "> two")
}

// TestAWaitingMessageCanBeTakenBack deletes what was written offline.
func TestAWaitingMessageCanBeTakenBack(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	g := newGate(t, s)
	bob, alice := newFriend(t, s.url(), "bob"), newProfile(t, "alice").tab()
	alice.watch.expect("ERR_CONNECTION", "WebSocket")
	alice.join(g.url())
	alice.meet("bob")
	alice.say("hello")
	alice.status("hello", "Delivered")
	g.shut()
	alice.say("rather not")
	alice.say("but this")
	alice.status("but this", "Waiting")
	alice.point(withText("rather not"))
	alice.press("Delete")
	alice.shows("> hello", "> but this")
	g.open()
	alice.status("but this", "Delivered")
	bob.has(bob.meet("alice"), "hello", "but this")
}

// TestFailedMessages has the server deny that bob's account exists when the first messages need its keys.
func TestFailedMessages(t *testing.T) {
	t.Parallel()
	s, relay, address := newLiar(t)
	bob, alice := newFriend(t, s.url(), "bob"), newProfile(t, "alice").tab()
	alice.join(address)
	alice.meet("bob")
	relay.Tell(hostile.Change(func(p wire.ChainPage) []wire.Body {
		if p.Handle == "bob" {
			return []wire.Body{wire.Error{Code: wire.CodeNotFound}}
		}
		return []wire.Body{p}
	}))
	alice.say("keep")
	alice.say("drop")
	alice.status("keep", "Not sent")
	alice.status("drop", "Not sent")
	alice.pictured("failed")
	says(t, "the message", alice.read(withText("keep")+".innerText"), "Not sent.", "There is nobody called bob here", "Retry", "Delete")
	in := func(text, button string) string {
		return "[..." + withText(text) + ".querySelectorAll('.failure button')].find((b) => b.textContent === " + quote(button) + ")"
	}
	alice.mouse(alice.spot("Delete", in("drop", "Delete")))
	alice.shows("> keep")
	alice.reload()
	alice.opened("bob")
	alice.status("keep", "Not sent")
	if got := bob.engine.Conversations(); len(got) != 0 {
		t.Errorf("bob has conversations already: %+v", got)
	}
	relay.Tell(hostile.Honest)
	alice.mouse(alice.spot("Retry", in("keep", "Retry")))
	alice.status("keep", "Delivered")
	bob.has(bob.meet("alice"), "keep")
	if got := alice.texts(); !slices.Equal(got, []string{"> keep"}) {
		t.Errorf("alice sees %q", got)
	}
}
