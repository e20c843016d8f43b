package conversation_test

import (
	"bytes"
	"testing"

	"sotto/wasm/conversation"
)

// The sizes were computed by another program, in another language.
func TestPaddedSize(t *testing.T) {
	for n, want := range map[int]int{
		0: 768, 1: 768, 767: 768, 768: 768, 769: 800, 800: 800, 1000: 1024, 1023: 1024, 1024: 1024, 1025: 1088, 2000: 2048,
		4096: 4096, 4097: 4352, 10000: 10240, 65536: 65536, 66200: 67584, 100000: 100352, 131072: 131072,
	} {
		if got := conversation.PaddedSize(n); got != want {
			t.Errorf("%d bytes are padded to %d, want %d", n, got, want)
		}
	}
}

func TestPad(t *testing.T) {
	for _, n := range []int{0, 1, 763, 764, 765, 796, 797, 5000, 100_000} {
		object := bytes.Repeat([]byte{0xee}, n)
		padded := conversation.Pad(object)
		if len(padded) != conversation.PaddedSize(n+4) {
			t.Errorf("%d bytes: padded to %d", n, len(padded))
		}
		got, err := conversation.Unpad(padded)
		if err != nil || !bytes.Equal(got, object) {
			t.Errorf("%d bytes: %d bytes, %v", n, len(got), err)
		}
	}
}

func TestUnpadRefuses(t *testing.T) {
	right := conversation.Pad(bytes.Repeat([]byte{0xee}, 900))
	changed := func(at int, b byte) []byte {
		c := bytes.Clone(right)
		c[at] = b
		return c
	}
	for name, padded := range map[string][]byte{
		"nothing": nil, "three bytes": {0, 0, 0}, "shorter than the least": right[:767], "one byte too short": right[:len(right)-1],
		"one byte too long": append(bytes.Clone(right), 0), "last byte not zero": changed(len(right)-1, 1),
		"first byte of the padding not zero": changed(4+900, 1), "length one too small": changed(3, right[3]-1),
		"length of another size": changed(2, 0), "length beyond the end": changed(2, 4), "length beyond all": changed(0, 0xff),
		"the least for what needs less": append(conversation.Pad(nil), make([]byte, 32)...),
	} {
		_, err := conversation.Unpad(padded)
		refusedError(t, err, conversation.ErrPadding, conversation.CauseMalformed)
		if err == nil {
			t.Error(name)
		}
	}
}
