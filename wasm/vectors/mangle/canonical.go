package mangle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unicode/utf8"
)

// ErrCanonical is data that is not one item in the deterministic encoding that Sotto's objects have.
var ErrCanonical = errors.New("not one item in deterministic encoding")

// Canonical checks that data is exactly one item in deterministic encoding (RFC 8949 §4.2.1) without floats, tags,
// null or undefined. It shares no code with what decodes, so that each can be tested by the other.
func Canonical(data []byte) error {
	rest, ok := canonical(data, 0)
	if !ok || len(rest) != 0 {
		return ErrCanonical
	}
	return nil
}

// canonical takes one item off data.
func canonical(data []byte, depth int) (rest []byte, ok bool) {
	if len(data) == 0 || depth > 32 {
		return nil, false
	}
	major := int(data[0] >> 5)
	if major == simple {
		return data[1:], data[0] == 0xf4 || data[0] == 0xf5
	}
	argument, rest, ok := smallest(data)
	if !ok {
		return nil, false
	}
	switch major {
	case unsigned, negative:
		return rest, true
	case byteText, utf8Text:
		if argument > uint64(len(rest)) || major == utf8Text && !utf8.Valid(rest[:argument]) {
			return nil, false
		}
		return rest[argument:], true
	case array:
		for range argument {
			if rest, ok = canonical(rest, depth+1); !ok {
				return nil, false
			}
		}
		return rest, true
	case pairs:
		return ascending(rest, argument, depth)
	}
	return nil, false
}

// smallest reads a head that has no shorter form.
func smallest(data []byte) (argument uint64, rest []byte, ok bool) {
	low := data[0] & 31
	if low < 24 {
		return uint64(low), data[1:], true
	}
	size := 1 << (low - 24)
	if low > 27 || len(data) < 1+size {
		return 0, nil, false
	}
	var wide [8]byte
	copy(wide[8-size:], data[1:1+size])
	argument = binary.BigEndian.Uint64(wide[:])
	least := []uint64{24, 1 << 8, 1 << 16, 1 << 32}[low-24]
	return argument, data[1+size:], argument >= least
}

// ascending reads the pairs of a map, whose keys ascend by their bytes.
func ascending(data []byte, count uint64, depth int) (rest []byte, ok bool) {
	var before []byte
	for i := range count {
		value, ok := canonical(data, depth+1)
		if !ok {
			return nil, false
		}
		key := data[:len(data)-len(value)]
		if i > 0 && bytes.Compare(before, key) >= 0 {
			return nil, false
		}
		if data, ok = canonical(value, depth+1); !ok {
			return nil, false
		}
		before = key
	}
	return data, true
}
