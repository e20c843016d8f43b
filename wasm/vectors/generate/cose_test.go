//go:build !js

package generate

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"strings"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/keys"
)

func (m *maker) public(key *rsa.PrivateKey) cose.RSAKey {
	m.t.Helper()
	public, err := cose.NewRSAKey(&key.PublicKey)
	m.must(err)
	return public
}

// bytesOf makes a slice of an array's bytes.
func bytesOf[A ~[32]byte](a A) []byte { b := [32]byte(a); return b[:] }

func rsaKeys(m *maker) {
	m.limit = 420
	m.About = "COSE_Key of an RSA-3072 public key. in: bytes. out: modulus, thumbprint."
	for _, p := range []keys.Person{keys.Alice, keys.Bob} {
		k := m.public(p.Signer())
		n := k.Modulus()
		m.accept("the signing key of "+string(p), values{"bytes": k.Bytes()}, values{"modulus": n[:], "thumbprint": bytesOf(k.Thumbprint())})
	}
	n, e := keys.Alice.Signer().N.Bytes(), []byte{1, 0, 1}
	key := func(kty any, n, e any) values {
		return values{"bytes": cose.Marshal(map[int64]any{1: kty, -1: n, -2: e})}
	}
	changed := func(at int, b byte) []byte { c := bytes.Clone(n); c[at] = b; return c }
	m.refuse("2048 bits", "key", key(3, keys.Odd2048.Key().N.Bytes(), e))
	m.refuse("4096 bits", "too-large", key(3, keys.Odd4096.Key().N.Bytes(), e))
	m.refuse("3071 bits", "key", key(3, changed(0, n[0]&0x7f), e))
	m.refuse("383 bytes", "key", key(3, n[1:], e))
	m.refuse("leading zero", "key", key(3, append([]byte{0}, n...), e))
	m.refuse("even modulus", "key", key(3, changed(383, n[383]&^1), e))
	m.refuse("exponent 3", "key", key(3, keys.OddExponent3.Key().N.Bytes(), []byte{3}))
	m.refuse("exponent 65539", "key", key(3, n, []byte{1, 0, 3}))
	m.refuse("exponent with a leading zero", "key", key(3, n, []byte{0, 1, 0, 1}))
	m.refuse("no modulus", "key", key(3, []byte{}, e))
	m.refuse("key type EC2", "key", key(2, n, e))
	m.refuse("key type as text", "malformed", key("RSA", n, e))
	m.refuse("a kid as well", "malformed", values{"bytes": cose.Marshal(map[int64]any{1: 3, 2: []byte{1}, -1: n, -2: e})})
	m.otherEncodings("", m.public(keys.Alice.Signer()).Bytes(), 30, func(b []byte) values { return values{"bytes": b} })
}

const testType cose.Type = "application/vnd.sotto.test"

// sign1 is a COSE_Sign1 put together from its parts.
type sign1 struct {
	header      map[int64]any
	unprotected any
	payload     []byte
	options     crypto.SignerOpts
	signature   func([]byte) []byte
	by          *rsa.PrivateKey
}

func (m *maker) sign1(p keys.Person, typ cose.Type, payload []byte) *sign1 {
	kid := bytesOf(m.public(p.Signer()).Thumbprint())
	return &sign1{
		header: map[int64]any{1: -37, 4: kid, 16: typ}, unprotected: map[int64]any{}, payload: payload,
		options: cose.PSSOptions(), by: p.Signer(), signature: func(b []byte) []byte { return b },
	}
}

func (s *sign1) toBeSigned() []byte {
	return cose.Marshal([]any{"Signature1", cose.Marshal(s.header), []byte{}, s.payload})
}

func (s *sign1) bytes(m *maker) []byte {
	m.t.Helper()
	digest := sha256.Sum256(s.toBeSigned())
	signature, err := s.by.Sign(rand.Reader, digest[:], s.options)
	m.must(err)
	return cose.Marshal([]any{cose.Marshal(s.header), s.unprotected, s.payload, s.signature(signature)})
}

// unsigned has a signature of zeros: for what is refused before it is looked at.
func (s *sign1) unsigned() []byte {
	return cose.Marshal([]any{cose.Marshal(s.header), s.unprotected, s.payload, make([]byte, 384)})
}

func sign1s(m *maker) {
	m.About = "COSE_Sign1. in: bytes, key (the COSE_Key to verify with), type (header 16). out: payload, kid, hash (of the Sig_structure)."
	key := m.share("alice-key", m.public(keys.Alice.Signer()).Bytes())
	in := func(b []byte) values { return values{"bytes": b, "key": key, "type": string(testType)} }
	for _, payload := range []string{"", "payload"} {
		s := m.sign1(keys.Alice, testType, []byte(payload))
		hash := sha256.Sum256(s.toBeSigned())
		m.accept(strings.TrimSpace("signed "+payload), in(s.bytes(m)), values{"payload": s.payload, "kid": s.header[4], "hash": hash[:]})
	}
	for _, c := range []struct {
		name, outcome string
		change        func(*sign1)
	}{
		{"another payload", "signature", func(s *sign1) { s.signature = func([]byte) []byte { return make([]byte, 384) } }},
		{"salt of 20 bytes", "signature", func(s *sign1) { s.options = &rsa.PSSOptions{SaltLength: 20, Hash: crypto.SHA256} }},
		{"salt of 0 bytes", "signature", func(s *sign1) { s.options = &rsa.PSSOptions{SaltLength: 0, Hash: crypto.SHA256} }},
		{"salt of 33 bytes", "signature", func(s *sign1) { s.options = &rsa.PSSOptions{SaltLength: 33, Hash: crypto.SHA256} }},
		{"PKCS #1 v1.5", "signature", func(s *sign1) { s.options = crypto.SHA256 }},
		{"signed by another key", "signature", func(s *sign1) { s.by = keys.Bob.Signer() }},
		{"naming another key", "signature", func(s *sign1) { s.header[4] = make([]byte, 32) }},
		{"signature altered", "signature", func(s *sign1) { s.signature = func(b []byte) []byte { b[383] ^= 1; return b } }},
		{"signature beyond the modulus", "signature", func(s *sign1) {
			s.signature = func([]byte) []byte { return bytes.Repeat([]byte{0xff}, 384) }
		}},
		{"signature of 383 bytes", "malformed", func(s *sign1) { s.signature = func(b []byte) []byte { return b[:383] } }},
		{"signature of 385 bytes", "malformed", func(s *sign1) { s.signature = func(b []byte) []byte { return append(b, 0) } }},
		{"no signature", "malformed", func(s *sign1) { s.signature = func([]byte) []byte { return nil } }},
		{"another type", "type", func(s *sign1) { s.header[16] = "application/vnd.sotto.other" }},
		{"no type", "malformed", func(s *sign1) { delete(s.header, 16) }},
		{"algorithm RS256", "malformed", func(s *sign1) { s.header[1] = -257 }},
		{"algorithm PS512", "malformed", func(s *sign1) { s.header[1] = -39 }},
		{"no algorithm", "malformed", func(s *sign1) { delete(s.header, 1) }},
		{"kid of 31 bytes", "malformed", func(s *sign1) { s.header[4] = make([]byte, 31) }},
		{"no kid", "malformed", func(s *sign1) { delete(s.header, 4) }},
		{"critical headers", "malformed", func(s *sign1) { s.header[2] = []int{16} }},
		{"an unprotected header", "malformed", func(s *sign1) { s.unprotected = map[int64]any{4: []byte{1}} }},
	} {
		s := m.sign1(keys.Alice, testType, []byte("payload"))
		c.change(s)
		m.refuse(c.name, c.outcome, in(s.bytes(m)))
	}
	s := m.sign1(keys.Alice, testType, []byte("payload"))
	m.otherEncodings("", s.unsigned(), 24, in)
	m.otherEncodings("header", cose.Marshal(s.header), 24, func(b []byte) values {
		return in(cose.Marshal([]any{b, s.unprotected, s.payload, make([]byte, 384)}))
	})
}

// sortCases orders what a map gave in any order.
func sortCases(m *maker) {
	for i := range m.Cases {
		for j := i; j > 0 && m.Cases[j].Name < m.Cases[j-1].Name; j-- {
			m.Cases[j], m.Cases[j-1] = m.Cases[j-1], m.Cases[j]
		}
	}
}

// encrypt0 is a COSE_Encrypt0 put together from its parts.
type encrypt0 struct {
	header      map[int64]any
	unprotected any
	key         []byte
	nonce       []byte
	external    []byte
	plaintext   []byte
	ciphertext  func([]byte) []byte
}

func newEncrypt0(key, external, plaintext []byte, typ cose.Type) *encrypt0 {
	nonce := random(12)
	return &encrypt0{
		header: map[int64]any{1: 3, 5: nonce, 16: typ}, unprotected: map[int64]any{}, key: key, nonce: nonce,
		external: external, plaintext: plaintext, ciphertext: func(b []byte) []byte { return b },
	}
}

func (e *encrypt0) bytes() []byte { return e.withHeader(cose.Marshal(e.header)) }

func (e *encrypt0) withHeader(protected []byte) []byte {
	associated := cose.Marshal([]any{"Encrypt0", protected, e.external})
	sealed := cose.Native{}.AEAD(cose.Secret(e.key)).Seal(nil, e.nonce, e.plaintext, associated)
	return cose.Marshal([]any{protected, e.unprotected, e.ciphertext(sealed)})
}

func encrypt0s(m *maker) {
	m.About = "COSE_Encrypt0. in: bytes, key, external, type. out: plaintext, place (header -65537 as it is encoded, empty when absent)."
	key := random(32)
	external := []byte("external")
	in := func(b []byte) values {
		return values{"bytes": b, "key": m.share("key", key), "external": external, "type": string(testType)}
	}
	made := func() *encrypt0 { return newEncrypt0(key, external, []byte("plaintext"), testType) }
	m.accept("without a place", in(made().bytes()), values{"plaintext": []byte("plaintext"), "place": ""})
	placed := made()
	placed.header[-65537] = []any{1, []byte{2}}
	m.accept("with a place", in(placed.bytes()), values{"plaintext": []byte("plaintext"), "place": cose.Marshal([]any{1, []byte{2}})})
	empty := newEncrypt0(key, external, nil, testType)
	m.accept("nothing inside", in(empty.bytes()), values{"plaintext": "", "place": ""})
	for _, c := range []struct {
		name, outcome string
		change        func(*encrypt0)
	}{
		{"another key", "decrypt", func(e *encrypt0) { e.key = random(32) }},
		{"another external", "decrypt", func(e *encrypt0) { e.external = nil }},
		{"another nonce", "decrypt", func(e *encrypt0) { e.header[5] = random(12) }},
		{"ciphertext altered", "decrypt", func(e *encrypt0) { e.ciphertext = func(b []byte) []byte { b[0] ^= 1; return b } }},
		{"tag altered", "decrypt", func(e *encrypt0) { e.ciphertext = func(b []byte) []byte { b[len(b)-1] ^= 1; return b } }},
		{"tag cut", "decrypt", func(e *encrypt0) { e.ciphertext = func(b []byte) []byte { return b[:len(b)-1] } }},
		{"shorter than a tag", "malformed", func(e *encrypt0) { e.ciphertext = func(b []byte) []byte { return b[:15] } }},
		{"nonce of 11 bytes", "malformed", func(e *encrypt0) { e.header[5] = random(11) }},
		{"nonce of 13 bytes", "malformed", func(e *encrypt0) { e.header[5] = random(13) }},
		{"no nonce", "malformed", func(e *encrypt0) { delete(e.header, 5) }},
		{"algorithm A128GCM", "malformed", func(e *encrypt0) { e.header[1] = 1 }},
		{"no algorithm", "malformed", func(e *encrypt0) { delete(e.header, 1) }},
		{"another type", "type", func(e *encrypt0) { e.header[16] = "application/vnd.sotto.other" }},
		{"no type", "malformed", func(e *encrypt0) { delete(e.header, 16) }},
		{"a kid as well", "malformed", func(e *encrypt0) { e.header[4] = []byte{1} }},
		{"an unprotected header", "malformed", func(e *encrypt0) { e.unprotected = map[int64]any{5: e.nonce} }},
	} {
		e := made()
		c.change(e)
		m.refuse(c.name, c.outcome, in(e.bytes()))
	}
	e := made()
	m.otherEncodings("", e.bytes(), 30, in)
	m.otherEncodings("header", cose.Marshal(e.header), 30, func(b []byte) values { return in(e.withHeader(b)) })
}

func expands(m *maker) {
	m.About = "Expand. in: secret, label, context, length. out: bytes."
	for _, c := range []struct {
		name, label string
		context     []byte
		length      int
	}{
		{"32 bytes", "epoch", random(32), 32}, {"no context", "init", nil, 32}, {"60 bytes", "safety number", nil, 60},
		{"one byte", "x", []byte{1}, 1}, {"the most", "x", nil, 8160}, {"long context", "wrap", random(300), 32},
	} {
		secret := random(32)
		in := values{"secret": secret, "label": c.label, "context": c.context, "length": c.length}
		m.accept(c.name, in, values{"bytes": cose.Expand(cose.Secret(secret), c.label, c.context, c.length)})
	}
}

func extracts(m *maker) {
	m.About = "Extract: HKDF-Extract with SHA-256. in: salt, input. out: bytes."
	zero := make([]byte, 32)
	for i, salt := range [][]byte{zero, random(32)} {
		input := random(32)
		m.accept([]string{"salt of zeros", "salt"}[i], values{"salt": salt, "input": input},
			values{"bytes": bytesOf(cose.Extract(cose.Secret(salt), cose.Secret(input)))})
	}
}

func macs(m *maker) {
	m.About = "HMAC-SHA-256. in: key, message. out: bytes."
	key := random(32)
	for _, n := range []int{0, 32, 100} {
		message := random(n)
		m.accept(text(n)+" bytes", values{"key": key, "message": message}, values{"bytes": bytesOf(cose.MAC(cose.Secret(key), message))})
	}
}
