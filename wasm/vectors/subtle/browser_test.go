//go:build js && wasm

package subtle_test

import (
	"crypto"
	"crypto/rsa"
	"testing"

	"sotto/wasm/webcrypto"
)

func newBench(tb testing.TB) bench {
	p, err := webcrypto.New()
	if err != nil {
		tb.Fatal(err)
	}
	return bench{
		primitives: p,
		signer: func(tb testing.TB, k *rsa.PrivateKey) crypto.Signer {
			s, err := signer(tb.Context(), p, k)
			if err != nil {
				tb.Fatal(err)
			}
			return s
		},
		decrypter: func(tb testing.TB, k *rsa.PrivateKey) crypto.Decrypter {
			d, err := decrypter(tb.Context(), p, k)
			if err != nil {
				tb.Fatal(err)
			}
			return d
		},
	}
}
