package e2e

import (
	"strings"
	"testing"
)

// picker opens the emoji picker and waits until it shows something.
func (p *tab) picker() {
	p.t.Helper()
	p.press("Emoji")
	p.until("emoji are there", `document.querySelectorAll('sotto-emoji:not([hidden]) [role=option]').length > 0`)
	p.until("the search has the focus", `document.activeElement === document.querySelector('sotto-emoji [role=combobox]')`)
}

// chosen gives the name of the emoji that Enter would pick, as a screen reader is told.
func (p *tab) chosen() string {
	return p.read(`document.getElementById(document.activeElement.getAttribute('aria-activedescendant') ?? '')?.ariaLabel ?? ''`)
}

func TestEmojiPickerByKeyboard(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	alice.insert("to the ")
	alice.picker()
	alice.insert("rocket")
	alice.until("found", `document.querySelector('sotto-emoji .label').innerText.includes('result')`)
	if got := alice.chosen(); got != "rocket" {
		t.Errorf("the best match is %q", got)
	}
	alice.key("Enter")
	alice.until("closed", `document.querySelector('sotto-emoji').hidden`)
	if got := alice.written(); got != "to the 🚀" || !alice.writing() {
		t.Errorf("the composer holds %q", got)
	}

	alice.picker()
	first := alice.chosen()
	alice.key("ArrowRight")
	second := alice.chosen()
	alice.key("ArrowDown")
	below := alice.chosen()
	if first == "" || second == first || below == second || below == first {
		t.Errorf("the arrows went %q, %q, %q", first, second, below)
	}
	alice.key("Enter", shift) // stays open for more
	alice.insert("zzzzzz")
	alice.until("nothing found", `document.querySelector('sotto-emoji [role=status]').innerText === 'Nothing was found.'`)
	alice.key("Escape")
	alice.until("closed", `document.querySelector('sotto-emoji').hidden`)
	if got := []rune(alice.written()); len(got) < len([]rune("to the 🚀"))+1 || !alice.writing() {
		t.Errorf("the composer holds %q", string(got))
	}
	alice.key("Enter")
	until(t, "sent", func() bool { return len(friends[0].texts(friends[0].meet("alice"))) == 1 })
}

func TestEmojiPickerByPointer(t *testing.T) {
	t.Parallel()
	_, alice, _ := withFriends(t, "bob")
	alice.picker()
	alice.press("Animals and nature")
	alice.until("another group", `document.querySelector('sotto-emoji .label').innerText === 'Animals and nature'`)
	alice.do(`{ const tone = document.querySelector('sotto-emoji select'); tone.value = '3'; tone.dispatchEvent(new Event('change')); }`)
	alice.insert("waving hand")
	alice.until("toned", `document.querySelector('sotto-emoji [role=option]').innerText === '👋🏽'`)
	alice.click("sotto-emoji [role=option]")
	alice.until("closed", `document.querySelector('sotto-emoji').hidden`)
	if got := alice.written(); got != "👋🏽" || !alice.writing() {
		t.Errorf("the composer holds %q", got)
	}
	alice.key("Enter")
	alice.shows("> 👋🏽")
	alice.until("drawn large", withText("👋🏽")+`.hasAttribute('data-big')`)
	alice.picker()
	alice.press("Recently used")
	alice.until("a recent one", `document.querySelector('sotto-emoji [role=option]').innerText === '👋🏽'`)
	alice.click(composer) // elsewhere: the picker goes
	alice.key("Escape")
	alice.until("closed", `document.querySelector('sotto-emoji').hidden`)
	if strings.TrimSpace(alice.written()) != "" {
		t.Errorf("the composer holds %q", alice.written())
	}
}
