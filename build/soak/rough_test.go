package soak

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sotto/build/rough"
)

const (
	pairs    = 100 // 200 clients
	messages = 8   // from each side of a pair
	cutting  = 0.01
)

// seed draws a seed, or takes the one of a run to repeat from SOTTO_SEED.
func seed(t *testing.T) uint64 {
	s := rand.Uint64()
	if given, err := strconv.ParseUint(os.Getenv("SOTTO_SEED"), 10, 64); err == nil {
		s = given
	}
	t.Logf("SOTTO_SEED=%d", s)
	return s
}

// TestRoughNetwork lets hundreds of clients talk over a network that cuts, delays and reorders: every message
// arrives exactly once, in order, on both sides.
func TestRoughNetwork(t *testing.T) {
	h := newHouse(t)
	network := rough.New(seed(t), cutting)
	defer network.Close()
	transport := network.Transport(h)
	var all sync.WaitGroup
	for i := range pairs {
		a, b := newUser(t, transport, fmt.Sprintf("a%d", i)), newUser(t, transport, fmt.Sprintf("b%d", i))
		all.Go(func() { converse(a, b) })
	}
	all.Wait()
	t.Logf("%d connections were cut", network.Cuts())
	if network.Cuts() < pairs {
		t.Errorf("only %d cuts: the network was not rough", network.Cuts())
	}
}

// converse lets two people open their conversation at the same moment and both talk at once.
func converse(a, b *user) {
	a.join()
	b.join()
	var conv string
	var both sync.WaitGroup
	for _, u := range [][2]*user{{a, b}, {b, a}} {
		both.Go(func() {
			c := u[0].open(u[1])
			for i := range messages {
				u[0].send(c, strconv.Itoa(i))
			}
			if u[0] == a {
				conv = c
			}
		})
	}
	both.Wait()
	check(a, b, conv, messages)
}

// check waits until both sides have everything and compares.
func check(a, b *user, conv string, each int) {
	for _, u := range []*user{a, b} {
		u.until("everything has arrived", func() bool {
			u.engine.Connect()
			return len(u.texts(conv)) >= 2*each && u.settled(conv)
		})
	}
	got, want := a.texts(conv), b.texts(conv)
	if !slices.Equal(got, want) {
		a.t.Errorf("%s sees %q, %s sees %q", a.name, got, b.name, want)
	}
	for _, u := range []*user{a, b} {
		var own []string
		for _, text := range got {
			if rest, ok := strings.CutPrefix(text, u.name+": "); ok {
				own = append(own, rest)
			}
		}
		for i := range max(each, len(own)) {
			if i >= len(own) || own[i] != strconv.Itoa(i) {
				a.t.Errorf("messages of %s: %q", u.name, own)
				break
			}
		}
		if n := u.notices(conv); len(n) != 1 {
			a.t.Errorf("%s has notices %q", u.name, n)
		}
		if len(u.alarms) > 0 {
			a.t.Errorf("%s has alarms %q", u.name, u.alarms)
		}
	}
}

// TestCrashes ends engines at any moment and starts them again on what was stored: nothing is lost, nothing doubled.
func TestCrashes(t *testing.T) {
	const rounds = 12
	h := newHouse(t)
	network := rough.New(seed(t), cutting/4)
	defer network.Close()
	random := rand.New(rand.NewPCG(seed(t), 1))
	a, b := newUser(t, network.Transport(h), "alice"), newUser(t, network.Transport(h), "bob")
	a.join()
	b.join()
	conv := a.open(b)
	b.open(a)
	for i := range rounds {
		for _, u := range []*user{a, b} {
			u.send(conv, strconv.Itoa(i))
		}
		for range random.IntN(3000) {
			network.Cuts() // pass a little time: how much does not matter
		}
		[]*user{a, b}[random.IntN(2)].crash()
	}
	check(a, b, conv, rounds)
}
