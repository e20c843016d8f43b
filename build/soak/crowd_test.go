package soak

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sotto/build/rough"
	"sotto/wasm/client"
)

// agree waits until all members of a group have the same texts, of each sender in order and exactly once, and the same
// roster.
func agree(t *testing.T, conv string, each int, users ...*user) {
	t.Helper()
	for _, u := range users {
		u.until("everything has arrived", func() bool {
			u.engine.Connect()
			return len(u.texts(conv)) >= each*len(users) && u.settled(conv)
		})
	}
	want := users[0].texts(conv)
	for _, u := range users {
		if got := u.texts(conv); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, %s sees %q", u.name, got, users[0].name, want)
		}
		next := 0
		for _, text := range want {
			if text == u.name+": "+strconv.Itoa(next) {
				next++
			} else if strings.HasPrefix(text, u.name+": ") {
				t.Errorf("of %s came %q, want number %d", u.name, text, next)
			}
		}
		if next != each {
			t.Errorf("%d texts of %s, want %d", next, u.name, each)
		}
		u.until("one roster", func() bool { return u.roster(conv) == users[0].roster(conv) })
		if len(u.alarms) > 0 || u.blocked(conv) != "" {
			t.Errorf("%s has alarms %q and is blocked by %q", u.name, u.alarms, u.blocked(conv))
		}
	}
}

// TestGroupsOnARoughNetwork lets groups talk and change over a network that cuts, delays and reorders.
func TestGroupsOnARoughNetwork(t *testing.T) {
	const groups, size, each = 6, 5, 5
	h := newHouse(t)
	network := rough.New(seed(t), cutting)
	defer network.Close()
	var wg sync.WaitGroup
	for g := range groups {
		var users []*user
		for i := range size {
			users = append(users, newUser(t, network.Transport(h), fmt.Sprintf("g%d-%c", g, 'a'+i)))
		}
		extra := newUser(t, network.Transport(h), fmt.Sprintf("g%d-x", g))
		wg.Go(func() { crowd(t, extra, users, each) })
	}
	wg.Wait()
	t.Logf("%d connections were cut", network.Cuts())
}

// crowd lets a group's members write while one more person comes and goes again and again.
func crowd(t *testing.T, extra *user, users []*user, each int) {
	for _, u := range append(slices.Clone(users), extra) {
		u.join()
	}
	conv := users[0].begin("crowd", users[1:]...)
	var wg sync.WaitGroup
	for _, u := range users {
		wg.Go(func() {
			for i := range each {
				u.send(conv, strconv.Itoa(i))
			}
		})
	}
	for range 2 {
		users[0].retry(func() error { return users[0].engine.AddMembers(t.Context(), conv, []string{extra.name}) })
		extra.until("let in", func() bool { extra.engine.Connect(); return extra.view(conv).Role != "" })
		users[0].until("sees the newcomer", func() bool { return strings.Contains(users[0].roster(conv), extra.name) })
		users[0].remove(conv, extra.name)
		extra.until("taken out", func() bool { extra.engine.Connect(); return extra.view(conv).Ended != "" })
	}
	wg.Wait()
	agree(t, conv, each, users...)
}

// retry does something again while there is no connection.
func (u *user) retry(do func() error) {
	u.t.Helper()
	for {
		err := do()
		if err == nil {
			return
		}
		if code(err) != client.CodeOffline {
			u.t.Errorf("%s: %v", u.name, err)
			return
		}
		u.engine.Connect()
		u.online()
	}
}

// begin lets a user begin a group over any network.
func (u *user) begin(name string, others ...*user) string {
	u.t.Helper()
	var conv string
	u.retry(func() error {
		c, err := u.engine.CreateGroup(u.t.Context(), name, namesOf(others))
		conv = c.ID
		return err
	})
	for _, o := range others {
		o.until("let in", func() bool { o.engine.Connect(); return o.view(conv).Role != "" })
	}
	return conv
}

// TestGroupCrashes ends engines at any moment of a group's life and starts them again on what was stored.
func TestGroupCrashes(t *testing.T) {
	const rounds = 12
	h := newHouse(t)
	network := rough.New(seed(t), cutting/4)
	defer network.Close()
	random := rand.New(rand.NewPCG(seed(t), 2))
	users := newUsers(t, network.Transport(h), "alice", "bob", "carol", "dave")
	conv := users[0].begin("crashes", users[1:]...)
	users[0].role(conv, "bob", client.RoleAdmin)
	for i := range rounds {
		for _, u := range users {
			u.send(conv, strconv.Itoa(i))
		}
		switch i % 4 {
		case 0:
			users[0].must(users[0].engine.Rename(t.Context(), conv, "name "+strconv.Itoa(i)))
		case 1:
			users[2].must(users[2].engine.RenewKeys(t.Context(), conv))
		case 2:
			if users[1].view(conv).Role == client.RoleAdmin {
				users[1].must(users[1].engine.Rename(t.Context(), conv, "other name "+strconv.Itoa(i)))
			}
		}
		for range random.IntN(3000) {
			network.Cuts() // pass a little time: how much does not matter
		}
		users[random.IntN(len(users))].crash()
	}
	agree(t, conv, rounds, users...)
	for _, u := range users {
		u.until("one name", func() bool { return u.view(conv).Name == users[0].view(conv).Name })
	}
}
