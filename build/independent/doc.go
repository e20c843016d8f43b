// Package independent is a second reader of Sotto's protocol, in JavaScript, on crypto.subtle and a few lines of CBOR.
//
// It was written from PROTOCOL.md and shares nothing with the Go code but the vectors: its tests give it every file of
// package vectors in a real browser, where ML-KEM-768, RSA and AES are the browser's own.
package independent
