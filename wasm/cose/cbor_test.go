package cose_test

import (
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/vectors/mangle"
)

// sample has a field of every shape that Sotto's objects have.
type sample struct {
	_      struct{} `cbor:",toarray"`
	Number uint64
	Signed int64
	Small  uint8
	Bytes  []byte
	Fixed  [4]byte
	Text   string
	Flag   bool
	List   [][]byte
	Inner  sampleMap
	Empty  map[int64]cose.Raw
}

type sampleMap struct {
	First  uint64 `cbor:"1,keyasint"`
	Second []byte `cbor:"4,keyasint"`
	Third  string `cbor:"-1,keyasint"`
	Absent []byte `cbor:"-65537,keyasint,omitempty"`
}

func newSample() sample {
	return sample{
		Number: 1000, Signed: -37, Small: 3, Bytes: []byte{1, 2, 3}, Fixed: [4]byte{9, 8, 7, 6}, Text: "wort", Flag: true,
		List:  [][]byte{{5}, {}},
		Inner: sampleMap{First: 3, Second: []byte{7}, Third: "x"},
	}
}

// The encoding below was written by hand from RFC 8949 §3 and §4.2.1.
const sampleHex = "8a" + "1903e8" + "3824" + "03" + "43010203" + "4409080706" + "64776f7274" + "f5" + "82410540" +
	"a30103044107206178" + "a0"

func TestMarshalDeterministic(t *testing.T) {
	cases := []struct {
		name  string
		value any
		want  string
	}{
		{"sample", newSample(), sampleHex},
		{"nil bytes are empty", []byte(nil), "40"},
		{"nil array is empty", [][]byte(nil), "80"},
		{"nil map is empty", map[int64]cose.Raw(nil), "a0"},
		{"fixed bytes", [3]byte{1, 2, 3}, "43010203"},
		{"0", uint64(0), "00"},
		{"23", uint64(23), "17"},
		{"24", uint64(24), "1818"},
		{"255", uint64(255), "18ff"},
		{"256", uint64(256), "190100"},
		{"65535", uint64(65535), "19ffff"},
		{"65536", uint64(65536), "1a00010000"},
		{"2^32-1", uint64(math.MaxUint32), "1affffffff"},
		{"2^32", uint64(1 << 32), "1b0000000100000000"},
		{"2^64-1", uint64(math.MaxUint64), "1bffffffffffffffff"},
		{"-1", int64(-1), "20"},
		{"-25", int64(-25), "3818"},
		{"-65537", int64(-65537), "3a00010000"},
		{"keys sort by their bytes", map[int64]cose.Raw{-1: {0}, 4: {0}, 24: {0}, 1: {0}, -65537: {0}}, "a50100040018180020003a0001000000"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := hex.EncodeToString(cose.Marshal(c.value)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestUnmarshalAccepts(t *testing.T) {
	data, _ := hex.DecodeString(sampleHex)
	var s sample
	if err := cose.Unmarshal(data, &s, len(data)); err != nil {
		t.Fatal(err)
	}
	if want := newSample(); s.Number != want.Number || s.Signed != want.Signed || s.Fixed != want.Fixed || s.Text != want.Text || !s.Flag {
		t.Errorf("decoded %+v", s)
	}
	for _, n := range []uint64{0, 23, 24, 255, 256, 65535, 65536, math.MaxUint32, math.MaxUint32 + 1, math.MaxUint64} {
		var got uint64
		if err := cose.Unmarshal(cose.Marshal(n), &got, 9); err != nil || got != n {
			t.Errorf("%d: %d, %v", n, got, err)
		}
	}
}

func TestUnmarshalRefusesEveryOtherEncoding(t *testing.T) {
	data, _ := hex.DecodeString(sampleHex)
	variants := mangle.Encodings(data)
	if len(variants) < 300 {
		t.Fatalf("only %d variants", len(variants))
	}
	// A signed number, a list of any length and a map with any keys may have these: they are other values.
	others := map[string]bool{"1/other sign": true, "7/one element fewer": true, "9/unknown key": true}
	for _, v := range variants {
		var s sample
		err := cose.Unmarshal(v.Bytes, &s, 1<<10)
		if others[v.Name] {
			if err != nil {
				t.Errorf("%s: %v", v.Name, err)
			}
			continue
		}
		refused(t, v.Name, err, cose.ErrMalformed)
	}
}

func TestUnmarshalRefuses(t *testing.T) {
	cases := []struct {
		name string
		hex  string
		into any
	}{
		{"negative into unsigned", "20", new(uint64)},
		{"number beyond its type", "190100", new(uint8)},
		{"number beyond 64 bits", "c249010000000000000000", new(uint64)},
		{"negative beyond 63 bits", "3b8000000000000000", new(int64)},
		{"float with a whole value", "f93c00", new(uint64)},
		{"NaN", "f97e00", new(uint64)},
		{"short fixed bytes", "43010203", new([4]byte)},
		{"long fixed bytes", "450102030405", new([4]byte)},
		{"array for fixed bytes", "8401020304", new([4]byte)},
		{"text for bytes", "63616263", new([]byte)},
		{"null for bytes", "f6", new([]byte)},
		{"null for an array", "f6", new([][]byte)},
		{"null for a map", "f6", new(map[int64]cose.Raw)},
		{"null for a number", "f6", new(uint64)},
		{"null for a text", "f6", new(string)},
		{"null for a flag", "f6", new(bool)},
		{"indefinite bytes", "5f4101ff", new([]byte)},
		{"indefinite text", "7f6161ff", new(string)},
		{"indefinite array", "9f4101ff", new([][]byte)},
		{"indefinite map", "bf0100ff", new(map[int64]cose.Raw)},
		{"tag", "c101", new(uint64)},
		{"duplicate key", "a201000101", new(map[int64]cose.Raw)},
		{"unordered keys", "a204000100", new(map[int64]cose.Raw)},
		{"text not UTF-8", "61ff", new(string)},
		{"text with a surrogate", "63eda080", new(string)},
		{"nested 17 deep", strings.Repeat("81", 17) + "00", new(cose.Raw)},
		{"array that claims 2^40 elements", "9b0000010000000000", new([][]byte)},
		{"bytes that claim 2^63", "5b8000000000000000", new([]byte)},
		{"map that claims 2^63 pairs", "bb8000000000000000", new(map[int64]cose.Raw)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			data, err := hex.DecodeString(c.hex)
			if err != nil {
				t.Fatal(err)
			}
			refused(t, c.hex, cose.Unmarshal(data, c.into, 1<<10), cose.ErrMalformed)
		})
	}
}

func TestUnmarshalLimit(t *testing.T) {
	data := cose.Marshal(make([]byte, 100))
	var b []byte
	if err := cose.Unmarshal(data, &b, len(data)); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	err := cose.Unmarshal(data, &b, len(data)-1)
	refused(t, "over the limit", err, cose.ErrTooLarge)
	refused(t, "over the limit", err, cose.ErrMalformed)
}

func TestErrorsHoldNoInput(t *testing.T) {
	secret := "hush, the marker stands here"
	for _, v := range mangle.Encodings(cose.Marshal([]any{secret, []byte(secret), map[int64]string{1: secret}})) {
		var s sample
		err := cose.Unmarshal(v.Bytes, &s, 1<<10)
		if err == nil || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), hex.EncodeToString([]byte("hush"))) {
			t.Errorf("%s: %v", v.Name, err)
		}
	}
}

// refused checks that err is of the wanted kind.
func refused(t *testing.T, name string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", name, err, want)
	}
}
