package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
)

// withFriends gives alice on a server where others have accounts too, in the conversation with the first of them.
func withFriends(t *testing.T, names ...string) (s *server, alice *tab, friends []*friend) {
	t.Helper()
	s = newServer(t)
	for _, name := range names {
		friends = append(friends, newFriend(t, s.url(), name))
	}
	alice = newProfile(t, "alice").tab()
	alice.join(s.url())
	alice.meet(names[0])
	return s, alice, friends
}

// written gives what stands in the composer.
func (p *tab) written() string { return p.read(css(composer) + ".value") }

// empty takes out of the field that has the focus what is in it.
func (p *tab) empty() {
	p.t.Helper()
	p.do("document.activeElement.select()")
	p.key("Backspace")
}

// writing says whether the focus is in the composer.
func (p *tab) writing() bool {
	held, _ := eval[bool](p, "document.activeElement === "+css(composer))
	return held
}

func TestEnterSendsAndShiftEnterBreaksTheLine(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	if !alice.writing() {
		t.Error("an opened conversation cannot be written in at once")
	}
	alice.insert("first line")
	alice.key("Enter", shift)
	alice.insert("second line")
	if got := alice.written(); got != "first line\nsecond line" {
		t.Errorf("the composer holds %q", got)
	}
	alice.key("Enter")
	alice.shows("> first line\nsecond line")
	if !alice.writing() {
		t.Error("sending by Enter lost the focus")
	}
	alice.insert("by the button")
	alice.press("Send")
	alice.shows("> first line\nsecond line", "> by the button")
	if !alice.writing() {
		t.Error("sending by the button lost the focus")
	}

	alice.insert("  \t ")
	alice.key("Enter", shift)
	alice.key("Enter")
	alice.press("Send")
	if got := alice.written(); got != "  \t \n" {
		t.Errorf("white space became %q", got)
	}
	alice.empty()
	alice.insert("the last")
	alice.key("Enter")
	friends[0].has(friends[0].meet("alice"), "first line\nsecond line", "by the button", "the last")
	alice.shows("> first line\nsecond line", "> by the button", "> the last")
}

// TestNothingIsSentWhileAnInputMethodComposes presses the Enter that chooses a candidate.
func TestNothingIsSentWhileAnInputMethodComposes(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	alice.do(`globalThis.composing = []; ` + css(composer) + `.addEventListener('keydown', (e) => composing.push(e.isComposing))`)
	alice.compose("にほん")
	alice.key("Enter") // as browsers that do not say 229
	alice.raw(input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeRawKeyDown, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 229,
	})
	if got, err := eval[[]bool](alice, "composing"); err != nil || !slices.Equal(got, []bool{true, true}) {
		t.Fatalf("keys while composing: %v, %v", got, err)
	}
	alice.compose("日本")
	alice.insert("日本") // the choice ends the composition
	if got := alice.written(); strings.TrimRight(got, "\n") != "日本" {
		t.Errorf("the composer holds %q", got)
	}
	alice.raw(input.DispatchKeyEventParams{
		Type: input.DispatchKeyEventTypeRawKeyDown, Key: "Process", Code: "Enter", WindowsVirtualKeyCode: 229,
	})
	if got := alice.texts(); len(got) != 0 {
		t.Errorf("sent while composing: %q", got)
	}
	alice.key("Enter")
	until(t, "one message is there", func() bool { return len(alice.texts()) == 1 })
	friends[0].has(friends[0].meet("alice"), strings.TrimPrefix(alice.texts()[0], "> "))
}

func TestComposerGrowsToTwoFifthsOfTheHeight(t *testing.T) {
	t.Parallel()
	_, alice, _ := withFriends(t, "bob")
	type size struct{ Height, Content, Window float64 }
	measure := func() size {
		s, err := eval[size](alice, `(({ clientHeight, scrollHeight }) => ({ Height: clientHeight, Content: scrollHeight,
			Window: innerHeight }))(`+css(composer)+`)`)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	one := measure()
	alice.insert("a\nb\nc")
	three := measure()
	if three.Height < one.Height+30 || three.Content > three.Height {
		t.Errorf("one line %+v, three lines %+v", one, three)
	}
	alice.insert(strings.Repeat("line\n", 60))
	many := measure()
	if many.Height > many.Window*0.4 || many.Height < many.Window*0.35 || many.Content <= many.Height {
		t.Errorf("many lines %+v", many)
	}
	alice.empty()
	if got := measure(); got != one {
		t.Errorf("empty again %+v, want %+v", got, one)
	}
}

func TestDraftsSurviveSwitchingAndReload(t *testing.T) {
	t.Parallel()
	s, alice, _ := withFriends(t, "bob", "carol")
	alice.insert("half a thought")
	alice.meet("carol")
	if got := alice.written(); got != "" {
		t.Errorf("the draft for bob stands in carol's composer: %q", got)
	}
	alice.until("the list shows the draft", css(`sotto-list a[href="#/with/bob"]`)+`.innerText.includes('Draft: half a thought')`)
	alice.insert("another")
	other := alice.profile.tab()
	other.goTo(s.url() + "/#/with/carol") // there the drafts come from the store
	other.opened("carol")
	other.until("stored", css(composer)+`.value === 'another'`)
	other.finish()

	alice.reload()
	alice.opened("carol")
	alice.until("carol's draft", css(composer)+`.value === 'another'`)
	alice.choose("bob")
	alice.until("bob's draft", css(composer)+`.value === 'half a thought'`)
	alice.key("Enter")
	alice.shows("> half a thought")
	alice.status("half a thought", "Delivered")
	alice.reload()
	alice.opened("bob")
	alice.shows("> half a thought")
	if got := alice.written(); got != "" {
		t.Errorf("what was sent is a draft again: %q", got)
	}
}

// TestADraftSurvivesAReloadRightAfterTheLastKey reloads in the same moment, again and again; so does what is sent.
func TestADraftSurvivesAReloadRightAfterTheLastKey(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	alice.keeps(1)
	var want string
	var said []string
	for n := range 8 {
		word := fmt.Sprintf("word %d ", n)
		alice.insert(word[:4])
		alice.insert(word[4:])
		alice.reload()
		alice.opened("bob")
		want += word
		if got := alice.written(); got != want {
			t.Fatalf("after reload %d the composer holds %q, want %q", n, got, want)
		}
		alice.do(css(composer) + ".setSelectionRange(1e6, 1e6)")
	}
	for n := range 4 {
		alice.empty()
		said = append(said, fmt.Sprintf("said %d", n))
		alice.insert(said[n])
		alice.key("Enter")
		alice.reload()
		alice.opened("bob")
		friends[0].has(friends[0].meet("alice"), said...)
		if got := alice.written(); got != "" {
			t.Errorf("what was sent is a draft again: %q", got)
		}
	}
}

// TestTooLongIsSaidAndKept pastes more than a message can hold.
func TestTooLongIsSaidAndKept(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	text := strings.Repeat("äöü", 12_000)
	alice.insert(text)
	alice.key("Enter")
	alice.until("told", `document.querySelector('sotto-toast:popover-open')?.innerText.includes('too long: 71 KB of 64 KB')`)
	if alice.written() != text {
		t.Error("what was too long is gone")
	}
	alice.empty()
	alice.insert(strings.Repeat("x", 64<<10))
	alice.key("Enter")
	friends[0].has(friends[0].meet("alice"), strings.Repeat("x", 64<<10))
}
