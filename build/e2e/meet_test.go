package e2e

import (
	"strings"
	"testing"
)

// TestTwoPeopleMeetByLinkAndTalk is the first minute of two people, each with a browser of their own.
func TestTwoPeopleMeetByLinkAndTalk(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	alice, bob := newBrowser(t, "alice").tab(), newBrowser(t, "bob").tab()
	alice.join(s.url())
	link := alice.read(`document.querySelector('sotto-welcome sotto-invite input').value`)
	if link != s.url()+"/#/with/alice" {
		t.Fatalf("the invite link is %q", link)
	}
	bob.goTo(link)
	bob.until("told who invites", `document.querySelector('sotto-join .invited').innerText.includes('alice')`)
	bob.enterName()
	bob.opened("alice")
	bob.say("hello alice, it is bob")
	alice.until("bob is in the list", `document.querySelector('sotto-list a[href="#/with/bob"]') !== null`)
	until(t, "one is unread", func() bool { return strings.Contains(alice.unread("bob"), "1 unread message") })
	alice.title("(1) Sotto")
	bob.status("hello alice, it is bob", "Delivered")

	alice.choose("bob")
	alice.shows("hello alice, it is bob")
	alice.title("Sotto")
	if got := alice.unread("bob"); got != "" {
		t.Errorf("still unread: %q", got)
	}
	bob.status("hello alice, it is bob", "Read")

	alice.say("hello bob")
	alice.say("how are you?\nand where?")
	bob.shows("> hello alice, it is bob", "hello bob", "how are you?\nand where?")
	alice.shows("hello alice, it is bob", "> hello bob", "> how are you?\nand where?")
	alice.status("how are you?\nand where?", "Read")
	ownRightOthersLeft(t, alice, "hello bob", "hello alice, it is bob")
	ownRightOthersLeft(t, bob, "hello alice, it is bob", "hello bob")
	if w := alice.noticed("opened"); !strings.Contains(w, "End-to-end encrypted from here") {
		t.Errorf("alice is told %q", w)
	}
}

// ownRightOthersLeft looks at the sides on which messages stand.
func ownRightOthersLeft(t *testing.T, p *tab, own, other string) {
	t.Helper()
	log, mine, theirs := p.box(css("sotto-timeline .rows")), p.box(withText(own)), p.box(withText(other))
	middle := (log.Left + log.Right) / 2
	if mine.Right < log.Right-1 || mine.Left < middle && mine.Right-mine.Left < middle-log.Left {
		t.Errorf("%s: the own message stands at %+v in %+v", p.name, mine, log)
	}
	if theirs.Left > log.Left+1 {
		t.Errorf("%s: the other's message stands at %+v in %+v", p.name, theirs, log)
	}
}
