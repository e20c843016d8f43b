package e2e

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// The elements that tests name.
const (
	composer = "sotto-composer textarea"
	whoField = "sotto-who:not([hidden]) input"
	joinName = "sotto-join input"
	switcher = "sotto-switch dialog[open] input"
)

// named finds the button, link or question with a name, as someone who listens to the page does.
func named(name string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('button, a, summary, [role=button]')].find((e) =>
		e.checkVisibility() && (e.getAttribute('aria-label') ?? e.textContent).trim() === %s)`, quote(name))
}

// css finds the first element of a selector.
func css(selector string) string { return "document.querySelector(" + quote(selector) + ")" }

type point struct{ X, Y float64 }

// spot waits until an element can be pressed: shown, in view and not covered. It gives its middle.
func (p *tab) spot(what, find string) point {
	p.t.Helper()
	script := fmt.Sprintf(`(() => {
		const element = %s;
		if (!element?.checkVisibility()) return null;
		element.scrollIntoView({ block: 'nearest' });
		const { left, top, width, height } = element.getBoundingClientRect();
		const at = { X: left + width / 2, Y: top + height / 2 };
		const hit = document.elementFromPoint(at.X, at.Y);
		return hit !== null && (element.contains(hit) || hit.contains(element)) ? at : null;
	})()`, find)
	var at *point
	holds := func() bool {
		found, err := eval[*point](p, script)
		at = found
		return err == nil && found != nil
	}
	if !within(holds) {
		p.t.Fatalf("%s: still waiting for %s", p.name, what)
	}
	return *at
}

// press clicks on the button or link with a name.
func (p *tab) press(name string) {
	p.t.Helper()
	p.mouse(p.spot(name, named(name)))
}

// click clicks on the first element of a selector.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.mouse(p.spot(selector, css(selector)))
}

func (p *tab) mouse(at point) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.MouseClickXY(at.X, at.Y)); err != nil {
		p.t.Fatalf("%s: click: %v", p.name, err)
	}
}

// point moves the pointer onto the first element of a selector.
func (p *tab) point(find string) {
	p.t.Helper()
	at := p.spot(find, find)
	if err := chromedp.Do(p.ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at.X, at.Y)); err != nil {
		p.t.Fatalf("%s: point: %v", p.name, err)
	}
}

// keyCodes are the keys that tests press, with the codes that browsers give them.
var keyCodes = map[string]int64{
	"Enter": 13, "Escape": 27, "Tab": 9, "Backspace": 8, "Home": 36, "End": 35, "PageUp": 33,
	"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40,
}

// shift is held down while a key is pressed.
const shift = 8

// key presses a key with what is held down meanwhile. A page that takes the key for itself gets no character from it,
// as from a keyboard.
func (p *tab) key(key string, held ...int64) {
	p.t.Helper()
	down := input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeKeyDown, Key: key, Code: key, WindowsVirtualKeyCode: keyCodes[key],
	}
	for _, h := range held {
		down.Modifiers |= h
	}
	up := down
	up.Type = input.DispatchKeyEventTypeKeyUp
	if key == "Enter" {
		down.Text = "\r"
	}
	p.raw(down)
	p.raw(up)
}

// insert puts a text where the focus is, as pasting does.
func (p *tab) insert(text string) {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		p.t.Fatalf("%s: insert: %v", p.name, err)
	}
}

// write puts a text into a field that something just opened, which is to take the focus by itself.
func (p *tab) write(field, text string) {
	p.t.Helper()
	p.until(field+" has the focus", "document.activeElement === "+css(field))
	p.insert(text)
}

// compose shows a text as one that an input method has not finished; nothing ends the composition.
func (p *tab) compose(text string) {
	p.t.Helper()
	end := int64(len([]rune(text)))
	at := input.ImeSetCompositionParams{Text: text, SelectionStart: end, SelectionEnd: end}
	if _, err := chromedp.Call(p.ctx, input.ImeSetComposition, at); err != nil {
		p.t.Fatalf("%s: compose: %v", p.name, err)
	}
}

// raw sends one event of a key as the browser would get it from the system.
func (p *tab) raw(params input.DispatchKeyEventParams) {
	p.t.Helper()
	err := chromedp.Do(p.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, params)
		return err
	}))
	if err != nil {
		p.t.Fatalf("%s: key event: %v", p.name, err)
	}
}

// join opens a server and makes an account there with the person's name.
func (p *tab) join(address string) {
	p.t.Helper()
	p.goTo(address)
	p.enterName()
	p.online()
}

// enterName chooses the person's name on the page for that.
func (p *tab) enterName() {
	p.t.Helper()
	p.click(joinName)
	p.insert(p.name)
	p.key("Enter")
	p.until("in", `document.querySelector('sotto-join') === null && document.querySelector('sotto-sidebar') !== null`)
}

// online waits until the tab says that it is connected.
func (p *tab) online() {
	p.t.Helper()
	p.until("online", `document.querySelector('sotto-sidebar .connection')?.dataset.state === 'online'`)
}

// meet starts the conversation with someone by their name.
func (p *tab) meet(name string) {
	p.t.Helper()
	p.click(whoField)
	p.insert(name)
	p.key("Enter")
	p.opened(name)
}

// opened waits until the conversation with someone is on the screen.
func (p *tab) opened(name string) {
	p.t.Helper()
	script := fmt.Sprintf(`document.querySelector('sotto-conversation header .name')?.textContent === %s
		&& document.querySelector('sotto-timeline .log:not([aria-busy])') !== null`, quote(name))
	p.until("the conversation with "+name+" is open", script)
}

// choose opens a conversation from the list.
func (p *tab) choose(name string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`sotto-list a[href="#/with/%s"]`, name))
	p.opened(name)
}

// say writes a message and sends it by Enter.
func (p *tab) say(text string) {
	p.t.Helper()
	p.click(composer)
	p.insert(text)
	p.key("Enter")
	p.until("the composer is empty", css(composer)+`.value === ''`)
}

// seen says whether a text stands somewhere on the screen.
func (p *tab) sees(text string) bool {
	return strings.Contains(p.read("document.body.innerText"), text)
}
