//go:build js && wasm

package subtle_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/webcrypto"
)

// side is one of two devices, whose keys are the browser's or Go's own.
type side struct {
	env    conversation.Env
	chain  *account.Chain
	prekey *kem.PrivateKey
	c      *conversation.Conversation
}

const now = 1_800_000_000

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newSide(t *testing.T, p cose.Primitives, name keys.Person, signer crypto.Signer, holder crypto.Decrypter) *side {
	t.Helper()
	public, err := cose.NewRSAKey(&name.Signer().PublicKey)
	must(t, err)
	_, chain, err := account.Create(rand.Reader, signer, public, now)
	must(t, err)
	prekey, err := kem.NewPrivateKey(name.Seed(), holder)
	must(t, err)
	s := &side{chain: chain, prekey: prekey}
	s.env = conversation.Env{
		Account: chain.ID(), Device: account.DeviceID(public.Thumbprint()), Signer: signer, Random: rand.Reader, Primitives: p,
		Prekey: func(t cose.Thumbprint) (*kem.PrivateKey, uint64, bool) {
			return prekey, now + 1000, t == prekey.Public().Thumbprint()
		},
	}
	return s
}

// meet lets two sides know each other's chain and begin a conversation.
func meet(a, b *side) {
	chains := map[account.ID]*account.Chain{a.chain.ID(): a.chain, b.chain.ID(): b.chain}
	for _, s := range []*side{a, b} {
		s.env.Chains = func(id account.ID) (*account.Chain, bool) { chain, ok := chains[id]; return chain, ok }
		s.c = conversation.New(epoch.DirectID(a.chain.ID(), b.chain.ID()))
	}
}

// commit lets one side open an epoch for both.
func commit(t *testing.T, by, other *side) {
	t.Helper()
	plan := conversation.Plan{Time: now, Keys: map[account.DeviceID]kem.PublicKey{}}
	for _, s := range []*side{by, other} {
		thumbprint := s.prekey.Public().Thumbprint()
		plan.Keys[s.env.Device] = s.prekey.Public()
		plan.Roster = append(plan.Roster, epoch.Member{
			Account: s.chain.ID(), Head: s.chain.Head(), Slots: []epoch.Slot{{Device: s.env.Device, Prekey: thumbprint[:]}},
		})
	}
	slices.SortFunc(plan.Roster, func(a, b epoch.Member) int { return bytes.Compare(a.Account[:], b.Account[:]) })
	next, err := by.c.Commit(by.env, plan)
	must(t, err)
	by.c = next
	pending, _ := next.PendingCommit()
	for i, w := range pending.Wraps {
		if len(w) > 0 {
			other.show(t, conversation.Event{Kind: epoch.KindCommit, Event: pending.Commit, Wrap: pending.Wraps[i]})
		}
	}
	by.show(t, conversation.Event{Kind: epoch.KindCommit, Event: pending.Commit})
}

func (s *side) show(t *testing.T, e conversation.Event) *conversation.Message {
	t.Helper()
	next, outcomes := s.c.Open(s.env, []conversation.Event{e})
	if len(outcomes) != 1 {
		t.Fatalf("%d outcomes", len(outcomes))
	}
	must(t, outcomes[0].Err)
	s.c = next
	return outcomes[0].Message
}

// say lets one side write to the other, and the other acknowledge.
func say(t *testing.T, by, other *side, words string) {
	t.Helper()
	next, event, err := by.c.Seal(by.env, conversation.ClientID{}, conversation.Text{Time: 1, Text: words}.Encode())
	must(t, err)
	by.c = next
	e := conversation.Event{Kind: epoch.KindMessage, Event: event}
	by.show(t, e)
	got, err := conversation.ParseBody(other.show(t, e).Body)
	must(t, err)
	if got.Text != words {
		t.Errorf("%q, want %q", got.Text, words)
	}
	acknowledged, signal, err := other.c.SealReceipt(other.env, other.c.Position())
	must(t, err)
	other.c = acknowledged
	heard, receipt, err := by.c.OpenReceipt(by.env, signal)
	must(t, err)
	by.c = heard
	if receipt.Read != by.c.Position() {
		t.Errorf("read up to %d, want %d", receipt.Read, by.c.Position())
	}
}

// TestBothWorlds talks between a device whose keys the browser holds and one on the standard library: what one
// seals, wraps and signs the other opens, both ways.
func TestBothWorlds(t *testing.T) {
	p, err := webcrypto.New()
	must(t, err)
	holder, err := decrypter(t.Context(), p, keys.Alice.Decrypter())
	must(t, err)
	browserSigner, err := signer(t.Context(), p, keys.Alice.Signer())
	must(t, err)
	alice := newSide(t, p, keys.Alice, browserSigner, holder)
	bob := newSide(t, cose.Native{}, keys.Bob, keys.Bob.Signer(), keys.Bob.Decrypter())
	meet(alice, bob)
	for _, order := range [][2]*side{{alice, bob}, {bob, alice}, {alice, bob}} {
		commit(t, order[0], order[1])
		for range 3 {
			say(t, alice, bob, "from the browser")
			say(t, bob, alice, "from Go")
		}
	}
	if alice.c.Seen() != bob.c.Seen() {
		t.Error("two histories")
	}
}
