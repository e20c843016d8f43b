package keys

import (
	"crypto/rsa"
	"fmt"
	"math/big"
)

// More gives n further RSA-3072 signing keys, all different. Each is the product of two primes of the people's keys:
// enough for a test that needs many devices, and made at once.
func More(n int) []*rsa.PrivateKey {
	var primes []*big.Int
	for _, p := range []Person{Alice, Bob, Carol, Dave} {
		primes = append(primes, p.Signer().Primes...)
		primes = append(primes, p.Decrypter().Primes...)
	}
	var made []*rsa.PrivateKey
	for i := range primes {
		for j := i + 1; j < len(primes) && len(made) < n; j++ {
			if key := product(primes[i], primes[j]); j != i+1 || i%2 == 1 { // the pairs are keys already
				made = append(made, key)
			}
		}
	}
	if len(made) < n {
		panic(fmt.Sprintf("only %d more keys", len(made)))
	}
	return made
}

func product(p, q *big.Int) *rsa.PrivateKey {
	one := big.NewInt(1)
	phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537},
		D:         new(big.Int).ModInverse(big.NewInt(65537), phi),
		Primes:    []*big.Int{p, q},
	}
	key.Precompute()
	return key
}
