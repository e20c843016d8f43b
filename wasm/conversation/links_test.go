package conversation_test

import (
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

// TestJoinByLink lets somebody in who has a link's secret, by a member that is no admin.
func TestJoinByLink(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	secret := k.makeLink(2)
	ask := k.ask(keys.Dave, secret)
	k.log = append(k.log, k.propose(keys.Bob, k.admitting(keys.Dave, ask)))
	out := k.enter(keys.Dave)
	must(t, out.Err)
	for _, name := range []keys.Person{keys.Alice, keys.Bob, keys.Carol} {
		out := k.sync(k.party(name))
		if len(out) != 1 || out[0].Err != nil || out[0].Lost != nil || len(out[0].Unproven) != 0 {
			t.Errorf("%s: %v", name, out)
		}
	}
	dave := k.party(keys.Dave)
	dave.env.LinkSecret = nil
	if g, ok := dave.c.Group(); !ok || g.Name != "the club" {
		t.Errorf("dave knows %v", g)
	}
	k.say(keys.Dave, "in by a link")
	k.agree()
	if used := dave.c.Header().Room[0].Links[0].Used; len(used) != 1 {
		t.Errorf("%d uses are counted", len(used))
	}
}

// TestUnproven is a member that lets somebody in who does not have the link's secret. The tag decides nothing, because
// not everyone who judges could check it, and is told by everyone who can.
func TestUnproven(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	secret := k.makeLink(2)
	ask := k.ask(keys.Dave, secret)
	must(t, tagged(k, ask))
	ask.Tag[0] ^= 1
	refusedError(t, tagged(k, ask), epoch.ErrLink, conversation.CauseLink)
	commit := k.admittedAnyhow(keys.Dave, ask, secret)
	dave := k.party(keys.Dave).chain.ID()
	for _, name := range []keys.Person{keys.Alice, keys.Carol} {
		out := k.party(name).show(commit)
		must(t, out[0].Err)
		if !slices.Equal(out[0].Unproven, []account.ID{dave}) {
			t.Errorf("%s: unproven %v", name, out[0].Unproven)
		}
	}
}

// tagged says whether an honest member makes the commit that admits dave.
func tagged(k *club, ask epoch.Admission) error {
	links := slices.Clone(k.links)
	defer func() { k.links = links; delete(k.roles, keys.Dave) }()
	plan := k.plan()
	k.admitting(keys.Dave, ask)(&plan)
	bob := k.party(keys.Bob)
	_, err := bob.c.Commit(bob.env, plan)
	return err
}

// admittedAnyhow is bob's commit that admits dave whatever its tag is.
func (k *club) admittedAnyhow(name keys.Person, ask epoch.Admission, secret cose.Secret) stored {
	k.t.Helper()
	right := ask
	j, err := epoch.ParseJoin(ask.Request)
	must(k.t, err)
	right.Tag = conversation.JoinTag(secret, j.Hash())
	twin := k.party(keys.Bob).copied()
	plan := k.plan()
	k.admitting(name, right)(&plan)
	next, err := twin.c.Commit(twin.env, plan)
	must(k.t, err)
	pending, _ := next.PendingCommit()
	parsed, err := epoch.ParseCommit(pending.Commit)
	must(k.t, err)
	h := parsed.Header
	h.Room[0].Admitted[0].Tag = ask.Tag
	commit, err := epoch.SignCommit(twin.env.Random, twin.env.Signer, h, parsed.Confirm, parsed.Wraps)
	must(k.t, err)
	return stored{kind: epoch.KindCommit, event: commit, wraps: pending.Wraps}
}

// TestServersOwnRoom is a server that lets who asked by a link into a room it made: it does not have the secret.
func TestServersOwnRoom(t *testing.T) {
	build := func(t *testing.T) (*club, conversation.Env, cose.Secret) {
		k := newClub(t, keys.Bob)
		secret := k.makeLink(2)
		return k, k.party(keys.Dave).env, secret
	}
	t.Run("with another secret", func(t *testing.T) {
		k, env, secret := build(t)
		ask := k.ask(keys.Dave, secret)
		k.log = append(k.log, k.propose(keys.Bob, k.admitting(keys.Dave, ask)))
		before, e := k.page(k.party(keys.Dave))
		env.LinkSecret = func(epoch.ConversationID) (cose.Secret, bool) { return cose.Secret{1}, true } // what dave has
		c, out := conversation.Enter(env, k.id, before, e)
		refusedError(t, out.Err, conversation.ErrWrapUnusable, conversation.CauseWrapUnusable)
		if c != nil {
			t.Error("dave is in a room that did not prove itself, and would ask to be let back in")
		}
	})
	t.Run("without a wrap", func(t *testing.T) {
		k, _, secret := build(t)
		k.log = append(k.log, k.propose(keys.Bob, k.admitting(keys.Dave, k.ask(keys.Dave, secret))))
		before, e := k.page(k.party(keys.Dave))
		e.Wrap = nil
		c, out := conversation.Enter(k.party(keys.Dave).env, k.id, before, e)
		refusedError(t, out.Err, conversation.ErrWrapAltered, conversation.CauseWrapAltered)
		if c != nil {
			t.Error("dave is in")
		}
	})
	t.Run("as one that an admin added", func(t *testing.T) {
		k, _, secret := build(t)
		k.ask(keys.Dave, secret)
		k.roles[keys.Dave] = epoch.RoleMember
		k.log = append(k.log, k.propose(keys.Alice))
		out := k.enter(keys.Dave)
		refusedError(t, out.Err, conversation.ErrNotByLink, conversation.CauseLink)
		k.party(keys.Dave).env.LinkSecret = nil // the person gave the link up
		must(t, k.enter(keys.Dave).Err)
	})
	t.Run("to one who did not ask", func(t *testing.T) {
		k, _, secret := build(t)
		ask := k.ask(keys.Dave, secret)
		k.log = append(k.log, k.propose(keys.Bob, k.admitting(keys.Dave, ask)))
		k.party(keys.Dave).env.LinkSecret = nil // it took the request back
		refusedError(t, k.enter(keys.Dave).Err, conversation.ErrNotAsked, conversation.CauseLink)
	})
}

// TestLinksEndWithARemoval takes somebody out who knew the link: its secret admits nobody any more.
func TestLinksEndWithARemoval(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	secret := k.makeLink(2)
	ask := k.ask(keys.Dave, secret)
	k.remove(keys.Carol)
	if links := k.party(keys.Bob).c.Header().Room[0].Links; len(links) != 0 {
		t.Fatalf("%d links", len(links))
	}
	bob := k.party(keys.Bob)
	if g, ok := bob.c.Group(); !ok || len(g.Links) != 1 { // alice said nothing else about the state
		t.Fatalf("bob knows %v, %v", g, ok)
	}
	plan := k.plan()
	k.admitting(keys.Dave, ask)(&plan)
	next, err := bob.c.Commit(bob.env, plan) // who holds to the rules would not
	must(t, err)
	pending, _ := next.PendingCommit()
	out := k.party(keys.Alice).copied().show(stored{kind: epoch.KindCommit, event: pending.Commit, wraps: pending.Wraps})
	refused(t, out, epoch.ErrLink, conversation.CauseLink)
	delete(k.roles, keys.Dave)
	k.group.Salt[0]++
	k.group.Links = nil
	k.open(keys.Alice, k.newState)
	for _, s := range secretsIn(bob.c.Encode()) {
		if s.Equal(secret) {
			t.Error("a link's secret outlives the link")
		}
	}
}

// TestLinkDerivations holds what a link's secret gives against its description.
func TestLinkDerivations(t *testing.T) {
	secret := cose.Secret{1, 2, 3}
	if id := conversation.LinkIDOf(secret); !slices.Equal(id[:], cose.Expand(secret, "link", nil, 16)) {
		t.Error("link id")
	}
	if tag := conversation.JoinTag(secret, [32]byte{9}); tag != cose.MAC(cose.Derive(secret, "join", nil), append([]byte{9}, make([]byte, 31)...)) {
		t.Error("tag")
	}
	shared := cose.Secret{4}
	if conversation.DeriveAdmitted(secret, shared) != cose.Extract(cose.Derive(secret, "admit", nil), shared) {
		t.Error("admitted")
	}
	if conversation.DeriveState(secret) != cose.Derive(secret, "state", nil) {
		t.Error("state key")
	}
}
