package conversation_test

import (
	"bytes"
	"crypto/rand"
	"slices"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

// TestLeave is somebody who leaves: the epoch takes no more messages, and anyone who stays opens the next.
func TestLeave(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	alice, bob, carol := k.party(keys.Alice), k.party(keys.Bob), k.party(keys.Carol)
	_, late := k.seal(alice, "on its way")
	k.leave(keys.Carol)
	if left := bob.c.Left(); !slices.Equal(left, []account.ID{carol.chain.ID()}) {
		t.Errorf("left: %v", left)
	}
	if _, waits := carol.c.PendingLeave(); waits || carol.c.Stopped() != "" {
		t.Error("the leave is still on its way")
	}
	k.log = append(k.log, late)
	for _, p := range []*party{alice, bob, carol} {
		refused(t, k.sync(p), conversation.ErrClosed, conversation.CauseClosed)
	}
	if _, ok := alice.c.Pending(); ok {
		t.Error("what came too late is on its way for good")
	}
	_, _, err := bob.c.Seal(bob.env, conversation.ClientID{}, body)
	refusedError(t, err, conversation.ErrClosed, conversation.CauseClosed)
	_, _, err = carol.c.Seal(carol.env, conversation.ClientID{}, body)
	refusedError(t, err, conversation.ErrLeft, conversation.CauseRule)
	_, err = carol.c.Commit(carol.env, k.plan())
	refusedError(t, err, conversation.ErrLeft, conversation.CauseRule)
	_, _, err = carol.c.Leave(carol.env)
	refusedError(t, err, conversation.ErrLeft, conversation.CauseRule)
	stays := k.propose(keys.Bob)
	refused(t, alice.copied().show(stays), epoch.ErrNotAllowed, conversation.CauseRule)
	bob.keep(bob.c.DropCommit())
	k.takeOut(keys.Bob, keys.Carol)
	out := k.sync(carol)
	if len(out) != 1 || !carol.c.Gone() || !slices.Equal(out[0].Left, []account.ID{carol.chain.ID()}) {
		t.Errorf("%v", out)
	}
	k.say(keys.Alice, "without carol")
	k.agree()
}

// TestLeaveOutcome is what everyone is told of one who leaves.
func TestLeaveOutcome(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	carol := k.party(keys.Carol)
	next, event, err := carol.c.Leave(carol.env)
	must(t, err)
	carol.keep(next)
	if pending, ok := carol.c.PendingLeave(); !ok || !bytes.Equal(pending, event) {
		t.Error("the leave is not on its way")
	}
	_, _, err = carol.c.Seal(carol.env, conversation.ClientID{}, body)
	refusedError(t, err, conversation.ErrPending, conversation.CauseRule)
	dropped := carol.c.DropLeave()
	if _, ok := dropped.PendingLeave(); ok {
		t.Error("a dropped leave is on its way")
	}
	k.log = append(k.log, stored{kind: epoch.KindLeave, event: event})
	for _, name := range k.names() {
		p := k.party(name)
		out := k.sync(p)
		if len(out) != 1 || out[0].Err != nil || out[0].Leave == nil || out[0].Leave.Account != carol.chain.ID() || out[0].Sender.Device != carol.env.Device {
			t.Errorf("%s: %v", name, out)
		}
		refused(t, p.show(stored{kind: epoch.KindLeave, event: event}), epoch.ErrNotAllowed, conversation.CauseRule)
	}
}

// TestLeaveIsRefused names what is wrong with a leave event; it changes nothing.
func TestLeaveIsRefused(t *testing.T) {
	cases := []struct {
		name   string
		by     keys.Person
		change func(k *club, l *epoch.Leave)
		want   error
		cause  conversation.Cause
	}{
		{"the only admin", keys.Alice, func(*club, *epoch.Leave) {}, epoch.ErrNotAllowed, conversation.CauseRule},
		{"of another epoch", keys.Bob, func(_ *club, l *epoch.Leave) { l.Epoch[0] ^= 1 }, epoch.ErrPrev, conversation.CauseRule},
		{"of another group", keys.Bob, func(_ *club, l *epoch.Leave) { l.Conversation[0] ^= 1 }, epoch.ErrConversation, conversation.CauseRule},
		{"of another history", keys.Bob, func(_ *club, l *epoch.Leave) { l.Seen.Log[0] ^= 1 }, conversation.ErrSplit, conversation.CauseSplit},
		{"of a history to come", keys.Bob, func(_ *club, l *epoch.Leave) { l.Seen.Position++ }, conversation.ErrSeenOld, conversation.CauseSeen},
		{"of a history before", keys.Bob, func(k *club, l *epoch.Leave) { l.Seen = epoch.Seen{Log: epoch.LogStart(k.id)} }, conversation.ErrSeenOld, conversation.CauseSeen},
		{"older than the own last message", keys.Bob, func(k *club, l *epoch.Leave) {
			l.Seen = k.party(keys.Alice).c.Seen()
			k.send(k.party(keys.Bob), "after that")
			k.syncMembers()
		}, conversation.ErrSeenOld, conversation.CauseSeen},
		{"in another's name", keys.Bob, func(k *club, l *epoch.Leave) { l.Device = k.party(keys.Carol).env.Device }, cose.ErrSignature, conversation.CauseSignature},
		{"by a stranger", keys.Dave, func(*club, *epoch.Leave) {}, epoch.ErrNotMember, conversation.CauseRule},
	}
	for _, x := range cases {
		t.Run(x.name, func(t *testing.T) {
			k := newClub(t, keys.Bob, keys.Carol)
			by, carol := k.party(x.by), k.party(keys.Carol)
			l := epoch.Leave{Conversation: k.id, Epoch: carol.c.EpochID(), Seen: carol.c.Seen(), Device: by.env.Device}
			x.change(k, &l)
			event, err := epoch.SignLeave(rand.Reader, by.env.Signer, l)
			must(t, err)
			refused(t, carol.show(stored{kind: epoch.KindLeave, event: event}), x.want, x.cause)
			if len(carol.c.Left()) != 0 || carol.c.Stopped() != "" {
				t.Error("a refused leave changed something")
			}
		})
	}
	w := openWorld(t)
	_, _, err := w.a.c.Leave(w.a.env)
	refusedError(t, err, epoch.ErrNotAllowed, conversation.CauseRule)
	_, _, err = conversation.New(w.id).Leave(w.a.env)
	refusedError(t, err, conversation.ErrNoEpoch, conversation.CauseRule)
}

// TestLeaveByACopy is a leave that this profile did not write.
func TestLeaveByACopy(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	twin := k.party(keys.Carol).copied()
	_, event, err := twin.c.Leave(twin.env)
	must(t, err)
	carol := k.party(keys.Carol)
	out := carol.show(stored{kind: epoch.KindLeave, event: event})
	if len(out) != 1 || out[0].Leave == nil || carol.c.Stopped() != conversation.CauseCopied {
		t.Errorf("%v, stopped %q", out, carol.c.Stopped())
	}
}

// TestTwoLeave leave in one epoch; the last admin cannot go before another is named.
func TestTwoLeave(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	k.leave(keys.Bob)
	k.leave(keys.Carol)
	delete(k.roles, keys.Bob)
	k.takeOut(keys.Alice, keys.Carol)
	alice := k.party(keys.Alice)
	next, event, err := alice.c.Leave(alice.env) // nobody stays
	must(t, err)
	alice.keep(next)
	must(t, alice.show(stored{kind: epoch.KindLeave, event: event})[0].Err)
}
