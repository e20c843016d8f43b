//go:build js && wasm

package webcrypto

import (
	"context"
	"crypto"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"sync"
	"syscall/js"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/promise"
)

// concurrently runs b.N operations on so many goroutines.
func concurrently(b *testing.B, goroutines int, operation func()) {
	var all sync.WaitGroup
	for first := range goroutines {
		all.Go(func() {
			for i := first; i < b.N; i += goroutines {
				operation()
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "op/s")
}

func sealed(aead cipher.AEAD) (nonce, ciphertext []byte) {
	nonce = make([]byte, cose.NonceSize)
	return nonce, aead.Seal(nil, nonce, make([]byte, 1024), additional)
}

var additional = make([]byte, 64)

func BenchmarkPrimitives(b *testing.B) {
	p, secret := browser(b), randomSecret(b)
	kept := p.AEAD(secret)
	nonce, ciphertext := sealed(kept)
	pair := madeSigner(b, p)
	key := publicKey(b, pair)
	message := make([]byte, 512)
	signature, err := crypto.SignMessage(pair, rand.Reader, message, cose.PSSOptions())
	if err != nil {
		b.Fatal(err)
	}
	operations := []struct {
		name string
		run  func()
	}{
		{"seal-kept", func() { kept.Seal(nil, nonce, ciphertext[:1024], additional) }},
		{"open-kept", func() { must(b, second(kept.Open(nil, nonce, ciphertext, additional))) }},
		{"seal-fresh", func() { p.AEAD(secret).Seal(nil, nonce, ciphertext[:1024], additional) }},
		{"open-fresh", func() { must(b, second(p.AEAD(secret).Open(nil, nonce, ciphertext, additional))) }},
		{"verify", func() { must(b, p.VerifyPSS(key, message, signature)) }},
		{"sign", func() { must(b, second(crypto.SignMessage(pair, rand.Reader, message, cose.PSSOptions()))) }},
		{"open-and-verify", func() {
			must(b, second(p.AEAD(secret).Open(nil, nonce, ciphertext, additional)))
			must(b, p.VerifyPSS(key, message, signature))
		}},
	}
	for _, o := range operations {
		for _, goroutines := range []int{1, 256} {
			b.Run(fmt.Sprintf("%s/%d", o.name, goroutines), func(b *testing.B) { concurrently(b, goroutines, o.run) })
		}
	}
}

// BenchmarkOnePromise is what the group is measured against: one callback for each promise.
func BenchmarkOnePromise(b *testing.B) {
	p := browser(b)
	key, err := p.NewStorageKey(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	plaintext, out := make([]byte, 1024), make([]byte, 1040)
	seal := func() {
		call := p.issue(func(d *desk) js.Value {
			p.algorithms.gcm.Set("additionalData", d.additional.hold(additional))
			return p.subtle.encrypt.Invoke(p.algorithms.gcm, key, d.data.hold(plaintext))
		})
		result, err := promise.Await(context.Background(), call)
		must(b, err)
		js.CopyBytesToGo(out, uint8Array.New(result))
	}
	for _, goroutines := range []int{1, 256} {
		b.Run(fmt.Sprintf("seal-kept/%d", goroutines), func(b *testing.B) { concurrently(b, goroutines, seal) })
	}
}

func second[T any](_ T, err error) error { return err }

func must(b testing.TB, err error) {
	if err != nil {
		b.Error(err)
	}
}
