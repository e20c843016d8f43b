package soak

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"sotto/wasm/client"
)

// failing is a store that takes so many more batches and then none, like a machine whose power is cut.
type failing struct {
	client.Store
	mu   sync.Mutex
	left int
	done chan struct{} // closed at the first batch that is not taken
}

func (f *failing) Apply(ctx context.Context, writes []client.Write) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.left == 0 {
		select {
		case <-f.done:
		default:
			close(f.done)
		}
		return client.ErrStorageFailed
	}
	f.left--
	return f.Store.Apply(ctx, writes)
}

// cutter cuts one user's power after so many batches, once.
type cutter struct {
	u     *user
	store *failing
}

func newCutter(u *user, after int) *cutter {
	c := &cutter{u: u}
	u.stop()
	u.disk = func(s client.Store) client.Store {
		c.store = &failing{Store: s, left: after, done: make(chan struct{})}
		return c.store
	}
	u.start()
	u.disk = func(s client.Store) client.Store { return s }
	return c
}

// cut says whether the power went, and then the engine has been started again on what was stored.
func (c *cutter) cut() bool {
	if c.store == nil {
		return false
	}
	select {
	case <-c.store.done:
		c.store = nil
		c.u.crash()
		return true
	default:
		return false
	}
}

// step does something until it is done, and waits until it shows, over a cut of power.
func (c *cutter) step(do func() error, shows func() bool) {
	for tries := 0; ; tries++ {
		err := do()
		if err == nil {
			break
		}
		if !c.cut() && tries > 100 {
			c.u.t.Fatalf("%s: %v", c.u.name, err)
		}
		c.u.online()
	}
	c.u.until("it shows", func() bool { return shows() || c.cut() || shows() })
	c.u.until("it shows", func() bool { c.cut(); return shows() })
}

// stride is how many stages lie between two of the test's, which together go through all kinds of batches.
const stride = 4

// TestCrashAtEachStage cuts an admin's power after each batch that it stores while it founds and changes a group: every
// change is made, once.
func TestCrashAtEachStage(t *testing.T) {
	h := newHouse(t)
	for after := 0; after < 30; after += stride {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			prefix := fmt.Sprintf("s%d-", after)
			users := newUsers(t, h, prefix+"alice", prefix+"bob", prefix+"carol")
			stage(t, newCutter(users[0], after), users[1], users[2])
		})
	}
}

func stage(t *testing.T, c *cutter, bob, carol *user) {
	alice := c.u
	alice.online()
	var conv string
	found := func() bool {
		return slices.ContainsFunc(alice.engine.Conversations(), func(v client.Conversation) bool { return v.Kind == client.KindGroup })
	}
	c.step(func() error {
		if found() {
			return nil
		}
		_, err := alice.engine.CreateGroup(t.Context(), "climbing", []string{bob.name})
		return err
	}, func() bool { return found() })
	conv = alice.engine.Conversations()[0].ID
	in := func(u *user) func() bool {
		return func() bool { return slices.Contains(strings.Fields(alice.roster(conv)), u.name) }
	}
	c.step(func() error { return nil }, in(bob))
	c.step(func() error { return alice.engine.AddMembers(t.Context(), conv, []string{carol.name}) }, in(carol))
	c.step(func() error {
		_, err := alice.engine.Send(t.Context(), conv, "one", strings.Repeat("0a", 16))
		return err
	}, func() bool { return len(carol.texts(conv)) == 1 })
	c.step(func() error { return alice.engine.Rename(t.Context(), conv, "bouldering") }, func() bool { return bob.view(conv).Name == "bouldering" })
	c.step(func() error {
		if !in(carol)() {
			return nil
		}
		return alice.engine.RemoveMember(t.Context(), conv, alice.account(conv, carol.name))
	}, func() bool { return carol.view(conv).Ended == client.EndedRemoved })
	all(t, conv, []string{alice.name + ": one"}, alice, bob, carol)
	want := []string{"created climbing", "added " + bob.name, "added " + carol.name, "renamed bouldering", "removed " + carol.name}
	for i := range want {
		want[i] = alice.name + " " + want[i]
	}
	alice.until("sees all changes", func() bool { return len(alice.lines(conv)) >= len(want) })
	if got := alice.lines(conv); !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q", got, want)
	}
}
