package epoch_test

import (
	"crypto/sha256"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/mangle"
)

func conversationID() epoch.ConversationID {
	var id epoch.ConversationID
	for i := range id {
		id[i] = byte(i)
	}
	return id
}

// The values were computed by another program, in another language.
func TestLogChain(t *testing.T) {
	c := conversationID()
	first, second := sha256.Sum256([]byte("first")), sha256.Sum256([]byte("second"))
	l0 := epoch.LogStart(c)
	l1 := epoch.LogNext(c, 1, l0, epoch.KindCommit, first)
	l2 := epoch.LogNext(c, 2, l1, epoch.KindMessage, second)
	for i, want := range []string{
		"7b512e43de4e5d32bd9a01c4510e8855f5850aea780920edd0b191589f071569",
		"a4d2d1fd21e3b340810c89a442e95a3c2699e3f5a10193b1f300237f71ec7251",
		"8c606693631b8cb90ad04879c43fcf4d216dbd9afdbb57e4a2a09f8beffe9c7e",
	} {
		if got := epoch.ID([]epoch.LogHash{l0, l1, l2}[i]).String(); got != want {
			t.Errorf("L[%d] = %s, want %s", i, got, want)
		}
	}
}

func TestLogBindsEverything(t *testing.T) {
	c, other := conversationID(), conversationID()
	other[0] ^= 1
	event := sha256.Sum256([]byte("event"))
	base := epoch.LogNext(c, 5, epoch.LogHash{1}, epoch.KindMessage, event)
	for name, got := range map[string]epoch.LogHash{
		"conversation": epoch.LogNext(other, 5, epoch.LogHash{1}, epoch.KindMessage, event),
		"position":     epoch.LogNext(c, 6, epoch.LogHash{1}, epoch.KindMessage, event),
		"before":       epoch.LogNext(c, 5, epoch.LogHash{2}, epoch.KindMessage, event),
		"kind":         epoch.LogNext(c, 5, epoch.LogHash{1}, epoch.KindCommit, event),
		"event":        epoch.LogNext(c, 5, epoch.LogHash{1}, epoch.KindMessage, [32]byte{}),
	} {
		if got == base {
			t.Errorf("another %s, the same hash", name)
		}
	}
	if epoch.LogStart(c) == epoch.LogStart(other) {
		t.Error("two conversations start alike")
	}
}

func TestDirectID(t *testing.T) {
	var a, b account.ID
	for i := range a {
		a[i], b[i] = byte(i), byte(255-i)
	}
	if got := epoch.DirectID(a, b).String(); got != "4c48506e8a147be4d8ca5063fef71758" {
		t.Errorf("%s", got)
	}
	if epoch.DirectID(a, b) != epoch.DirectID(b, a) || epoch.DirectID(a, b) == epoch.DirectID(a, a) {
		t.Error("the order counts, or the accounts do not")
	}
}

// sealedWith is a message whose place is any bytes, or none.
func sealedWith(place []byte) []byte {
	header := map[int64]any{1: 3, 5: make([]byte, cose.NonceSize), 16: epoch.TypeMessage}
	if place != nil {
		header[-65537] = 0 // the last key, so that its value is the last byte
	}
	protected := cose.Marshal(header)
	if place != nil {
		protected = append(protected[:len(protected)-1], place...)
	}
	associated := cose.Marshal([]any{"Encrypt0", protected, []byte{}})
	sealed := cose.Native{}.AEAD(cose.Secret{}).Seal(nil, make([]byte, cose.NonceSize), make([]byte, 100), associated)
	return cose.Marshal([]any{protected, map[int64]any{}, sealed})
}

func TestParseSealed(t *testing.T) {
	c := conversationID()
	want := epoch.Place{Conversation: c, Number: 3, Index: 1, Generation: 1000}
	place := cose.Marshal([]any{c[:], 3, 1, 1000})
	s, err := epoch.ParseSealed(sealedWith(place), epoch.TypeMessage, 1024)
	must(t, err)
	if s.Place != want {
		t.Errorf("place %+v, want %+v", s.Place, want)
	}
	if _, err := s.Open(cose.Native{}.AEAD(cose.Secret{}), nil); err != nil {
		t.Error(err)
	}
}

func TestParseSealedRefuses(t *testing.T) {
	c := conversationID()
	good := cose.Marshal([]any{c[:], 3, 1, 1000})
	cases := []struct {
		name string
		data []byte
		typ  cose.Type
		want error
	}{
		{"a signal for a message", sealedWith(good), epoch.TypeSignal, cose.ErrType},
		{"no place", sealedWith(nil), epoch.TypeMessage, cose.ErrMalformed},
		{"place null", sealedWith(cose.Raw{0xf6}), epoch.TypeMessage, cose.ErrMalformed},
		{"place of three", sealedWith(cose.Marshal([]any{c[:], 3, 1})), epoch.TypeMessage, cose.ErrMalformed},
		{"place of five", sealedWith(cose.Marshal([]any{c[:], 3, 1, 1000, 0})), epoch.TypeMessage, cose.ErrMalformed},
		{"conversation of 15 bytes", sealedWith(cose.Marshal([]any{c[1:], 3, 1, 1000})), epoch.TypeMessage, cose.ErrMalformed},
		{"conversation of 17 bytes", sealedWith(cose.Marshal([]any{append(c[:], 0), 3, 1, 1000})), epoch.TypeMessage, cose.ErrMalformed},
		{"negative number", sealedWith(cose.Marshal([]any{c[:], -3, 1, 1000})), epoch.TypeMessage, cose.ErrMalformed},
		{"long place", sealedWith(cose.Marshal(make([]byte, 100))), epoch.TypeMessage, cose.ErrMalformed},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			_, err := epoch.ParseSealed(k.data, k.typ, 1024)
			refused(t, k.name, err, k.want)
		})
	}
	for _, v := range mangle.Encodings(good) {
		_, err := epoch.ParseSealed(sealedWith(append([]byte{}, v.Bytes...)), epoch.TypeMessage, 1024)
		refused(t, v.Name, err, cose.ErrMalformed)
	}
}
