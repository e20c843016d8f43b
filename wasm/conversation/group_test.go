package conversation_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

var body = conversation.Text{Text: "x"}.Encode()

// agree checks that all of a group have one view of it.
func (k *club) agree() {
	k.t.Helper()
	alice := k.people[keys.Alice].c
	for _, name := range k.names() {
		c := k.people[name].c
		if c.Seen() != alice.Seen() || c.EpochID() != alice.EpochID() || c.Stopped() != "" {
			k.t.Errorf("%s has another view than alice", name)
		}
	}
}

// TestGroupTalks is a group from its beginning: all write, people are added and taken out, all have its state.
func TestGroupTalks(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	for i, name := range []keys.Person{keys.Alice, keys.Bob, keys.Carol} {
		k.send(k.party(name), fmt.Sprint(i))
		for _, reader := range k.names() {
			out := k.sync(k.party(reader))
			if len(out) != 1 || out[0].Sender.Device != k.party(name).env.Device || out[0].Own != (reader == name) {
				t.Errorf("%s reads %v", reader, out)
			}
		}
	}
	k.add(keys.Dave)
	k.say(keys.Dave, "hello")
	k.remove(keys.Bob)
	k.say(keys.Carol, "without bob")
	k.agree()
	for _, name := range []keys.Person{keys.Alice, keys.Carol, keys.Dave} {
		if g, ok := k.party(name).c.Group(); !ok || g.Name != "the club" || g.Salt != k.group.Salt {
			t.Errorf("%s knows %v, %v", name, g, ok)
		}
	}
	if h := k.party(keys.Dave).c.Header(); len(h.Roster) != 3 || h.Number != 2 || !h.Group() {
		t.Errorf("roster of %d in epoch %d", len(h.Roster), h.Number)
	}
}

func TestCreateRefuses(t *testing.T) {
	k := newClub(t, keys.Bob)
	alice := k.party(keys.Alice)
	create := func(change func(*conversation.Plan)) error {
		plan := k.plan()
		plan.Room.Group = k.group
		change(&plan)
		_, err := conversation.Create(alice.env, plan)
		return err
	}
	must(t, create(func(*conversation.Plan) {}))
	for name, c := range map[string]struct {
		change func(*conversation.Plan)
		want   error
	}{
		"no room":      {func(p *conversation.Plan) { p.Room = nil }, epoch.ErrNotAllowed},
		"no name":      {func(p *conversation.Plan) { p.Room.Group.Name = "" }, cose.ErrMalformed},
		"a long name":  {func(p *conversation.Plan) { p.Room.Group.Name = strings.Repeat("x", conversation.MaxName+1) }, cose.ErrMalformed},
		"no admin":     {func(p *conversation.Plan) { p.Roster[0].Role, p.Roster[1].Role = 0, 0 }, epoch.ErrNotAllowed},
		"not in it":    {func(p *conversation.Plan) { p.Roster = slices.DeleteFunc(p.Roster, alice.isMember) }, epoch.ErrCreator},
		"a used link":  {func(p *conversation.Plan) { p.Room.Links = []epoch.Link{{Uses: 1, Used: make([]epoch.RequestID, 1)}} }, epoch.ErrNotAllowed},
		"two of one":   {func(p *conversation.Plan) { p.Roster[1] = p.Roster[0] }, cose.ErrMalformed},
		"links apart":  {func(p *conversation.Plan) { p.Room.Group.Links = make([]conversation.LinkSecret, 2) }, cose.ErrMalformed},
		"no prekey":    {func(p *conversation.Plan) { p.Keys = nil }, nil},
		"who is there": {func(p *conversation.Plan) { p.Room.Admitted = []epoch.Admission{{Account: alice.env.Account}} }, epoch.ErrNotAllowed},
	} {
		err := create(c.change)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func (p *party) isMember(m epoch.Member) bool { return m.Account == p.chain.ID() }

// TestEnterRefuses is a newcomer that is shown something else than the commit that lets it in.
func TestEnterRefuses(t *testing.T) {
	k := newClub(t, keys.Bob)
	k.say(keys.Bob, "before")
	k.roles[keys.Dave] = epoch.RoleMember
	commit := k.propose(keys.Alice)
	k.log = append(k.log, commit)
	dave := k.party(keys.Dave)
	before, e := k.page(dave)
	cases := []struct {
		name   string
		change func(env *conversation.Env, id *epoch.ConversationID, before *[]conversation.EventHash, e *conversation.Event)
		want   error
	}{
		{"another conversation", func(_ *conversation.Env, id *epoch.ConversationID, _ *[]conversation.EventHash, _ *conversation.Event) { id[0] ^= 1 }, epoch.ErrConversation},
		{"too many events before", func(_ *conversation.Env, _ *epoch.ConversationID, before *[]conversation.EventHash, _ *conversation.Event) {
			*before = make([]conversation.EventHash, epoch.MaxEvents+1)
		}, cose.ErrTooLarge},
		{"no commit", func(_ *conversation.Env, _ *epoch.ConversationID, _ *[]conversation.EventHash, e *conversation.Event) {
			e.Event = k.log[1].event
		}, cose.ErrMalformed},
		{"the commit that opens the group", func(_ *conversation.Env, _ *epoch.ConversationID, _ *[]conversation.EventHash, e *conversation.Event) {
			e.Event = k.log[0].event
		}, conversation.ErrOwnSlot},
		{"a commit that is altered", func(_ *conversation.Env, _ *epoch.ConversationID, _ *[]conversation.EventHash, e *conversation.Event) {
			e.Event = flip(e.Event, len(e.Event)-1)
		}, cose.ErrSignature},
		{"the own commit", func(env *conversation.Env, _ *epoch.ConversationID, _ *[]conversation.EventHash, _ *conversation.Event) {
			env.Device = k.party(keys.Alice).env.Device
		}, conversation.ErrCopied},
		{"a commit without this device", func(env *conversation.Env, _ *epoch.ConversationID, _ *[]conversation.EventHash, _ *conversation.Event) {
			env.Device = k.party(keys.Carol).env.Device
		}, conversation.ErrOwnSlot},
		{"a chain that is not known", func(env *conversation.Env, _ *epoch.ConversationID, _ *[]conversation.EventHash, _ *conversation.Event) {
			env.Chains = func(account.ID) (*account.Chain, bool) { return nil, false }
		}, epoch.ErrHead},
		{"asked by a link and not let in by it", func(env *conversation.Env, _ *epoch.ConversationID, _ *[]conversation.EventHash, _ *conversation.Event) {
			env.LinkSecret = func(epoch.ConversationID) (cose.Secret, bool) { return cose.Secret{1}, true }
		}, conversation.ErrNotByLink},
	}
	for _, x := range cases {
		t.Run(x.name, func(t *testing.T) {
			env, id, hashes, event := dave.env, k.id, slices.Clone(before), e
			x.change(&env, &id, &hashes, &event)
			c, out := conversation.Enter(env, id, hashes, event)
			refusedError(t, out.Err, x.want, conversation.CauseOf(x.want))
			if c != nil || out.Commit != nil {
				t.Error("refused, and yet there is something")
			}
		})
	}
	for name, wrap := range map[string][]byte{"no wrap": nil, "an altered wrap": flip(e.Wrap, 20)} {
		c, out := conversation.Enter(dave.env, k.id, before, conversation.Event{Kind: e.Kind, Event: e.Event, Wrap: wrap})
		if c == nil || out.Err != nil || c.Lost() != conversation.CauseWrapAltered {
			t.Errorf("%s: %v", name, out)
		}
	}
	must(t, k.enter(keys.Dave).Err)
	k.syncMembers()
	k.say(keys.Bob, "here")
	k.agree()
}

// TestNewcomerHoldsTheLog has the history that its admitter had seen: what the relay tells it otherwise shows with the
// first message.
func TestNewcomerHoldsTheLog(t *testing.T) {
	k := newClub(t, keys.Bob)
	k.roles[keys.Dave] = epoch.RoleMember
	commit := k.propose(keys.Alice)
	_, message := k.seal(k.party(keys.Bob), "overtakes the commit")
	k.log = append(k.log, message, commit)
	dave := k.party(keys.Dave)
	before, e := k.page(dave)
	if len(before) != 1 {
		t.Fatalf("%d events before", len(before))
	}
	lied := dave.env
	c, out := conversation.Enter(lied, k.id, []conversation.EventHash{{Kind: before[0].Kind, Hash: [32]byte{1}}}, e)
	must(t, out.Err)
	twin := *dave
	twin.c = c
	must(t, k.enter(keys.Dave).Err)
	if out.Position != 3 || dave.c.Position() != 3 {
		t.Errorf("position %d, want 3", out.Position)
	}
	k.syncMembers()
	k.say(keys.Alice, "x")
	k.agree()
	refused(t, twin.show(k.log[3]), conversation.ErrSplit, conversation.CauseSplit)
	if twin.c.Stopped() != "" {
		t.Error("one member's word stops a group")
	}
}

// TestSplitViewInAGroup is one member with another history: its event is refused and told, and the others go on.
func TestSplitViewInAGroup(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	f := k.newForged(k.party(keys.Carol))
	f.seen.Log[0] ^= 1
	k.log = append(k.log, f.stored())
	for _, name := range k.names() {
		if name == keys.Carol {
			continue // for carol it is a copied profile
		}
		refused(t, k.sync(k.party(name)), conversation.ErrSplit, conversation.CauseSplit)
	}
	commit := k.propose(keys.Bob)
	k.log = append(k.log, commit)
	for _, name := range []keys.Person{keys.Alice, keys.Bob} {
		must(t, k.sync(k.party(name))[0].Lost)
	}
	k.send(k.party(keys.Alice), "on we go")
	for _, name := range []keys.Person{keys.Alice, keys.Bob} {
		must(t, k.sync(k.party(name))[0].Err)
	}
}

// TestGoneWritesNothing is a device that was taken out: it sees that, and there its log ends.
func TestGoneWritesNothing(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	bob := k.party(keys.Bob)
	signalBefore := bob.receipt(1)
	k.remove(keys.Bob)
	k.say(keys.Alice, "without bob")
	out := k.sync(bob)
	if len(out) != 1 || out[0].Commit == nil || out[0].Before == nil || !errors.Is(out[0].Lost, conversation.ErrGone) {
		t.Fatalf("%v", out)
	}
	if !bob.c.Gone() || bob.c.Position() != 2 || bob.c.InitSecret() != (cose.Secret{}) {
		t.Errorf("gone %v at %d", bob.c.Gone(), bob.c.Position())
	}
	if next, more := bob.c.Open(bob.env, []conversation.Event{{Kind: epoch.KindMessage, Event: k.log[2].event}}); len(more) != 0 || next.Position() != 2 {
		t.Error("it reads on")
	}
	_, _, seal := bob.c.Seal(bob.env, conversation.ClientID{}, body)
	_, commit := bob.c.Commit(bob.env, k.plan())
	_, _, leave := bob.c.Leave(bob.env)
	_, _, receipt := bob.c.SealReceipt(bob.env, 1)
	for what, err := range map[string]error{"seal": seal, "commit": commit, "leave": leave, "receipt": receipt} {
		if !errors.Is(err, conversation.ErrGone) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, _, err := k.party(keys.Alice).c.OpenReceipt(k.party(keys.Alice).env, signalBefore); !errors.Is(err, conversation.ErrOld) {
		t.Errorf("a receipt from before: %v", err)
	}
	k.add(keys.Bob)
	k.say(keys.Bob, "here again")
	k.agree()
}

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

// TestDroppedCommitComesAllTheSame is a relay that had stored what it refused: it is no copied profile's.
func TestDroppedCommitComesAllTheSame(t *testing.T) {
	k := newClub(t, keys.Bob)
	dropped := k.propose(keys.Alice)
	alice := k.party(keys.Alice)
	alice.keep(alice.c.DropCommit())
	if _, ok := alice.c.PendingCommit(); ok {
		t.Fatal("a dropped commit is on its way")
	}
	second := k.propose(keys.Alice)
	k.log = append(k.log, dropped)
	k.syncMembers()
	k.say(keys.Alice, "in the epoch of the dropped one")
	refused(t, alice.show(second), epoch.ErrNumber, conversation.CauseRule)
	k.log = append(k.log, second)
	refused(t, k.sync(k.party(keys.Bob)), epoch.ErrNumber, conversation.CauseRule)
	for range 12 { // what is kept in mind is bounded
		k.propose(keys.Alice)
		alice.keep(alice.c.DropCommit())
	}
	k.open(keys.Alice)
	k.agree()
}
