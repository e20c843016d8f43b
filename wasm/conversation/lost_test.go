package conversation_test

import (
	"crypto/rand"
	"errors"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
)

// broken is a commit by somebody whose wraps for the named ones do not open, and which is right in everything else.
func (k *club) broken(by keys.Person, victims ...keys.Person) stored {
	k.t.Helper()
	twin := k.party(by).copied()
	pending := k.prepared(twin)
	parsed, err := epoch.ParseCommit(pending.event)
	must(k.t, err)
	for _, name := range victims {
		i, _ := parsed.Header.Index(k.party(name).env.Device)
		pending.wraps[i] = []byte{1}
		sum := hashOf(stored{event: pending.wraps[i]})
		parsed.Wraps[i] = sum[:]
	}
	pending.event, err = epoch.SignCommit(rand.Reader, twin.env.Signer, parsed.Header, parsed.Confirm, parsed.Wraps)
	must(k.t, err)
	return pending
}

// prepared is the commit that somebody would make now.
func (k *club) prepared(p *party) stored {
	k.t.Helper()
	next, err := p.c.Commit(p.env, k.plan())
	must(k.t, err)
	pending, _ := next.PendingCommit()
	return stored{kind: epoch.KindCommit, event: pending.Commit, wraps: slices.Clone(pending.Wraps)}
}

// lose makes bob lose its place by carol's doing.
func (k *club) lose() {
	k.t.Helper()
	k.log = append(k.log, k.broken(keys.Carol, keys.Bob))
	lost(k.t, k.party(keys.Bob).c, k.sync(k.party(keys.Bob)), conversation.ErrWrapUnusable, conversation.CauseWrapUnusable)
	must(k.t, k.sync(k.party(keys.Alice))[0].Lost)
}

// TestLostAndLetBackIn is a device that one member keeps out: it follows the log, writes nothing, and the next who
// commits lets it back in.
func TestLostAndLetBackIn(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	k.lose()
	bob, alice := k.party(keys.Bob), k.party(keys.Alice)
	k.send(alice, "not for bob")
	must(t, k.sync(alice)[0].Err)
	refused(t, k.sync(bob), conversation.ErrLost, conversation.CauseLost)
	_, _, seal := bob.c.Seal(bob.env, conversation.ClientID{}, body)
	_, commit := bob.c.Commit(bob.env, k.plan())
	_, _, receipt := bob.c.SealReceipt(bob.env, 1)
	_, _, read := bob.c.OpenReceipt(bob.env, alice.receipt(1))
	for what, err := range map[string]error{"seal": seal, "commit": commit, "receipt": receipt, "read a receipt": read} {
		if !errors.Is(err, conversation.ErrLost) {
			t.Errorf("%s: %v", what, err)
		}
	}
	k.log = append(k.log, k.propose(keys.Alice))
	lost(t, bob.c, k.sync(bob), conversation.ErrLost, conversation.CauseLost)
	must(t, k.sync(alice)[0].Lost)
	k.log = append(k.log, k.propose(keys.Alice, func(p *conversation.Plan) { p.Rejoin = []account.DeviceID{bob.env.Device} }))
	for _, p := range []*party{alice, bob} {
		must(t, k.sync(p)[0].Lost)
	}
	if bob.c.Lost() != "" {
		t.Errorf("lost: %s", bob.c.Lost())
	}
	if g, ok := bob.c.Group(); !ok || g.Name != "the club" {
		t.Errorf("bob knows %v", g)
	}
	k.send(bob, "here again")
	must(t, k.sync(alice)[0].Err)
}

// TestAbsentAndBack is a device that was not wrapped to and then is.
func TestAbsentAndBack(t *testing.T) {
	k := newClub(t, keys.Bob)
	bob := k.party(keys.Bob)
	k.log = append(k.log, k.propose(keys.Alice, func(p *conversation.Plan) {
		i := slices.IndexFunc(p.Roster, bob.isMember)
		p.Roster[i].Slots[0].Prekey = nil
	}))
	must(t, k.sync(k.party(keys.Alice))[0].Lost)
	lost(t, bob.c, k.sync(bob), conversation.ErrOwnSlot, conversation.CauseOwnSlot)
	k.open(keys.Alice)
	k.say(keys.Bob, "back")
	k.agree()
}

// TestEveryoneLost is one member that keeps everyone else out: anyone opens an epoch for all without what they lost, and
// a group does not hang on one who wants to end it.
func TestEveryoneLost(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	k.log = append(k.log, k.broken(keys.Carol, keys.Alice, keys.Bob))
	alice, bob := k.party(keys.Alice), k.party(keys.Bob)
	for _, p := range []*party{alice, bob} {
		lost(t, p.c, k.sync(p), conversation.ErrWrapUnusable, conversation.CauseWrapUnusable)
	}
	_, err := bob.c.Commit(bob.env, k.plan())
	refusedError(t, err, conversation.ErrLost, conversation.CauseLost)
	everyone := func(p *conversation.Plan) { p.Rejoin = conversation.Everyone(p.Roster, bob.env.Device) }
	k.log = append(k.log, k.propose(keys.Bob, everyone))
	for _, p := range []*party{alice, bob} {
		must(t, k.sync(p)[0].Lost)
	}
	k.send(bob, "on we go")
	must(t, k.sync(alice)[0].Err)
	delete(k.roles, keys.Carol)
	k.log = append(k.log, k.orphan(keys.Carol))
	out := k.sync(alice)
	refused(t, out, epoch.ErrPrev, conversation.CauseRule)
	must(t, k.sync(bob)[0].Lost)
}

// orphan is somebody's next commit on the epoch that it kept for itself: no one else's.
func (k *club) orphan(by keys.Person) stored {
	k.t.Helper()
	h := *k.party(keys.Alice).c.Header()
	h.Number, h.Prev, h.Creator, h.Seen = h.Number+1, make([]byte, 32), k.party(by).env.Device, k.party(keys.Alice).c.Seen()
	h.Rejoin = nil
	wraps, hashes := make([][]byte, len(h.Entries())), make([][]byte, len(h.Entries()))
	for i, e := range h.Entries() {
		if e.Device != h.Creator {
			wraps[i] = []byte{1}
			sum := hashOf(stored{event: wraps[i]})
			hashes[i] = sum[:]
		}
	}
	commit, err := epoch.SignCommit(rand.Reader, k.party(by).env.Signer, &h, [32]byte{}, hashes)
	must(k.t, err)
	return stored{kind: epoch.KindCommit, event: commit, wraps: wraps}
}

// TestLostMayLeave needs no keys to leave.
func TestLostMayLeave(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	k.lose()
	bob := k.party(keys.Bob)
	next, event, err := bob.c.Leave(bob.env)
	must(t, err)
	bob.keep(next)
	k.log = append(k.log, stored{kind: epoch.KindLeave, event: event})
	for _, p := range []*party{k.party(keys.Alice), bob} {
		must(t, k.sync(p)[0].Err)
	}
	delete(k.roles, keys.Bob)
	k.log = append(k.log, k.propose(keys.Alice))
	must(t, k.sync(k.party(keys.Alice))[0].Lost)
	if k.sync(bob); !bob.c.Gone() {
		t.Error("bob is still there")
	}
}

// TestLostDecidesAlike is an insider whose commit names a history older than its own last message: who cannot read that
// message decides like who can.
func TestLostDecidesAlike(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	k.lose()
	alice, bob := k.party(keys.Alice), k.party(keys.Bob)
	stale := k.prepared(alice) // seen before the message
	k.send(alice, "a message that bob cannot read")
	must(t, k.sync(alice)[0].Err)
	refused(t, k.sync(bob), conversation.ErrLost, conversation.CauseLost)
	reader := alice.copied()
	refused(t, reader.show(stale), conversation.ErrSeenOld, conversation.CauseSeen)
	refused(t, bob.copied().show(stale), conversation.ErrSeenOld, conversation.CauseSeen)
	if got := bob.c.WroteAt(k.index(keys.Alice)); got != bob.c.Position() {
		t.Errorf("alice's newest event is at %d for bob", got)
	}
}

// TestUnknownState is an admin that names a state nobody knows: the others go on and repeat it.
func TestUnknownState(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	twin := k.party(keys.Alice).copied()
	pending := k.prepared(twin)
	parsed, err := epoch.ParseCommit(pending.event)
	must(t, err)
	h := parsed.Header
	h.Room[0].State[0] ^= 1
	joiner := cose.Secret{5}
	wraps := k.rewrap(h, joiner)
	key := conversation.DeriveEpochKey(joiner, h.Hash())
	commit, err := epoch.SignCommit(rand.Reader, twin.env.Signer, h, conversation.DeriveConfirm(key, h.Hash()), hashesOf(wraps))
	must(t, err)
	k.log = append(k.log, stored{kind: epoch.KindCommit, event: commit, wraps: wraps})
	for _, name := range []keys.Person{keys.Bob, keys.Carol} {
		must(t, k.sync(k.party(name))[0].Lost)
		if _, ok := k.party(name).c.Group(); ok {
			t.Errorf("%s knows what nobody knows", name)
		}
	}
	k.log = append(k.log, k.propose(keys.Bob))
	must(t, k.sync(k.party(keys.Carol))[0].Lost)
	if k.party(keys.Carol).c.Header().Room[0].State != h.Room[0].State {
		t.Error("a member changed the state")
	}
}

// rewrap wraps a joiner to everyone in a header, as to who is let back in.
func (k *club) rewrap(h *epoch.Header, joiner cose.Secret) [][]byte {
	k.t.Helper()
	h.Rejoin = conversation.Everyone(h.Roster, h.Creator)
	wraps := make([][]byte, len(h.Entries()))
	for i, e := range h.Entries() {
		for _, p := range k.people {
			if p.env.Device == e.Device && e.Device != h.Creator {
				wrap, err := conversation.SealWrap(p.env, p.current.Public(), h.Hash(), e.Device, conversation.ContentJoiner, joiner)
				must(k.t, err)
				wraps[i] = wrap
			}
		}
	}
	return wraps
}

func hashesOf(wraps [][]byte) [][]byte {
	hashes := make([][]byte, len(wraps))
	for i, wrap := range wraps {
		if wrap != nil {
			sum := hashOf(stored{event: wrap})
			hashes[i] = sum[:]
		}
	}
	return hashes
}

// TestStateSealedWrongly is a member that commits with a state nobody can open: who knows it keeps it, and the next
// commit by anyone tells it to newcomers again.
func TestStateSealedWrongly(t *testing.T) {
	for name, sealed := range map[string][]byte{"noise": {1, 2, 3}, "none": {0xa0}} {
		t.Run(name, func(t *testing.T) {
			k := newClub(t, keys.Bob, keys.Carol)
			pending := k.prepared(k.party(keys.Bob).copied())
			parsed, err := epoch.ParseCommit(pending.event)
			must(t, err)
			h := parsed.Header
			h.Room[0].Sealed = sealed
			joiner := cose.Secret{5}
			wraps := k.rewrap(h, joiner)
			key := conversation.DeriveEpochKey(joiner, h.Hash())
			commit, err := epoch.SignCommit(rand.Reader, k.party(keys.Bob).env.Signer, h, conversation.DeriveConfirm(key, h.Hash()), hashesOf(wraps))
			must(t, err)
			k.log = append(k.log, stored{kind: epoch.KindCommit, event: commit, wraps: wraps})
			for _, reader := range []keys.Person{keys.Alice, keys.Carol} {
				must(t, k.sync(k.party(reader))[0].Lost)
				if g, ok := k.party(reader).c.Group(); !ok || g.Name != "the club" {
					t.Errorf("%s knows %v", reader, g)
				}
			}
			k.roles[keys.Dave] = epoch.RoleMember
			k.log = append(k.log, k.propose(keys.Alice))
			must(t, k.enter(keys.Dave).Err)
			if g, ok := k.party(keys.Dave).c.Group(); !ok || g.Name != "the club" {
				t.Errorf("dave knows %v", g)
			}
		})
	}
}

// TestNoKeyIsNeededToJudge shows every device the same bad commits, among them one that is lost and one that never had
// the prekey: all decide alike.
func TestNoKeyIsNeededToJudge(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	k.lose()
	carol := k.party(keys.Alice).copied()
	carol.env.Prekey = func(cose.Thumbprint) (*kem.PrivateKey, uint64, bool) { return nil, 0, false }
	for name, change := range map[string]func(*epoch.Header){
		"number": func(h *epoch.Header) { h.Number++ }, "prev": func(h *epoch.Header) { h.Prev[0] ^= 1 },
		"seen": func(h *epoch.Header) { h.Seen.Position++ }, "log": func(h *epoch.Header) { h.Seen.Log[0] ^= 1 },
		"time": func(h *epoch.Header) { h.Time = 1 }, "state": func(h *epoch.Header) { h.Room[0].State[0] ^= 1 },
		"role":             func(h *epoch.Header) { h.Roster[0].Role, h.Roster[1].Role, h.Roster[2].Role = 1, 1, 1 },
		"nothing is wrong": func(*epoch.Header) {},
	} {
		h := *k.party(keys.Alice).c.Header()
		h.Roster = slices.Clone(h.Roster)
		h.Room = slices.Clone(h.Room)
		id := k.party(keys.Alice).c.EpochID()
		h.Number, h.Prev, h.Creator, h.Seen = h.Number+1, id[:], k.party(keys.Carol).env.Device, k.party(keys.Alice).c.Seen()
		change(&h)
		hashes := make([][]byte, 3)
		for i, e := range h.Entries() {
			if e.Device != h.Creator {
				hashes[i] = make([]byte, 32)
			}
		}
		commit, err := epoch.SignCommit(rand.Reader, k.party(keys.Carol).env.Signer, &h, [32]byte{}, hashes)
		must(t, err)
		var verdicts []string
		for _, p := range []*party{k.party(keys.Alice), k.party(keys.Bob), carol} {
			next, out := p.c.Open(p.env, []conversation.Event{{Kind: epoch.KindCommit, Event: commit}})
			verdicts = append(verdicts, causes(out)[0]+" "+next.EpochID().String())
		}
		if verdicts[0] != verdicts[1] || verdicts[1] != verdicts[2] || (verdicts[0][:2] == "ok") != (name == "nothing is wrong") {
			t.Errorf("%s: %q", name, verdicts)
		}
	}
}
