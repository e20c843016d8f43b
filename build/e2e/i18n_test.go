package e2e

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// stored lets a page find something in its storage when it first opens.
func stored(key, value string) setting {
	return earlyInPage(fmt.Sprintf("if (localStorage.getItem(%[1]s) === null) localStorage.setItem(%[1]s, %[2]s)", quote(key), quote(value)))
}

// begins and ends stand around every text of the marked catalogue. They are next to invisible, and trimming takes them
// away.
const begins, ends = "\ufeff", "\u200a"

// marked lets a page speak English in which every text of the catalogue is marked, as if that were the other language.
func marked(t *testing.T) setting {
	t.Helper()
	english, err := os.ReadFile("../../frontend/js/core/strings.en.json")
	if err != nil {
		t.Fatal(err)
	}
	return earlyInPage(`{
		localStorage.setItem('sotto.language', 'de');
		const english = ` + string(english) + `;
		const wrap = (text) => typeof text === 'string' ? ` + quote(begins) + ` + text + ` + quote(ends) + ` : Object.fromEntries(Object.entries(text).map(([k, v]) => [k, wrap(v)]));
		const own = globalThis.fetch;
		globalThis.fetch = (...args) => String(args[0]).endsWith('/strings.de.json')
			? Promise.resolve(Response.json(wrap(english)))
			: own(...args);
	}`)
}

// unmarked gives every text on the page, and every word for screen readers, that stands outside of the marks and is not
// what people wrote, their names, times, numbers or the name of a key.
const unmarked = `(() => {
	const data = 'sotto-message .text, .name, time, code, kbd, .who, sotto-avatar, sotto-number, .hex, .plain, [role=option], .day, .brand, option, sotto-invite input, dd:not(:has(*)), sotto-qr';
	const innermost = /` + begins + `[^` + begins + ends + `]*` + ends + `/g;
	const outside = (text) => {
		for (let before = ''; before !== text; text = text.replaceAll(innermost, '')) before = text;
		return text.match(/\p{L}{2,}.*/u)?.[0];
	};
	const found = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
	for (let node = walk.nextNode(); node; node = walk.nextNode()) {
		if (node instanceof Text) {
			const parent = node.parentElement;
			if (!parent.closest('script, style, noscript') && !parent.closest(data) && outside(parent.textContent) && outside(node.data)) found.push(node.data);
		} else if (!node.closest(data)) {
			for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description']) if (outside(node.getAttribute(name) ?? '')) found.push(name + ': ' + node.getAttribute(name));
		}
	}
	return found;
})()`

// written are texts that the tour's people write, and where the list shows them.
var written = []string{"Good morning", "It was frozen", "Tea at four", "Yes!", "Shall we go", "Sunday it is", "This one waits", "for bob only", "a message that", "hello", "Shall we take", "Bring a rope", "and an axe"}

// persons are the tour's, by their names.
var persons = []string{"alice", "bob", "carol"}

// TestEveryTextIsOfTheCatalogue goes through every screen with a marked catalogue.
func TestEveryTextIsOfTheCatalogue(t *testing.T) {
	t.Parallel()
	seen := 0
	tourWith(t, []setting{marked(t)}, func(screen string, p *tab) {
		texts, err := eval[[]string](p, unmarked)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			ofPeople := func(w string) bool { return strings.Contains(text, w) }
			if !slices.Contains(persons, strings.TrimPrefix(text, "title: ")) && !slices.ContainsFunc(written, ofPeople) {
				t.Errorf("%s: %q is not of the catalogue", screen, text)
			}
		}
		if strings.Contains(p.read("document.body.textContent"), begins) {
			seen++
		}
	})
	if seen < 15 {
		t.Errorf("the marks were seen on %d screens only", seen)
	}
}

// TestGerman chooses the language in the settings, and by the browser's.
func TestGerman(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	bob.say(bob.meet("alice"), "eins", "zwei")
	alice.shows("eins", "zwei")
	alice.press("Settings")
	alice.until("the settings are open", `document.querySelector('sotto-settings dialog[open]') !== null`)
	alice.pick("sotto-settings select", "de")
	alice.until("it speaks German", `document.documentElement.lang === 'de'`)
	alice.opened("bob")
	says(t, "the page", alice.read("document.body.innerText"), "Mit wem möchtest du sprechen?", "Ende zu Ende verschlüsselt", "Verbunden", "Heute")
	if got := alice.read(css(composer) + ".ariaLabel"); got != "Nachricht an bob" {
		t.Errorf("the composer is called %q", got)
	}
	alice.press("Emoji")
	alice.until("emoji are there", `document.querySelectorAll('sotto-emoji [role=option]').length > 100`)
	alice.insert("rakete")
	alice.until("found by its German name", `document.querySelector('sotto-emoji [role=option]')?.ariaLabel === 'Rakete'`)
	alice.key("Escape")
	alice.press("Einstellungen")
	alice.until("the choice stands", `document.querySelector('sotto-settings select').value === 'de'`)
	alice.pick("sotto-settings select", "en")
	alice.until("it speaks English", `document.documentElement.lang === 'en'`)

	german := newProfile(t, "dora").tab(earlyInPage(`Object.defineProperty(navigator, 'languages', { value: ['de-AT', 'en'] })`))
	german.goTo(alice.read("location.origin"))
	german.until("the browser's language is spoken", `document.querySelector('sotto-join button')?.innerText === 'Beitreten'`)
}

// pick chooses a value of a select element, as a person does.
func (p *tab) pick(selector, value string) {
	p.t.Helper()
	p.do(fmt.Sprintf(`{ const s = %s; s.value = %s; s.dispatchEvent(new Event('change', { bubbles: true })); }`, css(selector), quote(value)))
}

// TestRightToLeft turns the page around: everything stands on the other side, at the same distance from its edge.
func TestRightToLeft(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	bob.say(bob.meet("alice"), "from bob")
	alice.say("from alice")
	alice.status("from alice", "Delivered")
	parts := []string{
		"sotto-sidebar", "sotto-sidebar .head .mark", "sotto-list a", "sotto-list sotto-avatar", "sotto-list .time", "sotto-conversation header sotto-avatar", "sotto-conversation header .name",
		"sotto-composer form", "sotto-composer .send", "sotto-composer form > button", "sotto-message[data-own]", "sotto-message:not([data-own])", "sotto-sidebar .me sotto-avatar",
	}
	type edges struct{ Left, Right float64 }
	measure := func() []edges {
		found, err := eval[[]edges](alice, fmt.Sprintf(`[%s].map((s) => document.querySelector(s).getBoundingClientRect()).map(({ left, right }) => ({ Left: left, Right: innerWidth - right }))`,
			quoteAll(parts)))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	before := measure()
	alice.do(`document.documentElement.dir = 'rtl'; new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))`)
	for i, after := range measure() {
		if d := before[i].Left - after.Right; d > 1 || d < -1 {
			t.Errorf("%s: %+v became %+v", parts[i], before[i], after)
		}
	}
	if got := alice.read("String(document.documentElement.scrollWidth > innerWidth)"); got != "false" {
		t.Error("the page is wider than the window")
	}
}

func quoteAll(texts []string) string {
	var all []string
	for _, text := range texts {
		all = append(all, quote(text))
	}
	return strings.Join(all, ", ")
}
