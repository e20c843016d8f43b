// Package wire is what clients and the relay say to each other: CBOR frames on one WebSocket with subprotocol
// [Subprotocol], one frame a binary message.
//
//	frame = [ kind: uint, id: uint, body: array ]
//
// A request carries an id of the client's choice from 1; its one answer carries the same id: the answer kind that
// belongs to the request, or an [Error]. A push from the relay has id 0. The first frame of a session is the
// relay's [Hello]. Every body is a CBOR array in the order of its struct's fields; every frame is deterministic
// CBOR and is refused otherwise. What is encrypted or signed travels as byte strings that this package never opens.
package wire
