package relay_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

func TestNotAFrame(t *testing.T) {
	w := newWorld(t, nil)
	zero := wire.Encode(0, wire.Lookup{Handle: "bob"})
	for name, c := range map[string]struct {
		data []byte
		want wire.Reason
	}{
		"empty":          {[]byte{}, wire.ReasonMalformed},
		"no CBOR":        {[]byte("hello"), wire.ReasonMalformed},
		"id 0":           {zero, wire.ReasonMalformed},
		"trailing bytes": {append(wire.Encode(1, wire.Lookup{}), 0), wire.ReasonMalformed},
		"long number":    {[]byte{0x83, 0x18, 0x03, 0x01, 0x81, 0x60}, wire.ReasonMalformed},
		"too large":      {make([]byte, 1<<16), wire.ReasonTooLarge},
	} {
		end := w.connect().Conn
		if err := end.Write(t.Context(), c.data); err != nil {
			t.Fatal(err)
		}
		if reason := w.closed(end); reason != c.want {
			t.Errorf("%s: closed with %q, want %q", name, reason, c.want)
		}
	}
	if n := w.relay.Stats().Closed; n[wire.ReasonMalformed] != 5 || n[wire.ReasonTooLarge] != 1 {
		t.Errorf("counted %v", n)
	}
}

func TestTooLargeAfterLogin(t *testing.T) {
	w, a, b, _ := talk(t, nil)
	if err := a.Conn.Write(t.Context(), make([]byte, wire.MaxFrame)); err != nil {
		t.Fatal(err)
	}
	if reason := w.closed(a.Conn); reason != wire.ReasonMalformed {
		t.Errorf("at the limit: closed with %q", reason)
	}
	if err := b.Conn.Write(t.Context(), make([]byte, wire.MaxFrame+1)); err != nil {
		t.Fatal(err)
	}
	if reason := w.closed(b.Conn); reason != wire.ReasonTooLarge {
		t.Errorf("over the limit: closed with %q", reason)
	}
}

func TestNoLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil)
		c, began := w.connect(), time.Now()
		c.Refused(wire.Lookup{Handle: "bob"})
		if reason := w.closed(c.Conn); reason != wire.ReasonNoLogin || time.Since(began) != 10*time.Second {
			t.Errorf("closed with %q after %v", reason, time.Since(began))
		}
		w.stop()
	})
}

func TestNonceGetsOld(t *testing.T) {
	alice, _, _ := three()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(o *relay.Options) { o.Limits.Login = time.Minute })
		fresh, old := w.connect(), w.connect()
		time.Sleep(29 * time.Second)
		fresh.Register(alice)
		time.Sleep(2 * time.Second)
		if got := old.Refused(wire.Login{Login: alice.Sign(t, origin, old.Hello.Nonce)}); got.Code != wire.CodeLoginRefused {
			t.Errorf("after 31 s: %v", got.Code)
		}
		w.stop()
	})
}

func TestIdle(t *testing.T) {
	people()
	synctest.Test(t, func(t *testing.T) {
		w, a, b, d := talk(t, nil)
		go func() { // b reads and so answers pings; a does not
			for {
				if _, err := b.Conn.Read(context.Background()); err != nil {
					return
				}
			}
		}()
		time.Sleep(2 * time.Minute)
		if reason := w.closed(a.Conn); reason != wire.ReasonIdle {
			t.Errorf("closed with %q", reason)
		}
		if n := w.relay.Stats(); n.Sessions != 1 || n.Closed[wire.ReasonIdle] != 1 {
			t.Errorf("counted %+v", n)
		}
		w.login(d.Low)
		w.stop()
	})
}

// TestSlow has one member that does not read while another talks on.
func TestSlow(t *testing.T) {
	people()
	synctest.Test(t, func(t *testing.T) {
		w, a, b, d := talk(t, nil)
		for g := range uint64(3) {
			relaytest.Do[wire.Stored](a, d.Message(d.Low, g, 100))
			a.Event()
		}
		time.Sleep(relaytest.WriteTimeout)
		synctest.Wait()
		if reason := w.closed(b.Conn); reason != wire.ReasonSlow {
			t.Errorf("closed with %q", reason)
		}
		b = w.login(d.High)
		if page := relaytest.Do[wire.Page](b, wire.Fetch{Conversation: d.ID, After: 1}); len(page.Events) != 3 {
			t.Errorf("%d events when it is back", len(page.Events))
		}
		w.stop()
	})
}

func TestQueueOverflows(t *testing.T) {
	cases := map[string]struct {
		limit func(*relay.Limits)
		size  int
	}{
		"frames": {func(l *relay.Limits) { l.QueueFrames = 20 }, 10},
		"bytes":  {func(l *relay.Limits) { l.QueueBytes = 100_000 }, 10_000},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w, a, b, d := talk(t, func(o *relay.Options) { c.limit(&o.Limits) })
			for g := range uint64(25) {
				relaytest.Do[wire.Stored](a, d.Message(d.Low, g, c.size))
				a.Event()
			}
			if n := w.relay.Stats().Closed[wire.ReasonSlow]; n != 1 {
				t.Errorf("%d sessions were closed as slow", n)
			}
			if reason := w.closed(b.Conn); reason != wire.ReasonSlow {
				t.Errorf("closed with %q", reason)
			}
		})
	}
}

// TestAskingForMoreThanOneTakes has a client ask for much and read late: it is slowed down, not closed.
func TestAskingForMoreThanOneTakes(t *testing.T) {
	_, a, b, d := talk(t, nil)
	for g := range uint64(15) {
		relaytest.Do[wire.Stored](a, d.Message(d.Low, g, 100_000))
		b.Event()
	}
	const n = 30
	go func() {
		for range n {
			b.Start(wire.Fetch{Conversation: d.ID})
		}
	}()
	pages := 0
	for ; pages < n; pages++ {
		page := relaytest.Read[wire.Page](b, b.Next())
		if len(page.Events) == 0 || page.Head.Position != 16 {
			t.Fatalf("page %d: %d events", pages, len(page.Events))
		}
	}
}

func TestGoingOnBeyondTheLimits(t *testing.T) {
	w, a, _, _ := talk(t, func(o *relay.Options) { o.Limits.Account = relay.Rate{PerSecond: 0.001, Burst: 5} })
	end := a.Conn
	go func() {
		for id := uint64(100); ; id++ {
			if end.Write(context.Background(), wire.Encode(id, wire.Lookup{Handle: "bob"})) != nil {
				return
			}
		}
	}()
	if reason := w.closed(end); reason != wire.ReasonLimited {
		t.Errorf("closed with %q", reason)
	}
}

func TestStrangersAreLimitedByAddress(t *testing.T) {
	w := newWorld(t, func(o *relay.Options) { o.Limits.Address = relay.Rate{PerSecond: 0.001, Burst: 3} })
	for i, want := range []wire.Code{wire.CodeNotLoggedIn, wire.CodeNotLoggedIn, wire.CodeNotLoggedIn, wire.CodeLimited} {
		if got := w.connect().Refused(wire.Lookup{Handle: "bob"}); got.Code != want {
			t.Errorf("request %d: %v, want %v", i, got.Code, want)
		}
	}
}

func TestClosing(t *testing.T) {
	w, a, b, d := talk(t, nil)
	const n = 50
	for g := range uint64(n) {
		a.Start(d.Message(d.Low, g, 100))
	}
	for range n {
		b.Event() // all is stored
	}
	closed := make(chan struct{})
	go func() {
		w.relay.Close()
		close(closed)
	}()
	stored := 0
	for {
		data, err := a.Conn.Read(t.Context())
		if err != nil {
			break
		}
		if f, err := wire.Decode(data); err == nil && f.Kind == wire.KindStored {
			stored++
		}
	}
	if reason := w.closed(b.Conn); reason != wire.ReasonClosing {
		t.Errorf("closed with %q", reason)
	}
	<-closed
	if stored != n {
		t.Errorf("%d answers came before the end, want %d", stored, n)
	}
	if reason := w.closed(w.dial()); reason != wire.ReasonClosing {
		t.Errorf("a new connection is closed with %q", reason)
	}
}

// faulty is a store with a bug.
type faulty struct{ store.Store }

func (faulty) Lookup(context.Context, account.Handle) (account.ID, error) { panic("a bug") }

func TestFaultEndsOneSession(t *testing.T) {
	w, a, b, d := talk(t, func(o *relay.Options) { o.Store = faulty{o.Store} })
	a.Start(wire.Lookup{Handle: "secret-handle"})
	if reason := w.closed(a.Conn); reason != "internal" {
		t.Errorf("closed with %q", reason)
	}
	relaytest.Do[wire.Stored](b, d.Message(d.High, 0, 10))
	lines := w.logs.all()
	if len(lines) != 1 || !strings.Contains(lines[0], "a bug") || strings.Contains(lines[0], "secret-handle") {
		t.Errorf("logged %q", lines)
	}
}

// TestConcurrentMembers has both members write while both are pushed everything in order.
func TestConcurrentMembers(t *testing.T) {
	_, a, b, d := talk(t, nil)
	const n = 300
	done := make(chan struct{})
	for c, by := range map[*relaytest.Client]*relaytest.Person{a: d.Low, b: d.High} {
		go func() {
			for g := range uint64(n) {
				c.Start(d.Message(by, g, 50))
			}
		}()
		go func() {
			defer func() { done <- struct{}{} }()
			at, stored := epoch.Position(1), 0
			for at < 2*n+1 || stored < n {
				f := c.Next()
				if f.ID != 0 {
					stored++
					continue
				}
				if push := relaytest.Read[wire.EventPush](c, f); push.Event.Position != at+1 {
					t.Errorf("%d was pushed after %d", push.Event.Position, at)
				}
				at++
			}
		}()
	}
	<-done
	<-done
}
