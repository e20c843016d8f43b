package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// fingers makes the page that of a small device with a touch screen.
func (p *tab) fingers() {
	p.t.Helper()
	metrics := emulation.SetDeviceMetricsOverrideParams{Width: narrow.width, Height: narrow.height, DeviceScaleFactor: 1, Mobile: true}
	if _, err := chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride, metrics); err != nil {
		p.t.Fatal(err)
	}
	if _, err := chromedp.Call(p.ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true}); err != nil {
		p.t.Fatal(err)
	}
	p.until("it is touched, not hovered over", `matchMedia('(hover: none)').matches && innerWidth < 400`)
}

// touch puts a finger onto the middle of the element that a script finds, and gives what lifts it.
func (p *tab) touch(find string) (lift func()) {
	p.t.Helper()
	at := p.spot(find, find)
	send := func(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
		p.t.Helper()
		if _, err := chromedp.Call(p.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points}); err != nil {
			p.t.Fatalf("%s: touch: %v", p.name, err)
		}
	}
	send(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: at.X, Y: at.Y})
	return func() {
		p.t.Helper()
		send(input.DispatchTouchEventTypeTouchEnd)
	}
}

// tap touches an element for a moment.
func (p *tab) tap(find string) {
	p.t.Helper()
	p.touch(find)()
}

// TestByTouch holds a message with a finger until its menu opens, and reacts, replies and deletes without a pointer.
func TestByTouch(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	conv := bob.meet("alice")
	alice.say("rather not")
	alice.status("rather not", "Delivered")
	bob.say(conv, "the lake is frozen")
	alice.draws("the news", "the lake is frozen")
	alice.fingers()

	menu := css(`.menu [role=menuitem]`) + `?.checkVisibility() ?? false`
	lift := alice.touch(withText("rather not"))
	alice.until("the menu is open under the finger", menu)
	lift()
	alice.until("the finger is lifted", `new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(true))))`)
	if alice.read(`String(`+menu+`)`) != "true" {
		t.Error("the menu went with the finger")
	}
	alice.tap(named("Delete for everyone"))
	alice.open("sotto-delete")
	alice.tap(`[...document.querySelectorAll('sotto-delete .button')].find((b) => b.textContent === 'Delete for everyone')`)
	alice.shows("> This message was deleted.", "the lake is frozen")

	alice.tap(withText("the lake is frozen") + ".querySelector('.text')")
	alice.tap(named("React"))
	alice.open("sotto-react")
	alice.until("the emoji are there", `document.querySelectorAll('sotto-react [role=option]').length > 50`)
	picked := alice.read(`document.querySelector('sotto-react [role=option]').textContent`)
	alice.tap(css("sotto-react [role=option]"))
	reaction := css("sotto-message .reactions button")
	alice.until("alice has reacted", reaction+`?.getAttribute('aria-pressed') === 'true'`)
	bob.react(conv, "the lake is frozen", picked)
	alice.until("both have", reaction+`.innerText.includes('2')`)
	alice.tap(reaction)
	alice.until("alice has taken hers away", reaction+`.getAttribute('aria-pressed') === 'false'`)

	alice.tap(withText("the lake is frozen") + ".querySelector('.text')")
	alice.tap(named("Reply"))
	alice.write(composer, "then let us go")
	alice.tap(css("sotto-composer .send"))
	if got := bob.message(conv, "then let us go"); got.Reply == nil || got.Reply.Text != "the lake is frozen" {
		t.Errorf("bob has %+v", got)
	}
}
