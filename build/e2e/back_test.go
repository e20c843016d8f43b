package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sotto/build/hostile"
	"sotto/wasm/wire"
)

// refused is what a browser says when nobody listens at an address, or who listened there is gone.
const refused = "ERR_CONNECTION_"

// TestOneIsAwayAndComesBack ends someone's browser, writes to them meanwhile, and starts it on the same profile.
func TestOneIsAwayAndComesBack(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	alice, home := newProfile(t, "alice").tab(), newBrowser(t, "bob")
	alice.join(s.url())
	bob := home.tab()
	bob.join(s.url())
	bob.meet("alice")
	bob.say("I am off")
	alice.choose("bob")
	alice.shows("I am off")
	bob.status("I am off", "Read")
	home.quit()

	alice.say("one")
	alice.say("two")
	alice.status("two", "Sent")
	home.startBrowser()
	bob = home.tab()
	bob.goTo(s.url())
	until(t, "two are unread", func() bool { return strings.Contains(bob.unread("alice"), "2 unread messages") })
	bob.title("(2) Sotto")
	alice.status("two", "Delivered")
	bob.choose("alice")
	bob.shows("> I am off", "one", "two")
	alice.status("two", "Read")
	if !slices.Contains(bob.marks(), "New messages") {
		t.Errorf("no mark stands above what is new: %q", bob.marks())
	}
	bob.say("back again")
	alice.shows("I am off", "> one", "> two", "back again")
}

// silence keeps back from a client that its messages were stored.
var silence = hostile.All(
	hostile.Change(func(wire.Stored) []wire.Body { return nil }),
	hostile.Change(func(wire.EventPush) []wire.Body { return nil }),
	hostile.Change(func(wire.Page) []wire.Body { return nil }),
)

// TestReloadWhileSending loads the page again when the server has a message and the client does not know it yet,
// while others wait behind it.
func TestReloadWhileSending(t *testing.T) {
	t.Parallel()
	s, relay, address := newLiar(t)
	bob, alice := newFriend(t, s.url(), "bob"), newProfile(t, "alice").tab()
	alice.join(address)
	alice.meet("bob")
	alice.say("hello")
	alice.status("hello", "Delivered")
	conv := bob.meet("alice")
	relay.Tell(silence)
	for _, text := range []string{"one", "two", "three"} {
		alice.say(text)
		alice.status(text, "Sending")
	}
	bob.has(conv, "hello", "one")
	alice.status("one", "Sending")
	alice.reload()
	relay.Tell(hostile.Honest)
	alice.opened("bob")
	bob.has(conv, "hello", "one", "two", "three")
	alice.shows("> hello", "> one", "> two", "> three")
	alice.status("three", "Delivered")
}

// TestTwoTabs shows one profile in two tabs; then the one that runs the engine goes.
func TestTwoTabs(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bob, alice := newFriend(t, s.url(), "bob"), newProfile(t, "alice")
	first := alice.tab()
	first.join(s.url())
	first.meet("bob")
	second := alice.tab()
	second.goTo(s.url() + "/#/with/bob")
	second.opened("bob")
	first.say("from the first")
	second.shows("> from the first")
	second.say("from the second")
	first.shows("> from the first", "> from the second")
	conv := bob.meet("alice")
	bob.has(conv, "from the first", "from the second")
	bob.say(conv, "hello both")
	for _, p := range []*tab{first, second} {
		p.shows("> from the first", "> from the second", "hello both")
	}
	if first.watch.workers() != 1 || second.watch.workers() != 0 {
		t.Errorf("engines: %d and %d, want one, in the first tab", first.watch.workers(), second.watch.workers())
	}

	first.finish()
	second.say("alone now")
	bob.has(conv, "from the first", "from the second", "> hello both", "alone now")
	bob.say(conv, "I hear you")
	second.shows("> from the first", "> from the second", "hello both", "> alone now", "I hear you")
	second.status("alone now", "Delivered")
	if second.watch.workers() != 1 {
		t.Errorf("%d engines in the tab that is left", second.watch.workers())
	}
}

// TestServerKilled cuts the server's power while two people write.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	alice, bob := newProfile(t, "alice").tab(), newProfile(t, "bob").tab()
	for _, p := range []*tab{alice, bob} {
		p.watch.expect(refused)
		p.join(s.url())
	}
	alice.meet("bob")
	alice.say("hello")
	bob.choose("alice")
	bob.shows("hello")
	for round := range 3 {
		alice.say(fmt.Sprintf("a%d before", round))
		bob.say(fmt.Sprintf("b%d before", round))
		s.kill()
		alice.say(fmt.Sprintf("a%d while down", round))
		bob.say(fmt.Sprintf("b%d while down", round))
		s.start()
		for _, p := range []*tab{alice, bob} {
			p.online()
		}
		alice.status(fmt.Sprintf("a%d while down", round), "Read")
		bob.status(fmt.Sprintf("b%d while down", round), "Read")
	}
	sameOnBothSides(t, alice, bob)
}

// sameOnBothSides compares two timelines: the same messages in the same order, each once.
func sameOnBothSides(t *testing.T, alice, bob *tab) {
	t.Helper()
	turned := func(p *tab) []string {
		var texts []string
		for _, m := range p.messages() {
			m.Own = !m.Own
			texts = append(texts, map[bool]string{true: "> ", false: ""}[m.Own]+m.Text)
		}
		return texts
	}
	if !within(func() bool { return slices.Equal(alice.texts(), turned(bob)) }) {
		t.Fatalf("alice sees %q, bob %q", alice.texts(), bob.texts())
	}
	if all := alice.texts(); len(all) != 13 || len(slices.Compact(slices.Sorted(slices.Values(all)))) != 13 {
		t.Errorf("%d messages, want 13, each once: %q", len(all), all)
	}
}
