package conversation

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"sotto/wasm/check"
	"sotto/wasm/cose"
)

// minPadded hides how short a short message is: a signature alone has 384 bytes.
const minPadded = 768

// paddedSize is the Padmé size of n bytes (PURBs, Nikitin et al., PoPETs 2019, §4): at most 12 % more, and only
// O(log log n) bits of the length left to see. At least [minPadded].
func paddedSize(n int) int {
	if n <= minPadded {
		return minPadded
	}
	e := bits.Len(uint(n)) - 1 // floor(log2 n)
	s := bits.Len(uint(e))     // floor(log2 e) + 1
	mask := 1<<(e-s) - 1
	return (n + mask) &^ mask
}

// pad gives [ u32 length, big-endian ][ object ][ zeros ] of [paddedSize] bytes.
func pad(object []byte) []byte {
	padded := make([]byte, paddedSize(4+len(object)))
	binary.BigEndian.PutUint32(padded, uint32(len(object)))
	copy(padded[4:], object)
	return padded
}

// unpad is [pad] backwards and refuses what pad would not have made.
func unpad(padded []byte) ([]byte, error) {
	if len(padded) < minPadded {
		return nil, fmt.Errorf("%w: %d bytes", ErrPadding, len(padded))
	}
	n := int64(binary.BigEndian.Uint32(padded))
	if n > int64(len(padded)-4) || paddedSize(4+int(n)) != len(padded) && !check.Off(check.Padding) {
		return nil, fmt.Errorf("%w: length", ErrPadding)
	}
	var rest byte
	for _, b := range padded[4+n:] {
		rest |= b
	}
	if rest != 0 && !check.Off(check.Padding) {
		return nil, fmt.Errorf("%w: not zero", ErrPadding)
	}
	return padded[4 : 4+n], nil
}

// ErrPadding is a sealed content whose length or zeros are wrong.
var ErrPadding = fmt.Errorf("%w: padding", cose.ErrMalformed)
