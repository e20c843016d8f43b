package conversation_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
)

const (
	now    = 1_800_000_000
	expiry = now + 90*24*3600
)

// prekey is a private prekey that a party holds.
type prekey struct {
	key    *kem.PrivateKey
	expiry uint64
}

// party is a device with all its keys and its view of the conversation.
type party struct {
	t       testing.TB
	name    keys.Person
	env     conversation.Env
	chain   *account.Chain
	current *kem.PrivateKey
	held    map[cose.Thumbprint]prekey
	c       *conversation.Conversation
}

// world is two parties and the log between them, as an honest relay keeps it.
type world struct {
	t      testing.TB
	id     epoch.ConversationID
	chains map[account.ID]*account.Chain
	a, b   *party
	log    []stored
}

// stored is an event as the relay keeps it; wraps are in roster order.
type stored struct {
	kind  epoch.Kind
	event []byte
	wraps [][]byte
}

func newWorld(t testing.TB) *world { return worldOf(t, keys.Alice, keys.Bob) }

func worldOf(t testing.TB, a, b keys.Person) *world {
	t.Helper()
	w := &world{t: t, chains: map[account.ID]*account.Chain{}}
	w.a, w.b = w.newParty(a), w.newParty(b)
	w.id = epoch.DirectID(w.a.chain.ID(), w.b.chain.ID())
	w.a.c, w.b.c = conversation.New(w.id), conversation.New(w.id)
	return w
}

// template is an open world that each test gets a copy of: to open one takes a dozen operations with RSA.
var template struct {
	once sync.Once
	w    *world
}

// openWorld has an epoch 0 that a opened and both have.
func openWorld(t testing.TB) *world {
	t.Helper()
	template.once.Do(func() {
		w := newWorld(t)
		w.commit(w.a)
		w.syncAll()
		template.w = w
	})
	return template.w.clone(t)
}

// clone gives a world that shares nothing that changes.
func (w *world) clone(t testing.TB) *world {
	t.Helper()
	if w == nil {
		t.Fatal("no world could be opened")
	}
	twin := &world{t: t, id: w.id, chains: maps.Clone(w.chains), log: slices.Clone(w.log)}
	for to, from := range map[**party]*party{&twin.a: w.a, &twin.b: w.b} {
		p := *from
		p.t, p.held = t, maps.Clone(from.held)
		p.bind(twin)
		*to = p.copied()
	}
	return twin
}

// bind lets the party's environment look into the world and into what the party holds.
func (p *party) bind(w *world) {
	p.env.Chains = func(id account.ID) (*account.Chain, bool) { c, ok := w.chains[id]; return c, ok }
	p.env.Prekey = p.prekeyOf
}

// prekeyOf gives a prekey that the party holds.
func (p *party) prekeyOf(t cose.Thumbprint) (*kem.PrivateKey, uint64, bool) {
	k, ok := p.held[t]
	return k.key, k.expiry, ok
}

func (w *world) newParty(name keys.Person) *party {
	w.t.Helper()
	signer := name.Signer()
	public, err := cose.NewRSAKey(&signer.PublicKey)
	must(w.t, err)
	_, chain, err := account.Create(rand.Reader, signer, public, now)
	must(w.t, err)
	w.chains[chain.ID()] = chain
	p := &party{t: w.t, name: name, chain: chain, held: map[cose.Thumbprint]prekey{}}
	p.env = conversation.Env{
		Account: chain.ID(), Device: account.DeviceID(public.Thumbprint()), Signer: signer,
		Random: rand.Reader, Primitives: cose.Native{},
	}
	p.bind(w)
	p.newPrekey(name.Seed())
	return p
}

// newPrekey gives the party a current prekey from an ML-KEM seed; older ones are kept until they are destroyed.
func (p *party) newPrekey(seed []byte) {
	p.t.Helper()
	key, err := kem.NewPrivateKey(seed, p.name.Decrypter())
	must(p.t, err)
	p.current = key
	p.held[key.Public().Thumbprint()] = prekey{key: key, expiry: expiry}
}

// copied is a second profile with the same keys and a state of its own.
func (p *party) copied() *party {
	twin := *p
	again, err := conversation.Decode(p.c.Encode())
	must(p.t, err)
	twin.c = again
	twin.env.Prekey = twin.prekeyOf
	return &twin
}

func (p *party) index() uint64 { return p.c.OwnIndex() }

func (w *world) other(p *party) *party {
	if p.env.Device == w.a.env.Device {
		return w.b
	}
	return w.a
}

func (w *world) plan() conversation.Plan {
	plan := conversation.Plan{Time: now, Keys: map[account.DeviceID]kem.PublicKey{}}
	for _, p := range []*party{w.a, w.b} {
		key := p.current.Public()
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

// prepare lets p make the commit of the next epoch, which is not sent yet.
func (w *world) prepare(p *party) stored {
	w.t.Helper()
	next, err := p.c.Commit(p.env, w.plan())
	must(w.t, err)
	p.keep(next)
	pending, ok := p.c.PendingCommit()
	if !ok {
		w.t.Fatal("no commit is pending")
	}
	return stored{kind: epoch.KindCommit, event: pending.Commit, wraps: pending.Wraps}
}

// commit lets p open the next epoch and puts its commit into the log.
func (w *world) commit(p *party) {
	w.t.Helper()
	w.log = append(w.log, w.prepare(p))
}

// readmit lets p open the next epoch for everyone, and for who has lost its place.
func (w *world) readmit(p, lost *party) {
	w.t.Helper()
	plan := w.plan()
	plan.Rejoin = []account.DeviceID{lost.env.Device}
	next, err := p.c.Commit(p.env, plan)
	must(w.t, err)
	p.keep(next)
	pending, _ := p.c.PendingCommit()
	w.log = append(w.log, stored{kind: epoch.KindCommit, event: pending.Commit, wraps: pending.Wraps})
}

// seal lets p seal a text, which is not sent yet.
func (w *world) seal(p *party, text string) (conversation.ClientID, stored) {
	w.t.Helper()
	var id conversation.ClientID
	_, _ = rand.Read(id[:])
	next, event, err := p.c.Seal(p.env, id, conversation.Text{Time: 1, Text: text}.Encode())
	must(w.t, err)
	p.keep(next)
	return id, stored{kind: epoch.KindMessage, event: event}
}

// send lets p seal a text and puts it into the log.
func (w *world) send(p *party, text string) conversation.ClientID {
	w.t.Helper()
	id, event := w.seal(p, text)
	w.log = append(w.log, event)
	return id
}

// keep stores the next state and reads it again, as after a crash at this moment.
func (p *party) keep(next *conversation.Conversation) {
	p.t.Helper()
	again, err := conversation.Decode(next.Encode())
	must(p.t, err)
	if !bytes.Equal(again.Encode(), next.Encode()) {
		p.t.Fatal("a stored state is read as another")
	}
	p.c = again
}

// show gives p events in one batch, commits with p's own wrap.
func (p *party) show(events ...stored) []conversation.Outcome {
	p.t.Helper()
	list := make([]conversation.Event, len(events))
	for i, e := range events {
		list[i] = conversation.Event{Kind: e.kind, Event: e.event, Wrap: p.wrapOf(e)}
	}
	before := p.c.Encode()
	next, outcomes := p.c.Open(p.env, list)
	if !bytes.Equal(p.c.Encode(), before) {
		p.t.Fatal("opening changed the state it began with")
	}
	p.keep(next)
	return outcomes
}

// wrapOf is the wrap that an honest relay gives p with a commit.
func (p *party) wrapOf(e stored) []byte {
	if e.kind != epoch.KindCommit {
		return nil
	}
	commit, err := epoch.ParseCommit(e.event)
	if err != nil {
		return nil
	}
	if index, ok := commit.Header.Index(p.env.Device); ok && index < uint64(len(e.wraps)) {
		return e.wraps[index]
	}
	return nil
}

// sync shows p what is new in the log.
func (w *world) sync(p *party) []conversation.Outcome {
	w.t.Helper()
	return p.show(w.log[p.c.Position():]...)
}

// syncAll brings both to the end of the log, where nothing may have failed.
func (w *world) syncAll() {
	w.t.Helper()
	for _, p := range []*party{w.a, w.b} {
		for _, o := range w.sync(p) {
			must(w.t, o.Err)
			must(w.t, o.Lost)
		}
		if p.c.Position() != epoch.Position(len(w.log)) {
			w.t.Fatalf("%s is at %d of %d", p.name, p.c.Position(), len(w.log))
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks that the only outcome is an error of the wanted kind and cause.
func refused(t testing.TB, outcomes []conversation.Outcome, want error, cause conversation.Cause) {
	t.Helper()
	if len(outcomes) != 1 {
		t.Fatalf("%d outcomes, want 1", len(outcomes))
	}
	refusedError(t, outcomes[0].Err, want, cause)
	if outcomes[0].Message != nil || outcomes[0].Commit != nil {
		t.Error("refused, and yet there is something")
	}
}

// lost checks that the only outcome is an epoch that opened and of which this device has no keys, for the wanted reason.
func lost(t testing.TB, next *conversation.Conversation, outcomes []conversation.Outcome, want error, cause conversation.Cause) {
	t.Helper()
	if len(outcomes) != 1 {
		t.Fatalf("%d outcomes, want 1", len(outcomes))
	}
	must(t, outcomes[0].Err)
	if outcomes[0].Lost == nil || outcomes[0].Commit == nil {
		t.Fatal("the keys are there")
	}
	refusedError(t, outcomes[0].Lost, want, cause)
	if next.Lost() != cause || next.EpochID() != outcomes[0].Commit.ID || next.InitSecret() != (cose.Secret{}) {
		t.Errorf("lost %q, want %q", next.Lost(), cause)
	}
}

func refusedError(t testing.TB, err, want error, cause conversation.Cause) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
	if got := conversation.CauseOf(err); err != nil && got != cause {
		t.Errorf("cause %s, want %s", got, cause)
	}
}

// texts gives the texts of the messages that were opened.
func texts(t testing.TB, outcomes []conversation.Outcome) []string {
	t.Helper()
	var list []string
	for _, o := range outcomes {
		must(t, o.Err)
		if o.Message == nil || o.Message.Pending {
			continue
		}
		text, err := conversation.ParseBody(o.Message.Body)
		must(t, err)
		list = append(list, text.Text)
	}
	return list
}

// stride is how far apart bytes are that a test alters: in a browser, where each costs ten times as much, not each one.
func stride() int {
	if runtime.GOOS == "js" {
		return 7
	}
	return 1
}

func hashOf(e stored) [32]byte { return sha256.Sum256(e.event) }
