// Package epoch is the keyless half of a conversation: what everyone who sees the log can check, client and relay
// by the same rules.
//
// A conversation is a log of events at positions 1, 2, 3 … without gaps, and a sequence of epochs 0, 1, 2 …, each
// opened by a commit in that log:
//
//	header = [ suite, conversation, number, prev, seen, roster, creator, time, room, rejoin ]
//	roster = [ [ account, head, role, [ [ device, prekey ] … ] ] … ]     by account id, devices by id
//	commit = COSE_Sign1 by the creator over [ header, confirm, [ SHA-256 of each wrap … ] ]
//	E      = SHA-256 of what the commit signs: the epoch's name
//	L[p]   = SHA-256([ "sotto/1 log", conversation, p, L[p-1], kind, SHA-256(event) ])
//
// Whether a commit is right depends on the log and the account chains it names, and on nothing else: no clock, no
// word of the server. The package holds no secret.
package epoch
