package cose_test

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"

	"sotto/wasm/cose"
)

func sequence(from byte) cose.Secret {
	var s cose.Secret
	for i := range s {
		s[i] = from + byte(i)
	}
	return s
}

func TestSecretPrintsNothing(t *testing.T) {
	s := sequence(0xa0)
	holders := map[string]any{
		"value": s, "pointer": &s, "slice": []cose.Secret{s}, "map": map[string]cose.Secret{"k": s},
		"struct": struct{ S cose.Secret }{s}, "interface": []any{s},
	}
	for name, holder := range holders {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q", "%d", "%o", "%b", "%c", "%U", "%t", "%64v", "% x"} {
			printed := fmt.Sprintf(verb, holder)
			if reveals(printed, s[:]) {
				t.Errorf("%s with %s: %s", name, verb, printed)
			}
		}
	}
	if fmt.Sprint(s) != "[secret]" {
		t.Errorf("prints as %s", s)
	}
}

// reveals looks for two neighbouring bytes of a secret in the ways fmt writes bytes.
func reveals(printed string, secret []byte) bool {
	lower := strings.ToLower(printed)
	for i := range len(secret) - 1 {
		a, b := secret[i], secret[i+1]
		for _, form := range []string{"%02x%02x", "%02x %02x", "%d %d", "0x%x, 0x%x", "%o %o", "%b %b", "%c%c"} {
			if strings.Contains(lower, fmt.Sprintf(form, a, b)) {
				return true
			}
		}
	}
	return bytes.Contains([]byte(printed), secret[:2])
}

func TestNewSecret(t *testing.T) {
	a, err := cose.NewSecret(rand.Reader)
	if err != nil || a == (cose.Secret{}) {
		t.Fatalf("drew nothing: %v", err)
	}
	b, _ := cose.NewSecret(rand.Reader)
	if a.Equal(b) || !a.Equal(a) {
		t.Error("two draws are equal, or one differs from itself")
	}
	if _, err := cose.NewSecret(strings.NewReader("short")); err == nil {
		t.Error("a short read gave a secret")
	}
	if _, err := cose.NewSecret(failing{}); err == nil {
		t.Error("a failed read gave a secret")
	}
	a.Destroy()
	if a != (cose.Secret{}) {
		t.Error("destroyed and still there")
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// TestExpand fixes the info by hand: 84 67 "sotto/1" 64 "wrap" 42 c0de 18 2a.
func TestExpand(t *testing.T) {
	secret := sequence(0)
	info, _ := hex.DecodeString("8467736f74746f2f316477726170" + "42c0de" + "182a")
	want, err := hkdf.Expand(sha256.New, secret[:], string(info), 42)
	if err != nil {
		t.Fatal(err)
	}
	if got := cose.Expand(secret, "wrap", []byte{0xc0, 0xde}, 42); !bytes.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
	if !bytes.Equal(cose.Expand(secret, "init", nil, 32), cose.Expand(secret, "init", []byte{}, 32)) {
		t.Error("no context and an empty one differ")
	}
	if cose.Derive(secret, "init", nil) != cose.Secret(cose.Expand(secret, "init", nil, 32)) {
		t.Error("Derive is not Expand to 32 bytes")
	}
	for _, length := range []int{1, 31, 33, 60, 255 * 32} {
		if got := cose.Expand(secret, "x", nil, length); len(got) != length {
			t.Errorf("%d bytes, want %d", len(got), length)
		}
	}
	if bytes.Equal(cose.Expand(secret, "x", nil, 33)[:32], cose.Expand(secret, "x", nil, 32)) {
		t.Error("the length is not bound")
	}
}

func TestExtractAndMAC(t *testing.T) {
	salt, input := sequence(1), sequence(101)
	h := hmac.New(sha256.New, salt[:])
	h.Write(input[:])
	if got := cose.Extract(salt, input); !bytes.Equal(got[:], h.Sum(nil)) {
		t.Errorf("extract: %x", got[:])
	}
	if got := cose.MAC(salt, input[:]); !bytes.Equal(got[:], h.Sum(nil)) {
		t.Errorf("MAC: %x", got[:])
	}
}
