package nonce_test

import (
	"testing"

	"sotto/wasm/demo/nonce"
)

// TestForge takes H from two messages with one nonce and changes a third, which the receiver then accepts.
func TestForge(t *testing.T) {
	for range 20 {
		lab := nonce.New()
		const one, two, three = "Pay Bob 10 euros", "Meet at 9 or 10?", "Pay Eve 99 euros"
		a, err := lab.Seal(one)
		if err != nil {
			t.Fatal(err)
		}
		b, err := lab.Seal(two)
		if err != nil {
			t.Fatal(err)
		}
		leak := nonce.Find(a, b)
		for i, d := range leak.Difference {
			if d != one[i]^two[i] {
				t.Fatal("the difference of the ciphertexts is not that of the texts")
			}
		}
		forged := leak.Forge(a, one, three)
		if got, err := lab.Open(forged); err != nil || got != three {
			t.Fatalf("forged: %q, %v", got, err)
		}
		forged[0] ^= 1
		if _, err := lab.Open(forged); err == nil {
			t.Fatal("opened what has no right tag")
		}
	}
	if _, err := nonce.New().Seal("short"); err == nil {
		t.Error("sealed a text that is not one block")
	}
}
