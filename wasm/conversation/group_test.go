package conversation_test

import (
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
		{"another conversation", func(_ *conversation.Env, id *epoch.ConversationID, _ *[]conversation.EventHash, _ *conversation.Event) {
			id[0] ^= 1
		}, epoch.ErrConversation},
		{"too many events before", func(_ *conversation.Env, _ *epoch.ConversationID, before *[]conversation.EventHash, _ *conversation.Event) {
			*before = make([]conversation.EventHash, epoch.MaxEvents+epoch.MaxDevices+1)
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
