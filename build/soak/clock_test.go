package soak

import (
	"slices"
	"testing"
	"time"

	"sotto/wasm/client"
)

// TestWrongClock lets a device talk whose clock is a day off: it is told so, and nothing is lost.
func TestWrongClock(t *testing.T) {
	for name, off := range map[string]time.Duration{"ahead": 24 * time.Hour, "behind": -24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			alice, bob := newUser(t, h, "alice"), newUser(t, h, "bob")
			clock := newTurning()
			clock.turn(off)
			alice.stop()
			alice.clock = clock
			alice.start()
			alice.join()
			bob.join()
			conv := alice.open(bob)
			alice.send(conv, "one")
			bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
			bob.send(conv, "two")
			alice.until("both", func() bool { return slices.Equal(alice.texts(conv), []string{"alice: one", "bob: two"}) })
			if alice.skew == 0 || time.Duration(alice.skew)*time.Second-off > time.Minute {
				t.Errorf("skew %d s, want about %v", alice.skew, off)
			}
			if bob.skew != 0 {
				t.Errorf("bob was told of a skew of %d s", bob.skew)
			}
		})
	}
}

// TestBothClocksMeet opens an epoch by a clock that is ahead and renews it by one that is right.
func TestBothClocksMeet(t *testing.T) {
	h := newHouse(t)
	alice, bob := newUser(t, h, "alice"), newUser(t, h, "bob")
	clock := newTurning()
	bob.stop()
	bob.clock = clock
	bob.start()
	clock.turn(5 * time.Minute) // within what the relay takes
	alice.join()
	bob.join()
	conv := bob.open(alice)
	bob.send(conv, "one")
	alice.until("a message", func() bool { return len(alice.texts(conv)) == 1 })
	alice.send(conv, "two")
	bob.until("both", func() bool { return len(bob.texts(conv)) == 2 })
	if got := alice.notices(conv); !slices.Equal(got, []string{client.NoticeOpened}) {
		t.Errorf("notices: %q", got)
	}
}
