package indexeddb

// The environment of the tests that a native test runs in a browser of its own.
const (
	ackVariable  = "SOTTO_INDEXEDDB_ACKS"  // address of a WebSocket that takes the number of each completed batch
	keptVariable = "SOTTO_INDEXEDDB_KEPT"  // the last number that arrived there before the browser was killed
	fullVariable = "SOTTO_INDEXEDDB_QUOTA" // bytes that the browser grants
)
