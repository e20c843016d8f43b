package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// Scripts that take from a browser what the application needs.
const (
	noWebAssembly = `delete globalThis.WebAssembly;`
	noIndexedDB   = `Object.defineProperty(globalThis, 'indexedDB', { value: undefined });`
	noLocks       = `if (globalThis.Navigator) delete Navigator.prototype.locks;`
	closedStorage = `IDBFactory.prototype.open = () => { throw new DOMException('closed', 'SecurityError'); };`
)

// stopped waits for the page that says why nothing can go on and gives its words.
func (p *tab) stopped(code string) string {
	p.t.Helper()
	p.until("stopped for "+code, `document.querySelector('sotto-stop')?.dataset.code === `+quote(code))
	return p.read("document.body.innerText")
}

// TestPlainHTTP opens the server over http under an address that is not this machine's own for browsers.
func TestPlainHTTP(t *testing.T) {
	t.Parallel()
	s, alice := newServer(t), newProfile(t, "alice")
	p := alice.tab()
	p.watch.expect("The Cross-Origin-Opener-Policy header has been ignored")
	p.goTo(s.at("0.0.0.0"))
	says(t, "the page", p.stopped("insecure"), "Sotto cannot keep a secret on this address", "plain http from 0.0.0.0",
		"Open it over https", "http://localhost with the same port")
	if p.sees("Reload") {
		t.Error("reloading is offered although it cannot help")
	}
	p.goTo(s.url())
	p.enterName()
	p.online()
}

// TestMissing takes from the browser of someone who has talked already, one after the other, what the application
// needs: each time it says so, and afterwards everything is there.
func TestMissing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bob, alice := newFriend(t, s.url(), "bob"), newProfile(t, "alice")
	first := alice.tab()
	first.join(s.url())
	first.meet("bob")
	first.say("kept")
	first.status("kept", "Delivered")
	first.finish()
	cases := []struct {
		code, script string
		words        []string
	}{
		{"no-webassembly", noWebAssembly, []string{"This browser cannot run Sotto", "turn WebAssembly on again"}},
		{"no-indexeddb", noIndexedDB, []string{"This browser window cannot store anything", "Use a normal window"}},
		{"storage-unavailable", closedStorage, []string{"The storage of this browser cannot be opened", "Nothing was changed"}},
		{"no-locks", noLocks, []string{"This browser is too old for Sotto", "Web Locks", "Update the browser"}},
	}
	for _, c := range cases {
		p := alice.tab(early(c.script))
		p.goTo(s.url())
		says(t, c.code, p.stopped(c.code), c.words...)
		p.finish()
	}
	again := alice.tab()
	again.goTo(s.url() + "/#/with/bob")
	again.opened("bob")
	again.shows("> kept")
	again.say("and on")
	conv := bob.meet("alice")
	bob.has(conv, "kept", "and on")
}

// quota sets how many bytes the browser grants an origin; nil is what it grants by itself.
func (p *tab) quota(origin string, bytes *float64) {
	p.t.Helper()
	params := storage.OverrideQuotaForOriginParams{Origin: origin, QuotaSize: bytes}
	if _, err := chromedp.Call(p.ctx, storage.OverrideQuotaForOrigin, params); err != nil {
		p.t.Fatal(err)
	}
}

// TestStorageFull lets the browser's storage run full while two people talk. The browser starts anew before, because
// it remembers for a while how much space an origin had.
func TestStorageFull(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bob, home := newFriend(t, s.url(), "bob"), newBrowser(t, "alice")
	first := home.tab()
	first.join(s.url())
	first.meet("bob")
	first.say("before")
	first.status("before", "Delivered")
	first.keeps(1) // and then takes no more space by itself
	used, err := eval[float64](first, `navigator.storage.estimate().then(({ usage }) => usage)`)
	if err != nil {
		t.Fatal(err)
	}
	first.finish()
	home.quit()
	home.startBrowser()
	alice := home.tab()
	alice.quota(s.url(), new(used+spare))
	alice.goTo(s.url() + "/#/with/bob")
	alice.opened("bob")
	kept := alice.fill()
	conv := bob.meet("alice")
	bob.say(conv, "sent when it was full")
	bob.settled(conv)
	alice.quota(s.url(), nil)
	alice.click(composer)
	alice.key("Enter")
	want := slices.Concat([]string{"before"}, kept)
	until(t, "bob has all of it, each once", func() bool {
		said := slices.DeleteFunc(bob.texts(conv), func(text string) bool { return strings.HasPrefix(text, "> ") })
		return slices.Equal(said, want)
	})
	alice.until("what came meanwhile is here", `document.body.innerText.includes('sent when it was full')`)
}

// spare is how many bytes the browser may still store when its storage is about to run full.
const spare = 200e3

// fill writes messages until one could not be stored, whose text is then still in the composer. It gives all texts.
func (p *tab) fill() []string {
	p.t.Helper()
	var texts []string
	for n := range 60 {
		text := fmt.Sprintf("%d ", n) + strings.Repeat("filling the disk ", 600)
		texts = append(texts, strings.TrimSpace(text))
		p.click(composer)
		p.insert(texts[n])
		p.key("Enter")
		back := css(composer) + `.value === ` + quote(texts[n])
		p.until("stored or given back", fmt.Sprintf(`document.querySelectorAll('sotto-message[data-own]').length === %d || %s`, n+2, back))
		if p.read("String("+back+")") == "true" {
			p.until("told of it", `document.body.innerText.includes('This browser has no space left for Sotto')`)
			return texts
		}
	}
	p.t.Fatalf("%s: the storage never ran full", p.name)
	return nil
}

// movedClock puts the clock of a page or a worker a day ahead until a message on its channel sets it right.
const movedClock = `(() => {
	const Real = Date;
	let off = 24 * 60 * 60 * 1000;
	let channel;
	const now = () => {
		channel ??= Object.assign(new BroadcastChannel('clock of the test'), { onmessage: () => { off = 0; } });
		return Real.now() + off;
	};
	globalThis.Date = class extends Real {
		constructor(...given) { if (given.length === 0) super(now()); else super(...given); }
		static now() { return now(); }
	};
})();`

// TestClockWrong talks on a device whose clock is a day ahead, and then sets it.
func TestClockWrong(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bob, alice := newFriend(t, s.url(), "bob"), newProfile(t, "alice").tab(early(movedClock))
	alice.watch.expect(refused)
	alice.join(s.url())
	banner := css("sotto-banner [data-kind=clock]")
	alice.until("told of the clock", banner+`.checkVisibility()`)
	says(t, "the banner", alice.read(banner+".innerText"), "The clock of this device is 1 day ahead of the server",
		"Set the date and time of this device")
	alice.meet("bob")
	alice.say("from tomorrow")
	alice.keeps(1) // so that nothing is being fetched when the server goes
	s.kill()
	alice.do(`new BroadcastChannel('clock of the test').postMessage('right')`)
	s.start()
	alice.online()
	alice.until("the banner is gone", `!`+banner+`.checkVisibility()`)
	alice.say("from today")
	conv := bob.meet("alice")
	bob.has(conv, "from tomorrow", "from today")
	bob.say(conv, "I have both")
	alice.shows("> from tomorrow", "> from today", "I have both")
}
