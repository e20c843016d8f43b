package conversation_test

import (
	"bytes"
	"crypto/cipher"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// causes gives the cause of each outcome; "ok" for what was accepted.
func causes(outcomes []conversation.Outcome) []string {
	var list []string
	for _, o := range outcomes {
		if o.Err == nil {
			list = append(list, "ok")
		} else {
			list = append(list, string(conversation.CauseOf(o.Err)))
		}
	}
	return list
}

// conversed is a log of a commit (1), and messages by a (2, 3), b (4) and a (5), each written after the one before.
func conversed(t testing.TB) *world {
	t.Helper()
	w := openWorld(t)
	for i, p := range []*party{w.a, w.a, w.b, w.a} {
		w.send(p, fmt.Sprint("text ", i))
		must(t, w.sync(w.a)[0].Err)
		if p == w.b || i == 1 {
			w.sync(w.b)
		}
	}
	return w
}

// fresh is b as it was after the commit alone.
func (w *world) fresh(p *party) *party {
	twin := *p
	twin.c = conversation.New(w.id)
	return &twin
}

// TestHistories is what a relay can do to the log that it shows b, who has the keys of the real one and wrote
// nothing. Each line names what b makes of each event.
func TestHistories(t *testing.T) {
	cases := []struct {
		name    string
		order   []int // positions of the real log
		want    []string
		stopped conversation.Cause
	}{
		{"as it is", []int{1, 2, 3}, []string{"ok", "ok", "ok"}, ""},
		{"commit twice", []int{1, 1, 2, 3}, []string{"ok", "rule", "ok", "seen"}, ""},
		{"message replayed at once", []int{1, 2, 2}, []string{"ok", "ok", "replayed"}, ""},
		{"message replayed later", []int{1, 2, 3, 2}, []string{"ok", "ok", "ok", "replayed"}, ""},
		{"reordered", []int{1, 3, 2}, []string{"ok", "seen", "ok"}, ""},
		{"dropped", []int{1, 3}, []string{"ok", "seen"}, ""},
		{"dropped, the commit too", []int{2, 3}, []string{"epoch", "epoch"}, ""},
		{"replaced by another at its position", []int{1, 2, 2, 5}, []string{"ok", "ok", "replayed", "seen"}, ""},
		{"another history", []int{1, 2, 2, 2, 5}, []string{"ok", "ok", "replayed", "replayed", "split-view"}, conversation.CauseSplit},
		{"nothing opens after a stop", []int{1, 2, 2, 2, 5, 3}, []string{"ok", "ok", "replayed", "replayed", "split-view"}, conversation.CauseSplit},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := conversed(t)
			var events []stored
			for _, p := range c.order {
				events = append(events, w.log[p-1])
			}
			b := w.fresh(w.b)
			if got := causes(b.show(events...)); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
			if b.c.Stopped() != c.stopped {
				t.Errorf("stopped: %q, want %q", b.c.Stopped(), c.stopped)
			}
		})
	}
}

// TestSplitView is a relay that shows each side a message the other does not get.
func TestSplitView(t *testing.T) {
	w := openWorld(t)
	_, fromA := w.seal(w.a, "for a's eyes")
	_, fromB := w.seal(w.b, "for b's eyes")
	must(t, w.a.show(fromA)[0].Err)
	must(t, w.b.show(fromB)[0].Err)
	_, second := w.seal(w.a, "second")
	out := w.b.show(second)
	refused(t, out, conversation.ErrSplit, conversation.CauseSplit)
	if w.b.c.Stopped() != conversation.CauseSplit {
		t.Errorf("stopped: %q", w.b.c.Stopped())
	}
	body := conversation.Text{Text: "x"}.Encode()
	if _, _, err := w.b.c.Seal(w.b.env, conversation.ClientID{}, body); err == nil {
		t.Error("sealed although the conversation is stopped")
	}
	if _, err := w.b.c.Commit(w.b.env, w.plan()); err == nil {
		t.Error("committed although the conversation is stopped")
	}
	if _, _, err := w.b.c.SealReceipt(w.b.env, 1); err == nil {
		t.Error("acknowledged although the conversation is stopped")
	}
	if w.b.keep(w.b.c.Resume()); w.b.c.Stopped() != conversation.CauseSplit {
		t.Error("a split view was passed over")
	}
	if next, more := w.b.c.Open(w.b.env, []conversation.Event{{Kind: second.kind, Event: second.event}}); len(more) != 0 || next.Position() != w.b.c.Position() {
		t.Error("opened although the conversation is stopped")
	}
}

// TestSplitCommit is a commit whose author saw another history.
func TestSplitCommit(t *testing.T) {
	w := openWorld(t)
	_, fromA := w.seal(w.a, "for a's eyes")
	_, fromB := w.seal(w.b, "for b's eyes")
	must(t, w.a.show(fromA)[0].Err)
	must(t, w.b.show(fromB)[0].Err)
	commit := w.prepare(w.a)
	refused(t, w.b.show(commit), conversation.ErrSplit, conversation.CauseSplit)
}

// TestSplitAtTheStart is a relay that lets both open epoch 0: nothing of the other opens.
func TestSplitAtTheStart(t *testing.T) {
	w := newWorld(t)
	forA, forB := w.prepare(w.a), w.prepare(w.b)
	must(t, w.a.show(forA)[0].Err)
	must(t, w.b.show(forB)[0].Err)
	_, message := w.seal(w.a, "x")
	refused(t, w.b.show(message), cose.ErrDecrypt, conversation.CauseDecrypt)
	_, signal, err := w.a.c.SealReceipt(w.a.env, 1)
	must(t, err)
	_, _, err = w.b.c.OpenReceipt(w.b.env, signal)
	refusedError(t, err, cose.ErrDecrypt, conversation.CauseDecrypt)
}

// TestMoved shows a message elsewhere than where it was sealed for.
func TestMoved(t *testing.T) {
	t.Run("to another conversation", func(t *testing.T) {
		w := openWorld(t)
		other := worldOf(t, "alice", "carol")
		other.commit(other.a)
		other.syncAll()
		_, message := other.seal(other.a, "x")
		refused(t, w.b.show(message), epoch.ErrConversation, conversation.CauseRule)
	})
	t.Run("to the epoch after", func(t *testing.T) {
		w := openWorld(t)
		_, message := w.seal(w.a, "x")
		w.commit(w.b)
		w.sync(w.b)
		refused(t, w.b.show(message), conversation.ErrEpoch, conversation.CauseEpoch)
	})
	t.Run("to the epoch before", func(t *testing.T) {
		w := openWorld(t)
		behind := w.b.copied()
		w.commit(w.a)
		w.syncAll()
		_, message := w.seal(w.a, "x")
		refused(t, behind.show(message), conversation.ErrEpoch, conversation.CauseEpoch)
	})
	t.Run("before epoch 0", func(t *testing.T) {
		w := openWorld(t)
		_, message := w.seal(w.a, "x")
		refused(t, w.fresh(w.b).show(message), conversation.ErrEpoch, conversation.CauseEpoch)
	})
	t.Run("a commit of another conversation", func(t *testing.T) {
		w := openWorld(t)
		other := worldOf(t, "alice", "carol")
		refused(t, w.b.show(other.prepare(other.a)), epoch.ErrConversation, conversation.CauseRule)
	})
}

func TestUnknownKinds(t *testing.T) {
	for _, kind := range []epoch.Kind{0, 4, 255} {
		w := openWorld(t)
		_, message := w.seal(w.a, "x")
		message.kind = kind
		refused(t, w.b.show(message), conversation.ErrKind, conversation.CauseMalformed)
		if w.b.c.Position() != 2 || w.b.c.LogAt(2) != epoch.LogNext(w.id, 2, w.b.c.LogAt(1), kind, hashOf(message)) {
			t.Error("an unknown event has no position")
		}
	}
	w := openWorld(t)
	_, message := w.seal(w.a, "x")
	message.kind = epoch.KindCommit
	refused(t, w.b.show(message), cose.ErrMalformed, conversation.CauseMalformed)
	commit := w.log[0]
	commit.kind = epoch.KindMessage
	refused(t, w.b.show(commit), cose.ErrMalformed, conversation.CauseMalformed)
}

// TestInvalidEventsChangeNothing puts nonsense between good events: it takes positions and nothing else.
func TestInvalidEventsChangeNothing(t *testing.T) {
	w := openWorld(t)
	f := w.newForged(w.b)
	f.body = nil // replaced below: a member who signs what does not parse
	f.payload = func([]byte) []byte { return []byte{0xff} }
	nonsense := []stored{
		{kind: epoch.KindMessage, event: []byte("nonsense")}, {kind: epoch.KindMessage}, {kind: 9, event: []byte{1}},
		{kind: epoch.KindCommit, event: w.log[0].event}, {kind: epoch.KindCommit},
	}
	f.body = conversation.Text{Text: "x"}.Encode()
	nonsense = append(nonsense, f.stored())
	var want []string
	for i, n := range nonsense {
		w.log = append(w.log, n)
		for _, p := range []*party{w.a, w.b} {
			if out := w.sync(p); len(out) != 1 || out[0].Err == nil {
				t.Fatalf("nonsense %d: %v", i, out)
			}
		}
		want = append(want, fmt.Sprint("good ", i))
		w.send(w.a, want[i])
		must(t, w.sync(w.a)[0].Err)
		if got := texts(t, w.sync(w.b)); !slices.Equal(got, want[i:]) {
			t.Errorf("after nonsense %d: %q", i, got)
		}
	}
	if w.a.c.Seen() != w.b.c.Seen() {
		t.Error("two histories")
	}
}

// TestBatchesDoNotMatter shows a, who has a message on its way, a log with attacks in it, in batches of any size: the
// outcomes and the state are the same.
func TestBatchesDoNotMatter(t *testing.T) {
	w := openWorld(t)
	_, own := w.seal(w.a, "on its way")
	a := w.a.copied()
	w.log = append(w.log, own, own)
	for _, p := range []*party{w.a, w.b} {
		w.sync(p)
	}
	theirs, bad := w.newForged(w.b), w.newForged(w.b)
	bad.g = 9
	ahead := w.newForged(w.b)
	ahead.skip = 5
	forged := own // another ciphertext in a's slot and generation
	forged.event = slices.Concat(own.event[:len(own.event)-1], []byte{own.event[len(own.event)-1] ^ 1})
	w.log = append(w.log, forged, bad.stored(), theirs.stored(), theirs.stored(), stored{kind: 7}, own, ahead.stored(), theirs.stored())
	events := w.log[1:]
	whole := *a
	want := causes(whole.show(events...))
	for size := 1; size < len(events); size++ {
		parts := *a
		var got []string
		for chunk := range slices.Chunk(events, size) {
			got = append(got, causes(parts.show(chunk...))...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("in batches of %d: %v, want %v", size, got, want)
		}
		if !bytes.Equal(parts.c.Encode(), whole.c.Encode()) {
			t.Errorf("in batches of %d: another state", size)
		}
	}
	expected := []string{"ok", "replayed", "replayed", "sender", "ok", "replayed", "malformed", "replayed", "seen", "replayed"}
	if !slices.Equal(want, expected) {
		t.Errorf("%v, want %v", want, expected)
	}
}

// TestOwnReplayed shows a device its own message again, at once and later.
func TestOwnReplayed(t *testing.T) {
	w := openWorld(t)
	_, own := w.seal(w.a, "own")
	if got := causes(w.a.show(own, own)); !slices.Equal(got, []string{"ok", "replayed"}) {
		t.Errorf("%v", got)
	}
	if w.a.c.Messages() != 1 {
		t.Errorf("%d messages", w.a.c.Messages())
	}
	refused(t, w.a.show(own), conversation.ErrGeneration, conversation.CauseReplayed)
}

// counting counts how often something is decrypted.
type counting struct {
	cose.Native
	opened *atomic.Int64
}

type countingAEAD struct {
	cipher.AEAD
	opened *atomic.Int64
}

func (c counting) AEAD(key cose.Secret) cipher.AEAD {
	return countingAEAD{AEAD: c.Native.AEAD(key), opened: c.opened}
}

func (c countingAEAD) Open(dst, nonce, ciphertext, data []byte) ([]byte, error) {
	c.opened.Add(1)
	return c.AEAD.Open(dst, nonce, ciphertext, data)
}

// TestManyInvalidEvents is a member or relay that sends nothing but what does not open: the work stays in
// proportion to the events.
func TestManyInvalidEvents(t *testing.T) {
	w := openWorld(t)
	f := w.newForged(w.a)
	var events []stored
	for i := range 100 {
		f.nonce[0], f.generation = byte(i), uint64(i)
		f.external = []byte("wrong")
		events = append(events, f.stored())
	}
	var opened atomic.Int64
	w.b.env.Primitives = counting{opened: &opened}
	for _, o := range w.b.show(events...) {
		refusedError(t, o.Err, cose.ErrDecrypt, conversation.CauseDecrypt)
	}
	if n := opened.Load(); n > 4*int64(len(events)) {
		t.Errorf("%d events, and %d decryptions", len(events), n)
	}
	w.b.env.Primitives = cose.Native{}
}
