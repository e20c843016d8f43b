package dissect

import "encoding/binary"

// Type says what an object is.
type Type string

// The types.
const (
	Key       Type = "rsa-key"       // an RSA public key as COSE_Key
	Composite Type = "composite-key" // ML-KEM beside RSA, as COSE_Key
	Link      Type = "link"
	Prekey    Type = "prekey"
	Commit    Type = "commit"
	Wrap      Type = "wrap"
	Carried   Type = "carried" // what a wrap seals
	Body      Type = "body"
	Signing   Type = "signing" // what a signature is over
	Content   Type = "content" // the padded plaintext of a message
	Message   Type = "message"
	Secret    Type = "secret"    // 32 bytes that nobody else may know
	Hash      Type = "hash"      // 32 bytes that anyone may know
	Capsule   Type = "capsule"   // the KEM's ciphertext
	Signature Type = "signature" // the bytes alone
	Weak      Type = "weak"      // a message of the scheme to learn from
)

// shape says what the elements of an item are.
type shape struct {
	label  string
	items  []*shape         // of an array, in order
	each   *shape           // of an array: every element after items
	keys   map[int64]*shape // of a map
	inside *shape           // of a byte string that holds CBOR
	pieces []piece          // of a byte string that holds none
	raw    bool             // the object is no CBOR: pieces are all of it
}

// piece is a part of a byte string: size bytes; all but the last -size when it is negative; the rest when it is 0;
// as many as the four bytes before it say with counted.
type piece struct {
	label   string
	size    int
	counted bool
	inside  *shape
}

func (p piece) stop(data []byte, at, end int) int {
	n := end - at
	switch {
	case p.counted && at >= 4:
		n = min(n, int(binary.BigEndian.Uint32(data[at-4:at])))
	case p.size > 0:
		n = min(n, p.size)
	case p.size < 0:
		n = max(0, n+p.size)
	}
	return at + n
}

func (s *shape) element(i int) *shape {
	switch {
	case i < len(s.items):
		return s.items[i]
	case s.each != nil:
		return s.each
	}
	return &shape{}
}

func (s *shape) entry(key int64) *shape {
	if of, ok := s.keys[key]; ok {
		return of
	}
	return &shape{}
}

func named(label string) *shape                       { return &shape{label: label} }
func array(label string, items ...*shape) *shape      { return &shape{label: label, items: items} }
func list(label string, each *shape) *shape           { return &shape{label: label, each: each} }
func holds(label string, inside *shape) *shape        { return &shape{label: label, inside: inside} }
func split(label string, pieces ...piece) *shape      { return &shape{label: label, pieces: pieces} }
func entries(label string, k map[int64]*shape) *shape { return &shape{label: label, keys: k} }

// sign1 is a COSE_Sign1 over a payload.
func sign1(label string, payload *shape) *shape {
	return array(label, signHeader, named("unprotected"), holds("payload", payload), named("signature"))
}

// encrypt0 is a COSE_Encrypt0.
func encrypt0(label string) *shape {
	return array(label,
		holds("protected", entries("header-map", map[int64]*shape{
			1: named("alg-gcm"), 5: named("nonce"), 16: named("typ"),
			-65537: array("place", named("place.conversation"), named("place.epoch"), named("place.index"), named("place.generation")),
		})),
		named("unprotected"),
		split("sealed", piece{label: "ciphertext", size: -16}, piece{label: "tag"}))
}

var (
	signHeader = holds("protected", entries("header-map", map[int64]*shape{1: named("alg-pss"), 4: named("kid"), 16: named("typ")}))
	rsaKey     = entries("rsa-key", map[int64]*shape{1: named("kty"), -1: named("modulus"), -2: named("exponent")})
	composite  = entries("composite-key", map[int64]*shape{1: named("kty"), 3: named("alg-kem"),
		-1: split("composite", piece{label: "lattice-key", size: 1184}, piece{label: "rsa-der"})})
	seen    = array("seen", named("seen.position"), named("seen.log"))
	chained = array("head", named("head.number"), named("head.hash"))
	roster  = list("roster", array("member", named("member.account"), chained, named("member.role"),
		list("slots", array("slot", named("slot.device"), named("slot.prekey")))))
	header = array("header", named("header.suite"), named("header.conversation"), named("header.number"), named("header.prev"),
		seen, roster, named("header.creator"), named("header.time"), list("header.room", named("")), list("header.rejoin", named("")))
	text    = array("body", named("body.kind"), named("body.version"), array("text", named("text.time"), named("text.text")))
	content = array("content", named("content.epoch"), named("content.generation"), seen, named("content.client"), text)
	payload = map[string]*shape{
		"link": array("link", named("link.version"), named("link.kind"), named("link.account"), named("link.number"), named("link.prev"),
			named("link.time"), array("link.body", rsaKey)),
		"prekey": array("prekey", named("prekey.account"), named("prekey.device"), named("prekey.counter"), named("prekey.expiry"), composite),
		"commit": array("commit", header, named("commit.confirm"), list("commit.wraps", named("commit.wrap"))),
	}
	capsule = []piece{{label: "lattice-ciphertext", size: 1088}, {label: "rsa-ciphertext"}}
)

var schemas = map[Type]*shape{
	Key:       rsaKey,
	Composite: composite,
	Link:      sign1("signed", payload["link"]),
	Prekey:    sign1("signed", payload["prekey"]),
	Commit:    sign1("signed", payload["commit"]),
	Wrap:      array("wrap", split("capsule", capsule...), encrypt0("wrap.sealed")),
	Carried:   array("carried", named("carried.kind"), named("carried.secret")),
	Body:      text,
	Signing:   array("signing", named("signing.context"), signHeader, named("signing.external"), holds("payload", content)),
	Content: {raw: true, pieces: []piece{{label: "padding.length", size: 4},
		{label: "padding.content", counted: true, inside: sign1("signed", content)}, {label: "padding.zeros"}}},
	Message:   encrypt0("message"),
	Secret:    {raw: true, pieces: []piece{{label: "secret"}}},
	Hash:      {raw: true, pieces: []piece{{label: "hash"}}},
	Capsule:   {raw: true, pieces: capsule},
	Signature: {raw: true, pieces: []piece{{label: "signature"}}},
	Weak:      {raw: true, pieces: []piece{{label: "weak.key", size: 384}, {label: "weak.iv", size: 16}, {label: "weak.ciphertext"}}},
}

// Labels lists every label that a part may have, for whoever must explain them all.
func Labels() []string {
	found := map[string]bool{}
	for _, s := range schemas {
		s.gather(found)
	}
	delete(found, "")
	var labels []string
	for l := range found {
		labels = append(labels, l)
	}
	return labels
}

func (s *shape) gather(found map[string]bool) {
	if s == nil {
		return
	}
	found[s.label] = true
	for _, of := range s.items {
		of.gather(found)
	}
	for _, of := range s.keys {
		of.gather(found)
	}
	for _, p := range s.pieces {
		found[p.label] = true
		p.inside.gather(found)
	}
	s.each.gather(found)
	s.inside.gather(found)
}
