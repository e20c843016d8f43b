package primes_test

import (
	"context"
	"errors"
	"math/big"
	"testing"

	"sotto/wasm/demo/primes"
)

func TestSearch(t *testing.T) {
	counts := map[primes.Fate]int{}
	found := [2]int{}
	key, err := primes.Search(t.Context(), 1024, func(which int, c primes.Candidate) error {
		counts[c.Fate]++
		switch c.Fate {
		case primes.Divided:
			if new(big.Int).Mod(c.Number, new(big.Int).SetUint64(c.By)).Sign() != 0 {
				t.Errorf("%d does not divide it", c.By)
			}
		case primes.Composite:
			if c.Number.ProbablyPrime(20) {
				t.Error("a prime was passed over")
			}
		case primes.Prime:
			found[which]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if key.N.BitLen() != 1024 || key.E != 65537 || key.Validate() != nil {
		t.Errorf("a key of %d bits, %v", key.N.BitLen(), key.Validate())
	}
	if found != [2]int{1, 1} || counts[primes.Divided] == 0 {
		t.Errorf("found %v, fates %v", found, counts)
	}
}

func TestSearchIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	seen := 0
	_, err := primes.Search(ctx, 3072, func(int, primes.Candidate) error {
		if seen++; seen == 3 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) || seen > 3 {
		t.Errorf("%v after %d candidates", err, seen)
	}
	no := errors.New("no more")
	if _, err := primes.Search(t.Context(), 3072, func(int, primes.Candidate) error { return no }); !errors.Is(err, no) {
		t.Errorf("%v, want the error of who looks on", err)
	}
}

func TestKeyRefuses(t *testing.T) {
	p := big.NewInt(65537*2 + 1) // the exponent divides p-1
	if _, err := primes.Key(p, big.NewInt(5)); err == nil {
		t.Error("made a key whose exponent has no inverse")
	}
}
