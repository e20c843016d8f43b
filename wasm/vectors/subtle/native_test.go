//go:build !js

package subtle_test

import (
	"crypto"
	"crypto/rsa"
	"testing"

	"sotto/wasm/cose"
)

func newBench(testing.TB) bench {
	return bench{
		primitives: cose.Native{},
		signer:     func(_ testing.TB, k *rsa.PrivateKey) crypto.Signer { return k },
		decrypter:  func(_ testing.TB, k *rsa.PrivateKey) crypto.Decrypter { return k },
	}
}
