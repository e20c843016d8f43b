package mangle_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"sotto/wasm/vectors/mangle"
)

func TestCanonical(t *testing.T) {
	right := []string{
		"00", "17", "1818", "18ff", "190100", "1a00010000", "1b0000000100000000", "20", "3818", "40", "4101", "60", "6161", "63e282ac",
		"80", "8101", "a0", "a10100", "a201000400", "a3010004002000", "f4", "f5", "818180",
	}
	wrong := []string{
		"", "0000", "1800", "1817", "1900ff", "1a0000ffff", "1b00000000ffffffff", "3800", "5800", "580101", "41", "5f4101ff", "61ff", "9fff",
		"9800", "8100ff", "81", "bfff", "a101", "a204000100", "a201000100", "c000", "d81800", "f6", "f7", "f0", "f800", "f93c00", "fb0000000000000000",
		"1c", "ff", "5bffffffffffffffff", "9bffffffffffffffff", strings.Repeat("81", 40) + "00",
	}
	for _, text := range right {
		data, _ := hex.DecodeString(text)
		if err := mangle.Canonical(data); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		for _, v := range mangle.Encodings(data) {
			same := strings.HasSuffix(v.Name, "other sign") || strings.Contains(v.Name, "element") || strings.Contains(v.Name, "as bytes") ||
				strings.Contains(v.Name, "empty") || strings.Contains(v.Name, "pair") || strings.Contains(v.Name, "key") ||
				strings.Contains(v.Name, "array") || strings.Contains(v.Name, "exchanged") || strings.HasSuffix(v.Name, "true") ||
				strings.HasSuffix(v.Name, "as text") || strings.HasSuffix(v.Name, "as map")
			if err := mangle.Canonical(v.Bytes); err == nil && !same {
				t.Errorf("%s, %s: taken", text, v.Name)
			}
		}
	}
	for _, text := range wrong {
		data, err := hex.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		if mangle.Canonical(data) == nil {
			t.Errorf("%s: taken", text)
		}
	}
}
