// Package generate writes the files of package vectors:
//
//	go test ./wasm/vectors/generate -update
//
// Without -update its test checks that the files have exactly the cases it would write. It draws from a fixed source
// of randomness, so that writing again changes only what changed. Commits, wraps and messages are put together here
// from their parts and not by package conversation, which reads them.
package generate
