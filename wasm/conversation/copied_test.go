package conversation_test

import (
	"errors"
	"slices"
	"testing"

	"sotto/wasm/conversation"
)

// TestCopiedProfile is one profile in two places: each stops when it sees what the other wrote.
func TestCopiedProfile(t *testing.T) {
	t.Run("the copy wrote", func(t *testing.T) {
		w := openWorld(t)
		twin := w.a.copied()
		_, message := w.seal(twin, "from the copy")
		refused(t, w.a.show(message), conversation.ErrCopied, conversation.CauseCopied)
		if w.a.c.Stopped() != conversation.CauseCopied {
			t.Errorf("stopped: %q", w.a.c.Stopped())
		}
	})
	t.Run("both sealed the same generation", func(t *testing.T) {
		w := openWorld(t)
		twin := w.a.copied()
		w.seal(w.a, "on its way")
		_, message := w.seal(twin, "from the copy")
		refused(t, w.a.show(message), conversation.ErrCopied, conversation.CauseCopied)
	})
	t.Run("a commit by the copy", func(t *testing.T) {
		w := openWorld(t)
		twin := w.a.copied()
		out := w.a.show(w.prepare(twin))
		lost(t, w.a.c, out, conversation.ErrCopied, conversation.CauseCopied)
		if w.a.c.Stopped() != conversation.CauseCopied {
			t.Errorf("stopped: %q", w.a.c.Stopped())
		}
	})
	t.Run("both committed", func(t *testing.T) {
		w := openWorld(t)
		twin := w.a.copied()
		w.prepare(w.a)
		out := w.a.show(w.prepare(twin))
		lost(t, w.a.c, out, conversation.ErrCopied, conversation.CauseCopied)
		if w.a.c.Stopped() != conversation.CauseCopied {
			t.Errorf("stopped: %q", w.a.c.Stopped())
		}
	})
	t.Run("the copy runs ahead", func(t *testing.T) {
		w := openWorld(t)
		twin := w.a.copied()
		for range 3 {
			_, message := w.seal(twin, "x")
			must(t, twin.show(message)[0].Err)
			w.log = append(w.log, message)
		}
		out := w.sync(w.a)
		refused(t, out, conversation.ErrCopied, conversation.CauseCopied)
	})
	t.Run("a forgery in the own slot is none", func(t *testing.T) {
		w := openWorld(t)
		f := w.newForged(w.a) // by b, who knows a's chain and not a's signing key
		f.signer = w.b.env.Signer
		out := w.a.show(f.stored())
		if len(out) != 1 || conversation.CauseOf(out[0].Err) != conversation.CauseSignature || w.a.c.Stopped() != "" {
			t.Errorf("%v, stopped %q", out, w.a.c.Stopped())
		}
	})
}

// TestResume goes on with a profile that was restored from an older copy: it reads what it wrote meanwhile and moves
// past it.
func TestResume(t *testing.T) {
	w := openWorld(t)
	restored := w.a.copied()
	for _, text := range []string{"one", "two", "three"} {
		w.send(w.a, text)
		w.syncAll()
	}
	refused(t, w.sync(restored), conversation.ErrCopied, conversation.CauseCopied)
	restored.keep(restored.c.Resume())
	if restored.c.Stopped() != "" {
		t.Fatal("still stopped")
	}
	out := w.sync(restored)
	if got := texts(t, out); !slices.Equal(got, []string{"two", "three"}) || !out[0].Own || out[0].Message.Pending {
		t.Errorf("%q", got)
	}
	if _, g := restored.c.ChainOf(restored.index()); g != 3 {
		t.Errorf("generation %d, want 3", g)
	}
	w.a = restored
	w.commit(restored)
	w.syncAll()
	w.send(restored, "in a new epoch")
	w.syncAll()
	twin := restored.copied()
	_, message := w.seal(twin, "the other copy again")
	refused(t, restored.show(message), conversation.ErrCopied, conversation.CauseCopied)
}

// TestResumeSealsNoGenerationTwice goes on at once, without the log's other events.
func TestResumeSealsNoGenerationTwice(t *testing.T) {
	w := openWorld(t)
	restored := w.a.copied()
	w.send(w.a, "one")
	must(t, w.sync(w.a)[0].Err)
	refused(t, w.sync(restored), conversation.ErrCopied, conversation.CauseCopied)
	restored.keep(restored.c.Resume())
	w.send(restored, "two")
	if got := texts(t, w.sync(w.b)); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("%q", got)
	}
	must(t, w.sync(restored)[0].Err)
}

// TestResumeForgetsWhatWasOnItsWay seals anew what a copy's message took the place of.
func TestResumeForgetsWhatWasOnItsWay(t *testing.T) {
	w := openWorld(t)
	twin := w.a.copied()
	w.seal(w.a, "on its way")
	_, message := w.seal(twin, "from the copy")
	w.log = append(w.log, message)
	refused(t, w.sync(w.a), conversation.ErrCopied, conversation.CauseCopied)
	w.a.keep(w.a.c.Resume())
	if _, ok := w.a.c.Pending(); ok {
		t.Error("a message whose generation is used is on its way")
	}
	w.send(w.a, "anew")
	w.syncAll()
}

// TestResumeAfterACommit goes on where the epoch that a copy opened is lost to this profile: it is let back in.
func TestResumeAfterACommit(t *testing.T) {
	w := openWorld(t)
	twin := w.a.copied()
	w.log = append(w.log, w.prepare(twin))
	must(t, w.sync(w.b)[0].Err)
	lost(t, w.a.c, w.sync(w.a), conversation.ErrCopied, conversation.CauseCopied)
	w.a.keep(w.a.c.Resume())
	w.send(w.b, "in the epoch of the copy")
	refused(t, w.sync(w.a), conversation.ErrLost, conversation.CauseLost)
	must(t, w.sync(w.b)[0].Err)
	if _, _, err := w.a.c.Seal(w.a.env, conversation.ClientID{}, conversation.Text{Text: "x"}.Encode()); !errors.Is(err, conversation.ErrLost) {
		t.Errorf("seal in a lost epoch: %v", err)
	}
	w.commit(w.b)
	lost(t, w.a.c, w.sync(w.a), conversation.ErrLost, conversation.CauseLost)
	must(t, w.sync(w.b)[0].Err)
	w.readmit(w.b, w.a)
	w.syncAll()
	w.send(w.a, "here again")
	w.syncAll()
}

func TestResumeWhenNothingStopped(t *testing.T) {
	w := openWorld(t)
	_, event := w.seal(w.a, "x")
	w.a.keep(w.a.c.Resume())
	if _, ok := w.a.c.Pending(); !ok {
		t.Error("resuming what goes on lost a message")
	}
	w.log = append(w.log, event)
	w.syncAll()
}
