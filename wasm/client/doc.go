// Package client is the engine behind every Sotto client: it keeps an account, its contacts and conversations,
// a connection to the relay, and an outbox. It is pure: storage, keys, transport, clock and randomness come in as
// [Ports], so the same engine runs in a browser's worker, in a terminal, in tests and in the load generator.
//
//	Send -> outbox record -> seal -> state record -> relay -> ack -> own event taken from the log -> entry
//	relay push or page -> inbox in order of positions -> conversation.Open -> one batch of records -> events
//
// Who owns what: the [Engine]'s mutex guards the identity, the contacts and the list of rooms. Each conversation is
// a room; one goroutine at a time works in it (room.work) and is the only one that touches its ratchets. A session is
// one connection; its reader hands frames to rooms and to whoever waits for an answer and never waits itself.
// Whatever a room does is stored in one batch before it has an effect outside: a crash between loses nothing and
// uses no key twice.
package client
