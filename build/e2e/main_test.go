package e2e

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"sotto/build/chromium"
)

// patience bounds every wait of a test: who waits longer has failed. Nothing is measured by it.
const patience = 45 * time.Second

// pace is how often a condition is looked at.
const pace = 25 * time.Millisecond

// shared is the browser of those people whose profile need not outlive it: each has a browser context of their own.
// stopShared ends it.
var (
	shared     = sync.OnceValues(func() (context.Context, error) { return startShared() })
	stopShared = func() {}
)

func startShared() (context.Context, error) {
	ctx, stop, err := chromium.Start(context.Background(), "")
	if err == nil {
		stopShared = stop
	}
	return ctx, err
}

func TestMain(m *testing.M) {
	code := m.Run()
	stopShared()
	removeNext()
	os.Exit(code)
}

// until waits for a condition.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	if !within(holds) {
		t.Fatalf("still waiting until %s", what)
	}
}

// within says whether a condition comes to hold as long as one may wait.
func within(holds func() bool) bool {
	deadline := time.After(patience)
	for !holds() {
		select {
		case <-time.After(pace):
		case <-deadline:
			return false
		}
	}
	return true
}
