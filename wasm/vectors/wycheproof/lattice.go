package wycheproof

import (
	"bytes"
	"crypto"
	"crypto/mlkem"
	"crypto/mlkem/mlkemtest"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha3"
	"crypto/x509"
	"encoding/json"
	"fmt"

	"sotto/wasm/cose"
	"sotto/wasm/kem"
)

type latticeGroup struct {
	Tests []struct {
		TcID            int
		Comment, Result string
		Seed, Ek, M, C  octets
		K               octets
	}
}

// KeyGen runs [FileKeyGen] through [kem.NewPrivateKey] and [kem.PublicKey.Bytes]; holder is the RSA half.
func KeyGen(data []byte, holder crypto.Decrypter) (Report, error) {
	var r Report
	groups, err := parse[latticeGroup](data)
	for _, g := range groups {
		for _, c := range g.Tests {
			key, err := kem.NewPrivateKey(c.Seed, holder)
			if err == nil && !bytes.Equal(key.Public().Bytes()[:mlkem.EncapsulationKeySize768], c.Ek) {
				err = errOther
			}
			r.judge(c.TcID, c.Comment, c.Result == "valid", err)
		}
	}
	return r, err
}

// Encapsulate runs [FileEncapsulate]: [kem.ParsePublicKey] must accept the valid keys and no other, beside the RSA
// half of holder; and the standard library's ML-KEM, which package kem uses, must give the right ciphertext.
func Encapsulate(data []byte, holder crypto.Decrypter) (Report, error) {
	var r Report
	groups, err := parse[latticeGroup](data)
	if err != nil {
		return r, err
	}
	half, err := rsaHalf(holder)
	if err != nil {
		return r, err
	}
	for _, g := range groups {
		for _, c := range g.Tests {
			_, err := kem.ParsePublicKey(append(bytes.Clone(c.Ek), half...))
			if err == nil {
				err = encapsulate(c.Ek, c.M, c.C, c.K)
			}
			r.judge(c.TcID, c.Comment, c.Result == "valid", err)
		}
	}
	return r, nil
}

func encapsulate(ek, m, c, k []byte) error {
	key, err := mlkem.NewEncapsulationKey768(ek)
	if err != nil {
		return err
	}
	shared, ciphertext, err := mlkemtest.Encapsulate768(key, m)
	if err == nil && (!bytes.Equal(shared, k) || !bytes.Equal(ciphertext, c)) {
		err = errOther
	}
	return err
}

// rsaHalf is the RSA half of a composite public key: an RSAPublicKey in DER.
func rsaHalf(holder crypto.Decrypter) ([]byte, error) {
	public, ok := holder.Public().(*rsa.PublicKey)
	if !ok {
		return nil, cose.ErrKey
	}
	return x509.MarshalPKCS1PublicKey(public), nil
}

// Decapsulate runs [FileDecapsulate] through [kem.PrivateKey.Decapsulate] with an RSA half beside each ciphertext,
// and combines the expected secrets here by itself.
func Decapsulate(data []byte, p cose.Primitives, holder crypto.Decrypter) (Report, error) {
	var r Report
	groups, err := parse[latticeGroup](data)
	if err != nil {
		return r, err
	}
	half, err := rsaHalf(holder)
	if err != nil {
		return r, err
	}
	public, err := cose.NewRSAKey(holder.Public().(*rsa.PublicKey))
	if err != nil {
		return r, err
	}
	traditional := bytes.Repeat([]byte{0x5a}, cose.SecretSize)
	sealed, err := p.EncryptOAEP(public, traditional)
	if err != nil {
		return r, err
	}
	for _, g := range groups {
		for _, c := range g.Tests {
			h := sha3.New256()
			for _, part := range [][]byte{c.K, traditional, sealed, half, []byte("MLKEM768-RSAOAEP3072")} {
				h.Write(part)
			}
			r.judge(c.TcID, c.Comment, c.Result == "valid", decapsulate(c.Seed, holder, append(bytes.Clone(c.C), sealed...), h.Sum(nil)))
		}
	}
	return r, nil
}

func decapsulate(seed []byte, holder crypto.Decrypter, ciphertext, want []byte) error {
	key, err := kem.NewPrivateKey(seed, holder)
	if err != nil {
		return err
	}
	got, err := key.Decapsulate(nil, ciphertext)
	if err == nil && !got.Equal(cose.Secret(want)) {
		err = errOther
	}
	return err
}

type compositeFile struct {
	Tests []struct {
		TcID         string
		Ek, Dk, C, K []byte // base64
	}
}

const compositeRow = "id-MLKEM768-RSA3072-SHA3-256"

// Composite runs [FileComposite]: of the row that suite 1 has, the key, the secret of the ciphertext, and one more of
// its own; the keys of all other rows must be refused.
func Composite(data []byte, p cose.Primitives, open Opener) (Report, error) {
	var r Report
	var f compositeFile
	if err := json.Unmarshal(data, &f); err != nil {
		return r, fmt.Errorf("composite vectors: %w", err)
	}
	for i, c := range f.Tests {
		public, err := kem.ParsePublicKey(c.Ek)
		if err == nil && c.TcID == compositeRow {
			err = composite(public, c.Dk, c.C, c.K, p, open)
		}
		r.judge(i, c.TcID, c.TcID == compositeRow, err)
	}
	return r, nil
}

func composite(public kem.PublicKey, dk, c, k []byte, p cose.Primitives, open Opener) error {
	private, err := x509.ParsePKCS1PrivateKey(dk[kem.SeedSize:])
	if err != nil {
		return err
	}
	holder, err := open(private)
	if err != nil {
		return err
	}
	key, err := kem.NewPrivateKey(dk[:kem.SeedSize], holder)
	if err != nil {
		return err
	}
	if key.Public().Thumbprint() != public.Thumbprint() {
		return fmt.Errorf("public key: %w", errOther)
	}
	if err := decapsulate(dk[:kem.SeedSize], holder, c, k); err != nil {
		return err
	}
	shared, ciphertext, err := public.Encapsulate(p, rand.Reader)
	if err != nil {
		return err
	}
	return decapsulate(dk[:kem.SeedSize], holder, ciphertext, shared[:])
}
