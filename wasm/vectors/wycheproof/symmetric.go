package wycheproof

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"

	"sotto/wasm/cose"
)

type aesGroup struct {
	KeySize, IvSize, TagSize int
	Tests                    []struct {
		TcID                       int
		Comment, Result            string
		Key, Iv, Aad, Msg, Ct, Tag octets
	}
}

// AES runs [FileAES] through [cose.Primitives.AEAD], sealing and opening.
func AES(data []byte, p cose.Primitives) (Report, error) {
	var r Report
	groups, err := parse[aesGroup](data)
	for _, g := range groups {
		for _, c := range g.Tests {
			switch {
			case g.KeySize != 8*cose.SecretSize:
				r.left("key is not of 256 bits")
				continue
			case g.IvSize != 8*cose.NonceSize:
				r.left("nonce is not of 96 bits")
				continue
			case g.TagSize != 8*cose.TagSize:
				r.left("tag is not of 128 bits")
				continue
			}
			aead := p.AEAD(cose.Secret(c.Key))
			want := append(bytes.Clone(c.Ct), c.Tag...)
			plain, err := aead.Open(nil, c.Iv, want, c.Aad)
			if err == nil && !bytes.Equal(plain, c.Msg) {
				err = errOther
			}
			if sealed := aead.Seal(nil, c.Iv, c.Msg, c.Aad); err == nil && !bytes.Equal(sealed, want) {
				err = errOther
			}
			r.judge(c.TcID, c.Comment, c.Result == "valid", err)
		}
	}
	return r, err
}

type hmacGroup struct {
	KeySize, TagSize int
	Tests            []struct {
		TcID            int
		Comment, Result string
		Key, Msg, Tag   octets
	}
}

// HMAC runs [FileHMAC] through [cose.MAC]. A key shorter than a secret is the same as one filled up with zeros
// (RFC 2104 §2).
func HMAC(data []byte) (Report, error) {
	var r Report
	groups, err := parse[hmacGroup](data)
	for _, g := range groups {
		for _, c := range g.Tests {
			switch {
			case len(c.Key) > cose.SecretSize:
				r.left("key is longer than 256 bits")
				continue
			case g.TagSize != 256:
				r.left("tag is shorter than 256 bits")
				continue
			}
			var err error
			if got := cose.MAC(filled(c.Key), c.Msg); !cose.Secret(got).Equal(cose.Secret(c.Tag)) {
				err = errOther
			}
			r.judge(c.TcID, c.Comment, c.Result == "valid", err)
		}
	}
	return r, err
}

type hkdfGroup struct {
	Tests []struct {
		TcID                 int
		Comment, Result      string
		Ikm, Salt, Info, Okm octets
		Size                 int
	}
}

// HKDF runs [FileHKDF] through [cose.Extract] and the expansion that [cose.Expand] uses; the info of [cose.Expand]
// itself has a form of its own, which no outside vector has.
func HKDF(data []byte) (Report, error) {
	var r Report
	groups, err := parse[hkdfGroup](data)
	for _, g := range groups {
		for _, c := range g.Tests {
			if len(c.Ikm) != cose.SecretSize || len(c.Salt) > cose.SecretSize {
				r.left("input is not of 256 bits, or salt is longer")
				continue
			}
			prk := cose.Extract(filled(c.Salt), cose.Secret(c.Ikm))
			okm, err := hkdf.Expand(sha256.New, prk[:], string(c.Info), c.Size)
			if err == nil && !bytes.Equal(okm, c.Okm) {
				err = errOther
			}
			r.judge(c.TcID, c.Comment, c.Result == "valid", err)
		}
	}
	return r, err
}

// filled is a key of HMAC filled up with zeros, which is the same key.
func filled(key []byte) cose.Secret {
	var s cose.Secret
	copy(s[:], key)
	return s
}
