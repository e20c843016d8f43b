//go:build attack

package main

import (
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"math/big"
)

// signNoSalt is RSASSA-PSS with an empty salt (RFC 8017 §8.1.1), which the standard library has no option for.
func signNoSalt(key *rsa.PrivateKey, digest [32]byte) ([]byte, error) {
	const size = 384
	h := sha256.Sum256(append(make([]byte, 8), digest[:]...))
	block := make([]byte, size)
	block[size-32-2] = 1
	for i, b := range mgf1(h[:], size-33) {
		block[i] ^= b
	}
	block[0] &= 0x7f
	copy(block[size-33:], h[:])
	block[size-1] = 0xbc
	signed := new(big.Int).Exp(new(big.Int).SetBytes(block), key.D, key.N)
	return signed.FillBytes(make([]byte, size)), nil
}

// mgf1 is the mask generation function of RFC 8017 §B.2.1 with SHA-256.
func mgf1(seed []byte, length int) []byte {
	var mask []byte
	for i := uint32(0); len(mask) < length; i++ {
		sum := sha256.Sum256(binary.BigEndian.AppendUint32(seed[:len(seed):len(seed)], i))
		mask = append(mask, sum[:]...)
	}
	return mask[:length]
}
