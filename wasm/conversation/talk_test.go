package conversation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

func TestTwoTalk(t *testing.T) {
	w := newWorld(t)
	w.commit(w.a)
	out := w.sync(w.a)
	if len(out) != 1 || out[0].Commit == nil || !out[0].Own {
		t.Fatalf("outcomes: %v", out)
	}
	var want []string
	for i := range 5 {
		want = append(want, fmt.Sprint("a", i))
		id := w.send(w.a, want[i])
		out = w.sync(w.a)
		if len(out) != 1 || !out[0].Own || !out[0].Message.Pending || out[0].Message.ClientID != id {
			t.Fatalf("own message: %v", out)
		}
	}
	out = w.sync(w.b)
	if len(out) != 6 || out[0].Commit == nil || out[0].Own || !slices.Equal(texts(t, out), want) {
		t.Fatalf("outcomes: %v", out)
	}
	for i, o := range out {
		if o.Position != epoch.Position(i+1) || o.Hash != hashOf(w.log[i]) || i > 0 && o.Sender.Device != w.a.env.Device {
			t.Errorf("outcome %d: %+v", i, o)
		}
	}
	w.commit(w.b)
	w.syncAll()
	w.send(w.b, "back")
	if got := texts(t, w.sync(w.a)); !slices.Equal(got, []string{"back"}) {
		t.Errorf("%q", got)
	}
}

// TestManyEpochs goes on for some epochs, opened by both in turn, with messages of both in each.
func TestManyEpochs(t *testing.T) {
	w := newWorld(t)
	for n := range 4 {
		p := []*party{w.a, w.b}[n%2]
		p.newPrekey(slices.Repeat([]byte{byte(n)}, 64))
		w.commit(p)
		w.syncAll()
		if h := w.a.c.Header(); h.Number != epoch.Number(n) || w.a.c.Opened() != epoch.Position(len(w.log)) {
			t.Fatalf("epoch %d, opened at %d", h.Number, w.a.c.Opened())
		}
		for i := range 3 {
			w.send(w.a, fmt.Sprint("a", n, i))
			w.syncAll()
			w.send(w.b, fmt.Sprint("b", n, i))
			w.syncAll()
		}
		if w.a.c.Messages() != 6 || w.b.c.Messages() != 6 {
			t.Errorf("%d and %d messages, want 6", w.a.c.Messages(), w.b.c.Messages())
		}
	}
	if w.a.c.Seen() != w.b.c.Seen() {
		t.Error("two histories")
	}
}

// TestBothOpenAtOnce is two commits of epoch 0: the first in the log wins, and the loser takes it.
func TestBothOpenAtOnce(t *testing.T) {
	w := newWorld(t)
	first, second := w.prepare(w.b), w.prepare(w.a)
	w.log = append(w.log, first) // the relay refuses second
	w.syncAll()
	if _, ok := w.a.c.PendingCommit(); ok {
		t.Error("the loser keeps its commit")
	}
	w.send(w.a, "from the loser")
	w.syncAll()
	refused(t, w.b.show(second), epoch.ErrNumber, conversation.CauseRule)
}

func TestDropCommit(t *testing.T) {
	w := newWorld(t)
	lost := w.prepare(w.a)
	w.a.keep(w.a.c.DropCommit())
	if _, ok := w.a.c.PendingCommit(); ok {
		t.Error("a dropped commit is pending")
	}
	w.commit(w.a)
	w.syncAll()
	refused(t, w.b.show(lost), epoch.ErrNumber, conversation.CauseRule)
}

func TestHeaderTimeNeverGoesBack(t *testing.T) {
	w := openWorld(t)
	plan := w.plan()
	plan.Time = now - 1000
	next, err := w.b.c.Commit(w.b.env, plan)
	must(t, err)
	w.b.keep(next)
	pending, _ := w.b.c.PendingCommit()
	w.log = append(w.log, stored{kind: epoch.KindCommit, event: pending.Commit, wraps: pending.Wraps})
	w.syncAll()
	if w.a.c.Header().Time != now {
		t.Errorf("time %d, want %d", w.a.c.Header().Time, now)
	}
}

// TestLongMessages seals bodies of every size class up to the longest.
func TestLongMessages(t *testing.T) {
	w := openWorld(t)
	for _, n := range []int{1, 100, 1000, 10_000, conversation.MaxText} {
		w.send(w.a, strings.Repeat("x", n))
		if size := len(w.log[len(w.log)-1].event); size > conversation.MaxMessageBytes {
			t.Errorf("a text of %d bytes is sealed to %d", n, size)
		}
		must(t, w.sync(w.a)[0].Err)
		if got := texts(t, w.sync(w.b)); len(got) != 1 || len(got[0]) != n {
			t.Errorf("%d bytes: got something else", n)
		}
	}
}

func TestPlanWithoutKey(t *testing.T) {
	w := newWorld(t)
	plan := w.plan()
	delete(plan.Keys, w.b.env.Device)
	if _, err := w.a.c.Commit(w.a.env, plan); err == nil {
		t.Error("a commit without the other's prekey")
	}
	plan = w.plan()
	plan.Keys[w.b.env.Device] = w.a.current.Public()
	if _, err := w.a.c.Commit(w.a.env, plan); err == nil {
		t.Error("a commit with a prekey that the roster does not name")
	}
	plan = w.plan()
	plan.Roster = plan.Roster[:1]
	if _, err := w.a.c.Commit(w.a.env, plan); err == nil {
		t.Error("a commit with one account")
	}
}

func TestNewPeopleEachTime(t *testing.T) {
	for _, pair := range [][2]keys.Person{{keys.Alice, keys.Carol}, {keys.Dave, keys.Bob}} {
		w := worldOf(t, pair[0], pair[1])
		w.commit(w.b)
		w.syncAll()
		w.send(w.a, "hello")
		w.syncAll()
	}
}
