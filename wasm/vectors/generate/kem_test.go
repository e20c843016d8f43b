//go:build !js

package generate

import (
	"bytes"
	"crypto/mlkem"
	"crypto/rand"
	"crypto/sha3"
	"crypto/x509"

	"sotto/wasm/cose"
	"sotto/wasm/kem"
	"sotto/wasm/vectors/keys"
)

func (m *maker) private(p keys.Person) *kem.PrivateKey {
	m.t.Helper()
	key, err := kem.NewPrivateKey(p.Seed(), p.Decrypter())
	m.must(err)
	return key
}

func compositeKeys(m *maker) {
	m.limit = kem.PublicKeySize + 64
	m.About = "COSE_Key of a composite public key. in: bytes. out: public (ML-KEM half, RSA half), thumbprint."
	k := m.private(keys.Alice).Public()
	in := func(kty, alg any, public []byte) values {
		return values{"bytes": cose.Marshal(map[int64]any{1: kty, 3: alg, -1: public})}
	}
	m.accept("the prekey of alice", values{"bytes": k.COSE()}, values{"public": k.Bytes(), "thumbprint": bytesOf(k.Thumbprint())})
	changed := func(at int, with ...byte) []byte { c := bytes.Clone(k.Bytes()); copy(c[at:], with); return c }
	odd := func(o keys.Odd) []byte {
		return append(bytes.Clone(k.Bytes()[:1184]), x509.MarshalPKCS1PublicKey(&o.Key().PublicKey)...)
	}
	m.refuse("a coefficient that is not reduced", "key", in(7, -65538, changed(0, 0xff, k.Bytes()[1]|0x0f)))
	m.refuse("one byte short", "key", in(7, -65538, k.Bytes()[:1581]))
	m.refuse("one byte long", "key", in(7, -65538, append(k.Bytes(), 0)))
	m.refuse("the ML-KEM half alone", "key", in(7, -65538, k.Bytes()[:1184]))
	m.refuse("RSA of 2048 bits", "key", in(7, -65538, odd(keys.Odd2048)))
	m.refuse("RSA of 4096 bits", "too-large", in(7, -65538, odd(keys.Odd4096)))
	m.refuse("RSA exponent 3", "key", in(7, -65538, odd(keys.OddExponent3)))
	m.refuse("RSA exponent 65539", "key", in(7, -65538, changed(1581, 3)))
	m.refuse("RSA modulus even", "key", in(7, -65538, changed(1576, k.Bytes()[1576]&^1)))
	m.refuse("RSA half in another DER", "key", in(7, -65538, changed(1187, 0x8b)))
	m.refuse("another algorithm", "key", in(7, -65539, k.Bytes()))
	m.refuse("another key type", "key", in(1, -65538, k.Bytes()))
	m.refuse("no algorithm", "malformed", values{"bytes": cose.Marshal(map[int64]any{1: 7, -1: k.Bytes()})})
	m.otherEncodings("", k.COSE(), 10, func(b []byte) values { return values{"bytes": b} })
}

func kems(m *maker) {
	m.About = "Decapsulation. in: holder (whose RSA key decrypts), seed (of the ML-KEM key, 64 bytes), ciphertext. " +
		"out: secret; ml-kem-secret and rsa-secret, which it is made of. An altered ML-KEM half gives another secret and no error."
	seed := m.share("alice-seed", keys.Alice.Seed())
	in := func(ciphertext []byte) values {
		return values{"holder": "alice", "seed": seed, "ciphertext": ciphertext}
	}
	lattice, err := mlkem.NewDecapsulationKey768(keys.Alice.Seed())
	m.must(err)
	public := m.public(keys.Alice.Decrypter())
	der := x509.MarshalPKCS1PublicKey(&keys.Alice.Decrypter().PublicKey)
	first, half := lattice.EncapsulationKey().Encapsulate()
	second := random(32)
	sealed, err := cose.Native{}.EncryptOAEP(public, second)
	m.must(err)
	out := func(first []byte) values {
		h := sha3.New256()
		for _, part := range [][]byte{first, second, sealed, der, []byte("MLKEM768-RSAOAEP3072")} {
			h.Write(part)
		}
		return values{"secret": h.Sum(nil), "ml-kem-secret": first, "rsa-secret": second}
	}
	right := append(bytes.Clone(half), sealed...)
	m.accept("encapsulated", in(right), out(first))
	altered := bytes.Clone(right)
	altered[5] ^= 1
	rejected, err := lattice.Decapsulate(altered[:1088])
	m.must(err)
	m.accept("ML-KEM half altered", in(altered), out(rejected))
	rsaAltered := bytes.Clone(right)
	rsaAltered[1471] ^= 1
	m.refuse("RSA half altered", "decapsulate", in(rsaAltered))
	m.refuse("one byte short", "decapsulate", in(right[:1471]))
	m.refuse("one byte long", "decapsulate", in(append(bytes.Clone(right), 0)))
	m.refuse("empty", "decapsulate", in(nil))
	long, err := cose.Native{}.EncryptOAEP(public, make([]byte, 33))
	m.must(err)
	m.refuse("an RSA secret of 33 bytes", "decapsulate", in(append(bytes.Clone(half), long...)))
	_, other, err := m.private(keys.Bob).Public().Encapsulate(cose.Native{}, rand.Reader)
	m.must(err)
	m.refuse("for another holder", "decapsulate", in(other))
}
