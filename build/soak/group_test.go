package soak

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sotto/wasm/client"
)

// newUsers gives people who have joined.
func newUsers(t *testing.T, h client.Transport, names ...string) []*user {
	users := make([]*user, len(names))
	for i, name := range names {
		users[i] = newUser(t, h, name)
		users[i].join()
	}
	return users
}

func namesOf(users []*user) []string {
	names := make([]string, len(users))
	for i, u := range users {
		names[i] = u.name
	}
	return names
}

// found lets a user begin a group with others and waits until all are in it.
func (u *user) found(name string, others ...*user) string {
	u.t.Helper()
	c, err := u.engine.CreateGroup(context.Background(), name, namesOf(others))
	if err != nil {
		u.t.Fatalf("%s creates %s: %v", u.name, name, err)
	}
	for _, o := range others {
		o.until("let in", func() bool { return o.view(c.ID).Role != "" })
	}
	return c.ID
}

// view is a conversation as a user sees it, its zero value when it is not there.
func (u *user) view(conv string) client.Conversation {
	for _, c := range u.engine.Conversations() {
		if c.ID == conv {
			return c
		}
	}
	return client.Conversation{}
}

// roster gives the members as "handle", admins as "handle*", in the order of their handles.
func (u *user) roster(conv string) string {
	members, err := u.engine.Members(context.Background(), conv)
	if err != nil {
		return err.Error()
	}
	var names []string
	for _, m := range members {
		name := m.Handle
		if m.Role == client.RoleAdmin {
			name += "*"
		}
		if m.Left || m.State != "" {
			name += "(" + m.State + ")"
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// lines gives the notices of a conversation as "by code who".
func (u *user) lines(conv string) []string {
	var lines []string
	for _, e := range u.timeline(conv) {
		if e.Notice != nil {
			d := e.Notice.Detail
			words := strings.Fields(strings.Join([]string{d["by"], e.Notice.Code, d["who"], d["name"]}, " "))
			lines = append(lines, strings.Join(words, " "))
		}
	}
	return lines
}

func (u *user) has(conv, line string) bool { return slices.Contains(u.lines(conv), line) }

// must does something with the engine that may not fail.
func (u *user) must(err error) {
	u.t.Helper()
	if err != nil {
		u.t.Fatalf("%s: %v", u.name, err)
	}
}

// account gives the id of a member by its handle.
func (u *user) account(conv, handle string) string {
	u.t.Helper()
	members, err := u.engine.Members(context.Background(), conv)
	u.must(err)
	for _, m := range members {
		if m.Handle == handle {
			return m.Account
		}
	}
	u.t.Fatalf("%s sees no member %s", u.name, handle)
	return ""
}

func (u *user) remove(conv, handle string) {
	u.t.Helper()
	u.must(u.engine.RemoveMember(context.Background(), conv, u.account(conv, handle)))
}

func (u *user) role(conv, handle, role string) {
	u.t.Helper()
	u.must(u.engine.SetRole(context.Background(), conv, u.account(conv, handle), role))
}

// all waits until every user has every text, and compares.
func all(t *testing.T, conv string, want []string, users ...*user) {
	t.Helper()
	for _, u := range users {
		u.until(fmt.Sprintf("%d texts", len(want)), func() bool { return len(u.texts(conv)) >= len(want) && u.settled(conv) })
		if got := u.texts(conv); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", u.name, got, want)
		}
	}
}

func code(err error) string {
	var named *client.Error
	if errors.As(err, &named) {
		return named.Code()
	}
	return fmt.Sprint(err)
}

func TestGroupTalks(t *testing.T) {
	h := newHouse(t)
	users := newUsers(t, h, "alice", "bob", "carol")
	alice, bob, carol := users[0], users[1], users[2]
	conv := alice.found("climbing", bob, carol)
	alice.send(conv, "one")
	bob.until("one", func() bool { return len(bob.texts(conv)) == 1 })
	bob.send(conv, "two")
	carol.until("two", func() bool { return len(carol.texts(conv)) == 2 })
	carol.send(conv, "three")
	all(t, conv, []string{"alice: one", "bob: two", "carol: three"}, users...)
	v := bob.view(conv)
	if v.Kind != client.KindGroup || v.Name != "climbing" || v.Role != client.RoleMember || v.Members != 3 || v.Unread != 2 ||
		v.Last.Sender != "carol" || v.Last.Text != "three" || v.Handle != "" {
		t.Errorf("bob's view: %+v %+v", v, v.Last)
	}
	if got := alice.roster(conv); got != "alice* bob carol" {
		t.Errorf("members: %s", got)
	}
	if got := alice.lines(conv); !slices.Equal(got, []string{"alice created climbing", "alice added bob, carol"}) &&
		!slices.Equal(got, []string{"alice created climbing", "alice added carol, bob"}) {
		t.Errorf("alice's lines: %q", got)
	}
	if got := bob.lines(conv); !slices.Equal(got, []string{"alice entered bob climbing"}) {
		t.Errorf("bob's lines: %q", got)
	}
}

// TestGroupReceipts counts a message as read when everyone has read it; who comes later has to read nothing from before.
func TestGroupReceipts(t *testing.T) {
	h := newHouse(t)
	users := newUsers(t, h, "alice", "bob", "carol", "dave")
	alice, bob, carol, dave := users[0], users[1], users[2], users[3]
	conv := alice.found("climbing", bob, carol)
	alice.send(conv, "one")
	all(t, conv, []string{"alice: one"}, alice, bob, carol)
	at := *last(alice.timeline(conv)).Position
	alice.until("delivered", func() bool { return alice.view(conv).Delivered >= at })
	bob.must(bob.engine.Read(t.Context(), conv, at))
	if alice.view(conv).Read >= at {
		t.Error("read by everyone, although carol has not read it")
	}
	carol.must(carol.engine.Read(t.Context(), conv, at))
	alice.until("read", func() bool { return alice.view(conv).Read >= at })
	alice.must(alice.engine.AddMembers(t.Context(), conv, []string{"dave"}))
	dave.until("let in", func() bool { return dave.view(conv).Role != "" })
	if got := alice.view(conv); got.Read < at || got.Delivered < at {
		t.Errorf("with a newcomer: read %d, delivered %d, want at least %d", got.Read, got.Delivered, at)
	}
}

func TestGroupChanges(t *testing.T) {
	h := newHouse(t)
	users := newUsers(t, h, "alice", "bob", "carol", "dave", "erin")
	alice, bob, carol, dave, erin := users[0], users[1], users[2], users[3], users[4]
	conv := alice.found("climbing", bob, carol)
	alice.send(conv, "before dave")
	all(t, conv, []string{"alice: before dave"}, alice, bob, carol)
	alice.must(alice.engine.AddMembers(t.Context(), conv, []string{"dave"}))
	dave.until("let in", func() bool { return dave.view(conv).Role != "" })
	dave.send(conv, "hello")
	all(t, conv, []string{"alice: before dave", "dave: hello"}, alice, bob, carol)
	all(t, conv, []string{"dave: hello"}, dave)

	bob.until("sees dave", func() bool { return bob.has(conv, "alice added dave") })
	if err := bob.engine.RemoveMember(t.Context(), conv, bob.account(conv, "dave")); code(err) != client.CodeNotAllowed {
		t.Errorf("a member removes: %v", err)
	}
	alice.role(conv, "bob", client.RoleAdmin)
	bob.until("an admin", func() bool { return bob.view(conv).Role == client.RoleAdmin })
	bob.remove(conv, "carol")
	carol.until("taken out", func() bool { return carol.view(conv).Ended == client.EndedRemoved })
	if _, err := carol.engine.Send(t.Context(), conv, "let me", ""); code(err) != client.CodeEnded {
		t.Errorf("who was removed sends: %v", err)
	}
	bob.must(bob.engine.Rename(t.Context(), conv, "bouldering"))
	for _, u := range []*user{alice, dave} {
		u.until("renamed", func() bool { return u.view(conv).Name == "bouldering" })
	}
	alice.send(conv, "without carol")
	all(t, conv, []string{"dave: hello", "alice: without carol"}, dave)
	if got := carol.texts(conv); len(got) != 2 {
		t.Errorf("carol sees %q", got)
	}
	alice.must(alice.engine.AddMembers(t.Context(), conv, []string{"erin", "carol"}))
	carol.until("back", func() bool { return carol.view(conv).Ended == "" })
	erin.until("let in", func() bool { return erin.view(conv).Name == "bouldering" })
	carol.send(conv, "back again")
	all(t, conv, []string{"carol: back again"}, erin)
	all(t, conv, []string{"alice: before dave", "dave: hello", "carol: back again"}, carol)
	for _, u := range []*user{alice, bob, carol, dave, erin} {
		u.until("one roster", func() bool { return u.roster(conv) == "alice* bob* carol dave erin" })
	}
	want := []string{
		"alice created climbing", "alice added bob, carol", "alice added dave", "alice promoted bob", "bob removed carol",
		"bob renamed bouldering", "alice added carol, erin",
	}
	if got := sorted(alice.lines(conv)); !slices.Equal(got, sorted(want)) {
		t.Errorf("alice's lines: %q, want %q", got, want)
	}
	if got := carol.lines(conv); got[len(got)-2] != "bob taken-out carol" || got[len(got)-1] != "alice entered carol bouldering" {
		t.Errorf("carol's lines: %q", got)
	}
}

// sorted gives lines with the names in them in order, since accounts stand in the order of their ids.
func sorted(lines []string) []string {
	var list []string
	for _, l := range lines {
		words := strings.Fields(strings.ReplaceAll(l, ",", ""))
		slices.Sort(words)
		list = append(list, strings.Join(words, " "))
	}
	return list
}

func TestGroupLeaving(t *testing.T) {
	h := newHouse(t)
	users := newUsers(t, h, "alice", "bob", "carol")
	alice, bob, carol := users[0], users[1], users[2]
	conv := alice.found("climbing", bob, carol)
	alice.send(conv, "one")
	all(t, conv, []string{"alice: one"}, users...)
	if err := alice.engine.Leave(t.Context(), conv); code(err) != client.CodeLastAdmin {
		t.Errorf("the last admin leaves: %v", err)
	}
	carol.must(carol.engine.Leave(t.Context(), conv))
	carol.until("gone", func() bool { return carol.view(conv).Ended == client.EndedLeft })
	bob.until("told", func() bool { return bob.has(conv, "carol left carol") })
	bob.send(conv, "carol does not read this")
	all(t, conv, []string{"alice: one", "bob: carol does not read this"}, alice, bob)
	for _, u := range []*user{alice, bob} {
		u.until("two left", func() bool { return u.roster(conv) == "alice* bob" })
	}
	if got := carol.texts(conv); len(got) != 1 {
		t.Errorf("carol sees %q", got)
	}
	alice.role(conv, "bob", client.RoleAdmin)
	bob.until("an admin", func() bool { return bob.view(conv).Role == client.RoleAdmin })
	alice.must(alice.engine.Leave(t.Context(), conv))
	bob.until("alone", func() bool { return bob.roster(conv) == "bob*" })
	alice.until("gone", func() bool { return alice.view(conv).Ended == client.EndedLeft })
	bob.send(conv, "alone")
	all(t, conv, []string{"alice: one", "bob: carol does not read this", "bob: alone"}, bob)
}

// TestTwoAdminsAtOnce lets two admins and a member change and write at one moment: all of it happens, once.
func TestTwoAdminsAtOnce(t *testing.T) {
	h := newHouse(t)
	users := newUsers(t, h, "alice", "bob", "carol", "dave", "erin", "frank")
	alice, bob, carol := users[0], users[1], users[2]
	conv := alice.found("climbing", bob, carol)
	alice.role(conv, "bob", client.RoleAdmin)
	bob.until("an admin", func() bool { return bob.view(conv).Role == client.RoleAdmin })
	alice.must(alice.engine.AddMembers(t.Context(), conv, []string{"dave"}))
	bob.must(bob.engine.AddMembers(t.Context(), conv, []string{"erin"}))
	carol.send(conv, "one")
	alice.must(alice.engine.Rename(t.Context(), conv, "bouldering"))
	bob.must(bob.engine.AddMembers(t.Context(), conv, []string{"dave", "frank"}))
	for _, u := range users {
		u.until("one roster", func() bool { return u.roster(conv) == "alice* bob* carol dave erin frank" })
		u.until("one name", func() bool { return u.view(conv).Name == "bouldering" })
	}
	alice.send(conv, "two")
	all(t, conv, []string{"carol: one", "alice: two"}, alice, bob, carol)
	added := 0
	for _, line := range carol.lines(conv) {
		if strings.Contains(line, "added") && strings.Contains(line, "dave") {
			added++
		}
	}
	if added != 1 {
		t.Errorf("dave was added %d times: %q", added, carol.lines(conv))
	}
}
