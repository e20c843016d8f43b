//go:build js && wasm

package webcrypto

import (
	"fmt"
	"syscall/js"

	"sotto/wasm/cose"
	"sotto/wasm/promise"
)

// subtle holds SubtleCrypto's methods bound to it: to call a bound function is cheaper than to name a method.
// The methods report every failure by their promise and throw nothing.
type subtle struct {
	encrypt, decrypt, sign, verify js.Value
	importKey, exportKey, generate js.Value
}

func newSubtle(object js.Value) subtle {
	method := func(name string) js.Value { return object.Get(name).Call("bind", object) }
	return subtle{
		encrypt: method("encrypt"), decrypt: method("decrypt"), sign: method("sign"), verify: method("verify"),
		importKey: method("importKey"), exportKey: method("exportKey"), generate: method("generateKey"),
	}
}

// algorithms holds the algorithm identifiers of suite 1 and the lists of key usages.
type algorithms struct {
	gcm                    js.Value // its iv is the desk's nonce; additionalData is set before each use
	pss, pssKey, pssNew    js.Value
	oaep, oaepKey, oaepNew js.Value
	gcmNew, sealOpen       js.Value
	raw, spki, gcmName     js.Value
}

func newAlgorithms(nonce js.Value) algorithms {
	modulus := uint8Array.New(3)
	js.CopyBytesToJS(modulus, []byte{1, 0, 1})
	rsa := func(name string) js.Value {
		return js.ValueOf(map[string]any{
			"name": name, "hash": "SHA-256", "modulusLength": 8 * cose.ModulusSize, "publicExponent": modulus,
		})
	}
	return algorithms{
		gcm:      js.ValueOf(map[string]any{"name": "AES-GCM", "iv": nonce, "tagLength": 8 * cose.TagSize}),
		pss:      js.ValueOf(map[string]any{"name": pssName, "saltLength": 32}),
		pssKey:   js.ValueOf(map[string]any{"name": pssName, "hash": "SHA-256"}),
		pssNew:   rsa(pssName),
		oaep:     js.ValueOf(map[string]any{"name": oaepName}),
		oaepKey:  js.ValueOf(map[string]any{"name": oaepName, "hash": "SHA-256"}),
		oaepNew:  rsa(oaepName),
		gcmNew:   js.ValueOf(map[string]any{"name": "AES-GCM", "length": 8 * cose.SecretSize}),
		sealOpen: js.ValueOf([]any{"encrypt", "decrypt"}),
		raw:      js.ValueOf("raw"), spki: js.ValueOf("spki"), gcmName: js.ValueOf("AES-GCM"),
	}
}

const (
	pssName  = "RSA-PSS"
	oaepName = "RSA-OAEP"
)

// issue calls SubtleCrypto with arguments that lie on the desk.
func (p *Primitives) issue(call func(*desk) js.Value) js.Value {
	p.mu.Lock()
	defer p.mu.Unlock()
	return call(&p.desk)
}

// awaitBytes awaits a promise of an ArrayBuffer and copies it.
func awaitBytes(group *promise.Group, call js.Value) ([]byte, error) {
	buffer, err := group.Await(call)
	if err != nil {
		return nil, err
	}
	view := uint8Array.New(buffer)
	data := make([]byte, view.Length())
	if n := js.CopyBytesToGo(data, view); n != len(data) {
		return nil, fmt.Errorf("copied %d bytes of %d", n, len(data))
	}
	return data, nil
}
