package e2e

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"sotto/wasm/client"
)

// newID draws the id of something that is sent.
func newID() string {
	var id [16]byte
	_, _ = rand.Read(id[:])
	return hex.EncodeToString(id[:])
}

// message waits until a conversation holds a message with a text and gives it.
func (f *friend) message(conv, text string) client.Entry {
	f.t.Helper()
	var found client.Entry
	until(f.t, fmt.Sprintf("%s has %q", f.name, text), func() bool {
		all := f.entries(conv)
		at := slices.IndexFunc(all, func(e client.Entry) bool { return e.Text != nil && *e.Text == text })
		if at >= 0 {
			found = all[at]
		}
		return at >= 0
	})
	return found
}

// react gives a message a reaction.
func (f *friend) react(conv, text, emoji string) {
	f.t.Helper()
	if _, err := f.engine.React(context.Background(), conv, f.message(conv, text).ID, emoji, true, newID()); err != nil {
		f.t.Fatalf("%s reacts: %v", f.name, err)
	}
}

// tool presses what can be done with a message, by its name in the bar.
func (p *tab) tool(text, name string) {
	p.t.Helper()
	p.point(withText(text))
	p.press(name)
}

// item presses a line of a message's menu.
func (p *tab) item(text, name string) {
	p.t.Helper()
	p.tool(text, "Message actions")
	p.press(name)
}

// hold lets a finger stay on an element: the page gets what the browser makes of that.
func (p *tab) hold(find string) {
	p.t.Helper()
	p.spot(find, find)
	p.do(find + `.dispatchEvent(new PointerEvent('contextmenu', { pointerType: 'touch', bubbles: true, cancelable: true }))`)
}

// open waits until a dialog is open.
func (p *tab) open(element string) {
	p.t.Helper()
	p.until(element+" is open", css(element+" dialog[open]")+`?.checkVisibility() ?? false`)
}

// TestAnswersAndEdits lets alice answer, correct what she wrote from the keyboard, and look at what it said before.
func TestAnswersAndEdits(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	conv := bob.meet("alice")
	bob.say(conv, "shall we meet?")
	alice.draws("the question", "shall we meet?")
	alice.insert("a draft")
	alice.tool("shall we meet?", "Reply")
	about := css("sotto-composer .about")
	alice.until("what is answered stands above", about+`.innerText.includes('Reply to bob') && `+about+`.innerText.includes('shall we meet?')`)
	if !alice.writing() {
		t.Error("a reply cannot be written at once")
	}
	alice.key("Escape")
	alice.until("the reply is given up", about+`.hidden`)
	if got := alice.written(); got != "a draft" {
		t.Errorf("the draft is %q", got)
	}
	alice.empty()
	alice.tool("shall we meet?", "Reply")
	alice.until("again", `!`+about+`.hidden`)
	alice.insert("ye")
	alice.key("Enter")
	alice.shows("shall we meet?", "> ye")
	alice.key("ArrowUp")
	alice.until("the last own message is edited", css(composer)+`.value === 'ye'`)
	alice.insert("s")
	alice.key("Escape")
	alice.until("the edit is given up", css(composer)+`.value === ''`)
	alice.key("ArrowUp")
	alice.until("edited again", css(composer)+`.value === 'ye'`)
	alice.insert("s")
	alice.pictured("editing")
	alice.key("Enter")
	alice.shows("shall we meet?", "> yes")
	got := bob.message(conv, "yes")
	if got.Reply == nil || got.Reply.Text != "shall we meet?" || got.Edited == nil {
		t.Errorf("bob has %+v", got)
	}
	alice.status("yes", "Delivered")
	alice.press("edited")
	alice.open("sotto-details")
	alice.until("both versions are there", css("sotto-details dialog")+`.innerText.replace(/\s+/g, ' ').match(/ ye .* yes/) !== null`)
	alice.pictured("details")
	alice.shut()
}

// TestReactionsAndDeletions goes by keyboard, by pointer and by touch.
func TestReactionsAndDeletions(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	conv := bob.meet("alice")
	bob.say(conv, "the lake is frozen")
	alice.draws("the news", "the lake is frozen")
	alice.do(view + ".focus()")
	alice.key("ArrowUp")
	alice.key("Enter")
	if got := alice.focused(); got != "React" {
		t.Errorf("the focus is on %q", got)
	}
	alice.key("Enter")
	alice.open("sotto-react")
	alice.until("the emoji are there", `document.querySelectorAll('sotto-react [role=option]').length > 50`)
	alice.pictured("react")
	alice.insert("rocket")
	alice.until("one is found", `document.querySelector('sotto-react [role=option]').textContent === '🚀'`)
	alice.key("Enter")
	rocket := css(`sotto-message .reactions [data-emoji="🚀"]`)
	alice.until("alice has reacted", rocket+`?.getAttribute('aria-pressed') === 'true'`)
	bob.react(conv, "the lake is frozen", "🚀")
	alice.until("both have", rocket+`.innerText.includes('2') && /^🚀 2: (You, bob|bob, You)$/.test(`+rocket+`.ariaLabel)`)
	alice.pictured("reactions")
	alice.mouse(alice.spot("the reaction", rocket))
	alice.until("alice has taken hers away", rocket+`.getAttribute('aria-pressed') === 'false' && `+rocket+`.innerText.includes('1')`)

	alice.say("rather not")
	alice.status("rather not", "Delivered")
	alice.hold(withText("rather not"))
	alice.until("the menu is open", css(`.menu [role=menuitem]`)+`?.checkVisibility() && document.activeElement.role === 'menuitem'`)
	alice.pictured("menu")
	alice.press("Delete for everyone")
	alice.open("sotto-delete")
	alice.pictured("delete")
	alice.press("Delete for everyone")
	alice.shows("the lake is frozen", "> This message was deleted.")
	until(t, "bob has the tombstone", func() bool {
		return slices.ContainsFunc(bob.entries(conv), func(e client.Entry) bool { return e.Deleted != nil })
	})
	alice.pictured("deleted")
}

// TestMentions completes a name in a group, and marks where alice is named.
func TestMentions(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bob, carol, alice := newFriend(t, s.url(), "bob"), newFriend(t, s.url(), "carol"), newProfile(t, "alice").tab()
	alice.join(s.url())
	group := bob.group("Skating", "alice", "carol")
	alice.chooseGroup("Skating")
	alice.told("bob let you in")
	alice.click(composer)
	alice.insert("come along, @b")
	alice.until("bob is offered", css("sotto-suggest:not([hidden]) [role=option]")+`?.innerText.includes('bob')`)
	alice.pictured("mention")
	alice.key("Enter")
	alice.insert("!")
	alice.key("Enter")
	alice.until("the name is marked", css("sotto-message .mention")+`?.textContent === '@bob'`)
	got := bob.message(group, "come along, @bob !")
	if len(got.Mentions) != 1 || got.Mentions[0].Handle != "bob" || got.Mentions[0].Start != 12 {
		t.Errorf("bob has %+v", got.Mentions)
	}
	carol.message(group, "come along, @bob !")
	alice.item("come along, @bob !", "About this message")
	alice.open("sotto-details")
	alice.until("who has it is there", `document.querySelectorAll('sotto-details .line').length === 2`)
	alice.pictured("told")
	alice.shut()
	alice.meet("carol")
	all, err := bob.engine.Members(context.Background(), group)
	at := slices.IndexFunc(all, func(m client.Member) bool { return m.Handle == "alice" })
	if err != nil || at < 0 {
		t.Fatalf("bob knows %+v, %v", all, err)
	}
	post := client.Post{Text: "@alice where?", Mentions: []client.Range{{Account: all[at].Account, Start: 0, End: 6}}}
	if _, err := bob.engine.Post(context.Background(), group, post); err != nil {
		t.Fatal(err)
	}
	alice.until("the list tells of it", inList("Skating")+`.querySelector('.at:not([hidden])')?.innerText.includes('1 message mentions you')`)
	alice.pictured("mentioned")
	alice.chooseGroup("Skating")
	alice.until("the own name is marked", css("sotto-message .mention[data-me]")+`?.textContent === '@alice'`)
}

// TestWhatOthersLearn switches each of the three on and off.
func TestWhatOthersLearn(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	conv := bob.meet("alice")
	alice.say("hello")
	alice.status("hello", "Delivered")
	bob.seen(conv)
	alice.status("hello", "Read")
	bob.has(conv, "hello")
	header := css("sotto-conversation .now")
	until(t, "bob is seen writing", func() bool {
		_ = bob.engine.Typing(context.Background(), conv, true)
		got, _ := eval[string](alice, header+".textContent")
		return got == "bob is writing…"
	})
	if err := bob.engine.Choose(context.Background(), client.Settings{Receipts: true, Typing: true, Presence: true}); err != nil {
		t.Fatal(err)
	}
	alice.press("Settings")
	alice.open("sotto-settings")
	toggle := func(label string) {
		alice.mouse(alice.spot(label, fmt.Sprintf(`[...document.querySelectorAll('sotto-settings label.switch')].find((l) => l.innerText.trim() === %s)`, quote(label))))
	}
	toggle("Tell when I am here")
	toggle("Tell that I have read")
	alice.until("both are chosen", `[...document.querySelectorAll('sotto-settings .shared input')].map((i) => i.checked).join() === 'false,true,true'`)
	alice.pictured("privacy")
	alice.shut()
	alice.status("hello", "Delivered")
	until(t, "bob is here", func() bool {
		_ = bob.engine.Here(context.Background(), true)
		got, _ := eval[bool](alice, css("sotto-list sotto-avatar[data-here]")+" !== null")
		return got
	})
	alice.until("it is said", header+`.textContent === 'Here now'`)
	alice.pictured("here")
}

// TestListMenu pins, mutes and marks by menu key, by pointer and by keyboard.
func TestListMenu(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob", "carol")
	friends[1].say(friends[1].meet("alice"), "hello")
	alice.until("carol is above", `document.querySelector('sotto-list .name')?.textContent === 'carol'`)
	pick := func(item string) {
		alice.until("the menu is open", `document.activeElement.role === 'menuitem'`)
		alice.press(item)
		alice.until("the menu is shut", `document.querySelector('.menu') === null`)
	}
	right := alice.spot("bob", inList("bob"))
	if err := chromedp.Do(alice.ctx, chromedp.MouseClickXY(right.X, right.Y, chromedp.ButtonRight)); err != nil {
		t.Fatal(err)
	}
	pick("Pin to the top")
	alice.until("bob is above", `document.querySelector('sotto-list .name')?.textContent === 'bob'`)
	menu := css("sotto-list li:last-child > button")
	alice.do(menu + ".focus()")
	alice.key("Enter")
	alice.until("the menu is open", `document.activeElement.role === 'menuitem'`)
	alice.key("ArrowDown")
	alice.key("Enter")
	alice.until("carol is muted", css("sotto-list li:last-child a")+`.hasAttribute('data-muted') && document.title === 'Sotto'`)
	if got := alice.focused(); got != "What to do with carol" {
		t.Errorf("the focus is on %q", got)
	}
	alice.do(css("sotto-list li > button") + ".focus()")
	alice.key("Enter")
	pick("Mark as unread")
	alice.until("bob is marked", css("sotto-list li .badge:not(.at)")+`.innerText.includes('Marked as unread')`)
	alice.pictured("list-marked")
}

// TestSearch finds one of many messages as alice types, and goes there and back.
func TestSearch(t *testing.T) {
	t.Parallel()
	_, alice, friends := withFriends(t, "bob")
	bob := friends[0]
	conv := bob.meet("alice")
	for i := range 260 {
		text := fmt.Sprintf("message %d", i)
		if i == 30 {
			text = "the needle is here"
		}
		bob.say(conv, text)
	}
	alice.draws("the newest", "message 259")
	alice.press("Search in this conversation")
	alice.open("sotto-switch")
	alice.insert("needle")
	hit := `document.querySelector('sotto-switch .hit')`
	alice.until("it is found", hit+`?.querySelector('mark')?.textContent === 'needle'`)
	alice.pictured("search")
	alice.key("Enter")
	found := withText("the needle is here")
	alice.until("alice is there", found+` === document.activeElement && `+found+`.checkVisibility()`)
	log, at := alice.box(view), alice.box(found)
	if at.Top < log.Top || at.Bottom > log.Bottom {
		t.Errorf("it stands at %+v in %+v", at, log)
	}
	for _, change := range []string{"-= 700", "-= 700", "+= 900", "+= 900"} {
		alice.scroll(change)
		before := alice.first()
		alice.scroll("+= 0")
		alice.stays("after "+change, before)
	}
	until(t, "the newest is reached", func() bool {
		alice.scroll("+= 1500")
		return slices.Contains(alice.texts(), "message 259") && alice.toEnd() <= 1
	})
	if nodes := alice.read(`String(document.querySelectorAll('sotto-timeline *').length)`); len(nodes) > 4 || nodes > "1100" && len(nodes) == 4 {
		t.Errorf("%s nodes", nodes)
	}
	// From the whole list, by the keyboard, while nothing of it is drawn.
	alice.chord("k", "KeyK", 75, ctrl)
	alice.open("sotto-switch")
	alice.insert("message 17")
	alice.until("many are found", `document.querySelectorAll('sotto-switch .hit').length > 5`)
	alice.pictured("search-everywhere")
	alice.key("Enter")
	alice.until("alice is there", `document.activeElement.localName === 'sotto-message' && document.activeElement.innerText.includes('message 17')`)
	alice.mouse(alice.spot("the pill", pill))
	alice.atEnd()
}
