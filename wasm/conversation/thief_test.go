package conversation_test

import (
	"bytes"
	"maps"
	"runtime"
	"slices"
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
)

// thief has what was stolen from devices, and everything that the server ever had. It tries every derivation: all private
// keys on all wraps with and without all link secrets, all secrets as every kind of secret, all chains at all generations.
type thief struct {
	t       testing.TB
	secrets map[cose.Secret]bool
	private []*kem.PrivateKey
}

func newThief(t testing.TB) *thief {
	return &thief{t: t, secrets: map[cose.Secret]bool{{}: true}}
}

// rob takes a device's complete state as it is stored, which is all that there is in memory too, and the private prekeys
// that it holds now.
func (f *thief) rob(p *party) {
	for _, s := range secretsIn(p.c.Encode()) {
		f.secrets[s] = true
	}
	if g, ok := p.c.Group(); ok {
		for _, l := range g.Links {
			f.secrets[l.Secret] = true
		}
	}
	for _, thumbprint := range slices.SortedFunc(maps.Keys(p.held), func(a, b cose.Thumbprint) int { return bytes.Compare(a[:], b[:]) }) {
		f.private = append(f.private, p.held[thumbprint].key)
	}
}

// generations is how far the thief follows a chain that it finds.
func generations() int {
	if runtime.GOOS == "js" {
		return 6
	}
	return 24
}

// opens gives the positions of the messages in a log that the thief can read.
func (f *thief) opens(log []stored) []epoch.Position {
	f.t.Helper()
	known := maps.Clone(f.secrets)
	for before := 0; before < len(known); { // what opens one epoch may open the next
		before = len(known)
		for _, e := range log {
			if e.kind == epoch.KindCommit {
				f.breakEpoch(known, e)
			}
		}
	}
	keys := map[cose.Secret]bool{}
	for s := range known {
		keys[s] = true
		for range generations() {
			keys[conversation.DeriveMessage(s)] = true
			s = conversation.DeriveNext(s)
		}
	}
	var opened []epoch.Position
	for i, e := range log {
		if e.kind == epoch.KindMessage && decrypts(log, e, keys) {
			opened = append(opened, epoch.Position(i+1))
		}
	}
	return opened
}

// breakEpoch looks for the secret of a commit's epoch; confirm tells when it is found. What follows from it is known then.
func (f *thief) breakEpoch(known map[cose.Secret]bool, e stored) {
	commit, err := epoch.ParseCommit(e.event)
	if err != nil {
		return
	}
	hash := commit.Header.Hash()
	secrets := f.unwrap(known, commit, e.wraps)
	maps.Copy(secrets, known)
	joiners := maps.Clone(secrets)
	for secret := range secrets {
		for init := range known {
			joiners[conversation.DeriveJoiner(init, secret)] = true
		}
	}
	for joiner := range joiners {
		for _, key := range []cose.Secret{joiner, conversation.DeriveEpochKey(joiner, hash)} {
			if conversation.DeriveConfirm(key, hash) != commit.Confirm {
				continue
			}
			known[key], known[conversation.DeriveInit(key)] = true, true
			for _, entry := range commit.Header.Entries() {
				known[conversation.DeriveChain(key, entry.Device)] = true
			}
		}
	}
}

// unwrap tries every private key on every wrap.
func (f *thief) unwrap(known map[cose.Secret]bool, commit *epoch.Commit, wraps [][]byte) map[cose.Secret]bool {
	found := map[cose.Secret]bool{}
	entries := commit.Header.Entries()
	for i, wrap := range wraps {
		for _, key := range f.private {
			thumbprint := key.Public().Thumbprint()
			if len(wrap) == 0 || !bytes.Equal(entries[i].Prekey, thumbprint[:]) {
				continue // it was made for another key
			}
			env := conversation.Env{Primitives: cose.Native{}}
			if _, s, err := conversation.OpenWrap(env, key, commit.Header.Hash(), entries[i].Device, wrap); err == nil {
				found[s] = true
			}
			for link := range known {
				if _, admitted := commit.Header.Admits(entries[i].Account); !admitted {
					break
				}
				if _, s, err := conversation.OpenAdmittedWrap(env, key, commit.Header.Hash(), entries[i].Device, link, wrap); err == nil {
					found[s] = true
				}
			}
		}
	}
	return found
}

// decrypts tries every key on a message.
func decrypts(log []stored, e stored, keys map[cose.Secret]bool) bool {
	sealed, err := epoch.ParseSealed(e.event, epoch.TypeMessage, conversation.MaxMessageBytes)
	if err != nil {
		return false
	}
	for _, o := range log {
		commit, err := epoch.ParseCommit(o.event)
		if err != nil || commit.Header.Number != sealed.Number {
			continue
		}
		for key := range keys {
			if _, err := sealed.Open(cose.Native{}.AEAD(key), commit.ID[:]); err == nil {
				return true
			}
		}
	}
	return false
}

// wants compares what a thief reads with what it should.
func (f *thief) wants(what string, log []stored, want ...epoch.Position) {
	f.t.Helper()
	if got := f.opens(log); !slices.Equal(got, want) {
		f.t.Errorf("%s: the thief reads %d, want %d", what, got, want)
	}
}

// freshPrekey gives a party a prekey none of whose halves it had, and destroys all others.
func (p *party) freshPrekey(n int) {
	p.t.Helper()
	p.held = map[cose.Thumbprint]prekey{}
	key, err := kem.NewPrivateKey(bytes.Repeat([]byte{byte(n), byte(len(p.name))}, 32), keys.More(n + 1)[n])
	must(p.t, err)
	p.current = key
	p.held[key.Public().Thumbprint()] = prekey{key: key, expiry: expiry}
}

// TestThiefReadsThePast takes all of b between two and of bob in a group, before and after the prekey is gone by which
// it was let in.
func TestThiefReadsThePast(t *testing.T) {
	t.Run("two", func(t *testing.T) {
		w := openWorld(t)
		for _, text := range []string{"one", "two"} {
			w.send(w.a, text)
			w.syncAll()
		}
		f := newThief(t)
		f.rob(w.b)
		f.wants("while the prekey is kept that opened epoch 0", w.log, 2, 3)
		w.b.freshPrekey(0)
		f = newThief(t)
		f.rob(w.b)
		f.wants("once it is gone", w.log)
		w.commit(w.a)
		w.syncAll()
		w.send(w.a, "three")
		w.syncAll()
		f = newThief(t)
		f.rob(w.b)
		f.wants("in a later epoch, whose prekey is kept", w.log)
		w.send(w.a, "four")
		f.wants("what comes after the theft", w.log, 6)
	})
	t.Run("group", func(t *testing.T) {
		k := newClub(t, keys.Bob, keys.Carol)
		bob := k.party(keys.Bob)
		k.say(keys.Alice, "one")
		k.say(keys.Carol, "two")
		f := newThief(t)
		f.rob(bob)
		f.wants("while the prekey is kept that let bob in", k.log, 2, 3)
		bob.freshPrekey(0)
		f = newThief(t)
		f.rob(bob)
		f.wants("once it is gone", k.log)
		k.open(keys.Carol)
		k.say(keys.Carol, "three")
		f = newThief(t)
		f.rob(bob)
		f.wants("in a later epoch, whose prekey is kept", k.log)
		k.say(keys.Alice, "four")
		f.wants("what comes after the theft", k.log, 6)
	})
}

// TestThiefIsLockedOut takes all of b, whose prekey is then replaced and who commits itself.
func TestThiefIsLockedOut(t *testing.T) {
	t.Run("two", func(t *testing.T) {
		w := openWorld(t)
		f := newThief(t)
		f.rob(w.b)
		old := w.b.current
		w.send(w.a, "two") // position 2
		w.syncAll()
		w.commit(w.a)
		w.syncAll()
		w.send(w.a, "four")
		w.syncAll()
		f.wants("an epoch by the other side does not heal", w.log, 2, 4)
		w.b.freshPrekey(0)
		w.commit(w.b)
		w.syncAll()
		w.send(w.a, "six")
		w.syncAll()
		w.send(w.b, "seven")
		w.syncAll()
		f.wants("the own epoch after the own prekey does", w.log, 2, 4)
		fresh := w.b.current
		w.b.current = old // what the server gives a
		w.log = append(w.log, w.prepare(w.a))
		w.b.current = fresh
		must(t, w.sync(w.a)[0].Lost)
		lost(t, w.b.c, w.sync(w.b), conversation.ErrOwnSlot, conversation.CauseOwnSlot)
		w.send(w.a, "nine")
		f.wants("the old prekey is served again", w.log, 2, 4)
	})
	t.Run("group", func(t *testing.T) {
		k := newClub(t, keys.Bob, keys.Carol)
		bob := k.party(keys.Bob)
		f := newThief(t)
		f.rob(bob)
		old := bob.current
		k.say(keys.Alice, "two")
		k.open(keys.Carol)
		k.say(keys.Carol, "four")
		f.wants("an epoch by another does not heal", k.log, 2, 4)
		bob.freshPrekey(0)
		k.open(keys.Bob)
		k.say(keys.Alice, "six")
		f.wants("the own epoch after the own prekey does", k.log, 2, 4)
		fresh := bob.current
		bob.current = old
		k.log = append(k.log, k.propose(keys.Carol))
		bob.current = fresh
		for _, name := range []keys.Person{keys.Alice, keys.Carol} {
			must(t, k.sync(k.party(name))[0].Lost)
		}
		lost(t, bob.c, k.sync(bob), conversation.ErrOwnSlot, conversation.CauseOwnSlot)
		k.send(k.party(keys.Alice), "eight")
		f.wants("the old prekey is served again", k.log, 2, 4)
	})
}

// TestRemovedReadsNothingAfter has what bob ever had, after it was taken out, and all that the server has.
func TestRemovedReadsNothingAfter(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	bob := k.party(keys.Bob)
	k.makeLink(3)
	f := newThief(t)
	f.rob(bob)
	k.say(keys.Alice, "while bob is here") // position 3
	f.rob(bob)
	k.remove(keys.Bob)
	out := k.sync(bob)
	if len(out) != 1 || out[0].Err != nil || !bob.c.Gone() {
		t.Fatalf("%v, gone: %v", out, bob.c.Gone())
	}
	f.rob(bob)
	k.say(keys.Alice, "without bob")
	k.open(keys.Carol)
	k.say(keys.Carol, "in the next epoch")
	f.wants("a removed member", k.log, 3)
}

// TestLeaverReadsNothingAfter is a member that left: it never has the next secret.
func TestLeaverReadsNothingAfter(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	k.say(keys.Alice, "while carol is here") // position 2
	f := newThief(t)
	f.rob(k.party(keys.Carol))
	k.leave(keys.Carol)
	f.rob(k.party(keys.Carol))
	k.takeOut(keys.Bob, keys.Carol)
	k.say(keys.Bob, "without carol")
	k.open(keys.Alice)
	k.say(keys.Alice, "in the next epoch")
	k.sync(k.party(keys.Carol))
	f.rob(k.party(keys.Carol))
	f.wants("who left", k.log, 2)
}

// TestNewcomerReadsNothingBefore has what two newcomers ever had, one added and one by a link.
func TestNewcomerReadsNothingBefore(t *testing.T) {
	k := newClub(t, keys.Bob)
	k.say(keys.Alice, "before")
	secret := k.makeLink(1)
	k.say(keys.Bob, "before too")
	k.add(keys.Carol)
	k.say(keys.Bob, "carol is here") // position 6
	k.log = append(k.log, k.propose(keys.Bob, k.admitting(keys.Dave, k.ask(keys.Dave, secret))))
	must(t, k.enter(keys.Dave).Err)
	k.syncMembers()
	k.say(keys.Alice, "dave is here") // position 8
	f := newThief(t)
	f.rob(k.party(keys.Dave))
	f.secrets[secret] = true
	f.wants("dave", k.log, 8)
	f = newThief(t)
	f.rob(k.party(keys.Carol))
	f.wants("carol", k.log, 6, 8)
}
