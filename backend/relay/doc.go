// Package relay speaks package wire with clients: it checks what can be checked without keys, has the store write
// it, and hands what was written to everyone it concerns. It cannot read a message. It knows no HTTP: a transport
// gives it a [Conn] for each client.
//
// One goroutine reads a session's requests; a crew of others, shared by all sessions, handles them one after the other.
// Requests that only look something up are answered at once, after what the same session has handed to the store; what
// is to be written is handed to the store, and the session reads on. The store tells
// what is on disk from one goroutine, in the order of writing: there the sender's answer and the pushes to all
// sessions of the members are put into queues. So answers keep the order of requests, and pushes that of positions.
//
//	read goroutine -> crew -> store ... -> store's teller -> queue of each session -> write goroutine, while there is something
//
// A push can overtake the answer to a [wire.Fetch] that was made before its event was written: a client keeps pushes
// that come while it fetches.
//
// Queues are bounded. A session whose queue overflows, or that does not take what is written to it in time, is closed
// as slow and catches up from the store when it is back; it never holds anyone else up. Every close has a
// [wire.Reason], which is counted. Nothing of what clients send is ever logged.
package relay
