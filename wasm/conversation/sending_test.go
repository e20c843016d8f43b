package conversation_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

func TestOnePendingAtATime(t *testing.T) {
	w := openWorld(t)
	id, event := w.seal(w.a, "first")
	p, ok := w.a.c.Pending()
	if !ok || p.ClientID != id || !bytes.Equal(p.Event, event.event) {
		t.Fatal("what was sealed is not pending")
	}
	_, _, err := w.a.c.Seal(w.a.env, conversation.ClientID{}, conversation.Text{Text: "second"}.Encode())
	refusedError(t, err, conversation.ErrPending, conversation.CauseRule)
	w.log = append(w.log, event)
	w.syncAll()
	if _, ok := w.a.c.Pending(); ok {
		t.Error("still pending after it was seen")
	}
	w.send(w.a, "second")
	w.syncAll()
}

func TestSealRefuses(t *testing.T) {
	w := newWorld(t)
	body := conversation.Text{Text: "x"}.Encode()
	_, _, err := w.a.c.Seal(w.a.env, conversation.ClientID{}, body)
	refusedError(t, err, conversation.ErrNoEpoch, conversation.CauseRule)
	w.commit(w.a)
	w.syncAll()
	_, _, err = w.a.c.Seal(w.a.env, conversation.ClientID{}, make(cose.Raw, conversation.MaxBody+1))
	refusedError(t, err, conversation.ErrTooLong, conversation.CauseRule)
	for _, body := range []cose.Raw{nil, {}, {0x00, 0x00}, {0x5f}, {0x81}} {
		_, _, err = w.a.c.Seal(w.a.env, conversation.ClientID{}, body)
		refusedError(t, err, cose.ErrMalformed, conversation.CauseMalformed)
	}
}

// TestReseal is a commit that overtook a message: the message's epoch is over, it goes out again in the new one.
func TestReseal(t *testing.T) {
	w := openWorld(t)
	id, late := w.seal(w.a, "overtaken")
	w.commit(w.b)
	must(t, w.sync(w.b)[0].Err)
	out := w.sync(w.a)
	if len(out) != 1 || out[0].Commit == nil {
		t.Fatalf("outcomes: %v", out)
	}
	if _, ok := w.a.c.Pending(); ok {
		t.Error("a message of the epoch before is pending")
	}
	next, event, err := w.a.c.Seal(w.a.env, id, conversation.Text{Text: "overtaken"}.Encode())
	must(t, err)
	w.a.keep(next)
	w.log = append(w.log, stored{kind: epoch.KindMessage, event: event})
	out = w.sync(w.b)
	if len(out) != 1 || out[0].Err != nil || out[0].Message.ClientID != id {
		t.Fatalf("outcomes: %v", out)
	}
	must(t, w.sync(w.a)[0].Err)
	refused(t, w.b.show(late), conversation.ErrEpoch, conversation.CauseEpoch)
}

// TestGivenUp leaves a hole that the other side passes over.
func TestGivenUp(t *testing.T) {
	w := openWorld(t)
	w.seal(w.a, "given up")
	w.a.keep(w.a.c.GiveUp())
	if _, ok := w.a.c.Pending(); ok {
		t.Error("still pending")
	}
	w.send(w.a, "kept")
	must(t, w.sync(w.a)[0].Err)
	if got := texts(t, w.sync(w.b)); !slices.Equal(got, []string{"kept"}) {
		t.Errorf("%q", got)
	}
}

// TestGivenUpComesAllTheSame is a relay that had stored what it refused: both sides read it.
func TestGivenUpComesAllTheSame(t *testing.T) {
	w := openWorld(t)
	_, event := w.seal(w.a, "given up")
	w.a.keep(w.a.c.GiveUp())
	w.log = append(w.log, event)
	for _, p := range []*party{w.a, w.b} {
		if got := texts(t, w.sync(p)); !slices.Equal(got, []string{"given up"}) {
			t.Errorf("%s: %q", p.name, got)
		}
	}
	w.send(w.a, "next")
	w.syncAll()
}

// TestGivenUpComesBeforeTheNext shows what a relay can do with a message it refused and kept: when it comes before
// the next one, the next one's history is too old, and its sender must see that as everyone does.
func TestGivenUpComesBeforeTheNext(t *testing.T) {
	w := openWorld(t)
	_, first := w.seal(w.a, "given up")
	w.a.keep(w.a.c.GiveUp())
	id, second := w.seal(w.a, "next")
	w.log = append(w.log, first, second)
	for _, p := range []*party{w.a, w.b} {
		out := w.sync(p)
		if len(out) != 2 || out[0].Err != nil {
			t.Fatalf("%s: %v", p.name, out)
		}
		refused(t, out[1:], conversation.ErrSeenOld, conversation.CauseSeen)
	}
	if _, ok := w.a.c.Pending(); ok {
		t.Fatal("what was refused is on its way for good")
	}
	next, event, err := w.a.c.Seal(w.a.env, id, conversation.Text{Text: "next"}.Encode())
	must(t, err)
	w.a.keep(next)
	w.log = append(w.log, stored{kind: epoch.KindMessage, event: event})
	w.syncAll()
}

func TestGivenUpComesAfterTheNext(t *testing.T) {
	w := openWorld(t)
	_, first := w.seal(w.a, "given up")
	w.a.keep(w.a.c.GiveUp())
	_, second := w.seal(w.a, "next")
	w.log = append(w.log, second, first)
	for _, p := range []*party{w.a, w.b} {
		out := w.sync(p)
		if len(out) != 2 || out[0].Err != nil || out[1].Err == nil {
			t.Fatalf("%s: %v", p.name, out)
		}
	}
	w.send(w.b, "and on")
	w.syncAll()
}

func TestTooManyGivenUp(t *testing.T) {
	w := openWorld(t)
	for i := range 16 {
		w.seal(w.a, strings.Repeat("x", conversation.MaxText)) // the longest, which the stored state must hold
		if i < 15 {
			w.a.keep(w.a.c.GiveUp())
		}
	}
	w.a.keep(w.a.c.GiveUp())
	_, _, err := w.a.c.Seal(w.a.env, conversation.ClientID{}, conversation.Text{Text: "x"}.Encode())
	refusedError(t, err, conversation.ErrGivenUp, conversation.CauseRule)
	w.commit(w.a)
	w.syncAll()
	w.send(w.a, "in a new epoch")
	w.syncAll()
}

// TestHoles are messages that were sealed and lost: up to 1,000 in a row are no error.
func TestHoles(t *testing.T) {
	for _, c := range []struct {
		holes int
		want  error
	}{{1, nil}, {conversation.MaxSkip, nil}, {conversation.MaxSkip + 1, conversation.ErrSkipped}} {
		t.Run(fmt.Sprint(c.holes), func(t *testing.T) {
			w := openWorld(t)
			f := w.newForged(w.a)
			f.skip = uint64(c.holes)
			w.log = append(w.log, f.stored())
			out := w.sync(w.b)
			if c.want != nil {
				refused(t, out, c.want, conversation.CauseGeneration)
				return
			}
			if got := texts(t, out); len(got) != 1 {
				t.Errorf("%q", got)
			}
		})
	}
}

// TestCommitAndMessageTakeTurns refuses what would make a device's own next event name a history older than its last.
func TestCommitAndMessageTakeTurns(t *testing.T) {
	w := openWorld(t)
	_, event := w.seal(w.a, "on its way")
	_, err := w.a.c.Commit(w.a.env, w.plan())
	refusedError(t, err, conversation.ErrPending, conversation.CauseRule)
	w.log = append(w.log, event)
	w.syncAll()
	commit := w.prepare(w.a)
	_, _, err = w.a.c.Seal(w.a.env, conversation.ClientID{}, conversation.Text{Text: "x"}.Encode())
	refusedError(t, err, conversation.ErrPending, conversation.CauseRule)
	_, err = w.a.c.Commit(w.a.env, w.plan())
	refusedError(t, err, conversation.ErrPending, conversation.CauseRule)
	w.log = append(w.log, commit)
	w.syncAll()
	w.send(w.a, "in the new epoch")
	w.syncAll()
}

// TestCrash repeats each step from the state that was stored before it: the bytes that went out stay the same.
func TestCrash(t *testing.T) {
	w := newWorld(t)
	commit := w.prepare(w.a)
	after := w.a.copied() // crashed after storing, before or after sending
	if p, ok := after.c.PendingCommit(); !ok || !bytes.Equal(p.Commit, commit.event) || !bytes.Equal(p.Wraps[0], commit.wraps[0]) {
		t.Fatal("the commit is lost")
	}
	w.log = append(w.log, commit)
	w.a = after
	w.syncAll()
	_, event := w.seal(w.a, "text")
	after = w.a.copied()
	if p, ok := after.c.Pending(); !ok || !bytes.Equal(p.Event, event.event) {
		t.Fatal("the message is lost")
	}
	w.log = append(w.log, event)
	w.a = after
	w.syncAll()
	before := w.b.copied() // crashed before the outcome was stored: it comes again
	w.send(w.a, "more")
	must(t, w.sync(w.a)[0].Err)
	first, second := texts(t, w.sync(w.b)), texts(t, w.sync(before))
	if !slices.Equal(first, second) || !bytes.Equal(w.b.c.Encode(), before.c.Encode()) {
		t.Errorf("%q and %q", first, second)
	}
}
