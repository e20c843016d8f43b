package relay_test

import (
	"sync"
	"testing"

	"sotto/backend/relay/relaytest"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// rounds is how often each race is run.
const rounds = 25

// race sends requests at the same time, each in its session, and gives the answers: 0 for what was taken.
func race(t *testing.T, clients []*relaytest.Client, requests ...wire.Body) []wire.Code {
	t.Helper()
	ids := make([]uint64, len(requests))
	var all sync.WaitGroup
	for i, c := range clients {
		all.Go(func() { ids[i] = c.Start(requests[i]) })
	}
	all.Wait()
	codes := make([]wire.Code, len(requests))
	for i, c := range clients {
		var refused wire.Error
		if f := c.Answer(ids[i]); f.Kind == wire.KindError {
			if err := wire.DecodeBody(f, &refused); err != nil {
				t.Fatal(err)
			}
		}
		codes[i] = refused.Code
	}
	return codes
}

// winner gives which one of several was taken; the others must have been told that they are late.
func winner(t *testing.T, codes []wire.Code) int {
	t.Helper()
	won := -1
	for i, code := range codes {
		switch {
		case code == 0 && won < 0:
			won = i
		case code != wire.CodeStaleEpoch:
			t.Fatalf("answers %v", codes)
		}
	}
	if won < 0 {
		t.Fatalf("answers %v", codes)
	}
	return won
}

// TestAdminsRace has two admins commit at once: one is taken, the other builds anew on it, all are told the same.
func TestAdminsRace(t *testing.T) {
	g := newClub(t, unlimited)
	g.d.Admins[g.bob] = true
	g.open()
	admins := []*relaytest.Person{g.alice, g.bob}
	sessions := []*relaytest.Client{g.a, g.b}
	for range rounds {
		commits := make([]wire.Body, 2)
		for i, p := range admins {
			commits[i] = g.d.Commit(t, p, g.d.Header(p))
		}
		won := winner(t, race(t, sessions, commits...))
		g.d.Take(t, epoch.KindCommit, commits[won].(wire.Commit).Commit)
		loser := 1 - won
		again := g.d.Commit(t, admins[loser], g.d.Header(admins[loser]))
		relaytest.Do[wire.Stored](sessions[loser], again)
		g.d.Take(t, epoch.KindCommit, again.Commit)
	}
	for at := epoch.Position(1); at <= g.d.Seen.Position; at++ {
		g.events("carol", g.c, at)
	}
}

// TestLeaveRace has somebody leave while an admin commits: whatever comes first, nobody who left is in an epoch that opens
// after, and what lost is right when it is made anew.
func TestLeaveRace(t *testing.T) {
	g := newClub(t, unlimited)
	left := 0
	for range rounds {
		commit, leave := g.d.Commit(t, g.alice, g.d.Header(g.alice)), g.bob.Leave(t, g.d.Leaving(g.bob))
		if winner(t, race(t, []*relaytest.Client{g.a, g.b}, commit, leave)) == 0 {
			g.d.Take(t, epoch.KindCommit, commit.Commit)
			g.leave(g.b, g.bob)
		} else {
			left++
			g.d.Take(t, epoch.KindLeave, leave.Event)
			if got := g.a.Refused(commit); got.Code != wire.CodeStaleEpoch {
				t.Fatalf("the same commit after the leave: %v", got.Code)
			}
		}
		g.d.Expel(g.bob)
		g.open()
		g.d.Invite(g.bob)
		g.open()
	}
	t.Logf("the leave came first %d times of %d", left, rounds)
}

// TestLeaversRace has both admins leave at once: one stays, because somebody must be admin.
func TestLeaversRace(t *testing.T) {
	g := newClub(t, unlimited)
	g.d.Admins[g.bob] = true
	for range rounds {
		g.open()
		leaves := []wire.Body{g.alice.Leave(t, g.d.Leaving(g.alice)), g.bob.Leave(t, g.d.Leaving(g.bob))}
		people, sessions := []*relaytest.Person{g.alice, g.bob}, []*relaytest.Client{g.a, g.b}
		won := winner(t, race(t, sessions, leaves...))
		g.d.Take(t, epoch.KindLeave, leaves[won].(wire.Leave).Event)
		stays := 1 - won
		if got := sessions[stays].Refused(people[stays].Leave(t, g.d.Leaving(people[stays]))); got.Code != wire.CodeCommitRefused {
			t.Fatalf("the last admin leaves: %v", got.Code)
		}
		g.d.Expel(people[won])
		sessions[stays].Open(g.d, people[stays])
		g.d.Invite(people[won])
		sessions[stays].Open(g.d, people[stays])
	}
}

// TestJoinRace has somebody ask by a link while a removal revokes it: no request by it is kept after.
func TestJoinRace(t *testing.T) {
	g := newClub(t, unlimited)
	for range rounds {
		g.d.Invite(g.mallory)
		g.d.Room[0].Links = []epoch.Link{newLink(1, 3)}
		g.open()
		ask := g.join(same)
		g.d.Expel(g.mallory)
		g.d.Room[0].Links = nil
		commit := g.d.Commit(t, g.alice, g.d.Header(g.alice))
		codes := race(t, []*relaytest.Client{g.a, g.v}, commit, ask)
		if codes[0] != 0 || codes[1] != 0 && codes[1] != wire.CodeLinkRefused {
			t.Fatalf("answers %v", codes)
		}
		g.d.Take(t, epoch.KindCommit, commit.Commit)
		if got := g.asked(g.a); len(got) != 0 {
			t.Fatalf("%d requests by a revoked link are kept", len(got))
		}
	}
}

// TestMessageRace has a member send while a commit lands: the message is before it or is told to be late, never after it.
func TestMessageRace(t *testing.T) {
	g := newClub(t, unlimited)
	for i := range uint64(rounds) {
		m := g.d.Message(g.bob, i, 100)
		commit := g.d.Commit(t, g.alice, g.d.Header(g.alice))
		codes := race(t, []*relaytest.Client{g.a, g.b}, commit, m)
		if codes[0] != 0 || codes[1] != 0 && codes[1] != wire.CodeStaleEpoch {
			t.Fatalf("answers %v", codes)
		}
		before := g.d.Seen.Position
		g.a.Sync(g.d)
		if stored := g.d.Seen.Position - before - 1; (codes[1] == 0) != (stored == 1) {
			t.Fatalf("%d events beside the commit, answer %v", stored, codes[1])
		}
	}
}
