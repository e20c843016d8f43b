package e2e

import (
	"slices"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// mayNotify lets the page raise notifications, or refuses it, as a person does.
func (p *tab) mayNotify(setting browser.PermissionSetting) {
	p.t.Helper()
	allow := browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: "notifications"}, Setting: setting,
		BrowserContextID: chromedp.FromContext(p.ctx).BrowserContextID,
	}
	if _, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, allow); err != nil {
		p.t.Fatal(err)
	}
}

// toFront makes the tab the one that a person looks at.
func (p *tab) toFront() {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, page.BringToFront, cdp.Empty{}); err != nil {
		p.t.Fatal(err)
	}
}

// notes gives the notifications that are shown, each as its title and text.
func (p *tab) notes() []string {
	notes, _ := eval[[]string](p, `navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((all) => all.map((n) => n.title + ': ' + n.body))`)
	return notes
}

// choice picks a value in the settings.
func (p *tab) choice(name, value string) {
	p.t.Helper()
	p.press("Settings")
	p.until("the settings are open", `document.querySelector('sotto-settings dialog[open]') !== null`)
	p.pick(`sotto-settings select[id^=`+name+`]`, value)
	p.until("it is remembered", "localStorage.getItem('sotto."+name+"') === "+quote(value))
	p.key("Escape")
	p.until("closed", `document.querySelector('dialog[open]') === null`)
}

// TestNotificationsSayWhatWasChosen lets bob write while alice looks elsewhere.
func TestNotificationsSayWhatWasChosen(t *testing.T) {
	t.Parallel()
	home := newBrowser(t, "alice")
	home.kind = chromedp.WithNewWindow(false) // one window: the tab in front hides the others
	s := newServer(t)
	bob, alice := newFriend(t, s.url(), "bob"), home.tab()
	alice.join(s.url())
	conv := bob.meet("alice")
	bob.say(conv, "first")
	alice.until("bob is in the list", `document.querySelector('sotto-list a[href="#/with/bob"]') !== null`)
	alice.keeps(1)
	alice.mayNotify(browser.PermissionSettingGranted)
	shows := func(what, want string) {
		t.Helper()
		if !within(func() bool { return slices.Equal(alice.notes(), []string{want}) }) {
			t.Errorf("%s: the notifications are %q, want %q", what, alice.notes(), want)
		}
	}
	elsewhere := home.tab()
	for _, c := range []struct{ choice, want string }{
		{"who", "bob: 2 new messages"}, {"what", "bob: what was written"}, {"bare", "Sotto: 4 new messages"},
	} {
		alice.toFront()
		alice.choice("notify", c.choice)
		elsewhere.toFront()
		alice.until("it is not looked at", "document.hidden")
		bob.say(conv, "what *was* written")
		shows(c.choice, c.want)
	}
	alice.toFront()
	alice.until("it is looked at", "document.hasFocus() && !document.hidden")
	alice.until("the page knows", `navigator.locks.query().then(({ held }) => held.some((l) => l.name === 'sotto-front'))`)
	bob.say(conv, "seen anyway")
	alice.title("(5) Sotto")
	shows("in front", "Sotto: 4 new messages")
}

// TestNotificationsThatAreDenied stay off, and the person is told how to allow them.
func TestNotificationsThatAreDenied(t *testing.T) {
	t.Parallel()
	_, alice, _ := withFriends(t, "bob")
	alice.mayNotify(browser.PermissionSettingDenied)
	alice.press("Settings")
	alice.until("the settings are open", `document.querySelector('sotto-settings dialog[open]') !== null`)
	alice.pick(`sotto-settings select[id^=notify]`, "who")
	alice.until("told", `document.querySelector('sotto-toast:popover-open')?.innerText.includes('does not allow notifications')`)
	alice.until("off again", `document.querySelector('sotto-settings select[id^=notify]').value === 'off'`)
}
