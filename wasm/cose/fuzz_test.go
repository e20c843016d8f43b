package cose_test

import (
	"bytes"
	"errors"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/mangle"
	"sotto/wasm/vectors/seed"
)

// FuzzUnmarshal decodes into every shape there is: what is accepted is the one right encoding.
func FuzzUnmarshal(f *testing.F) {
	seed.Add(f, "body", "bytes")
	seed.Add(f, "frame", "bytes")
	f.Add(cose.Marshal(newSample()))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s sample
		err := cose.Unmarshal(data, &s, 1<<12)
		if err == nil && (!bytes.Equal(cose.Marshal(s), data) || mangle.Canonical(data) != nil) {
			t.Errorf("%x is accepted and is not the one encoding", data)
		}
		if err != nil && !errors.Is(err, cose.ErrMalformed) {
			t.Errorf("an error of another kind: %v", err)
		}
		var n uint64
		if cose.Unmarshal(data, &n, 16) == nil && !bytes.Equal(cose.Marshal(n), data) {
			t.Errorf("%x is %d", data, n)
		}
	})
}

func FuzzParseRSAKey(f *testing.F) {
	seed.Add(f, "rsa-key", "bytes")
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := cose.ParseRSAKey(data)
		if err == nil && !bytes.Equal(k.Bytes(), data) {
			t.Errorf("%x encodes otherwise again", data)
		}
	})
}

func FuzzParseSign1(f *testing.F) {
	seed.Add(f, "sign1", "bytes")
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := cose.ParseSign1(data, testType, 4096)
		if err != nil {
			return
		}
		header := cose.Marshal(map[int64]any{1: -37, 4: s.Kid[:], 16: testType})
		signature := data[len(data)-cose.SignatureSize:]
		if !bytes.Equal(cose.Marshal([]any{header, map[int64]any{}, s.Payload, signature}), data) {
			t.Errorf("%x encodes otherwise again", data)
		}
	})
}

func FuzzParseEncrypt0(f *testing.F) {
	seed.Add(f, "encrypt0", "bytes")
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := cose.ParseEncrypt0(data, testType, 4096)
		if err != nil {
			return
		}
		if mangle.Canonical(data) != nil {
			t.Errorf("%x is accepted and is not the one encoding", data)
		}
		if plain, err := e.Open(cose.Native{}.AEAD(cose.Secret{}), nil); err == nil {
			t.Errorf("opens under a key of zeros: %x", plain)
		}
	})
}
