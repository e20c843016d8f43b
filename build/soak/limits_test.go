package soak

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/client"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// anHour is how many requests to be let back in a device makes in an hour, and how many of one device another grants.
const anHour = 3

// heard counts what a user asks the members, and the relay for events, through a transport.
type heard struct {
	client.Transport
	mu      sync.Mutex
	asks    int
	fetches int
}

func (h *heard) Dial(ctx context.Context) (client.Conn, error) {
	c, err := h.Transport.Dial(ctx)
	return heardConn{c, h}, err
}

func (h *heard) count() (asks, fetches int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.asks, h.fetches
}

type heardConn struct {
	client.Conn
	h *heard
}

func (c heardConn) Write(ctx context.Context, data []byte) error {
	if f, err := wire.Decode(data); err == nil {
		c.h.mu.Lock()
		if wire.DecodeBody(f, &wire.Ask{}) == nil {
			c.h.asks++
		}
		if wire.DecodeBody(f, &wire.Fetch{}) == nil {
			c.h.fetches++
		}
		c.h.mu.Unlock()
	}
	return c.Conn.Write(ctx, data)
}

// letPass lets time go by in a bubble until everything waits again.
func letPass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// TestAsksFewTimes takes a device's keys away again and again: it asks for them three times an hour, not more often.
func TestAsksFewTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, relay := newHouse(t), hostile.New()
		alice := newUser(t, h, "alice")
		ear := &heard{Transport: relay.Transport(h)}
		carol := newUser(t, ear, "carol")
		alice.join()
		carol.join()
		conv := alice.found("climbing", carol)
		relay.Tell(hostile.Change(func(p wire.EventPush) []wire.Body {
			if len(p.Event.Wrap) > 0 {
				p.Event.Wrap = bytes.Clone(p.Event.Wrap)
				p.Event.Wrap[len(p.Event.Wrap)-1] ^= 1
			}
			return []wire.Body{p}
		}))
		alice.must(alice.engine.RenewKeys(t.Context(), conv))
		for hour := 1; hour <= 3; hour++ {
			letPass(58 * time.Minute)
			if n, _ := ear.count(); n != hour*anHour {
				t.Errorf("%d requests after %d hours", n, hour)
			}
			letPass(2 * time.Minute)
		}
	})
}

// TestGrantsFewTimes has a device say after every epoch that it has lost its place: another one opens three epochs an
// hour for it, not more.
func TestGrantsFewTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := hostile.NewServer(origin)
		alice := newUser(t, server, "alice")
		alice.join()
		mallory, err := hostile.NewMember("mallory", keys.Next)
		if err != nil {
			t.Fatal(err)
		}
		server.Enrol(mallory)
		id := openedByLiar(t, server, mallory, alice)
		conv := hex.EncodeToString(id[:])
		alice.until("the group is here", func() bool { return len(alice.timeline(conv)) > 0 })
		for hour := 1; hour <= 2; hour++ {
			for range 25 {
				letPass(2 * time.Minute)
				ask, err := epoch.SignRejoin(rand.Reader, mallory.Signer, epoch.Rejoin{
					Conversation: id, Epoch: newestEpoch(t, server, id, mallory.Device), Device: mallory.Device,
				})
				if err != nil {
					t.Fatal(err)
				}
				server.Ask(id, mallory.Device, ask, []byte{})
			}
			if n := commitsOf(server, id, mallory.Device); n != 1+hour*anHour {
				t.Errorf("%d epochs after %d hours", n, hour)
			}
			letPass(8 * time.Minute)
		}
	})
}

// openedByLiar opens a group of a liar and a user, and gives its id.
func openedByLiar(t *testing.T, server *hostile.Server, liar *hostile.Member, u *user) epoch.ConversationID {
	b, err := hex.DecodeString(u.engine.Me().Account)
	if err != nil {
		t.Fatal(err)
	}
	links, prekeys := server.Shown(account.ID(b))
	chain, err := account.ParseChain(cose.Native{}, links)
	if err != nil {
		t.Fatal(err)
	}
	room := hostile.NewRoom(epoch.ConversationID{})
	room.Keys[liar.Device] = liar.Prekey.Public()
	for _, signed := range prekeys {
		if err := room.Know(signed); err != nil {
			t.Fatal(err)
		}
	}
	c := room.OpenGroup(liar, uint64(time.Now().Unix()), "friends", hostile.Sorted([]epoch.Member{
		room.Slot(liar.Chain, epoch.RoleAdmin), room.Slot(chain, epoch.RoleMember),
	}))
	signed, err := c.Sign()
	if err != nil {
		t.Fatal(err)
	}
	server.Advance(room.ID, 0)
	server.Append(room.ID, epoch.KindCommit, signed.Event, signed.Wraps)
	return room.ID
}

func newestEpoch(t *testing.T, server *hostile.Server, id epoch.ConversationID, d account.DeviceID) epoch.ID {
	var newest epoch.ID
	for _, e := range server.Log(id, d) {
		if e.Kind == epoch.KindCommit {
			c, err := epoch.ParseCommit(e.Event)
			if err != nil {
				t.Fatal(err)
			}
			newest = c.ID
		}
	}
	return newest
}

func commitsOf(server *hostile.Server, id epoch.ConversationID, d account.DeviceID) int {
	n := 0
	for _, e := range server.Log(id, d) {
		if e.Kind == epoch.KindCommit {
			n++
		}
	}
	return n
}
