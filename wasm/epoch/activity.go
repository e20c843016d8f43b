package epoch

import "sotto/wasm/cose"

// TypeActivity is header 16 of a signal that nobody keeps. The generation of its place is its time.
const TypeActivity cose.Type = "application/vnd.sotto.activity"
