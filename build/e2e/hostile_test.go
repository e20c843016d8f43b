package e2e

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sotto/backend/dial"
	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// pointTo answers every lookup of a name with somebody's account.
func pointTo(t *testing.T, f *friend) hostile.Lie {
	t.Helper()
	id, err := hex.DecodeString(f.engine.Me().Account)
	if err != nil {
		t.Fatal(err)
	}
	return hostile.Change(func(wire.Account) []wire.Body { return []wire.Body{wire.Account{Account: account.ID(id)}} })
}

// talking gives alice, who is lied to later, in a conversation with bob.
func talking(t *testing.T) (s *server, relay *hostile.Relay, address string, alice *tab, bob *friend, conv string) {
	t.Helper()
	s, relay, address = newLiar(t)
	bob, alice = newFriend(t, s.url(), "bob"), newProfile(t, "alice").tab()
	alice.join(address)
	alice.meet("bob")
	alice.say("hello")
	alice.status("hello", "Delivered")
	conv = bob.meet("alice")
	return s, relay, address, alice, bob, conv
}

// blocked waits until the conversation takes no messages and gives what is said about it.
func (p *tab) blocked() string {
	p.t.Helper()
	p.until("sending is stopped", css("sotto-conversation .blocked")+`?.checkVisibility() && !`+css(composer)+`.checkVisibility()`)
	return p.read(css("sotto-conversation .blocked") + ".innerText")
}

// says fails unless a text has all parts.
func says(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: %q does not say %q", what, text, part)
		}
	}
}

// number gives the safety number in the open contact panel; n counts where there are two.
func (p *tab) number(n int) string {
	p.t.Helper()
	script := fmt.Sprintf(`[...document.querySelectorAll('dialog[open] sotto-number')].filter((e) => e.checkVisibility())[%d]`, n)
	p.until("a safety number", "("+script+")?.childElementCount === 12")
	return p.read("[..." + script + ".children].map((g) => g.textContent).join(' ')")
}

// TestKeySwappedAtFirstContact hands out mallory's account for bob's name: the numbers that people compare differ.
func TestKeySwappedAtFirstContact(t *testing.T) {
	t.Parallel()
	s, relay, address := newLiar(t)
	bob, mallory, alice := newFriend(t, s.url(), "bob"), newFriend(t, s.url(), "mallory"), newProfile(t, "alice").tab()
	alice.join(address)
	relay.Tell(pointTo(t, mallory))
	alice.meet("bob")
	alice.click("sotto-conversation .contact")
	shown := alice.number(0)
	if honest := bob.contact(bob.meet("alice")).SafetyNumber; shown == honest {
		t.Error("the number is the honest one although the key was swapped")
	}
	if theirs := mallory.contact(mallory.meet("alice")).SafetyNumber; shown != theirs {
		t.Errorf("the number is %s, which is nobody's", shown)
	}
}

// TestKeySwappedLater hands out mallory's account for bob's name when alice has talked with bob: she is told, and what
// she wrote stays with her until she has decided.
func TestKeySwappedLater(t *testing.T) {
	t.Parallel()
	s, relay, _, alice, bob, conv := talking(t)
	mallory := newFriend(t, s.url(), "mallory")
	alice.click("sotto-conversation .contact")
	honest := alice.number(0)
	if theirs := bob.contact(conv).SafetyNumber; honest != theirs {
		t.Errorf("alice sees the number %s, bob %s", honest, theirs)
	}
	alice.click("dialog[open] input[role=switch]")
	alice.until("verified", `document.querySelector('dialog[open] .trust').dataset.level === 'verified'`)
	alice.key("Escape")
	relay.Tell(pointTo(t, mallory))
	alice.reload()
	alice.opened("bob")
	alice.say("for bob only")
	says(t, "the notice", alice.noticed("identity-changed"), "The name bob now belongs to another account", "Sending stops")
	says(t, "the screen", alice.blocked(), "The name bob now belongs to another account", "Ask bob over another way")
	alice.status("for bob only", "Waiting")
	if got := bob.texts(conv); !slices.Equal(got, []string{"hello"}) {
		t.Errorf("bob has %q", got)
	}
	if c := mallory.engine.Conversations(); len(c) != 0 {
		t.Errorf("mallory has %+v", c)
	}
	alice.press("Review")
	if got := alice.number(0); got == honest {
		t.Errorf("the new account's number is the old one's")
	}
	alice.until("a question", named("Accept the new account")+`.checkVisibility()`)
	if alice.sees("You have verified bob") {
		t.Error("a changed account still counts as verified")
	}
}

// deaf hears no receipts, so that it does not find out first that histories differ.
var deaf = hostile.All(
	hostile.Change(func(wire.ReceiptPush) []wire.Body { return nil }),
	hostile.Change(func(p wire.Page) []wire.Body { p.Receipts = nil; return []wire.Body{p} }),
)

// TestReplay delivers a message a second time: it is told, not shown again, and the history that differs from then on
// stops the conversation.
func TestReplay(t *testing.T) {
	t.Parallel()
	s, relay, address := newLiar(t)
	bob, ears := &friend{t: t, name: "bob", clock: &shifted{}}, hostile.New()
	ears.Tell(deaf)
	bob.start(ears.Transport(dial.Transport{Origin: s.url()}), s.url())
	alice := newProfile(t, "alice").tab()
	alice.join(address)
	conv := bob.meet("alice")
	bob.say(conv, "hello")
	alice.choose("bob")
	relay.Tell(hostile.Change(func(p wire.EventPush) []wire.Body {
		again := p
		again.Event.Position++
		return []wire.Body{p, again}
	}))
	bob.say(conv, "pay me once")
	says(t, "the notice", alice.noticed("replayed"), "The server delivered a message a second time", "position 4")
	alice.shows("hello", "pay me once")
	relay.Tell(hostile.Honest)
	bob.say(conv, "is not seen in its place", "and this one tells")
	says(t, "the screen", alice.blocked(), "The server showed each of you a different conversation", "Sending is stopped")
	alice.shows("hello", "pay me once")
}

// TestWithheld keeps back bob's messages while bob's receipt tells of them.
func TestWithheld(t *testing.T) {
	t.Parallel()
	_, relay, _, alice, bob, conv := talking(t)
	relay.Tell(hostile.All(
		hostile.Change(func(wire.EventPush) []wire.Body { return nil }),
		hostile.Change(func(p wire.Page) []wire.Body {
			head := wire.Head{Conversation: p.Head.Conversation, Position: 2, Receipts: p.Head.Receipts}
			return []wire.Body{wire.Page{Head: head, Receipts: p.Receipts}}
		})))
	bob.say(conv, "you will not see this")
	bob.settled(conv)
	bob.seen(conv)
	says(t, "the notice", alice.noticed("withheld"), "The server keeps back messages", "position 3")
	relay.Tell(hostile.Honest)
	bob.say(conv, "and this shows it all")
	alice.shows("> hello", "you will not see this", "and this shows it all")
}

// TestAlteredMessage changes a message on its way: a notice stands where it stood.
func TestAlteredMessage(t *testing.T) {
	t.Parallel()
	_, relay, _, alice, bob, conv := talking(t)
	relay.Tell(hostile.Change(func(p wire.EventPush) []wire.Body {
		if p.Event.Kind == epoch.KindMessage {
			p.Event.Event = slices.Clone(p.Event.Event)
			p.Event.Event[len(p.Event.Event)-1] ^= 1
		}
		return []wire.Body{p}
	}))
	bob.say(conv, "the real words")
	says(t, "the notice", alice.noticed("not-opened"), "A message could not be opened", "Its seal is broken", "Ask bob to send it again")
	alice.shows("> hello")
}

// TestOwnAccountChanged shows a device another's key as its own: everything stops.
func TestOwnAccountChanged(t *testing.T) {
	t.Parallel()
	s, relay, address := newLiar(t)
	bob, alice := newFriend(t, s.url(), "bob"), newProfile(t, "alice").tab()
	alice.join(address)
	var theirs [][]byte
	relay.Tell(hostile.Change(func(p wire.ChainPage) []wire.Body {
		if p.Handle == bob.name {
			theirs = p.Prekeys
		} else if theirs != nil {
			p.Prekeys = theirs
		}
		return []wire.Body{p}
	}))
	alice.meet("bob")
	alice.reload()
	alice.until("everything stopped", `document.querySelector('sotto-stop')?.dataset.code === 'device-unknown'`)
	says(t, "the screen", alice.read("document.body.innerText"), "Someone may be acting as you", "Do not write here")
}
