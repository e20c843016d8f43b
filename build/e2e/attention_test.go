package e2e

import (
	"fmt"
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

// TestCountBadgeAndSound tells what is unread in the title and on the application's icon, and is heard only where that
// was chosen and nobody looks.
func TestCountBadgeAndSound(t *testing.T) {
	t.Parallel()
	home := newBrowser(t, "alice")
	home.kind = chromedp.WithNewWindow(false) // one window: the tab in front hides the others
	s := newServer(t)
	bob := newFriend(t, s.url(), "bob")
	// Icons with a number are not to be had on every system, and nobody listens: what the page asks for is noted.
	alice := home.tab(earlyInPage(`
		globalThis.badges = [];
		globalThis.tones = 0;
		Navigator.prototype.setAppBadge = async (n) => void badges.push(n);
		Navigator.prototype.clearAppBadge = async () => void badges.push(0);
		const start = AudioScheduledSourceNode.prototype.start;
		AudioScheduledSourceNode.prototype.start = function (at) { tones++; return start.call(this, at); }`))
	alice.join(s.url())
	conv := bob.meet("alice")
	told := func(unread, tones int) {
		t.Helper()
		title := "Sotto"
		if unread > 0 {
			title = fmt.Sprintf("(%d) Sotto", unread)
		}
		alice.until(fmt.Sprintf("%d are told, with %d tones", unread, tones),
			fmt.Sprintf(`document.title === %s && badges.at(-1) === %d && tones === %d`, quote(title), unread, tones))
	}
	elsewhere := home.tab()
	sound := func(want string) {
		t.Helper()
		alice.press("Settings")
		alice.mouse(alice.spot("the sound", `[...document.querySelectorAll('sotto-settings label.switch')].find((l) => l.innerText.trim() === 'Sound for new messages')`))
		alice.until("it is remembered", "localStorage.getItem('sotto.sound') === "+quote(want))
		alice.shut()
	}
	hidden := func() {
		t.Helper()
		elsewhere.toFront()
		alice.until("it is not looked at", "document.hidden")
	}
	hidden()
	bob.say(conv, "one")
	told(1, 0)
	alice.toFront()
	sound("on")
	alice.until("the sound is heard once, to know it", `tones === 2`)
	hidden()
	bob.say(conv, "two")
	told(2, 4) // none for the one before
	alice.toFront()
	alice.until("it is looked at", "document.hasFocus() && !document.hidden")
	alice.until("the page knows", `navigator.locks.query().then(({ held }) => held.some((l) => l.name === 'sotto-front'))`)
	bob.say(conv, "three")
	told(3, 4)
	sound("off")
	hidden()
	bob.say(conv, "four")
	told(4, 4)
	alice.toFront()
	alice.choose("bob")
	told(0, 4)
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
