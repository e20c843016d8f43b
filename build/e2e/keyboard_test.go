package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Keys that are held down, as the browser counts them.
const (
	alt  = 1
	ctrl = 2
)

// chord presses a letter or sign with a key held.
func (p *tab) chord(key, code string, virtual int64, held int64) {
	p.t.Helper()
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: key, Code: code, WindowsVirtualKeyCode: virtual, Modifiers: held}
	up := down
	up.Type = input.DispatchKeyEventTypeKeyUp
	p.raw(down)
	p.raw(up)
}

// focused gives what has the focus, by its element or its label.
func (p *tab) focused() string {
	return p.read(`(({ localName, ariaLabel, placeholder }) => ariaLabel ?? placeholder ?? localName)(document.activeElement)`)
}

// TestKeyboardAlone goes through conversations and dialogs without a pointer.
func TestKeyboardAlone(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob", "carol", "dave")
	for i, f := range friends { // in the list: dave, carol, bob
		alice.meetByKeyboard(f.name)
		f.say(f.meet("alice"), fmt.Sprintf("hello %d", i))
		alice.draws("it arrived", fmt.Sprintf("hello %d", i))
	}
	alice.key("ArrowDown", alt)
	alice.opened("carol")
	alice.key("ArrowDown", alt)
	alice.opened("bob")
	alice.key("ArrowDown", alt)
	alice.opened("dave")
	alice.key("ArrowUp", alt)
	alice.opened("bob")

	alice.chord("k", "KeyK", 75, ctrl)
	alice.write(switcher, "car")
	alice.until("one is found", `document.querySelectorAll('sotto-switch [role=option]').length === 2`) // and a new one with the name car
	alice.key("Enter")
	alice.opened("carol")
	alice.until("the switcher is gone", `document.querySelector('dialog[open]') === null`)
	alice.until("it can be written in", "document.activeElement === "+css(composer))
	alice.chord("k", "KeyK", 75, ctrl)
	alice.until("the switcher is open", `document.querySelector('sotto-switch dialog[open]') !== null`)
	alice.key("ArrowDown")
	alice.key("Escape")
	alice.until("the switcher is gone", `document.querySelector('dialog[open]') === null`)
	alice.until("the focus is back", "document.activeElement === "+css(composer))

	alice.chord("/", "Slash", 191, ctrl)
	alice.until("the shortcuts are shown", `document.querySelector('sotto-keys dialog[open]') !== null`)
	says(t, "the help", alice.read(css("sotto-keys dialog")+".innerText"), "Go to a conversation", "Ctrl", "K", "Alt", "↓", "Esc")
	alice.key("Escape")
	alice.until("the focus is back", "document.activeElement === "+css(composer))
}

// meetByKeyboard starts a conversation with someone by the switcher.
func (p *tab) meetByKeyboard(name string) {
	p.t.Helper()
	p.chord("k", "KeyK", 75, ctrl)
	p.write(switcher, name)
	p.until("somebody is offered", `document.querySelector('sotto-switch [role=option]') !== null`)
	p.key("Enter")
	p.opened(name)
}

// TestTheNextKeyGoesToWhatOpened lets no frame be drawn while alice opens something and types on at once.
func TestTheNextKeyGoesToWhatOpened(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	friends[0].say(friends[0].meet("alice"), "shall we meet?")
	alice.draws("the question", "shall we meet?")
	alice.point(withText("shall we meet?"))
	alice.do(`globalThis.requestAnimationFrame = () => 0; globalThis.setTimeout = ((later) => (fn, ms) => later(fn, Math.max(ms, 3000)))(setTimeout)`)
	alice.chord("k", "KeyK", 75, ctrl)
	alice.insert("car")
	if got := alice.read(css(switcher) + "?.value + '|' + " + css(composer) + ".value"); got != "car|" {
		t.Errorf("search and composer hold %q", got)
	}
	alice.key("Escape")
	alice.until("the switcher is shut", `document.querySelector('dialog[open]') === null`)
	alice.do(`[...document.querySelectorAll('sotto-tools button')].find((b) => b.ariaLabel === 'Reply').focus()`)
	alice.key("Enter")
	alice.insert("yes")
	if got := alice.written(); got != "yes" {
		t.Errorf("the composer holds %q", got)
	}
}

// TestTheFocusIsNeverLost takes away what has the focus, in each way that there is: something else has it at once.
func TestTheFocusIsNeverLost(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	g := newGate(t, s)
	bob, alice := newFriend(t, s.url(), "bob"), newProfile(t, "alice").tab()
	_ = bob
	alice.watch.expect("ERR_CONNECTION", "WebSocket")
	held := func(what, want string) {
		t.Helper()
		alice.until("the focus is held after "+what, `document.activeElement !== document.body`)
		if got := alice.focused(); got != want {
			t.Errorf("after %s the focus is on %q, want %q", what, got, want)
		}
	}
	alice.goTo(g.url())
	alice.enterName() // the field is gone now
	held("joining", "Their name")
	alice.online()
	alice.meet("bob")
	held("starting a conversation", "Message to bob")
	alice.say("hello")
	alice.status("hello", "Delivered")
	g.shut()
	alice.say("rather not")
	alice.status("rather not", "Waiting")
	alice.point(withText("rather not"))
	alice.do(`[...document.querySelectorAll('sotto-tools button')].find((b) => b.ariaLabel === 'Delete').focus()`)
	alice.key("Enter") // the message is gone, and the button in it
	alice.shows("> hello")
	held("deleting a message", "Message to bob")
	alice.until("the next attempt is known", css("sotto-banner button")+`.checkVisibility()`)
	alice.do(named("Connect now") + ".focus()")
	g.open()
	alice.key("Enter")
	alice.online()
	held("connecting again", "Message to bob")
	alice.resize(400, 700)
	alice.do(css("sotto-conversation .back") + ".focus()")
	alice.key("Enter")
	alice.until("the list is shown", `document.querySelector('sotto-app').dataset.view === 'list'`)
	alice.until("the focus is in the list", `document.activeElement.closest('sotto-list') !== null`)
}

// axNode is a node of the accessibility tree, as a screen reader gets it.
type axNode struct{ Role, Name string }

// tree gives the nodes of the accessibility tree that are not ignored.
func (p *tab) tree() []axNode {
	p.t.Helper()
	got, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		p.t.Fatal(err)
	}
	text := func(v *accessibility.Value) string {
		if v == nil {
			return ""
		}
		return strings.Trim(string(v.Value), `"`)
	}
	var nodes []axNode
	for _, n := range got.Nodes {
		if !n.Ignored {
			nodes = append(nodes, axNode{text(n.Role), text(n.Name)})
		}
	}
	return nodes
}

// hears fails unless the accessibility tree has a node.
func (p *tab) hears(role, name string) {
	p.t.Helper()
	if !within(func() bool { return slices.Contains(p.tree(), axNode{role, name}) }) {
		p.t.Errorf("%s hears no %s %q among %q", p.name, role, name, p.tree())
	}
}

// TestWhatAScreenReaderHears looks at the main flows in the accessibility tree.
func TestWhatAScreenReaderHears(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bob, alice := newFriend(t, s.url(), "bob"), newProfile(t, "alice").tab()
	alice.goTo(s.url())
	alice.until("joining is possible", css(joinName)+`?.checkVisibility()`)
	alice.hears("textbox", "Your name")
	alice.hears("button", "Join")
	alice.enterName()
	alice.online()
	alice.hears("textbox", "Who do you want to talk to?")
	alice.hears("textbox", "Your invite link")
	alice.meet("bob")
	for _, n := range []axNode{{"log", "Messages with bob"}, {"textbox", "Message to bob"}, {"navigation", "Conversations"}, {"button", "Send"}, {"button", "Emoji"}, {"heading", "bob End-to-end encrypted"}} {
		alice.hears(n.Role, n.Name)
	}
	alice.say("hello")
	alice.status("hello", "Delivered")
	alice.hears("image", "Delivered")
	alice.until("the change was said", `[...document.querySelectorAll('[role=status]')].some((e) => e.textContent === 'Delivered: hello')`)

	// What stands in the log and is not hushed is read out as it comes: one message, and nothing else again.
	alice.until("the log may speak", `document.querySelector('sotto-timeline .log').getAttribute('aria-live') !== 'off'`)
	alice.do(`globalThis.spoken = []; new MutationObserver((changes) => { for (const c of changes) for (const n of c.addedNodes) spoken.push(n.textContent); })
		.observe(document.querySelector('sotto-timeline .log'), { childList: true, subtree: true, characterData: true })`)
	bob.say(bob.meet("alice"), "good morning")
	alice.draws("it arrived", "good morning")
	if got, err := eval[[]string](alice, "spoken"); err != nil || len(got) != 1 || !strings.Contains(got[0], "bob: good morning") {
		t.Errorf("spoken is %q, %v", got, err)
	}
	for button, dialog := range map[string]string{"Settings": "Settings", "Invite someone": "Invite someone"} {
		alice.press(button)
		alice.hears("dialog", dialog)
		alice.key("Escape")
		alice.until("closed", `document.querySelector('dialog[open]') === null`)
	}
	alice.click("sotto-conversation .contact")
	alice.hears("dialog", "About bob")
	alice.hears("switch", "We compared the numbers and they are the same")
	alice.key("Escape")
	alice.press("Emoji")
	alice.hears("dialog", "Emoji")
	alice.hears("combobox", "Search emoji")
	alice.key("Escape")
}

// TestReducedMotion finds nothing that moves for those who asked for that.
func TestReducedMotion(t *testing.T) {
	t.Parallel()
	_, alice, _ := withFriends(t, "bob")
	moving := `(() => {
		const long = (times) => times.split(',').some((t) => parseFloat(t) > 0);
		return [...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e); return long(s.transitionDuration) || (s.animationName !== 'none' && long(s.animationDuration)) || s.scrollBehavior === 'smooth'; }).length;
	})()`
	if n, err := eval[int](alice, moving); err != nil || n == 0 {
		t.Errorf("nothing moves anyway: %d, %v", n, err)
	}
	alice.scheme("light") // and reduced motion
	alice.press("Settings")
	alice.until("the settings are open", `document.querySelector('sotto-settings dialog[open]') !== null`)
	if n, err := eval[int](alice, moving); err != nil || n != 0 {
		t.Errorf("%d elements move, %v", n, err)
	}
}

// TestTwiceTheSize enlarges the page to 200 %: half as many pixels each way, nothing is cut off or out of reach.
func TestTwiceTheSize(t *testing.T) {
	t.Parallel()
	_, alice, _ := withFriends(t, "bob")
	metrics := emulation.SetDeviceMetricsOverrideParams{Width: 640, Height: 400, DeviceScaleFactor: 2}
	if _, err := chromedp.Call(alice.ctx, emulation.SetDeviceMetricsOverride, metrics); err != nil {
		t.Fatal(err)
	}
	alice.until("the page is enlarged", "innerWidth === 640 && devicePixelRatio === 2")
	alice.say("seen well")
	alice.status("seen well", "Delivered")
	alice.notWider("the conversation")
	alice.press("Emoji")
	alice.until("emoji are there", `document.querySelectorAll('sotto-emoji [role=option]').length > 100`)
	alice.spot("the emoji search", css("sotto-emoji input"))
	alice.spot("an emoji", css("sotto-emoji [role=option]"))
	alice.key("Escape")
	alice.click("sotto-conversation .contact")
	alice.number(0)
	alice.click("dialog[open] input[role=switch]")
	alice.press("Close")
	alice.until("closed", `document.querySelector('dialog[open]') === null`)
}
