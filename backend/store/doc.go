// Package store is what the relay keeps and the one interface to it: accounts and the heads of their chains, devices
// and their current prekeys, conversations, their events, wraps, receipts and cursors. Everything in it is public to
// the relay; what is encrypted in it stays so.
//
// A conversation's events have positions 1, 2, 3 … that are given when they are written, without gaps. The rules that
// two writers could race for are decided inside the write itself: a commit is a compare-and-swap on the epoch and
// names only current prekeys and heads, a message is in the newest epoch and from its sender's slot, a prekey's
// counter rises. Rules that need a signature or a chain are the relay's, before it calls the store: what they were
// decided on is named by the epoch and the heads that the write compares.
//
// Appends are asynchronous, so that one session can have several on their way: they are written in the order in
// which they were handed over, many in one transaction, and their done functions are called in that order when they
// are on disk. An append that was answered survives the end of the process at any moment.
package store
