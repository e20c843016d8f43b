package rawtext_test

import (
	"bytes"
	"testing"

	"sotto/build/rawtext"
)

func TestEveryByte(t *testing.T) {
	var all []byte
	for a := range 256 {
		for _, b := range []byte{0, '\r', '\n', '<', '=', '@', 'M', '|', '}', 255} {
			all = append(all, byte(a), b)
		}
	}
	text := rawtext.Encode(all)
	if bytes.ContainsAny(text, "\x00\r<") {
		t.Error("the text has what a page does not keep")
	}
	if !bytes.Equal(rawtext.Decode(text), all) {
		t.Error("another text was read")
	}
	if got := rawtext.Decode([]byte("a=")); string(got) != "a" {
		t.Errorf("a cut text gives %q", got)
	}
}
