// Package keys holds fixed RSA keys, so that tests and vectors need not wait for new ones and always have the same.
//
// The keys are public: they protect nothing and must never be used for anything but tests. Each file is a PKCS#1
// RSAPrivateKey (RFC 8017 §A.1.2) in PEM. Four people have one key to sign and one to decrypt, RSA-3072 with exponent
// 65537; the odd ones are what suite 1 refuses.
package keys

import (
	"crypto/rsa"
	"crypto/sha512"
	"embed"
	"encoding/pem"
	"fmt"
	"sync"
)

//go:embed *.pem
var files embed.FS

// Person is one of the people of the tests, by a lower-case name.
type Person string

// The people.
const (
	Alice Person = "alice"
	Bob   Person = "bob"
	Carol Person = "carol"
	Dave  Person = "dave"
)

// Odd is a key that suite 1 refuses, by what is odd about it.
type Odd string

// The odd keys.
const (
	Odd2048      Odd = "2048"
	Odd4096      Odd = "4096"
	OddExponent3 Odd = "exponent-3"
)

// Signer is the person's RSA-3072 key for signatures. It must not be changed.
func (p Person) Signer() *rsa.PrivateKey { return load(string(p) + "-sign") }

// Decrypter is the person's RSA-3072 key for a prekey's RSA half. It must not be changed.
func (p Person) Decrypter() *rsa.PrivateKey { return load(string(p) + "-decrypt") }

// Seed is the 64-byte ML-KEM seed of the person's prekey: SHA-512 of "sotto test seed " and the name.
func (p Person) Seed() []byte {
	seed := sha512.Sum512([]byte("sotto test seed " + string(p)))
	return seed[:]
}

// Key gives the odd key. It must not be changed.
func (o Odd) Key() *rsa.PrivateKey { return load("odd-" + string(o)) }

// loaded keeps what was parsed: a key's tables are worth several milliseconds.
var loaded sync.Map

func load(name string) *rsa.PrivateKey {
	if key, ok := loaded.Load(name); ok {
		return key.(*rsa.PrivateKey)
	}
	key, err := parse(name)
	if err != nil {
		panic(err) // the files are part of the package and its test reads them all
	}
	kept, _ := loaded.LoadOrStore(name, key)
	return kept.(*rsa.PrivateKey)
}

func parse(name string) (*rsa.PrivateKey, error) {
	n, err := integers(der(name))
	if err != nil || len(n) != 9 || !n[2].IsInt64() {
		return nil, fmt.Errorf("test key %s: not a PKCS#1 key", name)
	}
	key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: n[1], E: int(n[2].Int64())}, D: n[3], Primes: n[4:6]}
	key.Precompute()
	return key, nil
}

// SignerDER is the PKCS#1 RSAPrivateKey of [Person.Signer].
func (p Person) SignerDER() []byte { return der(string(p) + "-sign") }

// DecrypterDER is the PKCS#1 RSAPrivateKey of [Person.Decrypter].
func (p Person) DecrypterDER() []byte { return der(string(p) + "-decrypt") }

// der gives what a file holds, nothing when there is no such file.
func der(name string) []byte {
	data, err := files.ReadFile(name + ".pem")
	if err != nil {
		return nil
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil
	}
	return block.Bytes
}
