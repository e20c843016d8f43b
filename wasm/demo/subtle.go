//go:build js && wasm

package main

import (
	"context"
	"fmt"
	"sync"
	"syscall/js"
	"time"

	"sotto/wasm/cose"
	"sotto/wasm/demo/lab"
	"sotto/wasm/promise"
	"sotto/wasm/webcrypto"
)

// pause lets the worker take messages for at least so long.
func pause(ctx context.Context, d time.Duration) error {
	settle := js.Global().Get("Promise").Call("withResolvers")
	js.Global().Call("setTimeout", settle.Get("resolve"), d.Milliseconds())
	_, err := promise.Await(ctx, settle.Get("promise"))
	return err
}

// shelf keeps CryptoKeys as long as the page is there.
type shelf map[string]js.Value

func (s shelf) Put(_ context.Context, name string, object js.Value) error {
	s[name] = object
	return nil
}

func (s shelf) Get(_ context.Context, name string) (js.Value, error) {
	if object, ok := s[name]; ok {
		return object, nil
	}
	return js.Undefined(), nil
}

func (s shelf) Delete(_ context.Context, name string) error {
	delete(s, name)
	return nil
}

// browser makes the kit of the browser's own cryptography, once: with keys like the chat's, that nobody can export.
type browser struct {
	mu   sync.Mutex
	made *lab.Kit
}

func (b *browser) kit(ctx context.Context) (lab.Kit, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.made != nil {
		return *b.made, nil
	}
	p, err := webcrypto.New()
	if err != nil {
		return lab.Kit{}, err
	}
	keys := webcrypto.NewKeys(p, shelf{})
	kit := lab.Kit{Primitives: p, Generate: func(ctx context.Context) error {
		_, err := keys.NewDecrypter(ctx, "measured")
		return err
	}, Hash: digest}
	for i, side := range []*lab.Side{&kit.A, &kit.B} {
		if side.Signer, err = keys.NewSigner(ctx, fmt.Sprint("sign ", i)); err != nil {
			return lab.Kit{}, err
		}
		if side.Decrypter, err = keys.NewDecrypter(ctx, fmt.Sprint("decrypt ", i)); err != nil {
			return lab.Kit{}, err
		}
	}
	b.made = &kit
	return kit, nil
}

// digest is SHA-256 by the browser, the copy there included.
func digest(ctx context.Context, data []byte) error {
	array := js.Global().Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(array, data)
	_, err := promise.Await(ctx, js.Global().Get("crypto").Get("subtle").Call("digest", "SHA-256", array))
	return err
}

// available is SubtleCrypto as in the chat, or where the browser does not offer it Go's own: the page says which.
func available() cose.Primitives {
	if p, err := webcrypto.New(); err == nil {
		return p
	}
	return cose.Native{}
}
