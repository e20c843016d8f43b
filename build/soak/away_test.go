package soak

import (
	"slices"
	"testing"
	"time"

	"sotto/wasm/client"
)

// newAged gives people with one clock that can be turned.
func newAged(t *testing.T, h client.Transport, clock client.Clock, names ...string) []*user {
	users := make([]*user, len(names))
	for i, name := range names {
		u := newUser(t, h, name)
		u.stop()
		u.clock = clock
		u.start()
		u.join()
		users[i] = u
	}
	return users
}

const day = 24 * time.Hour

// TestWeekOffline keeps a member away while everything about its group changes: back again it has all of it.
func TestWeekOffline(t *testing.T) {
	h := newHouse(t)
	clock := newTurning()
	users := newAged(t, h, clock, "alice", "bob", "carol", "dave")
	alice, bob, carol, dave := users[0], users[1], users[2], users[3]
	conv := alice.found("climbing", bob, carol)
	alice.send(conv, "day 0")
	all(t, conv, []string{"alice: day 0"}, alice, bob, carol)
	carol.stop()
	alice.role(conv, "bob", client.RoleAdmin)
	bob.until("an admin", func() bool { return bob.view(conv).Role == client.RoleAdmin })
	clock.turn(2 * day)
	bob.send(conv, "day 2") // in a new epoch
	alice.until("day 2", func() bool { return len(alice.texts(conv)) == 2 })
	alice.must(alice.engine.AddMembers(t.Context(), conv, []string{"dave"}))
	dave.until("let in", func() bool { return dave.view(conv).Role != "" })
	clock.turn(2 * day)
	dave.send(conv, "day 4")
	bob.until("day 4", func() bool { return len(bob.texts(conv)) == 3 })
	bob.remove(conv, "dave")
	dave.until("taken out", func() bool { return dave.view(conv).Ended != "" })
	clock.turn(3 * day)
	bob.must(bob.engine.Rename(t.Context(), conv, "bouldering"))
	alice.until("renamed", func() bool { return alice.view(conv).Name == "bouldering" })
	alice.send(conv, "day 7")
	bob.until("day 7", func() bool { return len(bob.texts(conv)) == 4 })
	carol.start()
	want := []string{"alice: day 0", "bob: day 2", "dave: day 4", "alice: day 7"}
	all(t, conv, want, carol, alice, bob)
	if v := carol.view(conv); v.Name != "bouldering" || v.Members != 3 || v.Lost != "" {
		t.Errorf("carol's view: %+v", v)
	}
	carol.send(conv, "back")
	all(t, conv, append(want, "carol: back"), alice, bob, carol)
}

// TestAwayForLong adds a person who has been away for so long that nothing can be sealed for them. When they are back
// they are let in without anyone doing anything; what was said before is not for them.
func TestAwayForLong(t *testing.T) {
	h := newHouse(t)
	clock := newTurning()
	clock.turn(-95 * day)
	users := newUsers(t, h, "alice", "bob")
	alice, bob := users[0], users[1]
	carol := newAged(t, h, clock, "carol")[0] // with a prekey that has expired by everyone else's clock
	conv := alice.found("climbing", bob, carol)
	alice.send(conv, "one")
	bob.until("one", func() bool { return len(bob.texts(conv)) == 1 })
	if got := alice.roster(conv); got != "alice* bob carol(away)" {
		t.Errorf("members: %s", got)
	}
	carol.until("told", func() bool { return slices.Contains(carol.notices(conv), client.NoticeLost) })
	if v := carol.view(conv); v.Lost != client.NoticeLost || v.Blocked != nil {
		t.Errorf("carol's view: %+v", v)
	}
	carol.send(conv, "here I am") // waits for keys
	clock.turn(95 * day)
	all(t, conv, []string{"alice: one", "carol: here I am"}, alice, bob)
	all(t, conv, []string{"carol: here I am"}, carol)
	// For carol all the days pass at once: where her patience ends before the others have answered, she opens an epoch for
	// everyone, and learns the name with the next one by somebody who knows it.
	back := []string{"alice rejoined carol", "bob rejoined carol", "carol rejoined alice, bob", "carol rejoined bob, alice"}
	if !slices.ContainsFunc(back, func(line string) bool { return carol.has(conv, line) }) {
		t.Errorf("carol's lines: %q", carol.lines(conv))
	}
	alice.must(alice.engine.RenewKeys(t.Context(), conv))
	carol.until("the name is known", func() bool { v := carol.view(conv); return v.Lost == "" && v.Name == "climbing" })
}
