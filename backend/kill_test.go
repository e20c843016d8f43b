package main_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
	"testing"

	"sotto/backend/relay/relaytest"
)

// Sizes of the test below.
const (
	kills     = 60
	pairs     = 4
	clubs     = 2
	inClub    = 4
	maxEvents = 600 // acknowledged between two kills
)

// TestKill loads the real server over real WebSockets, kills it at random moments and starts it again on the same
// data. Everyone then finds what they knew to be stored: every acknowledged event at its position, none missing, none
// twice. What was not acknowledged is sent again, with the same bytes. In groups people leave, are taken out and let in
// again; what their events and commits have seen goes on from where it stood.
func TestKill(t *testing.T) {
	const seed = 20
	random := rand.New(rand.NewPCG(seed, seed))
	dir := t.TempDir()
	book := &ledger{}
	book.wait.L = &book.mu
	clients := newClients(t, book, random)
	for round := range kills {
		wanted := random.IntN(maxEvents)
		if round < 2*pairs {
			wanted = random.IntN(20) // while accounts and conversations begin
		}
		if random.IntN(8) == 0 { // before it has said where it is
			serve(t, dir, false).kill()
		}
		server := serve(t, dir, true, "--limit-address=off", "--limit-account=off", "--limit-device=off",
			"--limit-commits=off", "--limit-added=off")
		run(clients, server, func() { book.await(wanted); server.kill() })
		if t.Failed() {
			t.Fatalf("after kill %d; the server's log:\n%s", round, server.log)
		}
	}
	server := serve(t, dir, true)
	for _, c := range clients {
		c.verify(server.origin)
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if <-server.exited; server.err != nil {
		t.Errorf("the last server ended with %v", server.err)
	}
	t.Logf("%d kills, %d acknowledged events, %d sent again, %d left groups and %d came again",
		kills, book.total, book.again, book.left, book.came)
	if book.total < kills {
		t.Errorf("only %d events were acknowledged: the test has no load", book.total)
	}
	if book.left == 0 || book.came == 0 {
		t.Errorf("%d left groups and %d came again: that was not tested", book.left, book.came)
	}
}

// run lets all clients work against a server until end returns.
func run(clients []*client, server *process, end func()) {
	var all sync.WaitGroup
	for _, c := range clients {
		all.Go(func() { c.work(server.origin) })
	}
	end()
	all.Wait()
}

// ledger counts what was acknowledged.
type ledger struct {
	mu    sync.Mutex
	wait  sync.Cond
	round int // since the last kill
	total int
	again int
	left  int // groups
	came  int // again
}

func (l *ledger) acknowledged() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.round, l.total = l.round+1, l.total+1
	l.wait.Broadcast()
}

func (l *ledger) repeated() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.again++
}

func (l *ledger) counts(n *int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	*n++
}

// await waits until n were acknowledged since it was called last.
func (l *ledger) await(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.round < n {
		l.wait.Wait()
	}
	l.round = 0
}

// newClients makes the people and the conversations of two and two, and of groups.
func newClients(t *testing.T, book *ledger, random *rand.Rand) []*client {
	var names []string
	for i := range 2 * pairs {
		names = append(names, fmt.Sprintf("person%d", i))
	}
	people := relaytest.NewPeople(t, names...)
	var clients []*client
	for i := range pairs {
		for _, p := range people[2*i : 2*i+2] {
			clients = append(clients, &client{
				TB: t, person: p, talk: relaytest.Between(people[2*i], people[2*i+1]), book: book,
				random: rand.New(rand.NewPCG(random.Uint64(), random.Uint64())),
			})
		}
	}
	crowd := relaytest.NewCrowd(t, clubs*inClub)
	for everyone := range slices.Chunk(crowd, inClub) {
		for _, p := range everyone {
			clients = append(clients, &client{
				TB: t, person: p, talk: relaytest.Group(everyone[0], everyone[1:]...), everyone: everyone, out: true, book: book,
				random: rand.New(rand.NewPCG(random.Uint64(), random.Uint64())),
			})
		}
	}
	return clients
}

// same says whether two events are one.
func same(a, b []byte) bool { return bytes.Equal(a, b) }
