package conversation_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/vectors/mangle"
)

func TestBody(t *testing.T) {
	for _, c := range []struct {
		text conversation.Text
		want string
	}{
		{conversation.Text{Time: 1_800_000_000_123, Text: "hi"}, "830101821b000001a3185c507b626869"},
		{conversation.Text{Text: "grüße 🙂"}, "83010182006c6772c3bcc39f6520f09f9982"},
		{conversation.Text{Text: "\x00"}, "83010182006100"},
	} {
		body := c.text.Encode()
		if got := hex.EncodeToString(body); got != c.want {
			t.Errorf("%q: %s, want %s", c.text.Text, got, c.want)
		}
		got, err := conversation.ParseBody(body)
		if err != nil || got != c.text {
			t.Errorf("%q: %+v, %v", c.text.Text, got, err)
		}
	}
	longest := conversation.Text{Text: strings.Repeat("x", conversation.MaxText)}.Encode()
	if _, err := conversation.ParseBody(longest); err != nil {
		t.Error(err)
	}
}

func TestParseBodyRefuses(t *testing.T) {
	body := func(kind, version, content any) []byte { return cose.Marshal([]any{kind, version, content}) }
	for _, c := range []struct {
		name string
		body []byte
		want error
	}{
		{"no text", body(1, 1, []any{0, ""}), cose.ErrMalformed},
		{"too long", body(1, 1, []any{0, strings.Repeat("x", conversation.MaxText+1)}), cose.ErrMalformed},
		{"far too long", body(1, 1, []any{0, strings.Repeat("x", conversation.MaxBody)}), cose.ErrTooLarge},
		{"another kind", body(2, 1, []any{0, "x"}), conversation.ErrNewer},
		{"kind 0", body(0, 1, []any{0, "x"}), conversation.ErrNewer},
		{"another version", body(1, 2, []any{0, "x", 7}), conversation.ErrNewer},
		{"another kind, anything in it", body(77, 1, map[int]any{1: "x"}), conversation.ErrNewer},
		{"text as bytes", body(1, 1, []any{0, []byte("x")}), cose.ErrMalformed},
		{"text alone", body(1, 1, "x"), cose.ErrMalformed},
		{"time before 1970", body(1, 1, []any{-1, "x"}), cose.ErrMalformed},
		{"empty", nil, cose.ErrMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := conversation.ParseBody(c.body)
			if c.want == conversation.ErrNewer {
				refusedError(t, err, c.want, conversation.CauseRule)
			} else {
				refusedError(t, err, c.want, conversation.CauseMalformed)
			}
			if text.Text != "" {
				t.Error("refused, and yet there is a text")
			}
		})
	}
	for _, v := range mangle.Encodings(conversation.Text{Time: 5, Text: "some words"}.Encode()) {
		_, err := conversation.ParseBody(v.Bytes)
		refusedError(t, err, cose.ErrMalformed, conversation.CauseMalformed)
	}
}
