package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sotto/wasm/client"
)

// newGroup makes a group on the screen.
func (p *tab) newGroup(name string, handles ...string) {
	p.t.Helper()
	p.press("New group")
	p.click("sotto-create input.input")
	p.insert(name)
	p.click("sotto-create sotto-people input")
	for _, h := range handles {
		p.insert(h)
		p.key("Enter")
	}
	p.press("Create group")
	p.opened(name)
}

// inList finds a conversation in the list by its name.
func inList(name string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('sotto-list a')].find((a) => a.querySelector('.name').textContent === %s)`, quote(name))
}

// chooseGroup opens a group from the list.
func (p *tab) chooseGroup(name string) {
	p.t.Helper()
	p.mouse(p.spot(name, inList(name)))
	p.opened(name)
}

// told waits until lines of the timeline say all of this.
func (p *tab) told(lines ...string) {
	p.t.Helper()
	for _, line := range lines {
		script := fmt.Sprintf(`[...document.querySelectorAll('sotto-notice')].some((n) => n.innerText.includes(%s))`, quote(line))
		p.until("told: "+line, script)
	}
}

// panel opens what there is about the group.
func (p *tab) panel() {
	p.t.Helper()
	p.click("sotto-conversation .contact")
	p.until("the group's panel is open", `document.querySelector('sotto-group dialog[open] sotto-members li')?.checkVisibility()`)
}

// shut closes the dialog that is open. The page learns of it a moment later.
func (p *tab) shut() {
	p.t.Helper()
	p.key("Escape")
	p.until("no dialog is open", `document.querySelector('dialog[open]') === null`)
	p.do(`new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))`)
}

// members gives the rows of the open panel: name, role and state.
func (p *tab) members() []string {
	rows, err := eval[[]string](p, `[...document.querySelectorAll('sotto-members li')].map((row) =>
		['.name', '.role:not([hidden])', '.state'].map((part) => row.querySelector(part)?.textContent.replaceAll(/[\ufeff\u200a]/g, '') ?? '').filter(Boolean).join(' '))`)
	if err != nil {
		return nil
	}
	return rows
}

// lists waits until the open panel has exactly these rows.
func (p *tab) lists(rows ...string) {
	p.t.Helper()
	if !within(func() bool { return slices.Equal(p.members(), rows) }) {
		p.t.Fatalf("%s sees the members %q, want %q", p.name, p.members(), rows)
	}
}

// member opens the panel of one member from that of the group.
func (p *tab) member(name string) {
	p.t.Helper()
	p.mouse(p.spot(name, fmt.Sprintf(`[...document.querySelectorAll('sotto-members li button')].find((b) => b.querySelector('.name').textContent === %s)`, quote(name))))
	p.until("the panel of "+name+" is open", `document.querySelector('sotto-contact dialog[open]') !== null`)
}

// senders gives who is named above messages, in the order of the screen.
func (p *tab) senders() []string {
	names, err := eval[[]string](p, `[...document.querySelectorAll('sotto-message > .who > .name')].map((n) => n.textContent)`)
	if err != nil {
		return nil
	}
	return names
}

// TestGroup is the life of a group of people with a browser each.
func TestGroup(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	dave := newFriend(t, s.url(), "dave")
	alice, bob, carol := newProfile(t, "alice").tab(), newProfile(t, "bob").tab(), newProfile(t, "carol").tab()
	for _, p := range []*tab{alice, bob, carol} {
		p.join(s.url())
	}
	alice.newGroup("Climbing", "bob", "carol")
	alice.told("alice created the group “Climbing”", "alice added ")
	for _, p := range []*tab{bob, carol} {
		p.chooseGroup("Climbing")
		p.told("alice let you in")
	}
	talkInGroup(alice, bob, carol)
	changeGroup(alice, bob, dave)
	leaveGroup(alice, bob, carol)
}

// talkInGroup shows who writes, and ticks that wait for everyone.
func talkInGroup(alice, bob, carol *tab) {
	alice.t.Helper()
	alice.say("hello all")
	alice.status("hello all", "Read")
	bob.shows("hello all")
	bob.say("one")
	bob.say("two")
	carol.shows("hello all", "one", "two")
	if got := carol.senders(); !slices.Equal(got, []string{"alice", "bob"}) {
		carol.t.Errorf("carol sees the names %q", got)
	}
	if n := carol.read(`String(document.querySelectorAll('sotto-message > sotto-avatar').length)`); n != "2" {
		carol.t.Errorf("%s avatars stand beside messages, want one beside the last of each sender", n)
	}
	alice.until("the list says who wrote last", inList("Climbing")+`.querySelector('.line').textContent === 'bob: two'`)
}

// changeGroup adds, promotes, removes and renames.
func changeGroup(alice, bob *tab, dave *friend) {
	t := alice.t
	t.Helper()
	alice.panel()
	alice.press("Add people")
	alice.click("sotto-group sotto-people input")
	alice.insert("dave, nobody-here")
	alice.press("Add")
	alice.until("told whom there is not", `document.querySelector('sotto-group sotto-people .error').innerText.includes('nobody called nobody-here')`)
	if got := alice.read(`document.querySelector('.chip[data-bad]').innerText`); got != "nobody-here" {
		t.Errorf("the wrong name is %q", got)
	}
	alice.press("Take out nobody-here")
	alice.press("Add")
	alice.lists("alice (you) Admin", "bob", "carol", "dave")
	alice.member("bob")
	alice.press("Make an admin")
	alice.press("Make bob an admin")
	alice.press("Close")
	alice.lists("alice (you) Admin", "bob Admin", "carol", "dave")
	alice.shut()
	bob.told("alice added dave", "alice made bob an admin")
	until(t, "dave is in", func() bool { return len(dave.engine.Conversations()) == 1 })

	bob.panel()
	bob.member("dave")
	bob.press("Remove from the group")
	bob.press("Remove dave")
	bob.lists("bob (you) Admin", "alice Admin", "carol")
	bob.press("Rename the group")
	bob.click("sotto-group .ask input.input")
	bob.empty()
	bob.insert("Lake")
	bob.press("Rename")
	bob.until("renamed", `document.querySelector('sotto-group .person .name').textContent === 'Lake'`)
	bob.shut()
	alice.told("bob removed dave", "bob named the group “Lake”")
	until(t, "dave is out", func() bool { return dave.engine.Conversations()[0].Ended == client.EndedRemoved })
}

// leaveGroup lets carol leave, who reads nothing after, and alice only when somebody else is an admin.
func leaveGroup(alice, bob, carol *tab) {
	t := alice.t
	t.Helper()
	carol.panel()
	carol.press("Leave the group")
	carol.press("Leave")
	carol.until("told that it has ended", css("sotto-conversation .standing")+`?.innerText.includes('You left this group') && !`+css(composer)+`.checkVisibility()`)
	bob.told("carol left")
	bob.say("without carol")
	alice.shows("> hello all", "one", "two", "without carol")
	carol.shows("hello all", "one", "two")

	bob.panel()
	bob.member("alice")
	bob.press("No longer an admin")
	bob.press("Make alice a member")
	bob.press("Close")
	bob.lists("bob (you) Admin", "alice")
	bob.press("Leave the group")
	bob.until("told to name another", css("sotto-group section > details[open] > form")+`.innerText.includes('You are the only admin') && `+css("sotto-group section > details[open] .danger")+`.hidden`)
	bob.shut()
	alice.told("alice is no longer an admin")
	alice.panel()
	if got := alice.read(`[...document.querySelectorAll('sotto-group summary')].filter((s) => s.checkVisibility()).map((s) => s.textContent).join()`); got != "Renew the keys,Leave the group" {
		t.Errorf("a member can %q", got)
	}
	alice.press("Renew the keys")
	alice.press("Renew keys")
	alice.shut()
	bob.told("alice renewed the keys")
}

// group makes a group with its engine and gives its id.
func (f *friend) group(name string, handles ...string) string {
	f.t.Helper()
	c, err := f.engine.CreateGroup(context.Background(), name, handles)
	if err != nil {
		f.t.Fatalf("%s makes a group: %v", f.name, err)
	}
	return c.ID
}

// lines gives what the screen tells in the timeline.
func (p *tab) lines() string {
	return strings.Join(strings.Fields(p.read(`[...document.querySelectorAll('sotto-notice')].map((n) => n.innerText).join(' ')`)), " ")
}

// TestGroupChangesWait lets alice take people out of a group while she is offline: that they are being removed is shown,
// also after the page was loaded again, and done when she is back. Of what cannot be done any more, as bob took her role
// meanwhile, she is told.
func TestGroupChangesWait(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	g := newGate(t, s)
	bob, carol, dave := newFriend(t, s.url(), "bob"), newFriend(t, s.url(), "carol"), newFriend(t, s.url(), "dave")
	alice := newProfile(t, "alice").tab()
	alice.watch.expect("ERR_CONNECTION", "WebSocket")
	alice.join(g.url())
	alice.newGroup("Climbing", "bob", "carol", "dave")
	alice.keeps(1)
	alice.panel()
	alice.member("bob")
	alice.press("Make an admin")
	alice.press("Make bob an admin")
	alice.press("Close")
	alice.lists("alice (you) Admin", "bob Admin", "carol", "dave")
	alice.shut()
	offline := func() {
		t.Helper()
		g.shut()
		alice.until("told", `document.querySelector('sotto-banner .strip[data-kind=offline]').checkVisibility()`)
		alice.panel()
	}
	remove := func(name string) {
		t.Helper()
		alice.member(name)
		alice.press("Remove from the group")
		alice.press("Remove " + name)
	}
	back := func() {
		t.Helper()
		alice.shut()
		g.open()
		alice.press("Connect now")
		alice.online()
		alice.panel()
	}

	offline()
	remove("dave")
	alice.lists("alice (you) Admin", "bob Admin", "carol", "dave is being removed")
	alice.pictured("group-removing")
	alice.reload() // from what is kept
	alice.opened("Climbing")
	alice.panel()
	alice.lists("alice (you) Admin", "bob Admin", "carol", "dave is being removed")
	back()
	alice.lists("alice (you) Admin", "bob Admin", "carol")
	until(t, "dave is out", func() bool { return dave.engine.Conversations()[0].Ended == client.EndedRemoved })
	alice.shut()

	offline()
	remove("carol")
	alice.lists("alice (you) Admin", "bob Admin", "carol is being removed")
	group := bob.inGroup("Climbing")
	bob.demote(group, "alice")
	back()
	alice.lists("alice (you)", "bob Admin", "carol")
	alice.shut()
	says(t, "the notice", alice.noticed("not-done"), "A change could not be made", "you are not one any more")
	carol.say(carol.inGroup("Climbing"), "still here")
	alice.draws("carol", "still here")
}

// demote makes an admin of a group a member, and waits until that is in its log.
func (f *friend) demote(group, name string) {
	f.t.Helper()
	find := func() client.Member {
		all, _ := f.engine.Members(context.Background(), group)
		at := slices.IndexFunc(all, func(m client.Member) bool { return m.Handle == name })
		if at < 0 {
			f.t.Fatalf("%s knows of no %s in the group: %+v", f.name, name, all)
		}
		return all[at]
	}
	if err := f.engine.SetRole(context.Background(), group, find().Account, client.RoleMember); err != nil {
		f.t.Fatalf("%s: %v", f.name, err)
	}
	until(f.t, name+" is no admin", func() bool { return find().Role == client.RoleMember })
}
