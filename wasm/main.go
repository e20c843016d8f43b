//go:build js && wasm

// The engine of the chat, compiled to WebAssembly: it runs in a worker of the page and answers the calls of package
// calls through globalThis.sottoHost.
package main

import (
	"context"
	"crypto/rand"
	"syscall/js"

	"sotto/wasm/bridge"
	"sotto/wasm/calls"
	"sotto/wasm/client"
	"sotto/wasm/indexeddb"
	"sotto/wasm/socket"
	"sotto/wasm/webcrypto"
)

const database = "sotto"

func main() {
	host := js.Global().Get("sottoHost")
	var table bridge.Table
	emit := func(e client.Event) {
		if err := bridge.Emit(table, host, e); err != nil {
			js.Global().Get("console").Call("error", err.Error())
		}
	}
	table = calls.New(open, emit).Table()
	if err := bridge.Serve(context.Background(), table, host); err != nil {
		js.Global().Get("console").Call("error", err.Error())
	}
}

// open gives the engine what the browser has.
func open(ctx context.Context, url string) (client.Ports, error) {
	primitives, err := webcrypto.New()
	if err != nil {
		return client.Ports{}, err
	}
	store, err := indexeddb.Open(ctx, primitives, database)
	if err != nil {
		return client.Ports{}, err
	}
	return client.Ports{
		Store: store, Keys: webcrypto.NewKeys(primitives, store.Shelf()), Transport: socket.Transport{URL: url},
		Clock: client.SystemClock{}, Random: rand.Reader, Primitives: primitives,
	}, nil
}
