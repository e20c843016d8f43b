//go:build js && wasm

// The offline demo's Go part, compiled to WebAssembly beside the chat's and from the same packages: it runs in a worker
// of the demo's page and answers the calls of package lab through globalThis.sottoHost.
//
// It is an entry point of its own because together with the chat's it would make the chat's larger by more than 3 %;
// `task demo` measures it.
package main

import (
	"context"
	"crypto"
	"crypto/rsa"
	"syscall/js"
	"time"

	"sotto/wasm/bridge"
	"sotto/wasm/demo/lab"
	"sotto/wasm/vectors/judge"
)

func main() {
	host := js.Global().Get("sottoHost")
	fault := func(err error) {
		if err != nil {
			js.Global().Get("console").Call("error", err.Error())
		}
	}
	primitives := available()
	var table bridge.Table
	table = lab.New(primitives, time.Now).Table(lab.Ports{
		Pause:  pause,
		Emit:   func(e lab.Searched) { fault(bridge.Emit(table, host, e)) },
		Judge:  judge.Bench{Primitives: primitives, Open: func(k *rsa.PrivateKey) (crypto.Decrypter, error) { return k, nil }},
		Subtle: new(browser).kit,
	})
	fault(bridge.Serve(context.Background(), table, host))
}
