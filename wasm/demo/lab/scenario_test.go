package lab_test

import (
	"slices"
	"strings"
	"testing"

	"sotto/wasm/demo/lab"
)

// plays are the scenarios with every act and what came of it: "who key result", and the cause of a refusal.
var plays = map[string]struct{ ours, weak []string }{
	"swap": {
		[]string{"server swap.answers done", "alice swap.verifies fooled", "alice writes done", "mallory swap.reads leaked", "bob swap.gets fooled",
			"alice swap.compare noticed"},
		[]string{"server swap.answers done", "alice writes done", "mallory swap.reads leaked", "bob swap.gets fooled", "bob swap.nothing fooled"},
	},
	"replay": {
		[]string{"alice writes done", "alice writes done", "alice writes done", "bob opens opened", "server replay.again done",
			"bob replay.refused refused replayed", "bob replay.without fooled"},
		[]string{"alice writes done", "alice writes done", "alice writes done", "server replay.again done", "bob replay.taken fooled", "bob replay.taken fooled"},
	},
	"reorder": {
		[]string{"alice writes done", "alice writes done", "alice writes done", "server reorder.order done", "bob reorder.refused refused seen", "bob opens opened"},
		[]string{"alice writes done", "alice writes done", "alice writes done", "server reorder.order done", "bob reorder.taken fooled", "bob reorder.taken fooled"},
	},
	"drop": {
		[]string{"alice writes done", "alice writes done", "alice writes done", "bob opens opened", "server drop.second done", "bob drop.refused refused seen"},
		[]string{"alice writes done", "alice writes done", "alice writes done", "server drop.second done", "bob drop.taken fooled", "bob drop.taken fooled"},
	},
	"move": {
		[]string{"alice move.writes done", "server move.moves done", "bob move.refused refused conversation", "bob move.without refused decrypt"},
		[]string{"alice move.weak done", "server move.moves done", "bob move.taken fooled"},
	},
	"ghost": {
		[]string{"server ghost.adds done", "alice ghost.refused refused signature", "mallory ghost.without leaked"},
		[]string{"server ghost.weak done", "alice writes done", "mallory ghost.reads leaked"},
	},
	"split": {
		[]string{"server split.shows done", "alice split.sees fooled", "bob split.sees fooled", "alice writes done", "bob split.refused stopped split-view",
			"bob split.stopped refused rule"},
		[]string{"server split.shows done", "alice split.sees fooled", "bob split.sees fooled", "alice writes done", "bob split.taken fooled"},
	},
	"steal": {
		[]string{"alice writes done", "thief steal.copies done", "thief steal.ratchet refused replayed", "thief steal.prekey leaked",
			"thief steal.past refused stale-prekey", "alice writes done", "thief steal.present leaked", "bob steal.renews done", "alice steal.epoch done",
			"alice writes done", "thief steal.healed refused stale-prekey", "thief steal.future refused lost", "thief steal.signing fooled"},
		[]string{"thief steal.copies done", "thief steal.all leaked", "thief steal.all leaked", "thief steal.all leaked"},
	},
	"twice": {
		[]string{"alice writes done", "alice writes done", "server twice.sees done"},
		[]string{"server twice.weak leaked"},
	},
	"tamper": {
		[]string{"alice writes done", "server tamper.turns done", "bob tamper.refused refused decrypt"},
		[]string{"alice writes done", "server tamper.turns done", "bob tamper.taken fooled"},
	},
	"oracle": {
		[]string{"alice writes done", "server oracle.asks done", "bob oracle.refused refused decrypt"},
		[]string{"alice writes done", "server oracle.asks done", "server oracle.reads leaked"},
	},
	"nonce": {
		[]string{"alice nonce.ours done"},
		[]string{"alice nonce.seals done", "mallory nonce.difference leaked", "mallory nonce.guess leaked", "mallory nonce.key leaked", "bob nonce.forged fooled"},
	},
}

func outline(acts []lab.Act) []string {
	var lines []string
	for _, a := range acts {
		lines = append(lines, strings.TrimSpace(strings.Join([]string{a.Who, a.Key, a.Result, a.Cause}, " ")))
	}
	return lines
}

func TestScenarios(t *testing.T) {
	l := newLab(t)
	for _, name := range lab.Scenarios() {
		t.Run(name, func(t *testing.T) {
			want, ok := plays[name]
			if !ok {
				t.Fatal("nothing is said of this scenario")
			}
			for range 2 { // a play leaves nothing behind
				p, err := l.Play(name)
				must(t, err)
				if got := outline(p.Ours); !slices.Equal(got, want.ours) {
					t.Errorf("ours: %q\nwant %q", got, want.ours)
				}
				if got := outline(p.Weak); !slices.Equal(got, want.weak) {
					t.Errorf("weak: %q\nwant %q", got, want.weak)
				}
			}
		})
	}
	if len(plays) != len(lab.Scenarios()) {
		t.Errorf("%d scenarios, %d are said of", len(lab.Scenarios()), len(plays))
	}
}

// detail gives a detail of the one act with a key.
func detail(t *testing.T, acts []lab.Act, key, name string) string {
	t.Helper()
	i := slices.IndexFunc(acts, func(a lab.Act) bool { return a.Key == key })
	if i < 0 {
		t.Fatalf("no act %s", key)
	}
	return acts[i].Detail[name]
}

// TestWhatIsRead looks at the texts that attackers come by.
func TestWhatIsRead(t *testing.T) {
	l := newLab(t)
	play := func(name string) lab.Played {
		p, err := l.Play(name)
		must(t, err)
		return p
	}
	swap, steal, tamper, oracle, nonce := play("swap"), play("steal"), play("tamper"), play("oracle"), play("nonce")
	for what, pair := range map[string][2]string{
		"the middle":        {detail(t, swap.Ours, "swap.reads", "text"), "The key is under the mat."},
		"the stolen prekey": {detail(t, steal.Ours, "steal.prekey", "text"), "Written before the theft."},
		"the stolen state":  {detail(t, steal.Ours, "steal.present", "text"), "Written after the theft."},
		"the turned bits":   {detail(t, tamper.Weak, "tamper.taken", "text"), "Pay Eve 99 euros"},
		"the oracle":        {detail(t, oracle.Weak, "oracle.reads", "text"), "Meet me at nine."},
		"the nonce":         {detail(t, nonce.Weak, "nonce.guess", "two"), "Meet at 9 or 10?"},
		"the forgery":       {detail(t, nonce.Weak, "nonce.forged", "text"), "Pay Eve 99 euros"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %q, want %q", what, pair[0], pair[1])
		}
	}
	a, b := detail(t, swap.Ours, "swap.compare", "alice"), detail(t, swap.Ours, "swap.compare", "bob")
	if a == b || len(strings.Fields(a)) != 12 || len(strings.Fields(b)) != 12 {
		t.Errorf("safety numbers %q and %q", a, b)
	}
}
