package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// makeLink makes a link to the group that is open and gives it.
func (p *tab) makeLink() string {
	p.t.Helper()
	p.panel()
	p.press("Make a link")
	p.press("Make link")
	p.until("the link is made", `document.querySelector('sotto-links details[open] summary')?.textContent.includes('0 of 10 used')`)
	link := p.read(`document.querySelector('sotto-links input[readonly]').value`)
	if got := p.scan("sotto-links sotto-qr"); got != link {
		p.t.Errorf("the code says %q, the link is %q", got, link)
	}
	p.shut()
	return link
}

// secretOf gives the secret of a link as its address has it, and its bytes.
func secretOf(t *testing.T, link string) (text string, raw []byte) {
	t.Helper()
	_, text, found := strings.Cut(link, ".")
	raw, err := base64.RawURLEncoding.DecodeString(text[strings.LastIndex(text, ".")+1:])
	if !found || err != nil || len(raw) != 32 {
		t.Fatalf("the link is %q", link)
	}
	return text[strings.LastIndex(text, ".")+1:], raw
}

// keptNowhere fails where a tab shows a text to who looks at its address, its history, its title, where it came from,
// or what it stores outside of the engine. (How the page was loaded, the browser notes by itself for as long as it is
// open.)
func (p *tab) keptNowhere(secret string) {
	p.t.Helper()
	seen := p.read(`JSON.stringify([location.href, document.title, document.referrer,
		Object.entries(localStorage), Object.entries(sessionStorage), history.state])`)
	if strings.Contains(seen, secret) || seen == "" {
		p.t.Errorf("%s: the secret stands in %s", p.name, seen)
	}
	history, err := chromedp.Call(p.ctx, page.GetNavigationHistory, cdp.Empty{})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, entry := range history.Entries {
		if strings.Contains(entry.URL, secret) {
			p.t.Errorf("%s: the tab's history holds %s", p.name, entry.URL)
		}
	}
}

// TestRoomLink lets somebody in by a link who has no account yet, while nobody of the group is there. The secret is gone
// from the address before anything else, and reaches the server in no form.
func TestRoomLink(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	home := newBrowser(t, "alice")
	alice := home.tab()
	alice.watch.record()
	alice.join(s.url())
	alice.newGroup("Climbing")
	alice.until("told what to do next", named("Compare safety numbers")+`?.checkVisibility()`)
	link := alice.makeLink()
	secret, raw := secretOf(t, link)
	alice.say("before")
	alice.status("before", "Sent")
	sentByAlice := alice.watch.recorded()
	home.quit()

	carol := newProfile(t, "carol").tab()
	carol.watch.record()
	carol.goTo(link)
	carol.until("told of the group", `document.querySelector('sotto-join .invited')?.innerText.includes('invited to a group')`)
	carol.keptNowhere(secret)
	carol.enterName()
	carol.until("waiting", `document.querySelector('sotto-conversation .standing')?.innerText.includes('Waiting to be let in')`)
	carol.keptNowhere(secret)
	carol.reload()
	carol.until("still waiting", `document.querySelector('sotto-conversation .standing')?.innerText.includes('Waiting to be let in')`)

	home.startBrowser()
	alice = home.tab()
	alice.goTo(s.url())
	carol.opened("Climbing")
	carol.told("alice let you in")
	carol.say("I am in")
	alice.chooseGroup("Climbing")
	alice.told("carol joined by a link")
	alice.shows("> before", "I am in")
	alice.say("welcome")
	carol.shows("> I am in", "welcome")
	carol.keptNowhere(secret)

	alice.panel()
	alice.lists("alice (you) Admin", "carol")
	alice.until("one use is counted", `document.querySelector('sotto-links summary').textContent.includes('1 of 10 used')`)
	alice.click("sotto-links summary")
	alice.press("Revoke this link")
	alice.press("Revoke link")
	alice.until("no link is left", `document.querySelectorAll('sotto-links .all details').length === 0`)
	alice.shut()
	carol.told("alice revoked a link to this group")
	s.hasNowhere(secret, raw, sentByAlice, carol.watch.recorded())
}

// hasNowhere fails where a secret is found in what a server keeps and says, or in what was sent to it.
func (s *server) hasNowhere(secret string, raw []byte, sent ...[]byte) {
	s.t.Helper()
	places := everything(s.t, s)
	for i, data := range sent {
		if len(data) < 1000 {
			s.t.Errorf("only %d bytes were recorded", len(data))
		}
		places[fmt.Sprintf("traffic %d", i)] = data
	}
	if found := search(places, secret); len(found) > 0 {
		s.t.Errorf("the secret is found in %q", found)
	}
	for name, data := range places {
		if bytes.Contains(data, raw) {
			s.t.Errorf("the secret's bytes are found in %s", name)
		}
	}
}

// TestLinkThatLetsNobodyIn opens a link that was revoked, and one that is none: both are said, and the list is as before.
func TestLinkThatLetsNobodyIn(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	alice, carol := newProfile(t, "alice").tab(), newProfile(t, "carol").tab()
	alice.join(s.url())
	alice.newGroup("Climbing")
	link := alice.makeLink()
	alice.panel()
	alice.click("sotto-links summary")
	alice.press("Revoke this link")
	alice.press("Revoke link")
	alice.until("no link is left", `document.querySelectorAll('sotto-links .all details').length === 0`)
	alice.shut()
	alice.told("alice revoked a link to this group")

	carol.join(s.url())
	secret, _ := secretOf(t, link)
	carol.do("location.href = " + quote(link)) // in the page that is open
	carol.until("refused", `document.querySelector('sotto-conversation .standing.blocked')?.innerText.includes('The link does not let you in')`)
	carol.keptNowhere(secret)
	carol.press("Give the link up")
	carol.until("it is gone", `document.querySelectorAll('sotto-list a').length === 0 && document.querySelector('sotto-welcome') !== null`)
	carol.goTo(s.url() + "/#/join/abc.def")
	carol.until("told that it is none", `document.querySelector('sotto-seek')?.innerText.includes('This is not a link to a group on this server')`)
	carol.press("Back to conversations")
	carol.until("the empty state is back", `document.querySelector('sotto-welcome') !== null`)
}

// TestAddedBesideALink has carol, whom a revoked link does not let in, be added by alice: she is told that it was not by
// the link, and is in once she gives it up.
func TestAddedBesideALink(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	carol := newProfile(t, "carol").tab()
	carol.join(s.url())
	alice := newFriend(t, s.url(), "alice")
	group := alice.group("Climbing")
	link, err := alice.engine.MakeLink(t.Context(), group, 7, 1)
	if err != nil {
		t.Fatal(err)
	}
	alice.linked(group)
	links, err := alice.engine.Links(t.Context(), group)
	if err != nil || len(links) != 1 {
		t.Fatal(links, err)
	}
	if err := alice.engine.RevokeLink(t.Context(), group, links[0].ID); err != nil {
		t.Fatal(err)
	}
	until(t, "no link is left", func() bool {
		links, err := alice.engine.Links(t.Context(), group)
		return err == nil && len(links) == 0
	})
	carol.do("location.hash = " + quote(hashOfLink(link.URL)))
	carol.until("refused", `document.querySelector('sotto-conversation .standing.blocked')?.innerText.includes('The link does not let you in')`)
	if err := alice.engine.AddMembers(t.Context(), group, []string{"carol"}); err != nil {
		t.Fatal(err)
	}
	carol.until("told", `document.querySelector('sotto-conversation .standing.blocked')?.innerText.includes('alice added you, but not by the link')`)
	carol.pictured("group-not-by-link")
	carol.press("Give the link up")
	carol.chooseGroup("Climbing")
	carol.told("alice let you in")
	carol.say("thank you")
	carol.status("thank you", "Delivered")
}
