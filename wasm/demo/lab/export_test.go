package lab

import (
	"context"
	"crypto"
	"crypto/rsa"
	"time"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/judge"
	"sotto/wasm/vectors/vector"
)

// Brief lets measured operations run once.
func (l *Lab) Brief() { l.enough = 0 }

// Judge gives a vector to the readers as the table does.
func Judge(c vector.Case, object string) Judged {
	b := judge.Bench{Primitives: cose.Native{}, Open: func(k *rsa.PrivateKey) (crypto.Decrypter, error) { return k, nil }}
	return judged(b, judging{Object: object, Name: c.Name, Outcome: c.Outcome, In: c.In, Out: c.Out})
}

// Searcher runs searches as the table does.
type Searcher struct{ s searcher }

// NewSearcher gives one.
func NewSearcher(pause Pause, emit func(Searched), clock func() time.Time) *Searcher {
	return &Searcher{searcher{pause: pause, emit: emit, clock: clock}}
}

// Run searches for a key.
func (s *Searcher) Run(ctx context.Context, slowly bool) (Made, error) { return s.s.run(ctx, slowly) }

// Stop gives the search under way up.
func (s *Searcher) Stop() { s.s.stop() }
