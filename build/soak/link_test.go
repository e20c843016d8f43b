package soak

import (
	"slices"
	"strings"
	"testing"

	"sotto/wasm/client"
)

// link makes a room link and waits until the group has it.
func (u *user) link(conv string, uses int64) string {
	u.t.Helper()
	l, err := u.engine.MakeLink(u.t.Context(), conv, 7, uses)
	u.must(err)
	u.until("the link is there", func() bool {
		links, err := u.engine.Links(u.t.Context(), conv)
		return err == nil && slices.ContainsFunc(links, func(o client.Link) bool { return o.URL == l.URL && o.State == client.LinkOpen })
	})
	return l.URL
}

// follow uses a link.
func (u *user) follow(url string) {
	u.t.Helper()
	v, err := u.engine.JoinGroup(u.t.Context(), url)
	u.must(err)
	if v.Kind != client.KindGroup || !v.Waiting || v.Role != "" {
		u.t.Errorf("%s waits: %+v", u.name, v)
	}
}

func TestLink(t *testing.T) {
	h := newHouse(t)
	users := newUsers(t, h, "alice", "bob", "carol")
	alice, bob, carol := users[0], users[1], users[2]
	conv := alice.found("climbing", bob)
	url := alice.link(conv, 2)
	if !strings.HasPrefix(url, origin+"/#/join/"+conv+".") {
		t.Errorf("link: %s", url)
	}
	bob.until("told of the link", func() bool { return bob.has(conv, "alice link-made") })
	alice.send(conv, "before carol")
	all(t, conv, []string{"alice: before carol"}, alice, bob)
	carol.follow(url)
	carol.until("let in", func() bool { return carol.view(conv).Role == client.RoleMember })
	if v := carol.view(conv); v.Waiting || v.Name != "climbing" || v.Members != 3 {
		t.Errorf("carol's view: %+v", v)
	}
	carol.send(conv, "hello")
	all(t, conv, []string{"carol: hello"}, carol)
	all(t, conv, []string{"alice: before carol", "carol: hello"}, alice, bob)
	for _, u := range []*user{alice, bob} {
		if !slices.ContainsFunc(u.lines(conv), func(l string) bool { return strings.HasSuffix(l, "joined carol") }) {
			t.Errorf("%s has lines %q", u.name, u.lines(conv))
		}
	}
	links, err := bob.engine.Links(t.Context(), conv)
	if err != nil || len(links) != 1 || links[0].URL != url || links[0].Used != 1 {
		t.Errorf("bob's links: %+v %v", links, err)
	}
}

// TestLinkWhileNobodyIsOnline asks when nobody is there who could answer; whoever comes first does.
func TestLinkWhileNobodyIsOnline(t *testing.T) {
	h := newHouse(t)
	users := newUsers(t, h, "alice", "bob", "carol")
	alice, bob, carol := users[0], users[1], users[2]
	conv := alice.found("climbing", bob)
	url := alice.link(conv, 2)
	bob.until("the link", func() bool { return bob.has(conv, "alice link-made") })
	alice.stop()
	bob.stop()
	carol.follow(url)
	carol.crash()
	carol.online()
	if v := carol.view(conv); !v.Waiting {
		t.Errorf("after a restart: %+v", v)
	}
	bob.start()
	carol.until("let in", func() bool { return carol.view(conv).Role == client.RoleMember })
	carol.send(conv, "hello")
	alice.start()
	all(t, conv, []string{"carol: hello"}, alice, bob, carol)
	if !alice.has(conv, "bob joined carol") {
		t.Errorf("alice's lines: %q", alice.lines(conv))
	}
}

func TestLinkEnds(t *testing.T) {
	h := newHouse(t)
	users := newUsers(t, h, "alice", "bob", "carol", "dave")
	alice, bob, carol, dave := users[0], users[1], users[2], users[3]
	conv := alice.found("climbing", bob)
	url := alice.link(conv, 1)
	carol.follow(url)
	carol.until("let in", func() bool { return carol.view(conv).Role == client.RoleMember })
	dave.follow(url)
	dave.until("refused", func() bool { b := dave.view(conv).Blocked; return b != nil && b.Code == client.NoticeLinkRefused })
	dave.must(dave.engine.CancelJoin(t.Context(), conv))
	if v := dave.view(conv); v.ID != "" {
		t.Errorf("given up, and still there: %+v", v)
	}
	second := alice.link(conv, 5)
	alice.remove(conv, "bob")
	carol.until("bob is out", func() bool { return carol.roster(conv) == "alice* carol" })
	if links, _ := carol.engine.Links(t.Context(), conv); len(links) != 0 {
		t.Errorf("links after a removal: %+v", links)
	}
	dave.follow(second)
	dave.until("refused", func() bool { return dave.view(conv).Blocked != nil })
	third := alice.link(conv, 5)
	links, _ := alice.engine.Links(t.Context(), conv)
	alice.must(alice.engine.RevokeLink(t.Context(), conv, links[0].ID))
	carol.until("revoked", func() bool { return carol.has(conv, "alice links-revoked") })
	dave.follow(third)
	dave.until("refused again", func() bool { return dave.view(conv).Blocked != nil })
	fourth := alice.link(conv, 5)
	dave.follow(fourth)
	dave.until("let in at last", func() bool { return dave.view(conv).Role == client.RoleMember })
	for _, bad := range []string{"", "x", "https://elsewhere.example/#/join/" + conv + "." + strings.Repeat("A", 43), third + "A"} {
		if _, err := dave.engine.JoinGroup(t.Context(), bad); code(err) != client.CodeLinkInvalid {
			t.Errorf("link %q: %v", bad, err)
		}
	}
}

// TestLinkRefusedAndAdded has dave, whom a link that was used up refused, be added by an admin: who does not have the
// link's secret does not get him in under its name, but he is told, and is in once he gives the link up.
func TestLinkRefusedAndAdded(t *testing.T) {
	h := newHouse(t)
	ear := &heard{Transport: h}
	users := newUsers(t, h, "alice", "bob")
	alice, bob, dave := users[0], users[1], newUser(t, ear, "dave")
	dave.join()
	conv := alice.found("climbing")
	url := alice.link(conv, 1)
	bob.follow(url)
	bob.until("let in", func() bool { return bob.view(conv).Role == client.RoleMember })
	dave.follow(url)
	dave.until("refused", func() bool { return dave.blocked(conv) == client.NoticeLinkRefused })
	alice.must(alice.engine.AddMembers(t.Context(), conv, []string{"dave"}))
	dave.until("told", func() bool { return dave.blocked(conv) == client.NoticeNotByLink })
	said := alice.send(conv, "not for dave") // the relay tells him of the receipt for it, which he cannot read
	alice.until("bob has it", func() bool {
		told, err := alice.engine.Told(t.Context(), conv, said.ID)
		return err == nil && slices.ContainsFunc(told, func(m client.Told) bool { return m.Handle == "bob" && m.Delivered })
	})
	dave.crash()
	dave.online()
	if v := dave.view(conv); v.Blocked == nil || v.Blocked.Code != client.NoticeNotByLink || v.Blocked.Detail["by"] != "alice" || v.Role != "" {
		t.Errorf("after a restart: %+v", v)
	}
	dave.must(dave.engine.CancelJoin(t.Context(), conv))
	dave.until("let in", func() bool { return dave.view(conv).Role == client.RoleMember })
	dave.send(conv, "hello")
	all(t, conv, []string{"alice: not for dave", "dave: hello"}, alice, bob)
	if _, n := ear.count(); n > 100 {
		t.Errorf("dave asked %d times for events", n)
	}
}

// TestLinkAndAdded has an admin add who asks by a link at the same time: they are let in by it, as they expect.
func TestLinkAndAdded(t *testing.T) {
	h := newHouse(t)
	g := newGate(h)
	alice, bob := newUser(t, g, "alice"), newUser(t, h, "bob")
	alice.join()
	bob.join()
	alice.open(bob)
	conv := alice.found("climbing")
	url := alice.link(conv, 1)
	g.close(true)
	bob.follow(url)
	bob.eventually("the relay has the request", func() bool { return h.count("asks") == 1 })
	alice.must(alice.engine.AddMembers(t.Context(), conv, []string{"bob"}))
	g.close(false)
	alice.engine.Connect()
	bob.until("let in", func() bool { return bob.view(conv).Role == client.RoleMember })
	alice.until("told", func() bool { return alice.has(conv, "alice joined bob") })
}
