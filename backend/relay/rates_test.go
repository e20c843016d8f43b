package relay_test

import (
	"testing"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// atOnce is a rate that lets so many through and no more while a test lasts.
func atOnce(n int) relay.Rate { return relay.Rate{PerSecond: 0.0001, Burst: n} }

// TestAddedLimited has accounts be added one by one until that is too many: those who ask by a link, who change or who
// go do not count.
func TestAddedLimited(t *testing.T) {
	g := newClub(t, func(o *relay.Options) { o.Limits.Added = atOnce(3) }) // bob and carol came first
	g.d.Invite(g.dave)
	g.open()
	g.open()
	g.d.Invite(g.mallory)
	if got := g.by(g.a, g.alice, func(*epoch.Header) {}); got.Code != wire.CodeLimited || got.Detail == 0 {
		t.Errorf("one too many: %v, wait %d", got.Code, got.Detail)
	}
	g.d.Expel(g.mallory)
	ask := g.mallory.Join(t, g.d.Joining(g.mallory, epoch.LinkID{1}))
	relaytest.Do[wire.Done](g.m, ask)
	g.d.Admit(t, g.mallory, ask)
	g.open()
	d := relaytest.Between(g.alice, g.bob)
	g.a.Open(d, g.alice)
	other := relaytest.Group(g.bob, g.alice, g.carol, g.dave) // of another account's
	g.b.Open(other, g.bob)
	more := relaytest.Group(g.bob, g.alice)
	if got := g.b.Refused(more.Commit(t, g.bob, more.Header(g.bob))); got.Code != wire.CodeLimited {
		t.Errorf("one too many of bob's: %v", got.Code)
	}
}

// TestCommitsOfOneConversation are limited whoever makes them.
func TestCommitsOfOneConversation(t *testing.T) {
	g := newClub(t, func(o *relay.Options) { o.Limits.Commits = atOnce(3) })
	b := g.d.Commit(t, g.bob, g.d.Header(g.bob))
	relaytest.Do[wire.Stored](g.b, b)
	g.d.Take(t, epoch.KindCommit, b.Commit)
	g.c.Open(g.d, g.carol)
	for name, by := range map[*relaytest.Client]*relaytest.Person{g.a: g.alice, g.b: g.bob} {
		if got := name.Refused(g.d.Commit(t, by, g.d.Header(by))); got.Code != wire.CodeLimited || got.Detail == 0 {
			t.Errorf("one too many: %v, wait %d", got.Code, got.Detail)
		}
	}
	relaytest.Do[wire.Stored](g.a, wire.Commit(firstOf(t, relaytest.Between(g.alice, g.dave), g.alice)))
}

func firstOf(t *testing.T, d *relaytest.Conversation, by *relaytest.Person) wire.Commit {
	t.Helper()
	return d.Commit(t, by, d.Header(by))
}

// TestStrangersUseUpNothing has someone who is no member send commits: members can commit as before.
func TestStrangersUseUpNothing(t *testing.T) {
	g := newClub(t, func(o *relay.Options) { o.Limits.Commits = atOnce(3) })
	g.d.Invite(g.dave)
	for range 3 {
		if got := g.by(g.v, g.dave, func(*epoch.Header) {}); got.Code != wire.CodeNotMember {
			t.Errorf("a stranger's commit: %v", got.Code)
		}
	}
	g.d.Expel(g.dave)
	g.open()
}

// TestCommitWeighs has a commit of many devices count for more: 50 count one more than 49.
func TestCommitWeighs(t *testing.T) {
	people := crowd(51)
	w := newWorld(t, func(o *relay.Options) { o.Limits.Commits = atOnce(3) })
	clients := make([]*relaytest.Client, len(people))
	for i, p := range people {
		clients[i] = w.register(p)
	}
	light, heavy := relaytest.Group(people[0], people[1:49]...), relaytest.Group(people[50], people[:49]...)
	for i := range 4 {
		h := light.Header(people[0])
		h.Room[0].State = [32]byte(relaytest.Random(32)) // a group of its own
		relaytest.Rename(h)
		if got := clients[0].Refused(light.Commit(t, people[0], h)); (got.Code == wire.CodeLimited) != (i == 3) || i < 3 && got.Code != 0 {
			t.Errorf("light commit %d: %v", i, got.Code)
		}
	}
	for i := range 2 {
		h := heavy.Header(people[50])
		h.Room[0].State = [32]byte(relaytest.Random(32))
		relaytest.Rename(h)
		if got := clients[50].Refused(heavy.Commit(t, people[50], h)); (got.Code == wire.CodeLimited) != (i == 1) || i < 1 && got.Code != 0 {
			t.Errorf("heavy commit %d: %v", i, got.Code)
		}
	}
}

// TestReceiptsOfACrowd are refused when there are more accounts than tell each other what they have read.
func TestReceiptsOfACrowd(t *testing.T) {
	people := crowd(65)
	w := newWorld(t, unlimited)
	var first *relaytest.Client
	for i, p := range people {
		if c := w.register(p); i == 0 {
			first = c
		}
	}
	d := relaytest.Group(people[0], people[1:64]...)
	first.Open(d, people[0])
	relaytest.Do[wire.Done](first, d.Receipt(people[0], 1))
	d.Invite(people[64])
	first.Open(d, people[0])
	if got := first.Refused(d.Receipt(people[0], 1)); got.Code != wire.CodeReceiptRefused {
		t.Errorf("one account too many: %v", got.Code)
	}
}

// TestLeavesLimited counts leave events with the commits of their device.
func TestLeavesLimited(t *testing.T) {
	g := newClub(t, func(o *relay.Options) { o.Limits.Commits = atOnce(2) })
	request := g.bob.Leave(t, g.d.Leaving(g.bob))
	for range 2 {
		relaytest.Do[wire.Stored](g.b, request)
	}
	if got := g.b.Refused(request); got.Code != wire.CodeLimited || got.Detail == 0 {
		t.Errorf("one too many: %v, wait %d", got.Code, got.Detail)
	}
}

// TestAsksOfOneKindFill has as many strangers ask as may, and one more; a member's request is taken all the same.
func TestAsksOfOneKindFill(t *testing.T) {
	people := crowd(65)
	g := newClub(t, unlimited)
	for i, p := range people {
		got := g.w.register(p).Refused(p.Join(t, g.d.Joining(p, epoch.LinkID{1})))
		if want := map[bool]wire.Code{true: wire.CodeLinkRefused}[i == 64]; got.Code != want {
			t.Errorf("request %d: %v", i, got.Code)
		}
	}
	relaytest.Do[wire.Done](g.b, g.rejoin(func(*epoch.Rejoin) {}))
	if got := g.asked(g.a); len(got) != 65 {
		t.Errorf("%d are asked", len(got))
	}
}
