package relay_test

import (
	"bytes"
	"sync/atomic"
	"testing"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// counting counts the signatures that a relay verifies.
type counting struct {
	cose.Native
	verified atomic.Int64
}

func (c *counting) VerifyPSS(key cose.RSAKey, message, signature []byte) error {
	c.verified.Add(1)
	return c.Native.VerifyPSS(key, message, signature)
}

// since gives how many were verified since it was called last.
func (c *counting) since() int64 { return c.verified.Swap(0) }

// unlimited takes the limits off how often.
func unlimited(o *relay.Options) {
	l := &o.Limits
	l.Address, l.Account, l.Device, l.Commits = relay.Rate{}, relay.Rate{}, relay.Rate{}, relay.Rate{}
	l.Added, l.Asks = relay.Rate{}, relay.Rate{}
}

// TestLargestGroup opens a group of as many devices as there may be, with as many links, over the relay: each device is
// given its own wrap and no other, and once their chains are known a commit costs one signature.
func TestLargestGroup(t *testing.T) {
	w := newWorld(t, nil)
	keys := &counting{}
	w.relay.VerifyWith(keys)
	people := relaytest.NewCrowd(t, epoch.MaxDevices+1)
	clients := make([]*relaytest.Client, len(people))
	for i, p := range people {
		if clients[i] = w.register(p); i > 9 {
			if err := clients[i].Conn.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	founder, last := people[0], people[epoch.MaxDevices]
	d := relaytest.Group(founder, people[1:epoch.MaxDevices]...)
	for id := range byte(epoch.MaxLinks) {
		d.Room[0].Links = append(d.Room[0].Links, newLink(id, epoch.MaxUses))
	}
	keys.since()
	commit := d.Commit(t, founder, d.Header(founder))
	relaytest.Do[wire.Stored](clients[0], commit)
	if n := keys.since(); n != epoch.MaxDevices+1 {
		t.Errorf("the first commit: %d signatures", n)
	}
	d.Take(t, epoch.KindCommit, commit.Commit)
	for i, p := range people[1:10] {
		index, _ := d.Header(founder).Index(p.Device)
		if e := clients[i+1].Event().Event; !bytes.Equal(e.Wrap, commit.Wraps[index]) || !bytes.Equal(e.Event, commit.Commit) {
			t.Errorf("device %d was pushed another commit", i)
		}
	}
	clients[0].Open(d, founder)
	if n := keys.since(); n != 1 {
		t.Errorf("the next commit: %d signatures", n)
	}
	d.Invite(last)
	if got := clients[0].Refused(d.Commit(t, founder, d.Header(founder))); got.Code != wire.CodeCommitRefused {
		t.Errorf("one device too many: %v", got.Code)
	}
	d.Room[0].Links = nil
	d.Expel(people[250])
	clients[0].Open(d, founder)
	if n := keys.since(); n > 3 {
		t.Errorf("one for another: %d signatures", n)
	}
	relaytest.Do[wire.Stored](clients[1], d.Message(people[1], 0, 100))
}
