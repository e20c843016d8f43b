package relay_test

import (
	"context"
	"errors"
	"testing"

	"sotto/backend/relay/relaytest"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// FuzzSession drives live sessions, of a stranger and of a member, with whatever comes. Each message must be answered
// under its id or end the session with a reason of the closed list; nothing may be logged.
func FuzzSession(f *testing.F) {
	w, a, _, d := talk(f, unlimited)
	for _, frame := range seeds(f, d) {
		f.Add(false, frame)
		f.Add(true, frame)
	}
	f.Fuzz(func(t *testing.T, member bool, data []byte) {
		c := a
		c.TB = t
		if !member {
			c = relaytest.NewClient(t, w.dial())
			defer func() { _ = c.Conn.Close() }()
		}
		if !answered(t, c, data) && member {
			a = relaytest.NewClient(t, w.dial())
			a.Login(d.Low)
		}
		if lines := w.logs.all(); len(lines) != 0 {
			t.Fatalf("logged %q", lines)
		}
	})
}

// probe is the id of a request that follows the one under test.
const probe = 1 << 60

// answered sends data and a probe. It reports whether the session goes on; what came must be right in either case.
func answered(t *testing.T, c *relaytest.Client, data []byte) bool {
	sent, err := wire.Decode(data)
	if sent.ID == probe {
		return true
	}
	wrong := err != nil || sent.ID == 0 || len(data) > wire.MaxFrame
	go func() {
		_ = c.Conn.Write(context.Background(), data)
		_ = c.Conn.Write(context.Background(), wire.Encode(probe, wire.Lookup{Handle: "bob"}))
	}()
	got := 0
	for {
		raw, err := c.Conn.Read(context.Background())
		var closed *relaytest.Closed
		if errors.As(err, &closed) {
			known(t, closed.Reason)
			return false
		}
		if err != nil {
			t.Fatal(err)
		}
		f, err := wire.Decode(raw)
		switch {
		case err != nil:
			t.Fatalf("the relay sent %v", err)
		case f.ID == sent.ID && f.ID != 0:
			got++
		}
		if f.ID == probe {
			if wrong || got == 0 {
				t.Fatalf("a message was passed over in silence: not a frame %v, answers %d", wrong, got)
			}
			return true
		}
	}
}

// known checks that a reason is of the list.
func known(t *testing.T, reason wire.Reason) {
	switch reason {
	case wire.ReasonMalformed, wire.ReasonTooLarge, wire.ReasonNoLogin, wire.ReasonLoginFailed:
	default:
		t.Fatalf("closed with %q", reason)
	}
}

// seeds are a right frame of every kind and some wrong ones.
func seeds(f *testing.F, d *relaytest.Conversation) [][]byte {
	commit := d.Commit(f, d.High, d.Header(d.High))
	group := relaytest.Group(d.High, d.Low)
	group.Room[0].Links = []epoch.Link{newLink(1, 1)}
	founding := group.Commit(f, d.High, group.Header(d.High))
	bodies := []wire.Body{
		d.High.Registration(f, wire.Hello{Origin: origin}),
		wire.Login{Login: d.High.Sign(f, origin, [wire.NonceSize]byte{})},
		wire.Lookup{Handle: "bob"}, wire.Chain{Account: d.High.Account}, wire.Prekey{Prekey: d.High.Signed},
		commit, d.Message(d.Low, 1, 100), d.Message(d.High, 1, 100), wire.Fetch{Conversation: d.ID},
		wire.Conversations{}, d.Receipt(d.Low, 1), wire.Cursor{Conversation: d.ID, Position: 1},
		founding, d.High.Leave(f, d.Leaving(d.High)), d.High.Join(f, d.Joining(d.High, epoch.LinkID{1})), wire.Ask{Conversation: d.ID},
		d.High.Rejoin(f, epoch.Rejoin{Conversation: d.ID, Epoch: d.Epoch, Device: d.High.Device}),
		activityOf(d, d.Low, keep), wire.ActivityPush{},
		wire.Hello{}, wire.Stored{}, wire.EventPush{}, wire.Error{Code: wire.CodeClosing},
		wire.Message{Conversation: d.ID, Event: relaytest.Seal(epoch.TypeSignal, d.Place(d.Low, 1), 10)},
	}
	frames := [][]byte{nil, {0}, {0x83}, []byte("not a frame"), cose.Marshal(wire.Frame{Kind: 99, ID: 1, Body: []byte{0x80}})}
	for i, body := range bodies {
		frames = append(frames, wire.Encode(uint64(i+1), body), wire.Encode(1<<63, body))
	}
	return frames
}
