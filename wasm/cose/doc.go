// Package cose is Sotto's strict subset of COSE (RFC 9052, RFC 9053) over deterministic CBOR (RFC 8949 §4.2.1).
//
// Three objects exist, each in one encoding only:
//
//	COSE_Sign1    [ protected, {}, payload, signature ]    protected = { 1: -37, 4: kid, 16: typ }
//	COSE_Encrypt0 [ protected, {}, ciphertext ]            protected = { 1: 3, 5: nonce, 16: typ, ? -65537: place }
//	COSE_Key      { 1: 3, -1: n, -2: e }                   an RSA-3072 public key; its SHA-256 is its thumbprint
//
// Everything that is read is decoded, encoded again and compared: what differs by one byte from the one right
// encoding is refused before anything looks at its content. Every signed or encrypted object names its type in
// header 16 (RFC 9596), so that none can stand in for another.
//
// Keys are used through the standard library's interfaces ([crypto.Signer], [cipher.AEAD]) and through
// [Primitives]; the package holds no key and starts no goroutine.
package cose
