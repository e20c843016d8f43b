//go:build attack

package main

import (
	"crypto"
	"crypto/mlkem"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"slices"

	"sotto/build/hostile"
	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/client"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
)

func primitiveAttacks() []attack {
	const line = "RSA and ML-KEM keys, signatures and ciphertexts that suite 1 does not have"
	return []attack{
		rsaAttack(line, "an RSA key of 2048 bits", "FREAK, 2015", keys.Odd2048, check.Modulus),
		rsaAttack(line, "an RSA key of 4096 bits", "Go's TLS, CVE-2023-29409", keys.Odd4096, check.Size, check.Modulus),
		rsaAttack(line, "an RSA key with e = 3", "Bleichenbacher's forgery, CVE-2006-4339", keys.OddExponent3, check.Exponent),
		{
			line: line, name: "2048 bits and zeros in front, to look like 3072", known: "FREAK, 2015",
			by: []check.Name{check.Modulus}, says: "server-lied (malformed)", play: weakPrekey,
		},
		saltAttack(line, "a PSS salt of 20 bytes", 20),
		saltAttack(line, "a PSS salt of none", 0),
		{
			line: line, name: "another algorithm in the header than what was used", known: "JSON Web Tokens, CVE-2015-9235",
			by: []check.Name{check.Algorithm}, says: "not-opened (malformed)", play: otherAlgorithm,
		},
		{
			line: line, name: "an ML-KEM key that is not reduced", known: "FIPS 203, 7.2: the check it demands",
			by: []check.Name{check.KEMReduced}, says: "server-lied (malformed)",
			play: func(s *stage) result {
				return s.oddPrekey(func(key []byte) []byte {
					for i := 0; i < mlkem.EncapsulationKeySize768-32; i += 3 { // the first coefficient that has room for 3329 more
						if c := uint16(key[i]) | uint16(key[i+1]&15)<<8; c+3329 < 1<<12 {
							c += 3329
							key[i], key[i+1] = byte(c), key[i+1]&0xf0|byte(c>>8)
							return key
						}
					}
					return key
				})
			},
		},
		{
			line: line, name: "a composite key one byte longer", known: "Heartbleed, 2014: lengths that are believed",
			by: []check.Name{check.KEMKeyLength, check.Modulus}, says: "server-lied (malformed)",
			play: func(s *stage) result {
				return s.oddPrekey(func(key []byte) []byte { return slices.Insert(key, 1500, 1) })
			},
		},
		{
			line: line, name: "a composite ciphertext one byte longer", known: "Heartbleed, 2014: lengths that are believed",
			by: []check.Name{check.KEMLength}, says: client.NoticeWrapUnusable,
			play: func(s *stage) result {
				d := s.direct()
				c := d.next()
				c.Wraps[d.alice.device()].Cipher = func(ciphertext []byte) []byte { return append(ciphertext, 0) }
				return d.entered(c)
			},
		},
	}
}

// rsaAttack is an RSA key as a device's. It has succeeded when it is taken for one.
func rsaAttack(line, name, known string, odd keys.Odd, by ...check.Name) attack {
	return attack{line: line, name: name, known: known, by: by, says: "key", play: func(*stage) result {
		key := odd.Key()
		_, err := cose.ParseRSAKey(cose.Marshal(map[int64]any{1: 3, -1: key.N.Bytes(), -2: exponent(key)}))
		switch {
		case err == nil:
			return result{won: true}
		case errors.Is(err, cose.ErrKey), errors.Is(err, cose.ErrTooLarge):
			return result{says: "key"}
		}
		return result{says: err.Error()}
	}}
}

func exponent(key *rsa.PrivateKey) []byte {
	if key.E == 3 {
		return []byte{3}
	}
	return []byte{1, 0, 1}
}

// saltAttack is a message whose signature has a salt of another length.
func saltAttack(line, name string, length int) attack {
	return letterAttack(line, name, "a salt that TLS 1.3 fixes: RFC 8446, 2018", "not-opened (signature)", func(l *hostile.Letter) {
		l.Sign = func(message []byte) ([]byte, error) { return signPSS(l.By.Signer, message, length) }
	}, check.Salt)
}

func signPSS(key *rsa.PrivateKey, message []byte, salt int) ([]byte, error) {
	digest := sha256.Sum256(message)
	if salt == 0 {
		return signNoSalt(key, digest)
	}
	return rsa.SignPSS(rand.Reader, key, crypto.SHA256, digest[:], &rsa.PSSOptions{SaltLength: salt})
}

// otherAlgorithm names PS384 where PS256 was used.
func otherAlgorithm(s *stage) result {
	d := s.direct()
	l := d.letter("believe me")
	payload := cose.Marshal([]any{l.Epoch[:], l.Generation, l.Seen, l.Client[:], l.Body})
	inner, err := hostile.Sign1(cose.Thumbprint(l.Kid), l.Content, payload, map[int64]any{1: int64(-38)}, func(message []byte) ([]byte, error) {
		return signPSS(d.bob.Signer, message, sha256.Size)
	})
	s.must(err)
	return d.judged(d.post(l.Around(inner)), "believe me")
}

// oddPrekey lets bob sign a key as his prekey that is none. It has succeeded when alice encrypts to it.
func (s *stage) oddPrekey(change func(key []byte) []byte) result {
	w := s.swap()
	key := change(slices.Clone(w.bob.Prekey.Public().Bytes()))
	payload := cose.Marshal([]any{
		w.bob.Chain.ID(), w.bob.Device, uint64(1), seconds() + uint64(account.PrekeyLife.Seconds()),
		cose.Raw(cose.Marshal(map[int64]any{1: 7, 3: int64(-65538), -1: key})),
	})
	signed, err := cose.Sign(rand.Reader, w.bob.Signer, cose.Thumbprint(w.bob.Device), account.TypePrekey, payload)
	s.must(err)
	w.server.Show(w.bob.Chain.ID(), nil, map[account.DeviceID][]byte{w.bob.Device: signed})
	conv, err := w.alice.tryOpen("bob")
	if err != nil {
		return result{says: codeOf(err)}
	}
	w.alice.send(conv, "hello")
	w.alice.until("the message has left", func() bool { return w.alice.sent(conv) })
	log := w.server.Log(s.id(conv), w.bob.Device)
	return result{won: len(log) > 0 && log[0].Kind == epoch.KindCommit && len(log[0].Wrap) > 0}
}

// weakPrekey puts an RSA key of 2048 bits into the place of one with 3072.
func weakPrekey(s *stage) result {
	weak := make([]byte, cose.ModulusSize)
	keys.Odd2048.Key().N.FillBytes(weak)
	return s.oddPrekey(func(key []byte) []byte {
		copy(key[mlkem.EncapsulationKeySize768+9:], weak)
		return key
	})
}
