package e2e

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"sotto/wasm/client"
)

const view = "document.querySelector('sotto-timeline .log')"

// pill finds the button that leads to the newest message.
const pill = "document.querySelector('sotto-timeline .pill')"

// toEnd gives how many pixels of the timeline are below what is in view.
func (p *tab) toEnd() float64 {
	p.t.Helper()
	left, err := eval[float64](p, fmt.Sprintf("(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop)(%s)", view))
	if err != nil {
		p.t.Fatal(err)
	}
	return left
}

// scroll changes how far the timeline is scrolled, "+= 1" or "= 0", and waits until the page has taken notice.
func (p *tab) scroll(change string) {
	p.t.Helper()
	p.do(view + ".scrollTop " + change + "; new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
}

// atEnd waits until the newest is in view.
func (p *tab) atEnd() {
	p.t.Helper()
	until(p.t, "the newest is in view", func() bool { return p.toEnd() <= 1 })
}

// place is a message in view, and where it stands.
type place struct {
	Text string
	Top  float64
}

// first gives the first message in view.
func (p *tab) first() place {
	p.t.Helper()
	at, err := eval[place](p, fmt.Sprintf(`(() => {
		const top = %s.getBoundingClientRect().top;
		const m = [...document.querySelectorAll('sotto-message')].find((m) => m.getBoundingClientRect().bottom > top);
		return { Text: m.querySelector('.text').textContent, Top: m.getBoundingClientRect().top };
	})()`, view))
	if err != nil {
		p.t.Fatal(err)
	}
	return at
}

// stays fails unless a message stands where it stood.
func (p *tab) stays(when string, before place) {
	p.t.Helper()
	if at := p.box(withText(before.Text)).Top; math.Abs(at-before.Top) > 1 {
		p.t.Errorf("%s: %q went from %v to %v", when, before.Text, before.Top, at)
	}
}

// rests waits until nothing is drawn or taken away any more. It never is when what falls off is asked for again.
func (p *tab) rests() {
	p.t.Helper()
	until(p.t, "what is drawn stays", func() bool {
		changes, err := eval[int](p, `new Promise((done) => {
			let changes = 0;
			new MutationObserver((all) => (changes += all.length)).observe(document.querySelector('sotto-timeline .rows'), { childList: true });
			let frames = 20;
			const next = () => (--frames > 0 ? requestAnimationFrame(next) : done(changes));
			next();
		})`)
		return err == nil && changes == 0
	})
}

// longTalk gives alice in a conversation in which bob has said n lines, in order: "line 1" to "line n".
func longTalk(t *testing.T, n int, others ...string) (alice *tab, bob *friend, conv string) {
	t.Helper()
	s, alice, friends := withFriends(t, append([]string{"bob"}, others...)...)
	bob = friends[0]
	conv = bob.meet("alice")
	alice.goTo("about:blank") // all of it waits for her
	for i := range n {
		bob.say(conv, fmt.Sprintf("line %d", i+1))
	}
	bob.settled(conv)
	alice.goTo(s.url() + "/#/with/bob")
	alice.opened("bob")
	alice.until("all are here", fmt.Sprintf(`[...document.querySelectorAll('sotto-message .text')].at(-1)?.textContent === 'line %d'`, n))
	return alice, bob, conv
}

func TestNewMessagesAndTheView(t *testing.T) {
	t.Parallel()
	alice, bob, conv := longTalk(t, 40, "carol")
	alice.atEnd()
	bob.say(conv, "followed")
	alice.until("it is there", withText("followed")+" !== undefined")
	alice.atEnd()

	alice.scroll("-= 60")
	alice.click(composer)
	alice.insert("x")
	alice.scroll("+= 0") // the draft is drawn
	if left := alice.toEnd(); left < 59 {
		t.Errorf("%v pixels below what is in view after a draft and no message, want 60", left)
	}
	alice.key("Backspace")
	bob.say(conv, "near enough")
	alice.until("it is there", withText("near enough")+" !== undefined")
	alice.atEnd()

	alice.scroll("-= 300")
	before := alice.first()
	for i := range 3 {
		bob.say(conv, fmt.Sprintf("below %d", i+1))
	}
	alice.until("three are told", pill+`.checkVisibility() && `+pill+`.innerText.includes('3 new messages')`)
	alice.stays("new messages below", before)
	alice.meet("carol")
	bob.say(conv, "while away")
	alice.until("one more is unread", `document.querySelector('sotto-list a[href="#/with/bob"] .badge').innerText.startsWith('4')`)
	alice.choose("bob")
	alice.until("where it was", withText(before.Text)+" !== undefined")
	alice.stays("back in the conversation", before)
	alice.until("four are told", pill+`.innerText.includes('4 new messages')`)
	alice.mouse(alice.spot("the pill", pill))
	alice.atEnd()
	alice.until("the pill is gone", "!"+pill+".checkVisibility()")
	alice.until("all is read", `document.title === 'Sotto'`)

	alice.scroll("= 0")
	alice.until("the way down is offered", pill+`.checkVisibility()`)
	alice.say("to the end")
	alice.until("it is there", withText("to the end")+" !== undefined")
	alice.atEnd()
}

// TestOlderMessagesComeAboveTheFirstDrawn is faster at the top than older messages come: what is drawn first has the name
// of who said it, which goes when the one before it said so too.
func TestOlderMessagesComeAboveTheFirstDrawn(t *testing.T) {
	t.Parallel()
	const lines = 190
	s, alice, friends := withFriends(t, "bob")
	group := friends[0].group("many lines", "alice")
	alice.until("the group is there", fmt.Sprintf(`document.querySelector('sotto-list a[href="#/talk/%s"]') !== null`, group))
	alice.goTo("about:blank") // all of it waits for her
	for i := range lines {
		friends[0].say(group, fmt.Sprintf("line %d", i+1))
	}
	friends[0].settled(group)
	alice.goTo(s.url() + "/#/talk/" + group)
	alice.until("all are here", withText(fmt.Sprintf("line %d", lines))+" !== undefined")
	for range 2 {
		before, err := eval[place](alice, fmt.Sprintf(`(() => {
			%s.scrollTop = 0;
			const m = document.querySelectorAll('sotto-message')[2];
			return { Text: m.querySelector('.text').textContent, Top: m.getBoundingClientRect().top };
		})()`, view))
		if err != nil {
			t.Fatal(err)
		}
		alice.until("older ones", fmt.Sprintf(`document.querySelector('sotto-timeline .log:not([aria-busy])') !== null &&
			document.querySelectorAll('sotto-message .text')[2].textContent !== %s`, quote(before.Text)))
		alice.stays("older messages above the first", before)
	}
}

// TestOlderMessagesComeWithoutAJump goes up a long conversation to its beginning.
func TestOlderMessagesComeWithoutAJump(t *testing.T) {
	t.Parallel()
	const lines = 160
	alice, _, _ := longTalk(t, lines)
	alice.atEnd()
	seen := map[string]bool{}
	for range lines {
		for _, text := range alice.texts() {
			seen[text] = true
		}
		if slices.Contains(alice.notices(), "opened") {
			break
		}
		oldest := alice.texts()[0]
		alice.do(view + ".scrollTop = 200")
		before := alice.first()
		alice.until("older ones", fmt.Sprintf(`document.querySelector('sotto-timeline .log:not([aria-busy])') !== null &&
			document.querySelector('sotto-message .text').textContent !== %s`, quote(oldest)))
		alice.stays("older messages above", before)
	}
	if len(seen) != lines {
		t.Errorf("%d messages were drawn on the way, want %d", len(seen), lines)
	}
	alice.scroll("= 1500")
	alice.rests()
	alice.scroll("= 0")
	alice.rests()
	if got := alice.texts(); got[0] != "line 1" || !slices.IsSortedFunc(got, byNumber) {
		t.Errorf("drawn at the beginning: %q", got)
	}
	nodes, err := eval[int](alice, "document.querySelectorAll('sotto-timeline *').length")
	if err != nil || nodes > 1000 {
		t.Errorf("%d nodes, %v", nodes, err)
	}
	alice.mouse(alice.spot("the pill", pill))
	alice.until("the newest", withText(fmt.Sprintf("line %d", lines))+" !== undefined")
	alice.atEnd()
}

// TestManyReactionsAreBounded goes up a conversation in which each message has more nodes than a whole screen of others.
func TestManyReactionsAreBounded(t *testing.T) {
	t.Parallel()
	const lines = 70
	emoji := strings.Fields("👍 ❤️ 😂 😮 😢 🙏 🎉 🚀")
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	conv := bob.meet("alice")
	for i := range lines {
		bob.say(conv, fmt.Sprintf("line %d", i+1))
	}
	bob.settled(conv)
	for i, e := range bob.entries(conv) {
		for j, sign := range emoji {
			if e.Kind != client.EntryMessage {
				continue
			}
			if _, err := bob.engine.React(t.Context(), conv, e.ID, sign, true, fmt.Sprintf("%032x", i*len(emoji)+j)); err != nil {
				t.Fatal(err)
			}
		}
	}
	bob.settled(conv)
	alice.opened("bob")
	alice.until("all came", fmt.Sprintf(`%s?.querySelector('.reactions')?.childElementCount === %d`, withText(fmt.Sprintf("line %d", lines)), len(emoji)))
	alice.scroll("= 1e6")
	for {
		alice.rests()
		nodes, err := eval[int](alice, "document.querySelectorAll('sotto-timeline *').length")
		if err != nil || nodes > 2000 {
			t.Fatalf("%d nodes, %v", nodes, err)
		}
		if alice.texts()[0] == "line 1" {
			break
		}
		before := alice.first()
		alice.scroll("-= 700")
		alice.rests()
		if at := alice.box(withText(before.Text)).Top; math.Abs(at-before.Top-700) > 1 {
			t.Fatalf("%q went from %v to %v", before.Text, before.Top, at)
		}
	}
}

// byNumber compares lines by the number at their end.
func byNumber(a, b string) int {
	var m, n int
	_, _ = fmt.Sscanf(a[strings.LastIndex(a, " ")+1:], "%d", &m)
	_, _ = fmt.Sscanf(b[strings.LastIndex(b, " ")+1:], "%d", &n)
	return m - n
}
