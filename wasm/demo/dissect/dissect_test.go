package dissect_test

import (
	"bytes"
	"slices"
	"testing"

	"sotto/wasm/cose"
	"sotto/wasm/demo/dissect"
)

// text writes parts the way they are read: depth, key, label, bytes, notation.
func labels(parts []dissect.Part) []string {
	var list []string
	for _, p := range parts {
		list = append(list, p.Label)
	}
	return list
}

func TestWalk(t *testing.T) {
	key := cose.Marshal(map[int64]any{1: 3, -1: []byte{1, 2}, -2: []byte{1, 0, 1}})
	parts := dissect.Walk(dissect.Key, key)
	if got := labels(parts); !slices.Equal(got, []string{"rsa-key", "kty", "modulus", "exponent"}) {
		t.Errorf("%q", got)
	}
	want := []dissect.Part{
		{Label: "rsa-key", Start: 0, End: 11, Open: "{", Close: "}"},
		{Label: "kty", Start: 1, End: 3, Depth: 1, Key: "1", Open: "3"},
		{Label: "modulus", Start: 3, End: 7, Depth: 1, Key: "-1", Open: "h'0102'"},
		{Label: "exponent", Start: 7, End: 12, Depth: 1, Key: "-2", Open: "h'010001'"},
	}
	want[0].End = len(key)
	if !slices.Equal(parts, want) {
		t.Errorf("%+v\nwant %+v", parts, want)
	}
}

// TestNewElements shows that what nobody has named is a part all the same.
func TestNewElements(t *testing.T) {
	body := cose.Marshal([]any{1, 1, []any{uint64(5), "hi", []byte{7}}, true, []any{}, map[int64]any{9: -3}})
	parts := dissect.Walk(dissect.Body, body)
	want := []string{"body", "body.kind", "body.version", "text", "text.time", "text.text", "", "", "", "", ""}
	if got := labels(parts); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	var shown []string
	for _, p := range parts[6:] {
		shown = append(shown, p.Open+p.Close)
	}
	if !slices.Equal(shown, []string{"h'07'", "true", "[]", "{}", "-3"}) {
		t.Errorf("%q", shown)
	}
}

// TestPieces divides what is no CBOR.
func TestPieces(t *testing.T) {
	weak := append(bytes.Repeat([]byte{1}, 384), bytes.Repeat([]byte{2}, 48)...)
	var sizes []int
	for _, p := range dissect.Walk(dissect.Weak, weak) {
		sizes = append(sizes, p.End-p.Start)
	}
	if !slices.Equal(sizes, []int{384, 16, 32}) {
		t.Errorf("%v", sizes)
	}
	if p, ok := dissect.Find(dissect.Walk(dissect.Weak, weak), "weak.iv"); !ok || p.Start != 384 {
		t.Errorf("%+v", p)
	}
	if _, ok := dissect.Find(nil, "weak.iv"); ok {
		t.Error("found in nothing")
	}
}

// FuzzWalk takes any bytes as any object: every part lies within them and within the part it belongs to.
func FuzzWalk(f *testing.F) {
	for _, data := range [][]byte{nil, {0x84, 0x41, 0xa0, 0xa0, 0x40, 0x40}, {0x9f}, {0xff}, {0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, bytes.Repeat([]byte{0x81}, 100)} {
		f.Add(data)
	}
	types := []dissect.Type{dissect.Key, dissect.Link, dissect.Prekey, dissect.Commit, dissect.Wrap, dissect.Content, dissect.Message, dissect.Weak, "none"}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, typ := range types {
			for _, p := range dissect.Walk(typ, data) {
				if p.Start < 0 || p.Start > p.End || p.End > len(data) {
					t.Errorf("%s: %+v in %d bytes", typ, p, len(data))
				}
			}
		}
	})
}
