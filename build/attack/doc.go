//go:build attack

// Attack plays every attack that the protocol's design names against the real client, and prints what refused it.
//
//	go run -tags attack ./build/attack [-run WORDS]
//	go run -tags attack ./build/attack -table       prints the table of SECURITY.md
//
// Each attack is played twice. Once against the client as it is: it must be refused, for the named reason, by the named
// check, which tells where it stands. And once as a control, with that check taken away, or, where what refuses is not a
// check but a person who compares or a key that is not there, without that: then the attack must succeed. A check whose
// removal changes nothing guards nothing; where others stand behind it, the control takes those away too and the table
// names them.
//
// The victims are engines of package client over a relay that lies (package hostile), or, where a group is attacked by
// its members, conversations over a log that a liar writes. The program ends with an error when an attack was not refused
// for its reason or a control did not succeed. The tests of the package are the same plays.
package main
