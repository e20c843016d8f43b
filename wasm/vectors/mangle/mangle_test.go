package mangle_test

import (
	"bytes"
	"encoding/hex"
	"testing"

	"sotto/wasm/vectors/mangle"
)

func TestEncodings(t *testing.T) {
	// { 1: h'aabb', 4: [ "x", -37 ] }
	data, _ := hex.DecodeString("a20142aabb048261783824")
	want := map[string]string{
		"trailing zero":              "a20142aabb04826178382400",
		"head of 2 bytes":            "b8020142aabb048261783824",
		"0/head of 9 bytes":          "a21b000000000000000142aabb048261783824",
		"1/array for bytes":          "a2018218aa18bb048261783824",
		"1/indefinite":               "a2015f42aabbff048261783824",
		"pairs 0 and 1 exchanged":    "a20482617838240142aabb",
		"pair 0 twice":               "a30142aabb0142aabb048261783824",
		"3/1/double":                 "a20142aabb04826178fbc042800000000000",
		"3/0/not UTF-8":              "a20142aabb048261ff3824",
		"3/indefinite":               "a20142aabb049f61783824ff",
		"3/one element fewer":        "a20142aabb04816178",
		"unknown key":                "a30142aabb0482617838243b000000010000000000",
		"3/1/big number":             "a20142aabb04826178c3480000000000000024",
		"1/null":                     "a201f6048261783824",
		"1/bytes and text exchanged": "a20162aabb048261783824",
	}
	found := map[string][]byte{}
	for _, v := range mangle.Encodings(data) {
		if bytes.Equal(v.Bytes, data) {
			t.Errorf("%s: changes nothing", v.Name)
		}
		if _, ok := found[v.Name]; ok {
			t.Errorf("%s: twice", v.Name)
		}
		found[v.Name] = v.Bytes
	}
	for name, bytes := range want {
		if got := hex.EncodeToString(found[name]); got != bytes {
			t.Errorf("%s: %s, want %s", name, got, bytes)
		}
	}
}

func TestResized(t *testing.T) {
	data, _ := hex.DecodeString("8241aa40")
	want := map[string]string{
		"0/one byte longer": "8242aa0040", "0/one byte shorter": "824040", "0/empty": "824040", "1/one byte longer": "8241aa4100",
	}
	variants := mangle.Resized(data)
	if len(variants) != len(want) {
		t.Errorf("%d variants, want %d", len(variants), len(want))
	}
	for _, v := range variants {
		if hex.EncodeToString(v.Bytes) != want[v.Name] {
			t.Errorf("%s: %x", v.Name, v.Bytes)
		}
	}
}
