package e2e

import (
	"slices"
	"testing"
	"time"
)

// drawn is a message as it is laid out.
type drawn struct {
	Text        string
	First, Last bool    // in its group
	Gap         float64 // to the message before it
}

func (p *tab) laidOut() []drawn {
	p.t.Helper()
	all, err := eval[[]drawn](p, `[...document.querySelectorAll('sotto-message')].map((m) => ({
		Text: m.querySelector('.text').textContent, First: m.hasAttribute('data-first'), Last: m.hasAttribute('data-last'),
		Gap: m.getBoundingClientRect().top - (m.previousElementSibling?.getBoundingClientRect().bottom ?? 0),
	}))`)
	if err != nil {
		p.t.Fatal(err)
	}
	return all
}

// TestGroupsAndDays lets bob write on three days, by his clock, a few minutes apart.
func TestGroupsAndDays(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	noon := time.Now().Truncate(24 * time.Hour).Add(12 * time.Hour)
	at := func(days int, more time.Duration) time.Duration {
		return time.Until(noon.AddDate(0, 0, -days).Add(more))
	}
	bob := newFriend(t, s.url(), "bob")
	alice := newProfile(t, "alice").tab()
	alice.inTimeZone("UTC")
	alice.join(s.url())
	conv := bob.meet("alice")
	said := func(off time.Duration, text string) {
		bob.clock.set(off)
		bob.say(conv, text)
	}
	said(at(9, 0), "long ago")
	bob.settled(conv) // and with it the opening of the conversation
	said(at(1, 0), "yesterday")
	said(at(1, time.Minute), "a minute later")
	said(at(1, 7*time.Minute), "six minutes later")
	said(0, "now")
	alice.choose("bob")
	bob.settled(conv)
	alice.say("I see")
	alice.status("I see", "Delivered")
	bob.say(conv, "and now")
	alice.shows("long ago", "yesterday", "a minute later", "six minutes later", "now", "> I see", "and now")

	want := []string{noon.AddDate(0, 0, -9).Format("Monday, January 2"), "Yesterday", "Today"}
	if noon.AddDate(0, 0, -9).Year() != noon.Year() {
		want[0] = noon.AddDate(0, 0, -9).Format("Monday, January 2, 2006")
	}
	if got := slices.DeleteFunc(alice.marks(), func(m string) bool { return m == "New messages" }); !slices.Equal(got, want) {
		t.Errorf("days %q, want %q", got, want)
	}
	groups := map[string][2]bool{
		"yesterday": {true, false}, "a minute later": {false, true}, "six minutes later": {true, true},
		"now": {true, true}, "I see": {true, true}, "and now": {true, true},
	}
	for _, m := range alice.laidOut() {
		if want, ok := groups[m.Text]; ok && want != [2]bool{m.First, m.Last} {
			t.Errorf("%q: first and last of its group: %v, %v, want %v", m.Text, m.First, m.Last, want)
		}
		if m.Text == "a minute later" && m.Gap > 4 || m.Text == "six minutes later" && m.Gap < 8 {
			t.Errorf("%q stands %v pixels below the one before", m.Text, m.Gap)
		}
	}
}

// TestTextIsNeverMarkup sends what would be markup, a link, and words from right to left.
func TestTextIsNeverMarkup(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	markup := `<img src=x onerror="document.title='gone'"><b>bold</b>`
	bob.say(bob.meet("alice"), markup, "see https://example.org/a?b=1 and javascript:alert(1)", "שלום לכולם", "hello")
	alice.shows(markup, "see https://example.org/a?b=1 and javascript:alert(1)", "שלום לכולם", "hello")
	type link struct{ Href, Rel, Target string }
	links, err := eval[[]link](alice, `[...document.querySelectorAll('sotto-message a')].map(({ href, rel, target }) => ({ Href: href, Rel: rel, Target: target }))`)
	if err != nil || !slices.Equal(links, []link{{"https://example.org/a?b=1", "noopener noreferrer", "_blank"}}) {
		t.Errorf("links %+v, %v", links, err)
	}
	directions, err := eval[[]string](alice, `[...document.querySelectorAll('sotto-message')].map((m) => getComputedStyle(m).direction)`)
	if err != nil || !slices.Equal(directions, []string{"ltr", "ltr", "rtl", "ltr"}) {
		t.Errorf("directions %q, %v", directions, err)
	}
}
