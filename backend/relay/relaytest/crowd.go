package relaytest

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	"sync"
	"testing"

	"sotto/wasm/cose"
)

// NewCrowd makes as many people as one wants in a moment. Their keys are real and each has its own, but any two primes of
// a few give one: who has two of the keys may have a third.
func NewCrowd(t testing.TB, n int) []*Person {
	t.Helper()
	count := 2
	for count*(count-1)/2 < n {
		count++
	}
	primes := newPrimes(t, count)
	people := make([]*Person, n)
	var all sync.WaitGroup
	i := 0
	for a := range primes {
		for b := range a {
			if i == n {
				break
			}
			at := i
			all.Go(func() { people[at] = newPerson(t, fmt.Sprintf("crowd%d", at), signerOf(t, primes[a], primes[b])) })
			i++
		}
	}
	all.Wait()
	return people
}

func newPrimes(t testing.TB, n int) []*big.Int {
	t.Helper()
	primes := make([]*big.Int, n)
	e, one := big.NewInt(exponent), big.NewInt(1)
	var all sync.WaitGroup
	for i := range primes {
		all.Go(func() {
			for primes[i] == nil {
				p, err := rand.Prime(rand.Reader, 4*cose.ModulusSize) // its two highest bits are set
				must(t, err)
				if new(big.Int).GCD(nil, nil, e, new(big.Int).Sub(p, one)).Cmp(one) == 0 {
					primes[i] = p
				}
			}
		})
	}
	all.Wait()
	return primes
}

const exponent = 65537

// signerOf makes the key of two primes.
func signerOf(t testing.TB, p, q *big.Int) *rsa.PrivateKey {
	t.Helper()
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent},
		D:         new(big.Int).ModInverse(big.NewInt(exponent), phi),
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	must(t, key.Validate())
	return key
}
