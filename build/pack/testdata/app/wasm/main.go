//go:build js && wasm

// Command wasm is a small engine for the tests of pack.
package main

func main() { println("engine") }
