package wycheproof

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"

	"sotto/wasm/cose"
)

type pssGroup struct {
	SLen      int
	Sha       string
	MgfSha    string
	PublicKey struct{ Modulus, PublicExponent octets }
	Tests     []struct {
		TcID            int
		Comment, Result string
		Msg, Sig        octets
	}
}

// PSS runs [FilePSS] or [FilePSSMisc] through [cose.NewRSAKey] and [cose.Primitives.VerifyPSS]. What has another key
// size, hash or salt than suite 1 must be refused, valid or not.
func PSS(data []byte, p cose.Primitives) (Report, error) {
	var r Report
	groups, err := parse[pssGroup](data)
	for _, g := range groups {
		exponent := new(big.Int).SetBytes(g.PublicKey.PublicExponent)
		public := &rsa.PublicKey{N: new(big.Int).SetBytes(g.PublicKey.Modulus), E: int(exponent.Int64())}
		key, errKey := cose.NewRSAKey(public)
		ours := errKey == nil && g.Sha == "SHA-256" && g.MgfSha == "SHA-256" && g.SLen == 32
		for _, c := range g.Tests {
			err := errKey
			if err == nil {
				err = p.VerifyPSS(key, c.Msg, c.Sig)
			}
			if err != nil && !errors.Is(err, cose.ErrSignature) && !errors.Is(err, cose.ErrKey) {
				return r, fmt.Errorf("case %d is refused with an error of no known kind: %w", c.TcID, err)
			}
			r.judge(c.TcID, c.Comment, ours && c.Result == "valid", err)
		}
	}
	return r, err
}

// Opener gives the holder of a private key that the primitives under test use: the key itself natively, an imported
// one in a browser.
type Opener func(*rsa.PrivateKey) (crypto.Decrypter, error)

// Itself is the [Opener] of the standard library.
func Itself(key *rsa.PrivateKey) (crypto.Decrypter, error) { return key, nil }

type oaepGroup struct {
	PrivateKeyPkcs8 octets
	Tests           []struct {
		TcID            int
		Comment, Result string
		Msg, Ct, Label  octets
	}
}

// OAEP runs [FileOAEP] through a decrypter with [cose.OAEPOptions]. What was encrypted under a label must be refused.
// Each key also encrypts through [cose.Primitives.EncryptOAEP] and gets it back.
func OAEP(data []byte, p cose.Primitives, open Opener) (Report, error) {
	var r Report
	groups, err := parse[oaepGroup](data)
	for _, g := range groups {
		private, err := privateKey(g.PrivateKeyPkcs8)
		if err != nil {
			return r, err
		}
		decrypter, err := open(private)
		if err != nil {
			return r, fmt.Errorf("open a private key: %w", err)
		}
		for _, c := range g.Tests {
			plain, err := decrypter.Decrypt(nil, c.Ct, cose.OAEPOptions())
			if err == nil && !bytes.Equal(plain, c.Msg) {
				err = errOther
			}
			r.judge(c.TcID, c.Comment, c.Result == "valid" && len(c.Label) == 0, err)
		}
		r.judge(0, "there and back", true, thereAndBack(p, private, decrypter))
	}
	return r, err
}

func privateKey(pkcs8 []byte) (*rsa.PrivateKey, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("private key is not of RSA")
	}
	return key, nil
}

func thereAndBack(p cose.Primitives, private *rsa.PrivateKey, decrypter crypto.Decrypter) error {
	public, err := cose.NewRSAKey(&private.PublicKey)
	if err != nil {
		return err
	}
	for _, n := range []int{0, 1, 32, 318} {
		message := bytes.Repeat([]byte{7}, n)
		sealed, err := p.EncryptOAEP(public, message)
		if err != nil {
			return err
		}
		plain, err := decrypter.Decrypt(nil, sealed, cose.OAEPOptions())
		if err != nil {
			return err
		}
		if !bytes.Equal(plain, message) {
			return errOther
		}
	}
	if _, err := p.EncryptOAEP(public, make([]byte, 319)); err == nil {
		return errors.New("319 bytes were encrypted")
	}
	return nil
}
