package soak

import (
	"context"
	"errors"
	"testing"
	"time"

	"sotto/build/hostile"
	"sotto/wasm/client"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// TestPrekeyGoesAtLast names heads to a device that would keep its old prekey for ever: of a conversation that there is
// not, it goes soon, of one that there is, after a week.
func TestPrekeyGoesAtLast(t *testing.T) {
	for name, test := range map[string]struct {
		head  func(conv epoch.ConversationID) wire.Head
		after time.Duration
	}{
		"no conversation": {func(epoch.ConversationID) wire.Head {
			return wire.Head{Conversation: epoch.ConversationID{7}, Position: 9}
		}, time.Hour},
		"a position beyond reach": {func(c epoch.ConversationID) wire.Head { return wire.Head{Conversation: c, Position: 1 << 40} }, time8days},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			relay := hostile.New()
			clock := newTurning()
			alice := newUser(t, h, "alice")
			alice.join()
			bob := newAged(t, relay.Transport(h), clock, "bob")[0]
			conv := alice.open(bob)
			alice.send(conv, "one")
			bob.until("a message", func() bool { return len(bob.texts(conv)) == 1 })
			var id epoch.ConversationID
			copy(id[:], hexBytes(t, conv))
			relay.Tell(hostile.Change(func(p wire.Heads) []wire.Body {
				return []wire.Body{wire.Heads{Heads: append(p.Heads, test.head(id))}}
			}))
			clock.turn(40 * time.Minute) // the prekey let bob in and is replaced
			gone := func(n string) bool {
				_, err := bob.keys.Decrypter(context.Background(), "prekey-"+n)
				return errors.Is(err, client.ErrNoKey)
			}
			until(t, "the prekey is replaced", func() bool { return !gone("2") })
			if gone("1") {
				t.Error("the old prekey is gone although a conversation may need it")
			}
			relay.Tell(hostile.Honest)
			clock.turn(test.after)
			until(t, "the old prekey is gone", func() bool { return gone("1") })
		})
	}
}
