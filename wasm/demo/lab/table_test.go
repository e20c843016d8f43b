package lab_test

import (
	"context"
	"errors"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"sotto/wasm/demo/lab"
	"sotto/wasm/vectors/table"
)

// TestJudged gives the readers what the files hold, and the same with another outcome.
func TestJudged(t *testing.T) {
	f, err := table.Load("prekey")
	must(t, err)
	for _, c := range f.Cases {
		if j := lab.Judge(c, "prekey"); !j.OK {
			t.Errorf("%s: %s", c.Name, j.Said)
		}
		c.Outcome += "-not"
		if j := lab.Judge(c, "prekey"); j.OK || j.Said == "" {
			t.Errorf("%s: any outcome is right", c.Name)
		}
	}
	for name, c := range map[string]table.Case{"nothing in it": {}, "no hexadecimal": {In: map[string]string{"bytes": "zz"}}} {
		if j := lab.Judge(c, "prekey"); j.OK || !strings.HasPrefix(j.Said, "panic: ") {
			t.Errorf("%s: %+v", name, j)
		}
	}
	if j := lab.Judge(table.Case{}, "no such object"); j.OK {
		t.Error("an object that nobody reads")
	}
}

// TestSearch finds a key, tells of every candidate, and lets the page have its turn.
func TestSearch(t *testing.T) {
	var told int
	s := lab.NewSearcher(
		func(context.Context, time.Duration) error { return nil },
		func(e lab.Searched) { told += len(e.Fates) }, time.Now)
	made, err := s.Run(t.Context(), false)
	must(t, err)
	p, q := new(big.Int).SetBytes(made.P), new(big.Int).SetBytes(made.Q)
	if !p.ProbablyPrime(20) || !q.ProbablyPrime(20) || new(big.Int).Mul(p, q).BitLen() != 3072 {
		t.Error("not two primes of an RSA-3072 key")
	}
	if told != made.Candidates || told < 2 {
		t.Errorf("told of %d candidates of %d", told, made.Candidates)
	}
}

func TestSearchStops(t *testing.T) {
	var s *lab.Searcher
	var once sync.Once
	var beside error
	s = lab.NewSearcher(func(ctx context.Context, _ time.Duration) error {
		once.Do(func() {
			_, beside = s.Run(t.Context(), false)
			s.Stop()
		})
		return context.Cause(ctx)
	}, func(lab.Searched) {}, time.Now)
	_, err := s.Run(t.Context(), true)
	var coded interface{ Code() string }
	if !errors.As(err, &coded) || coded.Code() != "given-up" {
		t.Errorf("stopped: %v", err)
	}
	if !errors.As(beside, &coded) || coded.Code() != "searching" {
		t.Errorf("a second search: %v", beside)
	}
	s.Stop() // nothing is under way
}
