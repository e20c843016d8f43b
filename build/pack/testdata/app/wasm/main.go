//go:build js && wasm

// Command wasm is a small engine for the tests of pack.
package main

import "syscall/js"

func main() { js.Global().Set("said", "engine") }
