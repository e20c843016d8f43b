package relaytest

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	"sync"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/keys"
)

// NewCrowd makes many people in a moment. Their keys are real and each has its own, but any two of a few primes give one,
// most of them those of the keys that all tests have.
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
		for b := 0; b < a && i < n; b++ {
			at := i
			all.Go(func() { people[at] = newPerson(t, fmt.Sprintf("crowd%d", at), signerOf(primes[a], primes[b])) })
			i++
		}
	}
	all.Wait()
	return people
}

func newPrimes(t testing.TB, n int) []*big.Int {
	t.Helper()
	var primes []*big.Int
	for _, p := range []keys.Person{keys.Alice, keys.Bob, keys.Carol, keys.Dave} {
		primes = append(primes, p.Signer().Primes...)
		primes = append(primes, p.Decrypter().Primes...)
	}
	known := len(primes)
	primes = append(primes, make([]*big.Int, max(0, n-known))...)[:n]
	e, one := big.NewInt(exponent), big.NewInt(1)
	var all sync.WaitGroup
	for i := known; i < n; i++ {
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
func signerOf(p, q *big.Int) *rsa.PrivateKey {
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent},
		D:         new(big.Int).ModInverse(big.NewInt(exponent), phi),
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	return key
}
