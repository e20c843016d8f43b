package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
)

// TestMarksAreDrawn sends what the subset of Markdown knows, in one message.
func TestMarksAreDrawn(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	alice.pictured("empty")
	bob.say(bob.meet("alice"), "**bold** *it* `code` <b>no</b>\n> quoted **too**\n```\nlet x = '*';\n```\nwww.example.org")
	alice.until("drawn", `document.querySelector('sotto-message .text a') !== null`)
	got := alice.read(`[...document.querySelectorAll('sotto-message .text *')].map((e) => e.localName + '=' + e.textContent).join(' | ')`)
	want := "strong=bold | em=it | code=code | blockquote=quoted too | strong=too | pre=let x = '*'; | code=let x = '*'; | a=www.example.org"
	if got != want {
		t.Errorf("drawn is %q", got)
	}
	if href := alice.read(`document.querySelector('sotto-message a').href`); href != "https://www.example.org/" {
		t.Errorf("the link leads to %q", href)
	}
	if line := alice.read(css("sotto-list .line") + ".textContent"); line != "bold it code <b>no</b> quoted too let x = '*'; www.example.org" {
		t.Errorf("the list says %q", line)
	}
}

// hostile are texts that someone sends to break a page, with a word by which each is known to have arrived.
var hostileTexts = []string{
	"evil \u202e\u2066gnp.exe\u2067 override",
	"zero\u200bwidth\u200d\ufeff name",
	"tower " + strings.Repeat("\u0301\u0489", 5_000) + " of marks",
	strings.Repeat("W", 64<<10),
	strings.Repeat("*a* ", 16<<10),
	strings.Repeat("> ", 32<<10),
	strings.Repeat("http://a.b ", 5_900),
	strings.Repeat("`", 64<<10),
	"https://xn--pple-43d.com https://аpple.com https://good.example@evil.example/ https://evil.example/\u202emoc.doog",
	`<img src=x onerror=alert(1)> <script>alert(1)</script> <a href="javascript:alert(1)">x</a> [x](javascript:alert(1))`,
	strings.Repeat("line\n", 13_000),
}

// TestHostileTexts lets bob send them all: each stands in its place, none stands on another or out of the page, and the
// page stays small.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	conv := bob.meet("alice")
	bob.say(conv, hostileTexts...)
	bob.say(conv, "harmless")
	alice.until("all are there", fmt.Sprintf(`document.querySelectorAll('sotto-message').length === %d`, len(hostileTexts)+1))
	alice.draws("the newest", "harmless")
	for _, size := range []picture{wide, narrow} {
		alice.size(size.width, size.height)
		alice.notWider("the timeline")
	}
	alice.size(wide.width, wide.height)
	type spread struct{ Towers, Tallest, Nodes int }
	got, err := eval[spread](alice, `({
		Towers: [...document.querySelectorAll('sotto-message .text')].filter((e) => /\p{Mark}{13}/u.test(e.textContent)).length,
		Tallest: Math.round(Math.max(...[...document.querySelectorAll('sotto-message')].map((m) => m.offsetHeight))),
		Nodes: document.querySelectorAll('sotto-timeline *').length,
	})`)
	if err != nil || got.Towers != 0 || got.Tallest > 3000 || got.Nodes > 1000 {
		t.Errorf("%+v, %v", got, err)
	}
	hrefs := alice.read(`[...document.querySelectorAll('sotto-message a')].map((a) => a.href).filter((h) => !h.startsWith('http://a.b')).join(' ')`)
	if hrefs != "https://xn--pple-43d.com/ https://xn--pple-43d.com/" {
		t.Errorf("links lead to %q", hrefs)
	}
	if scripts := alice.read(`String(document.querySelectorAll('sotto-message :is(img, script)').length)`); scripts != "0" {
		t.Errorf("%s nodes were made of markup", scripts)
	}
	// Marks of direction end with their message: its time stands where that of any other does.
	evil, harmless := alice.read(`getComputedStyle(document.querySelector('sotto-message .meta')).direction`), "ltr"
	if evil != harmless {
		t.Errorf("the time beside an override is %s", evil)
	}
	alice.press("Show all")
	alice.until("all of it is there", `[...document.querySelectorAll('sotto-message .text')].some((e) => e.textContent.length >= 64 << 10)`)
	alice.notWider("the timeline with all of it")
	if held := alice.read(`document.activeElement.localName`); held != "sotto-message" {
		t.Errorf("the focus is on %s", held)
	}
}

// draws waits until a text is among those drawn.
func (p *tab) draws(what, text string) {
	p.t.Helper()
	until(p.t, what+" is drawn", func() bool { return slices.Contains(p.texts(), text) })
}

// wider finds what can be scrolled sideways or stands out of the window: the page, the timeline, what is open above them.
const wider = `[document.documentElement, ...document.querySelectorAll('sotto-timeline .log, dialog[open], dialog[open] .body, .menu, sotto-composer, sotto-emoji:not([hidden])')]
	.filter((e) => e.checkVisibility()).filter((e) => {
		const { left, right } = e.getBoundingClientRect();
		return e.scrollWidth > Math.max(e.clientWidth, 1) || left < -1 || right > innerWidth + 1;
	}).map((e) => e.parentElement?.parentElement?.localName + ' ' + e.localName + '.' + e.className).join()`

// notWider fails where something can be scrolled sideways.
func (p *tab) notWider(what string) {
	p.t.Helper()
	if found, err := eval[string](p, wider); err != nil || found != "" {
		p.t.Errorf("%s: %s: wider than the window: %q, %v", p.name, what, found, err)
	}
}

// TestWhatIsWiderIsFound makes something in a dialog too wide: it is found, so that finding nothing means something.
func TestWhatIsWiderIsFound(t *testing.T) {
	t.Parallel()
	s := newServer(t) // it goes after the tab
	p := newProfile(t, "alice").tab()
	p.join(s.url())
	p.press("Settings")
	p.open("sotto-settings")
	p.notWider("the settings")
	p.do(css("sotto-settings .body") + ".firstElementChild.style.minWidth = '5000px'")
	if p.read(wider) == "" {
		t.Error("nothing is found")
	}
}

// TestPastedMarkupBecomesText pastes what a web page puts into the clipboard.
func TestPastedMarkupBecomesText(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	alice.mayUseClipboard()
	alice.do(`navigator.clipboard.write([new ClipboardItem({
		'text/html': new Blob(['<b>bold</b> <img src="https://elsewhere.example/x.png">'], { type: 'text/html' }),
		'text/plain': new Blob(['bold and plain'], { type: 'text/plain' }),
	})])`)
	alice.click(composer)
	alice.raw(input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "v", Code: "KeyV", WindowsVirtualKeyCode: 86, Modifiers: 2, Commands: []string{"paste"}})
	alice.until("pasted", css(composer)+`.value === 'bold and plain'`)
	alice.key("Enter")
	friends[0].has(friends[0].meet("alice"), "bold and plain")
}

// TestEmojiAreCompleted writes the beginning of a name after a colon.
func TestEmojiAreCompleted(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	offered := `document.querySelector('sotto-suggest:not([hidden]) [role=option]') !== null`
	gone := `document.querySelector('sotto-suggest').hidden`
	alice.insert("to the :rocke")
	alice.until("something is offered", offered)
	type list struct{ Role, Name, Active, Words string }
	got, err := eval[list](alice, `((input) => ({
		Role: document.getElementById(input.getAttribute('aria-controls')).getAttribute('role'),
		Name: document.getElementById(input.getAttribute('aria-controls')).ariaLabel,
		Active: document.getElementById(input.getAttribute('aria-activedescendant'))?.ariaSelected,
		Words: document.getElementById(input.getAttribute('aria-activedescendant'))?.textContent,
	}))(`+css(composer)+`)`)
	if err != nil || got.Role != "listbox" || got.Name != "Suggestions" || got.Active != "true" || got.Words != "🚀rocket" {
		t.Errorf("the suggestions are %+v, %v", got, err)
	}
	alice.key("Enter")
	alice.until("taken", gone)
	if got := alice.written(); got != "to the 🚀" || !alice.writing() {
		t.Errorf("the composer holds %q", got)
	}
	alice.insert(" :smi")
	alice.until("something is offered", offered)
	first := alice.suggested()
	alice.key("ArrowDown")
	if second := alice.suggested(); second == first || second == "" {
		t.Errorf("the arrow went from %q to %q", first, second)
	}
	alice.key("Escape")
	alice.until("refused", gone)
	alice.insert("l")
	if alice.read("String("+gone+")") != "true" {
		t.Error("what was refused is offered again")
	}
	alice.key("Enter") // sends now
	friends[0].has(friends[0].meet("alice"), "to the 🚀 :smil")
	alice.insert("at 10:30 or :)")
	if alice.read("String("+gone+")") != "true" {
		t.Error("something is offered for a time")
	}
}

// suggested gives the words of the active suggestion.
func (p *tab) suggested() string {
	return p.read(`document.getElementById(document.activeElement.getAttribute('aria-activedescendant') ?? '')?.textContent ?? ''`)
}
