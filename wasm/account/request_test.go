package account

import (
	"crypto/rand"
	"errors"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
)

func TestRequestOtherEncodings(t *testing.T) {
	signer := keys.Alice.Signer()
	key, err := cose.NewRSAKey(&signer.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	request, err := SignRequest(rand.Reader, signer, Request{Key: key, Expiry: 5})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := parseRequest(cose.Native{}, request); err != nil || r.Key != key || r.Expiry != 5 {
		t.Fatalf("%v, %v", r, err)
	}
	for _, v := range mangle.Encodings(request) {
		if _, err := parseRequest(cose.Native{}, v.Bytes); !errors.Is(err, cose.ErrMalformed) {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
	signed, err := cose.ParseSign1(request, TypeRequest, MaxLinkBytes)
	if err != nil {
		t.Fatal(err)
	}
	thumbprint := key.Thumbprint()
	protected := cose.Marshal(map[int64]any{1: -37, 4: thumbprint[:], 16: TypeRequest})
	for _, v := range append(mangle.Encodings(signed.Payload), mangle.Resized(signed.Payload)...) {
		data := cose.Marshal([]any{protected, map[int64]any{}, v.Bytes, make([]byte, cose.SignatureSize)})
		if _, err := parseRequest(cose.Native{}, data); !errors.Is(err, cose.ErrMalformed) {
			t.Errorf("payload %s: %v", v.Name, err)
		}
	}
}
