package lab

import (
	"crypto/rsa"
	"math/big"

	"sotto/wasm/cose"
	"sotto/wasm/demo/dissect"
)

// Material is what somebody needs to do three operations of the protocol elsewhere, with the values that are on the
// table, and what comes of them.
type Material struct {
	Private RSA `js:"private"` // of whom the conversation's key was wrapped to
	Public  RSA `js:"public"`  // of whom the message is from: n alone

	Wrapped   []byte `js:"wrapped"`   // RSA-OAEP
	Unwrapped []byte `js:"unwrapped"` // what it opens to

	Key        []byte `js:"key"` // AES-256-GCM
	Nonce      []byte `js:"nonce"`
	Associated []byte `js:"associated"`
	Sealed     []byte `js:"sealed"`
	Plain      []byte `js:"plain"`

	Message   []byte `js:"message"` // RSA-PSS
	Signature []byte `js:"signature"`
}

// RSA is a key in its numbers, big-endian, as in a JSON Web Key (RFC 7518 §6.3).
type RSA struct {
	N  []byte `js:"n"`
	D  []byte `js:"d"`
	P  []byte `js:"p"`
	Q  []byte `js:"q"`
	DP []byte `js:"dp"`
	DQ []byte `js:"dq"`
	QI []byte `js:"qi"`
}

// Reproduce gives the material of the newest message, and of how its conversation was opened.
func (l *Lab) Reproduce() (Material, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.newest == nil {
		return Material{}, errNoTalk
	}
	m, to := l.newest, l.people[bob]
	sealed, signed := m.made.Sealed[0], m.made.Signed[0]
	part, _ := dissect.Find(l.objects["capsule"].object.Parts, "rsa-ciphertext")
	modulus := m.from.public.Modulus()
	return Material{
		Private: numbers(to.keys.Decrypt), Public: RSA{N: modulus[:]},
		Wrapped: l.objects["capsule"].object.Bytes[part.Start:part.End], Unwrapped: l.objects["rsa.secret"].object.Bytes,
		Key: sealed.Key[:], Nonce: sealed.Nonce, Associated: sealed.Associated, Sealed: sealed.Sealed, Plain: sealed.Plain,
		Message: signed.Message, Signature: signed.Signature,
	}, nil
}

// numbers gives the numbers of a private key, each as long as the modulus or half of it.
func numbers(k *rsa.PrivateKey) RSA {
	whole := func(n *big.Int) []byte { return n.FillBytes(make([]byte, cose.ModulusSize)) }
	half := func(n *big.Int) []byte { return n.FillBytes(make([]byte, cose.ModulusSize/2)) }
	return RSA{
		N: whole(k.N), D: whole(k.D), P: half(k.Primes[0]), Q: half(k.Primes[1]),
		DP: half(k.Precomputed.Dp), DQ: half(k.Precomputed.Dq), QI: half(k.Precomputed.Qinv),
	}
}
