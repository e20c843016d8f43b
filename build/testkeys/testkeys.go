// Package testkeys makes many RSA-3072 keys quickly, for tests and load only: a few primes, every pair of which is a
// key; [sotto/wasm/client/memory.NewKeysFrom] takes [Pool.Next]. Keys that share a prime are worthless as secrets.
package testkeys

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	"sync"
)

const exponent = 65537

// Pool hands out keys, each once. It is safe for concurrent use.
type Pool struct {
	mu     sync.Mutex
	primes []*big.Int
	i, j   int // the next pair, i < j
}

// NewPool gives a pool that makes a new prime whenever all pairs are used up.
func NewPool() *Pool { return &Pool{i: 0, j: 1} }

// Next gives a key that was not given before.
func (p *Pool) Next() (*rsa.PrivateKey, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		for len(p.primes) <= p.j {
			prime, err := newPrime()
			if err != nil {
				return nil, err
			}
			p.primes = append(p.primes, prime)
		}
		key, err := join(p.primes[p.i], p.primes[p.j])
		if p.i++; p.i == p.j {
			p.i, p.j = 0, p.j+1
		}
		if err == nil {
			return key, nil
		}
	}
}

// newPrime draws a prime of 1536 bits with its two highest bits set and p-1 prime to the exponent.
func newPrime() (*big.Int, error) {
	e := big.NewInt(exponent)
	for {
		prime, err := rand.Prime(rand.Reader, 1536)
		if err != nil {
			return nil, fmt.Errorf("draw a prime: %w", err)
		}
		less := new(big.Int).Sub(prime, big.NewInt(1))
		if new(big.Int).GCD(nil, nil, less, e).Cmp(big.NewInt(1)) == 0 {
			return prime, nil
		}
	}
}

func join(p, q *big.Int) (*rsa.PrivateKey, error) {
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: exponent},
		D:         new(big.Int).ModInverse(big.NewInt(exponent), phi),
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	if err := key.Validate(); err != nil {
		return nil, fmt.Errorf("join primes: %w", err)
	}
	return key, nil
}
