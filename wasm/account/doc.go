// Package account is who someone is: devices, the chain of links that makes an account, prekeys, handles, the login
// to a relay, and the safety number two people compare.
//
// An account is an append-only chain of signed links. Link 0 is signed by the first device over its own key; the
// account's id is the SHA-256 of what link 0 signs, so no server can put another key behind an id. Each later link
// names the account, its own number and the hash of the link before, and is signed by a device that is active there:
//
//	link    = COSE_Sign1 over [ 1, kind, account, number, prev, time, body ]
//	create        body = [ key ]       account and prev empty, number 0
//	add-device    body = [ request ]   request = COSE_Sign1 by the new device over [ account, number, hash, key, nonce, expiry ]
//	revoke-device body = [ device ]
//
// Each device has a prekey, the key others encrypt to, signed over [ account, device, counter, expiry, key ]. The
// counter only rises. The package verifies and makes these objects; it keeps none of them and decides nothing about time.
package account
