package weak_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sotto/wasm/demo/weak"
	"sotto/wasm/vectors/keys"
)

func TestThereAndBack(t *testing.T) {
	bob := keys.Bob.Decrypter()
	key := weak.NewKey()
	wrapped, err := weak.Wrap(key, &bob.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "a", "sixteen bytes ok", strings.Repeat("long ", 100)} {
		got, err := weak.Open(append(bytes.Clone(wrapped), weak.Encrypt(key, text)...), bob)
		if err != nil || got != text {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if _, err := weak.Open(append(wrapped, weak.Encrypt(key, "x")...), keys.Alice.Decrypter()); err != weak.ErrKey {
		t.Errorf("another's key: %v", err)
	}
	for _, data := range [][]byte{nil, wrapped[:383], append(bytes.Clone(wrapped), 1)} {
		if _, err := weak.Open(data, bob); err == nil {
			t.Errorf("%d bytes were opened", len(data))
		}
	}
	if printed := fmt.Sprintf("%v %+v %x", key, key, key); printed != "[secret] [secret] [secret]" {
		t.Error(printed)
	}
}

// TestOracle reads texts of every length of the last block without the key.
func TestOracle(t *testing.T) {
	key := weak.NewKey()
	ask := func(data []byte) bool { _, err := weak.Decrypt(key, data); return err == nil }
	for n := range 33 {
		text := strings.Repeat("x", n)
		got, asked, err := weak.Read(weak.Encrypt(key, text), ask)
		if err != nil || got != text || asked < 32 || asked > (n/16+1)*16*257 {
			t.Errorf("%d bytes: %q with %d questions, %v", n, got, asked, err)
		}
	}
	if _, _, err := weak.Read(make([]byte, 17), ask); err == nil {
		t.Error("read what is no message")
	}
}
