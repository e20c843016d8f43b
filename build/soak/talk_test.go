package soak

import (
	"fmt"
	"slices"
	"testing"

	"sotto/wasm/client"
)

func TestTwoTalk(t *testing.T) {
	h := newHouse(t)
	alice, bob := newUser(t, h, "alice"), newUser(t, h, "bob")
	alice.join()
	bob.join()
	conv := alice.open(bob)
	for i := range 5 {
		alice.send(conv, fmt.Sprint(i))
	}
	bob.until("5 messages", func() bool { return len(bob.texts(conv)) == 5 })
	bob.send(conv, "hello")
	alice.until("6 messages", func() bool { return len(alice.texts(conv)) == 6 })
	want := []string{"alice: 0", "alice: 1", "alice: 2", "alice: 3", "alice: 4", "bob: hello"}
	for _, u := range []*user{alice, bob} {
		u.until("all sent", func() bool { return u.settled(conv) })
		if got := u.texts(conv); !slices.Equal(got, want) {
			t.Errorf("%s sees %q, want %q", u.name, got, want)
		}
		if got := u.notices(conv); !slices.Equal(got, []string{client.NoticeOpened}) {
			t.Errorf("%s has notices %q", u.name, got)
		}
	}
	alice.until("delivered", func() bool { return alice.engine.Conversations()[0].Delivered >= 6 })
	if err := bob.engine.Read(t.Context(), conv, 7); err != nil {
		t.Fatal(err)
	}
	alice.until("read", func() bool { return alice.engine.Conversations()[0].Read == 7 })
}
