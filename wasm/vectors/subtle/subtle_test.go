//go:build js && wasm

package subtle_test

import (
	"crypto"
	"crypto/rsa"
	"errors"
	"testing"

	"sotto/wasm/vectors/judge"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/table"
	"sotto/wasm/vectors/wycheproof"
	"sotto/wasm/webcrypto"
)

func TestVectors(t *testing.T) {
	p, err := webcrypto.New()
	if err != nil {
		t.Fatal(err)
	}
	b := judge.Bench{Primitives: p, Open: func(key *rsa.PrivateKey) (crypto.Decrypter, error) { return decrypter(t.Context(), p, key) }}
	for _, object := range judge.Objects() {
		t.Run(object, func(t *testing.T) {
			f, err := table.Load(object)
			if err != nil || len(f.Cases) == 0 {
				t.Fatalf("%d cases, %v", len(f.Cases), err)
			}
			for _, c := range f.Cases {
				if err := judge.Judge(b, object, c); err != nil {
					t.Errorf("%s: %v", c.Name, err)
				}
			}
		})
	}
}

func TestWycheproof(t *testing.T) {
	p, err := webcrypto.New()
	if err != nil {
		t.Fatal(err)
	}
	open := func(key *rsa.PrivateKey) (crypto.Decrypter, error) { return decrypter(t.Context(), p, key) }
	holder, err := open(keys.Alice.Decrypter())
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range wycheproof.All(p, holder, open) {
		t.Run(run.File, func(t *testing.T) {
			report, err := run.Do()
			if errors.Is(err, wycheproof.ErrAbsent) {
				t.Log(err, "- only the project's own vectors ran")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Log(report)
			for _, f := range report.Failures {
				t.Error(f)
			}
			if report.Ran != run.Ran {
				t.Errorf("%d cases ran, want %d", report.Ran, run.Ran)
			}
		})
	}
}
