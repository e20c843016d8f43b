package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"sotto/build/hostile"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// visit is called on each screen of a tour, with the screen's name.
type visit func(screen string, p *tab)

// tour leads through every screen of the application, with everything on it that can be there.
func tour(t *testing.T, look visit) {
	t.Helper()
	tourWith(t, nil, look)
}

// tourWith leads through every screen in tabs that open in some way.
func tourWith(t *testing.T, settings []setting, look visit) {
	t.Helper()
	s, relay, address := newLiar(t)
	alice := newProfile(t, "alice").tab(settings...)
	alice.watch.expect(refused, "WebSocket", "502")
	tourStops(t, address, settings, look)
	tourStart(alice, address, look)
	bob, carol := newFriend(t, s.url(), "bob"), newFriend(t, s.url(), "carol")
	tourList(alice, bob, carol, look)
	tourNotice(relay, alice, carol, look)
	conv := bob.meet("alice")
	tourTimeline(relay, alice, bob, conv, look)
	tourDialogs(alice, look)
	tourKeys(alice, look)
	tourTexts(alice, bob, conv, look)
	tourSaid(alice, bob, conv, look)
	tourWaits(relay, alice, look)
	tourGroups(alice, s, bob, look)
	tourOffline(s, alice, look)
	tourChanged(t, s, relay, alice, look)
}

// tourStops shows what stands where the application cannot run.
func tourStops(t *testing.T, address string, settings []setting, look visit) {
	t.Helper()
	p := newProfile(t, "nobody").tab(append(settings, earlyInPage(noWebAssembly))...)
	p.goTo(address)
	p.until("told that it cannot run", `document.querySelector('sotto-stop')?.dataset.code === 'no-webassembly'`)
	look("unsupported", p)
}

// tourStart goes from the first page to the empty state.
func tourStart(p *tab, address string, look visit) {
	p.t.Helper()
	p.goTo(address)
	p.until("joining is possible", css(joinName)+`?.checkVisibility()`)
	look("join", p)
	p.click(joinName)
	p.insert("Not A Name!")
	p.key("Enter")
	p.until("the name is refused", `document.querySelector('sotto-join input[aria-invalid=true]') !== null`)
	look("join-refused", p)
	for range len("Not A Name!") {
		p.key("Backspace")
	}
	p.enterName()
	p.online()
	p.until("the invite link is there", `document.querySelector('sotto-welcome sotto-invite input')?.value !== ''`)
	look("welcome", p)
}

// tourList lets others write while no conversation is open, and asks for somebody who is not there.
func tourList(p *tab, bob, carol *friend, look visit) {
	p.t.Helper()
	bob.say(bob.meet("alice"), "Good morning! Did you see the lake yesterday?", "It was frozen all over.")
	carol.say(carol.meet("alice"), "Tea at four?")
	p.until("both are in the list", `document.querySelectorAll('sotto-list a').length === 2`)
	p.until("all is counted", `document.title.includes('(3) Sotto')`)
	look("list", p)
	p.press("Invite someone")
	p.until("the invitation is open", `document.querySelector('sotto-share dialog[open]') !== null`)
	look("invite", p)
	p.key("Escape")
	p.goTo(p.read("location.origin") + "/#/with/nobody-here")
	p.until("nobody is found", `document.querySelector('sotto-seek')?.innerText.includes('nobody called nobody-here')`)
	look("nobody", p)
	p.goTo(p.read("location.origin") + "/#/")
}

// altered breaks the seal of each message that is handed out.
var altered = hostile.Change(func(p wire.EventPush) []wire.Body {
	if p.Event.Kind == epoch.KindMessage {
		p.Event.Event = append([]byte(nil), p.Event.Event...)
		p.Event.Event[len(p.Event.Event)-1] ^= 1
	}
	return []wire.Body{p}
})

// tourNotice shows a conversation in which something went wrong.
func tourNotice(relay *hostile.Relay, p *tab, carol *friend, look visit) {
	p.t.Helper()
	p.choose("carol")
	relay.Tell(altered)
	carol.say(carol.meet("alice"), "a message that does not arrive whole")
	p.noticed("not-opened")
	relay.Tell(hostile.Honest)
	look("notice", p)
}

// tourTimeline shows messages of both sides in many states and the emoji picker.
func tourTimeline(relay *hostile.Relay, p *tab, bob *friend, conv string, look visit) {
	p.t.Helper()
	p.choose("bob")
	p.say("Yes!\nI walked all the way across. See https://example.org/lake for a map.")
	p.status("Yes!\nI walked all the way across. See https://example.org/lake for a map.", "Delivered")
	bob.seen(conv)
	p.say("👍🎉")
	p.status("👍🎉", "Delivered")
	bob.say(conv, "Shall we go together on Sunday? "+
		"We could start early, take the small path along the shore and be back before it gets dark.")
	p.until("all is here", `document.querySelectorAll('sotto-message').length === 5`)
	relay.Tell(silence)
	p.say("Sunday it is")
	p.status("Sunday it is", "Sending")
	look("timeline", p)
	relay.Tell(hostile.Honest)
	p.press("Emoji")
	p.until("the emoji are there", `document.querySelectorAll('sotto-emoji [role=option]').length > 100`)
	look("emoji", p)
	p.key("Escape")
}

// tourDialogs opens what can be opened beside a conversation.
func tourDialogs(p *tab, look visit) {
	p.t.Helper()
	p.click("sotto-conversation .contact")
	p.number(0)
	look("contact", p)
	p.click("dialog[open] input[role=switch]")
	p.until("verified", `document.querySelector('dialog[open] .trust').dataset.level === 'verified'`)
	look("contact-verified", p)
	p.key("Escape")
	p.press("Settings")
	p.until("the settings are open", `document.querySelector('sotto-settings dialog[open]') !== null`)
	look("settings", p)
	p.key("Escape")
	p.point(css("sotto-message[data-own]"))
	p.press("What the server sees")
	p.until("the sealed bytes are there", css("sotto-inspect .hex")+`?.textContent.length > 100`)
	look("inspect", p)
	p.key("Escape")
	p.until("no dialog is open", `document.querySelector('dialog[open]') === null`)
}

// tourKeys opens what is opened by the keyboard.
func tourKeys(p *tab, look visit) {
	p.t.Helper()
	p.reload() // the connection on which an answer was kept back is given up
	p.opened("bob")
	p.chord("/", "Slash", 191, ctrl)
	p.until("the shortcuts are shown", `document.querySelector('sotto-keys dialog[open]') !== null`)
	look("keys", p)
	p.key("Escape")
	p.chord("k", "KeyK", 75, ctrl)
	p.write(switcher, "o")
	p.until("one is found", `document.querySelectorAll('sotto-switch [role=option]').length > 1`)
	look("switch", p)
	p.key("Escape")
	p.until("no dialog is open", `document.querySelector('dialog[open]') === null`)
	p.click(composer)
	p.insert("a :he")
	p.until("something is offered", `document.querySelector('sotto-suggest:not([hidden]) [role=option]') !== null`)
	look("suggest", p)
	p.key("Escape")
	p.empty()
}

// tourTexts shows marks, words from right to left, and what is very long.
func tourTexts(p *tab, bob *friend, conv string, look visit) {
	p.t.Helper()
	texts := []string{
		strings.Repeat("A long story. ", 400), strings.Repeat("Donaudampfschifffahrt", 12),
		"**Sunday**, then. *Bring warm socks*, and see www.example.org.\n> It was frozen all over.\nSo we can `skate`.",
		"```\nfor (const day of week) {\n  if (day.frozen) skate();\n}\n```\nThat is the plan.",
		"שלום! נתראה ביום ראשון ליד האגם.",
	}
	bob.say(conv, texts...)
	p.draws("the last of them", texts[len(texts)-1])
	p.say("**I will**, _promised_: `socks.length === 2`")
	p.until("it is there", `document.querySelector('sotto-message[data-own] .text strong') !== null`)
	look("texts", p)
}

// tourSaid shows what is done to messages, and the dialogs about it.
func tourSaid(p *tab, bob *friend, conv string, look visit) {
	p.t.Helper()
	question := "Shall we take **the long way**?"
	bob.say(conv, question)
	p.draws("the question", "Shall we take the long way?")
	p.tool("Shall we take the long way?", "Reply")
	p.write(composer, "Yes, @bob!")
	look("replying", p)
	p.key("Enter")
	p.status("Yes, @bob!", "Delivered")
	p.say("Bring a rope")
	p.status("Bring a rope", "Delivered")
	bob.react(conv, "Bring a rope", "👍")
	bob.react(conv, "Yes, @bob!", "🎉")
	p.key("ArrowUp")
	p.until("it is edited", css(composer)+`.value === 'Bring a rope'`)
	p.insert(", please")
	p.key("Enter")
	p.say("and an axe")
	p.status("and an axe", "Delivered")
	p.item("and an axe", "Delete for everyone")
	p.open("sotto-delete")
	look("delete", p)
	p.press("Delete for everyone")
	p.until("all is there", `document.querySelectorAll('.reactions').length === 2 && document.querySelector('.edited') !== null && document.querySelector('[data-deleted]') !== null`)
	look("said", p)
	p.press("edited")
	p.open("sotto-details")
	look("details", p)
	p.shut()
	p.tool("Bring a rope, please", "React")
	p.until("the emoji are there", `document.querySelectorAll('sotto-react [role=option]').length > 50`)
	look("react", p)
	p.shut()
	p.tool("Bring a rope, please", "Message actions")
	look("menu", p)
	p.key("Escape")
	p.press("Search in this conversation")
	p.write(switcher, "long")
	p.until("something is found", `document.querySelector('sotto-switch .hit mark') !== null`)
	look("search", p)
	p.shut()
	for _, name := range []string{"Export all data", "Erase this device"} {
		p.press("Settings")
		p.press(name)
		p.until("it is open", `document.querySelector(':is(sotto-export, sotto-erase) dialog[open] .button')?.checkVisibility()`)
		look(strings.ToLower(strings.Fields(name)[0]), p)
		p.shut()
	}
}

// tourWaits goes to somebody with the longest of names, while the server does not answer and when it does.
func tourWaits(relay *hostile.Relay, p *tab, look visit) {
	p.t.Helper()
	long := "a-name.as-long-as_any-may-be.032"
	relay.Tell(hostile.All(
		hostile.Change(func(wire.Account) []wire.Body { return nil }), hostile.Change(func(wire.Error) []wire.Body { return nil }),
	))
	p.goTo(p.read("location.origin") + "/#/with/" + long)
	p.until("it is looked for", `document.querySelector('sotto-seek')?.innerText.includes('Looking for')`)
	look("seeking", p)
	relay.Tell(hostile.Honest)
	p.reload() // the connection on which an answer was kept back is given up
	p.goTo(p.read("location.origin") + "/#/with/bob")
	p.opened("bob")
}

// tourOffline takes the server away and gives it back.
func tourOffline(s *server, p *tab, look visit) {
	p.t.Helper()
	s.kill()
	p.until("told of the loss", css("sotto-banner [data-kind=offline]")+`.checkVisibility()`)
	p.say("This one waits")
	p.status("This one waits", "Waiting")
	p.until("the next attempt is known", css("sotto-banner button")+`.checkVisibility()`)
	look("offline", p)
	s.start()
	p.online()
	p.status("This one waits", "Delivered")
}

// tourChanged gives bob's name to another account.
func tourChanged(t *testing.T, s *server, relay *hostile.Relay, p *tab, look visit) {
	t.Helper()
	mallory := newFriend(t, s.url(), "mallory")
	relay.Tell(pointTo(t, mallory))
	p.reload()
	p.opened("bob")
	p.say("for bob only")
	p.blocked()
	p.status("for bob only", "Waiting")
	look("blocked", p)
	p.press("Review")
	p.number(1)
	look("contact-changed", p)
}

// scheme makes a tab prefer light or dark colours.
func (p *tab) scheme(colours string) {
	p.t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: colours}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, media); err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
	p.until("the colours are "+colours, fmt.Sprintf(`matchMedia('(prefers-color-scheme: %s)').matches
		&& document.getAnimations().every((a) => a.playState !== 'running')`, colours))
}

// size gives a tab's page another size.
func (p *tab) size(width, height int64) {
	p.t.Helper()
	metrics := emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1}
	if _, err := chromedp.Call(p.ctx, emulation.SetDeviceMetricsOverride, metrics); err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
	p.until("the page has its size", fmt.Sprintf(`innerWidth === %d && innerHeight === %d`, width, height))
}
