package cose_test

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
)

func publicKey(t testing.TB, key *rsa.PrivateKey) cose.RSAKey {
	t.Helper()
	public, err := cose.NewRSAKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return public
}

func TestKeyBytes(t *testing.T) {
	private := keys.Alice.Signer()
	key := publicKey(t, private)
	// { 1: 3, -1: n, -2: h'010001' } by hand.
	want, _ := hex.DecodeString("a3010320590180")
	want = append(append(want, private.N.Bytes()...), 0x21, 0x43, 1, 0, 1)
	if !bytes.Equal(key.Bytes(), want) {
		t.Errorf("%x, want %x", key.Bytes(), want)
	}
	if key.Thumbprint() != sha256.Sum256(want) {
		t.Error("thumbprint is not the SHA-256 of the map")
	}
	again, err := cose.ParseRSAKey(want)
	if err != nil || again != key {
		t.Errorf("parsed another key: %v", err)
	}
	if n := key.Modulus(); !bytes.Equal(n[:], private.N.Bytes()) || key.Public().E != 65537 || key.Public().N.Cmp(private.N) != 0 {
		t.Error("modulus or public key differs")
	}
}

func TestKeyRefuses(t *testing.T) {
	n := keys.Alice.Signer().N
	negative := new(big.Int).Neg(n)
	even := new(big.Int).Add(n, big.NewInt(1))
	short := new(big.Int).Rsh(n, 1)
	cases := []struct {
		name string
		key  *rsa.PublicKey
	}{
		{"nil", nil},
		{"no modulus", &rsa.PublicKey{E: 65537}},
		{"2048 bits", &keys.Odd2048.Key().PublicKey},
		{"4096 bits", &keys.Odd4096.Key().PublicKey},
		{"3071 bits", &rsa.PublicKey{N: short, E: 65537}},
		{"exponent 3", &keys.OddExponent3.Key().PublicKey},
		{"exponent 65539", &rsa.PublicKey{N: n, E: 65539}},
		{"even modulus", &rsa.PublicKey{N: even, E: 65537}},
		{"negative modulus", &rsa.PublicKey{N: negative, E: 65537}},
		{"zero modulus", &rsa.PublicKey{N: new(big.Int), E: 65537}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := cose.NewRSAKey(c.key)
			refused(t, c.name, err, cose.ErrKey)
			refused(t, c.name, err, cose.ErrMalformed)
		})
	}
}

// rsaMap encodes a COSE_Key with any content.
func rsaMap(kty any, n, e any) []byte {
	return cose.Marshal(map[int64]any{1: kty, -1: n, -2: e})
}

func TestParseKeyRefuses(t *testing.T) {
	n := keys.Alice.Signer().N.Bytes()
	e := []byte{1, 0, 1}
	even := bytes.Clone(n)
	even[383] &^= 1
	low := bytes.Clone(n)
	low[0] &^= 0x80
	cases := []struct {
		name string
		data []byte
		want error
	}{
		{"type of an EC key", rsaMap(2, n, e), cose.ErrKey},
		{"2048 bits", rsaMap(3, keys.Odd2048.Key().N.Bytes(), e), cose.ErrKey},
		{"4096 bits", rsaMap(3, keys.Odd4096.Key().N.Bytes(), e), cose.ErrMalformed},
		{"exponent 3", rsaMap(3, n, []byte{3}), cose.ErrKey},
		{"exponent with a leading zero", rsaMap(3, n, []byte{0, 1, 0, 1}), cose.ErrKey},
		{"no exponent", rsaMap(3, n, []byte{}), cose.ErrKey},
		{"modulus with a leading zero", rsaMap(3, append([]byte{0}, n...), e), cose.ErrKey},
		{"modulus of 383 bytes", rsaMap(3, n[1:], e), cose.ErrKey},
		{"modulus below 2^3071", rsaMap(3, low, e), cose.ErrKey},
		{"even modulus", rsaMap(3, even, e), cose.ErrKey},
		{"no modulus", rsaMap(3, []byte{}, e), cose.ErrKey},
		{"private exponent as well", cose.Marshal(map[int64]any{1: 3, -1: n, -2: e, -3: []byte{5}}), cose.ErrMalformed},
		{"kid as well", cose.Marshal(map[int64]any{1: 3, 2: []byte{1}, -1: n, -2: e}), cose.ErrMalformed},
		{"exponent as a number", rsaMap(3, n, 65537), cose.ErrMalformed},
		{"type as text", rsaMap("RSA", n, e), cose.ErrMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := cose.ParseRSAKey(c.data)
			refused(t, c.name, err, c.want)
		})
	}
	key := publicKey(t, keys.Alice.Signer())
	for _, v := range append(mangle.Encodings(key.Bytes()), mangle.Resized(key.Bytes())...) {
		_, err := cose.ParseRSAKey(v.Bytes)
		refused(t, v.Name, err, cose.ErrMalformed)
	}
}
