// Package primes makes an RSA key before everyone's eyes: the search of FIPS 186-5 §A.1.3 for two probable primes, with
// every candidate counted.
//
// It is how crypto/rsa does it, and the numbers come from the system's cryptographic source; but it tells what it
// finds on the way and takes no care to take the same time for every number. A chat's keys are made by the browser,
// which shows nothing of it.
package primes

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"math/big"
)

// exponent is that of suite 1.
const exponent = 65537

// Fate is what became of a candidate.
type Fate string

// The fates.
const (
	Divided   Fate = "divided"   // a small prime divides it
	Composite Fate = "composite" // Miller-Rabin or Lucas found it out
	Unfit     Fate = "unfit"     // its predecessor is divided by the exponent, or it lies too near to the other
	Prime     Fate = "prime"
)

// Candidate is one number that was looked at.
type Candidate struct {
	Number *big.Int
	Fate   Fate
	By     uint64 // the small prime that divides it
}

// small are the odd primes below 2,000 by which a candidate is divided first.
var small = sieve(2000)

func sieve(below uint64) []uint64 {
	var primes []uint64
next:
	for n := uint64(3); n < below; n += 2 {
		for _, p := range primes {
			if n%p == 0 {
				continue next
			}
		}
		primes = append(primes, n)
	}
	return primes
}

// Search looks for two primes of half the bits each and makes a key of them. It tells see of every candidate; when see
// fails, as it does when the search is given up, its error is Search's.
func Search(ctx context.Context, bits int, see func(which int, c Candidate) error) (*rsa.PrivateKey, error) {
	p, err := find(ctx, bits/2, nil, func(c Candidate) error { return see(0, c) })
	if err != nil {
		return nil, err
	}
	q, err := find(ctx, bits/2, p, func(c Candidate) error { return see(1, c) })
	if err != nil {
		return nil, err
	}
	return Key(p, q)
}

// Key makes the key of two primes.
func Key(p, q *big.Int) (*rsa.PrivateKey, error) {
	one := big.NewInt(1)
	p1, q1 := new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)
	lambda := new(big.Int).Div(new(big.Int).Mul(p1, q1), new(big.Int).GCD(nil, nil, p1, q1))
	d := new(big.Int).ModInverse(big.NewInt(exponent), lambda)
	if d == nil {
		return nil, errors.New("the exponent has no inverse")
	}
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent}, D: d, Primes: []*big.Int{p, q}}
	key.Precompute()
	if err := key.Validate(); err != nil {
		return nil, fmt.Errorf("make a key of two primes: %w", err)
	}
	return key, nil
}

func find(ctx context.Context, bits int, other *big.Int, see func(Candidate) error) (*big.Int, error) {
	for {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		c, err := draw(bits)
		if err != nil {
			return nil, err
		}
		judged := judge(c, other)
		if err := see(judged); err != nil {
			return nil, err
		}
		if judged.Fate == Prime {
			return c, nil
		}
	}
}

// draw gives a random odd number whose two highest bits are set, so that two of them multiply to twice the bits.
func draw(bits int) (*big.Int, error) {
	b := make([]byte, bits/8)
	if _, err := rand.Read(b); err != nil {
		return nil, fmt.Errorf("draw a candidate: %w", err)
	}
	b[0] |= 0xc0
	b[len(b)-1] |= 1
	return new(big.Int).SetBytes(b), nil
}

// judge tries the cheap tests first. ProbablyPrime(5) is five rounds of Miller-Rabin with random bases and one of
// Baillie-PSW: FIPS 186-5 table B.1 asks for four rounds at 1,536 bits.
func judge(n, other *big.Int) Candidate {
	rest := new(big.Int)
	for _, p := range small {
		if rest.Mod(n, new(big.Int).SetUint64(p)).Sign() == 0 {
			return Candidate{Number: n, Fate: Divided, By: p}
		}
	}
	if !n.ProbablyPrime(5) {
		return Candidate{Number: n, Fate: Composite}
	}
	if rest.Mod(rest.Sub(n, big.NewInt(1)), big.NewInt(exponent)).Sign() == 0 || near(n, other) {
		return Candidate{Number: n, Fate: Unfit}
	}
	return Candidate{Number: n, Fate: Prime}
}

// near says whether two primes differ by so little that their product is easy to factor: at most 2^(bits-100).
func near(n, other *big.Int) bool {
	return other != nil && new(big.Int).Sub(n, other).BitLen() <= n.BitLen()-100
}
