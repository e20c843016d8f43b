package conversation_test

import (
	"fmt"
	"slices"
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

// TestTwoAdminsCommitAtOnce lets the log decide: the loser drops its own, takes the winner's and builds anew on that.
func TestTwoAdminsCommitAtOnce(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	k.roles[keys.Bob] = epoch.RoleAdmin
	k.open(keys.Alice)
	k.roles[keys.Dave] = epoch.RoleMember
	first := k.propose(keys.Alice)
	delete(k.roles, keys.Dave)
	delete(k.roles, keys.Carol)
	second := k.propose(keys.Bob)
	k.log = append(k.log, first) // the relay refuses second
	k.roles[keys.Carol], k.roles[keys.Dave] = epoch.RoleMember, epoch.RoleMember
	must(t, k.enter(keys.Dave).Err)
	k.syncMembers()
	if _, ok := k.party(keys.Bob).c.PendingCommit(); ok {
		t.Error("the loser keeps its commit")
	}
	refused(t, k.party(keys.Alice).copied().show(second), epoch.ErrNumber, conversation.CauseRule)
	delete(k.roles, keys.Carol)
	k.open(keys.Bob) // what it wanted is still to be done
	k.say(keys.Dave, "both came true")
	k.agree()
}

// TestOfflineForAWeek reads in one go what happened in many epochs, with members coming and going.
func TestOfflineForAWeek(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	carol := k.party(keys.Carol)
	away := *carol
	k.people[keys.Carol] = carol.copied() // the profile that stays online for the club's sake; away reads the log alone
	var want []string
	for i := range 3 {
		text := fmt.Sprint("text ", i)
		want = append(want, text)
		k.say(keys.Alice, text)
		k.open(keys.Bob)
		if i == 1 {
			k.add(keys.Dave)
		}
	}
	k.remove(keys.Dave)
	k.say(keys.Bob, "last")
	out := away.show(k.log[away.c.Position():]...)
	if got := texts(t, out); !slices.Equal(got, append(want, "last")) {
		t.Errorf("%q", got)
	}
	if away.c.Seen() != k.party(keys.Alice).c.Seen() || away.c.EpochID() != k.party(keys.Alice).c.EpochID() {
		t.Error("another view after a week")
	}
}

// TestManySealWhileACommitLands loses nothing and doubles nothing: what was sealed for the epoch before goes out again.
func TestManySealWhileACommitLands(t *testing.T) {
	k := newClub(t, keys.Bob, keys.Carol)
	_, fromBob := k.seal(k.party(keys.Bob), "in time")
	id, fromCarol := k.seal(k.party(keys.Carol), "too late")
	commit := k.propose(keys.Alice)
	k.log = append(k.log, fromBob, commit)
	k.syncMembers()
	for _, name := range []keys.Person{keys.Alice, keys.Bob} {
		refused(t, k.party(name).copied().show(fromCarol), conversation.ErrEpoch, conversation.CauseEpoch)
	}
	carol := k.party(keys.Carol)
	if _, ok := carol.c.Pending(); ok {
		t.Fatal("a message of the epoch before is on its way")
	}
	next, event, err := carol.c.Seal(carol.env, id, conversation.Text{Text: "too late"}.Encode())
	must(t, err)
	carol.keep(next)
	k.log = append(k.log, stored{kind: epoch.KindMessage, event: event})
	k.syncMembers()
	k.agree()
}

// TestLostBetweenTwo lets the side that lost its place open an epoch itself.
func TestLostBetweenTwo(t *testing.T) {
	w := openWorld(t)
	commit := w.prepare(w.a)
	must(t, w.a.show(commit)[0].Lost)
	w.log = append(w.log, commit)
	altered := w.log[1]
	altered.wraps = slices.Clone(altered.wraps)
	altered.wraps[w.b.index()] = []byte{1}
	lost(t, w.b.c, w.b.show(altered), conversation.ErrWrapAltered, conversation.CauseWrapAltered)
	plan := w.plan()
	plan.Rejoin = conversation.Everyone(plan.Roster, w.b.env.Device)
	next, err := w.b.c.Commit(w.b.env, plan)
	must(t, err)
	w.b.keep(next)
	pending, _ := w.b.c.PendingCommit()
	w.log = append(w.log, stored{kind: epoch.KindCommit, event: pending.Commit, wraps: pending.Wraps})
	w.syncAll()
	w.send(w.a, "on we go")
	w.syncAll()
}
