// Package relaytest drives a relay in tests as clients do: people with real keys, what they sign and send, a client
// for one session, and a connection in memory. What is sealed in it is random: a relay opens nothing, so commits
// carry wraps that no one can unwrap.
package relaytest
