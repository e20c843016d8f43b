package conversation_test

import (
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/cose"
)

// TestFarAheadCostsOnce is a member that sends messages of far generations that are none: each but the first costs few
// derivations, and what its chain gives stays the same.
func TestFarAheadCostsOnce(t *testing.T) {
	w := openWorld(t)
	a := w.a.index()
	_, next := w.b.c.ChainOf(a)
	f := w.newForged(w.a)
	f.skip = conversation.MaxSkip
	stray := f.stored()
	stray.event = flip(stray.event, len(stray.event)-1)
	events := []conversation.Event{{Kind: stray.kind, Event: stray.event}}
	opened, out := w.b.c.Open(w.b.env, events)
	refused(t, out, cose.ErrDecrypt, conversation.CauseDecrypt)
	for _, g := range []uint64{next, next + 1, next + 63, next + 64, next + 500, next + 999, next + conversation.MaxSkip} {
		if steps := opened.StepsTo(a, g); steps > 64 {
			t.Errorf("generation %d costs %d derivations", g, steps)
		}
	}
	if again, g := opened.ChainOf(a); g != next || again != mustChain(w.b.c, a) {
		t.Error("a message that is none moved its sender")
	}
	opened, _ = opened.Open(w.b.env, events)
	_, message := w.seal(w.a, "a real one")
	before := opened
	opened, out = opened.Open(w.b.env, []conversation.Event{{Kind: message.kind, Event: message.event}})
	if len(out) != 1 {
		t.Fatal("nothing was opened")
	}
	if opened.Marks(a) != 0 || before.Marks(a) == 0 {
		t.Errorf("%d chain keys ahead are kept, %d before", opened.Marks(a), before.Marks(a))
	}
}

func mustChain(c *conversation.Conversation, slot uint64) cose.Secret {
	chain, _ := c.ChainOf(slot)
	return chain
}

// TestChainWithMarks gives the same keys with marks as without.
func TestChainWithMarks(t *testing.T) {
	w := openWorld(t)
	for _, holes := range []uint64{1, 63, 64, 65, 130, 1000} {
		w := w.clone(t)
		f := w.newForged(w.a)
		f.skip = holes
		far := w.newForged(w.a)
		far.skip = conversation.MaxSkip
		stray := far.stored()
		stray.event = flip(stray.event, len(stray.event)-1)
		right := f.stored()
		next, _ := w.b.c.Open(w.b.env, []conversation.Event{{Kind: stray.kind, Event: stray.event}})
		_, out := next.Open(w.b.env, []conversation.Event{{Kind: right.kind, Event: right.event}})
		if len(out) != 1 || out[0].Err != nil {
			t.Errorf("%d holes: %v", holes, out)
		}
	}
}
