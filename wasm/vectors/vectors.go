// Package vectors holds what every implementation of the protocol must accept, and what it must refuse and why.
//
// Each file of [Files] is about one object, named like it, and is JSON that every language reads:
//
//	{ "object": "prekey", "about": "…", "common": { name: text … },
//	  "cases": [ { "name": "…", "outcome": "ok", "in": { name: text … }, "out": { name: text … } } … ] }
//
// Every value is a text: bytes are in lower-case hexadecimal, numbers in decimal, lists have a blank between their
// elements, an empty byte string in a list is "-". "@name" stands for the value of that name in "common". What a
// case's "in" and "out" mean for each object stands in "about". "outcome" is "ok" or one name of a closed list, which
// package table has; a case that is refused has no "out". The keys of people that a case names are the PEM files in
// the folder keys.
//
// The files are the truth: programs are tested against them, not they against programs. The folder generate has what
// wrote them, which shares no code with what reads them beyond packages cose, kem, account and epoch.
package vectors

import "embed"

// Files holds the vectors, "data/OBJECT.json" each.
//
//go:embed data/*.json
var Files embed.FS
