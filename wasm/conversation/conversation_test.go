package conversation_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// party is a device with all its keys.
type party struct {
	env    conversation.Env
	chain  *account.Chain
	prekey *kem.PrivateKey
	c      *conversation.Conversation
}

// world is a log that a few parties share.
type world struct {
	t       *testing.T
	id      epoch.ConversationID
	chains  map[account.ID]*account.Chain
	parties []*party
	log     []conversation.Event
	wraps   [][][]byte // by position, in roster order
}

const (
	now    = 1_800_000_000
	expiry = now + 90*24*3600
)

func newWorld(t *testing.T) *world {
	w := &world{t: t, chains: map[account.ID]*account.Chain{}}
	for range 2 {
		w.parties = append(w.parties, w.newParty())
	}
	w.id = epoch.DirectID(w.parties[0].chain.ID(), w.parties[1].chain.ID())
	for _, p := range w.parties {
		p.c = conversation.New(w.id)
	}
	return w
}

func (w *world) newParty() *party {
	signer, decrypter := testKey(w.t), testKey(w.t)
	public, err := cose.NewRSAKey(&signer.PublicKey)
	must(w.t, err)
	_, chain, err := account.Create(rand.Reader, signer, public, now)
	must(w.t, err)
	seed := make([]byte, kem.SeedSize)
	_, _ = rand.Read(seed)
	prekey, err := kem.NewPrivateKey(seed, decrypter)
	must(w.t, err)
	w.chains[chain.ID()] = chain
	p := &party{chain: chain, prekey: prekey}
	p.env = conversation.Env{
		Account: chain.ID(), Device: account.DeviceID(public.Thumbprint()), Signer: signer,
		Random: rand.Reader, Primitives: cose.Native{},
		Chains: func(id account.ID) (*account.Chain, bool) { c, ok := w.chains[id]; return c, ok },
		Prekey: func(t cose.Thumbprint) (*kem.PrivateKey, uint64, bool) {
			return prekey, expiry, t == prekey.Public().Thumbprint()
		},
	}
	return p
}

func (w *world) plan() conversation.Plan {
	plan := conversation.Plan{Time: now, Keys: map[account.DeviceID]kem.PublicKey{}}
	for _, p := range w.parties {
		key := p.prekey.Public()
		thumbprint := key.Thumbprint()
		plan.Keys[p.env.Device] = key
		plan.Roster = append(plan.Roster, epoch.Member{
			Account: p.chain.ID(), Head: p.chain.Head(),
			Slots: []epoch.Slot{{Device: p.env.Device, Prekey: thumbprint[:]}},
		})
	}
	slices.SortFunc(plan.Roster, func(a, b epoch.Member) int { return bytes.Compare(a.Account[:], b.Account[:]) })
	return plan
}

// commit lets p open the next epoch and puts its commit into the log.
func (w *world) commit(p *party) {
	w.t.Helper()
	next, err := p.c.Commit(p.env, w.plan())
	must(w.t, err)
	p.c = next
	pending, _ := next.PendingCommit()
	w.append(epoch.KindCommit, pending.Commit, pending.Wraps)
}

// send lets p seal a text and puts it into the log.
func (w *world) send(p *party, text string) conversation.ClientID {
	w.t.Helper()
	var id conversation.ClientID
	_, _ = rand.Read(id[:])
	next, event, err := p.c.Seal(p.env, id, conversation.Text{Time: 1, Text: text}.Encode())
	must(w.t, err)
	p.c = next
	w.append(epoch.KindMessage, event, nil)
	return id
}

func (w *world) append(kind epoch.Kind, event []byte, wraps [][]byte) {
	w.log = append(w.log, conversation.Event{Kind: kind, Event: event})
	w.wraps = append(w.wraps, wraps)
}

// sync lets p process what is new in the log.
func (w *world) sync(p *party) []conversation.Outcome {
	var events []conversation.Event
	for i := int(p.c.Position()); i < len(w.log); i++ {
		e := w.log[i]
		if w.wraps[i] != nil {
			commit, err := epoch.ParseCommit(e.Event)
			must(w.t, err)
			if index, ok := commit.Header.Index(p.env.Device); ok {
				e.Wrap = w.wraps[i][index]
			}
		}
		events = append(events, e)
	}
	next, outcomes := p.c.Open(p.env, events)
	again, err := conversation.Decode(next.Encode())
	must(w.t, err)
	p.c = again
	return outcomes
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func testKey(t *testing.T) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 3072)
	must(t, err)
	return key
}

func TestTwoTalk(t *testing.T) {
	w := newWorld(t)
	a, b := w.parties[0], w.parties[1]
	w.commit(a)
	w.sync(a)
	for i := range 5 {
		w.send(a, fmt.Sprint("a", i))
		w.sync(a)
	}
	out := w.sync(b)
	if len(out) != 6 || out[0].Commit == nil {
		t.Fatalf("outcomes: %v", out)
	}
	for i, o := range out[1:] {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		text, err := conversation.ParseBody(o.Message.Body)
		must(t, err)
		if text.Text != fmt.Sprint("a", i) {
			t.Fatalf("text %d: %q", i, text.Text)
		}
	}
	w.commit(b)
	w.sync(b)
	w.send(b, "back")
	out = w.sync(a)
	if len(out) != 2 || out[0].Err != nil || out[1].Err != nil {
		t.Fatalf("outcomes: %v", out)
	}
	_, signal, err := b.c.SealReceipt(b.env, 3)
	must(t, err)
	w.sync(b)
	_, receipt, err := a.c.OpenReceipt(a.env, signal)
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Read != 3 {
		t.Fatal(receipt)
	}
}
