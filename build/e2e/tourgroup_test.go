package e2e

import (
	"context"
	"fmt"
	"sync"

	"sotto/backend/dial"
)

// crowd is how many are in the largest group of the tour, beside who looks at it and who made it.
const crowd = 298

// longName is a name that fits nowhere.
const longName = "Everybody who has ever walked across the frozen lake in one day"

// tourGroups shows groups: making one, what is in it, all that can be done, and how one comes in and out.
func tourGroups(p *tab, s *server, bob *friend, look visit) {
	p.t.Helper()
	tourNewGroup(p, look)
	tourGroup(p, bob, look)
	tourPanel(p, look)
	tourOutside(p, s, look)
	tourCrowd(p, s, look)
	p.choose("bob")
}

// tourNewGroup makes a group, once with somebody who does not exist.
func tourNewGroup(p *tab, look visit) {
	p.t.Helper()
	p.press("New group")
	p.until("the dialog is open", `document.querySelector('sotto-create dialog[open]') !== null`)
	look("new-group", p)
	p.click("sotto-create input.input")
	p.insert("Over the ice")
	p.click("sotto-create sotto-people input")
	p.insert("bob,nobody-here,ca")
	p.press("Create group")
	p.until("told whom there is not", `document.querySelector('sotto-create sotto-people .error').innerText.includes('nobody called')`)
	p.press("Take out nobody-here")
	p.press("Take out ca")
	p.insert("caro")
	look("new-group-filled", p)
	p.key("Enter")
	p.press("Create group")
	p.opened("Over the ice")
	p.told("alice created the group", "alice added ")
}

// tourGroup shows the messages and the changes of a group.
func tourGroup(p *tab, bob *friend, look visit) {
	p.t.Helper()
	group := bob.inGroup("Over the ice")
	bob.say(group, "Shall we meet at eight?", "Or nine, if that is too early for those who come by train. I bring the long rope and something warm to drink.")
	p.until("bob is heard", `document.querySelectorAll('sotto-message').length === 2`)
	p.say("Nine it is")
	p.status("Nine it is", "Sent")
	bob.say(group, "🎉", "שלום לכולם")
	p.until("bob is heard again", `document.querySelectorAll('sotto-message').length === 5`)
	if err := bob.engine.RenewKeys(context.Background(), group); err != nil {
		p.t.Fatal(err)
	}
	p.told("bob renewed the keys")
	p.click(`sotto-notice[data-code=renewed] .more`)
	look("group", p)
}

// tourPanel opens what can be opened of a group.
func tourPanel(p *tab, look visit) {
	p.t.Helper()
	p.panel()
	p.until("all are listed", `document.querySelectorAll('sotto-members li').length === 3`)
	look("group-panel", p)
	p.press("Make a link")
	p.press("Make link")
	p.until("the link is made", `document.querySelector('sotto-links details[open] summary')?.textContent.includes('0 of 10 used')`)
	p.do(`document.querySelector('sotto-links').scrollIntoView()`)
	look("group-link", p)
	p.press("Leave the group")
	p.until("told to name another", css("sotto-group section > details[open] > form")+`?.innerText.includes('You are the only admin')`)
	look("group-leave", p)
	p.member("bob")
	p.number(0)
	p.press("Remove from the group")
	p.spot("the answer", named("Remove bob"))
	look("group-member", p)
	p.press("Close")
	p.until("the group's panel is back", `document.querySelector('sotto-group dialog[open]') !== null`)
	p.shut()
}

// tourOutside shows a group whose link was used, one that one was removed from, and a link that is none.
func tourOutside(p *tab, s *server, look visit) {
	p.t.Helper()
	grace := newFriend(p.t, s.url(), "grace")
	group := grace.group("Behind the door")
	link, err := grace.engine.MakeLink(context.Background(), group, 7, 10)
	if err != nil {
		p.t.Fatal(err)
	}
	grace.linked(group)
	if err := grace.engine.Close(); err != nil {
		p.t.Fatal(err)
	}
	p.do("location.hash = " + quote(hashOfLink(link.URL)))
	p.until("waiting", `document.querySelector('sotto-conversation .standing')?.innerText.includes('Waiting to be let in')`)
	look("group-waiting", p)
	p.do("location.hash = '#/join/abc.def'")
	p.until("told that it is none", `document.querySelector('sotto-seek')?.innerText.includes('This is not a link to a group')`)
	look("group-no-link", p)
	p.press("Back to conversations")
	erin := newFriend(p.t, s.url(), "erin")
	left := erin.group("Only for a while", "alice")
	p.chooseGroup("Only for a while")
	p.told("erin let you in")
	erin.takeOut(left, "alice")
	p.told("erin removed you")
	look("group-removed", p)
}

// tourCrowd shows a group of 300 with a long name.
func tourCrowd(p *tab, s *server, look visit) {
	p.t.Helper()
	names := make([]string, crowd)
	next := make(chan int)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for i := range next {
				names[i] = fmt.Sprintf("%s-%d", []string{"ann", "benjamin", "cleo", "somebody-with-a-long-name", "eve"}[i%5], i)
				f := &friend{t: p.t, name: names[i], clock: &shifted{}}
				f.start(dial.Transport{Origin: s.url()}, s.url())
				_ = f.engine.Close()
			}
		})
	}
	for i := range crowd {
		next <- i
	}
	close(next)
	workers.Wait()
	frank := newFriend(p.t, s.url(), "frank")
	frank.group(longName, append(names, "alice")...)
	p.chooseGroup(longName)
	p.told("frank let you in")
	look("group-large", p)
	p.panel()
	p.until("a part is listed", `document.querySelectorAll('sotto-members li').length === 40`)
	look("group-large-panel", p)
	p.press("Show 260 more")
	p.until("all are listed", `document.querySelectorAll('sotto-members li').length === 300`)
	p.shut()
}

// hashOfLink gives what stands behind # in a link, with it.
func hashOfLink(link string) string {
	return link[len(link)-len("#/join/")-32-1-43:]
}

// inGroup waits until somebody is in a group and gives its id.
func (f *friend) inGroup(name string) string {
	f.t.Helper()
	var id string
	until(f.t, f.name+" is in "+name, func() bool {
		for _, c := range f.engine.Conversations() {
			if c.Name == name {
				id = c.ID
			}
		}
		return id != ""
	})
	return id
}

// linked waits until a group has its link.
func (f *friend) linked(group string) {
	f.t.Helper()
	until(f.t, f.name+"'s link is made", func() bool {
		links, err := f.engine.Links(context.Background(), group)
		return err == nil && len(links) == 1 && links[0].State == "open"
	})
}

// takeOut removes somebody from a group.
func (f *friend) takeOut(group, name string) {
	f.t.Helper()
	members, err := f.engine.Members(context.Background(), group)
	if err != nil {
		f.t.Fatal(err)
	}
	for _, m := range members {
		if m.Handle != name {
			continue
		}
		if err := f.engine.RemoveMember(context.Background(), group, m.Account); err != nil {
			f.t.Fatalf("%s removes %s: %v", f.name, name, err)
		}
	}
}
