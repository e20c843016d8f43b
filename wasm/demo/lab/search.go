package lab

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"sotto/wasm/cose"
	"sotto/wasm/demo/primes"
)

// Pause lets the page have its turn for at least so long: what runs in WebAssembly holds its whole thread.
type Pause func(ctx context.Context, d time.Duration) error

// Searched is an event: what a search has looked at since the event before.
type Searched struct {
	Which  int    `js:"which"`  // the first prime or the second
	Fates  string `js:"fates"`  // a letter for each candidate: d divided, c composite, u unfit, p prime
	By     uint64 `js:"by"`     // the small prime that divides the last one; 0: none
	Number []byte `js:"number"` // the last one
}

// Made is a key that was found.
type Made struct {
	P            []byte `js:"p"`
	Q            []byte `js:"q"`
	Candidates   int    `js:"candidates"`
	Milliseconds int64  `js:"milliseconds"`
}

// errGivenUp is a search that was cancelled, and errSearching one beside another.
var (
	errGivenUp   = failure{"given-up", "the search was given up"}
	errSearching = failure{"searching", "a search is under way"}
)

// searcher runs one search at a time.
type searcher struct {
	pause Pause
	emit  func(Searched)
	clock func() time.Time

	mu     sync.Mutex
	cancel context.CancelCauseFunc // of the search under way; nil: none
}

// turn is how long a search computes before it lets the page have its turn; slow is how long it shows each candidate.
const (
	turn = 40 * time.Millisecond
	slow = 90 * time.Millisecond
)

// run looks for a key of suite 1's size.
func (s *searcher) run(ctx context.Context, slowly bool) (Made, error) {
	s.mu.Lock()
	if s.cancel != nil {
		s.mu.Unlock()
		return Made{}, errSearching
	}
	ctx, cancel := context.WithCancelCause(ctx)
	s.cancel = cancel
	s.mu.Unlock()
	defer func() {
		cancel(nil)
		s.mu.Lock()
		s.cancel = nil
		s.mu.Unlock()
	}()
	begun := s.clock()
	var told watcher
	key, err := primes.Search(ctx, 8*cose.ModulusSize, func(which int, c primes.Candidate) error {
		told.add(which, c)
		if !slowly && c.Fate != primes.Prime && s.clock().Sub(told.since) < turn {
			return nil
		}
		s.emit(told.take())
		wait := time.Duration(0)
		if slowly {
			wait = slow
		}
		err := s.pause(ctx, wait)
		told.since = s.clock()
		return err
	})
	if err != nil {
		if errors.Is(err, errGivenUp) {
			err = errGivenUp
		}
		return Made{}, err
	}
	n := numbers(key)
	return Made{P: n.P, Q: n.Q, Candidates: told.all, Milliseconds: s.clock().Sub(begun).Milliseconds()}, nil
}

// stop gives the search under way up.
func (s *searcher) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.cancel(errGivenUp)
	}
}

// watcher gathers candidates between two events.
type watcher struct {
	fates strings.Builder
	last  primes.Candidate
	which int
	all   int
	since time.Time
}

func (w *watcher) add(which int, c primes.Candidate) {
	w.fates.WriteByte(c.Fate[0])
	w.last, w.which = c, which
	w.all++
}

func (w *watcher) take() Searched {
	s := Searched{Which: w.which, Fates: w.fates.String(), By: w.last.By, Number: w.last.Number.Bytes()}
	w.fates.Reset()
	return s
}
