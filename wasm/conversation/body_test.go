package conversation_test

import (
	"encoding/hex"
	"reflect"
	"strings"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/mangle"
)

func TestBody(t *testing.T) {
	alice := account.ID{0xa1}
	for _, c := range []struct {
		body conversation.Body
		want string
	}{
		{conversation.Body{Kind: conversation.BodyText, Time: 1_800_000_000_123, Text: "hi"}, "830101821b000001a3185c507b626869"},
		{conversation.Body{Kind: conversation.BodyText, Text: "grüße 🙂"}, "83010182006c6772c3bcc39f6520f09f9982"},
		{conversation.Body{Kind: conversation.BodyText, Text: "\x00"}, "83010182006100"},
		{conversation.Body{Kind: conversation.BodyText, Time: 1, Text: "yes", Target: 7}, "830102840163796573" + "07" + "80"},
		{conversation.Body{Kind: conversation.BodyText, Time: 1, Text: "ä @b", Mentions: []conversation.Mention{{Account: alice, Start: 3, Length: 2}}},
			"8301028401" + "65c3a4204062" + "00" + "81835820a1" + strings.Repeat("00", 31) + "0302"},
		{conversation.Body{Kind: conversation.BodyEdit, Time: 1, Target: 300, Text: "no"}, "830201840119012c626e6f80"},
		{conversation.Body{Kind: conversation.BodyDelete, Time: 1, Target: 7}, "830301820107"},
		{conversation.Body{Kind: conversation.BodyReaction, Time: 1, Target: 7, Emoji: "👍", On: true}, "83040184010764f09f918df5"},
	} {
		body := c.body.Encode()
		if got := hex.EncodeToString(body); got != c.want {
			t.Errorf("%+v: %s, want %s", c.body, got, c.want)
		}
		got, err := conversation.ParseBody(body)
		if len(got.Mentions) == 0 {
			got.Mentions = nil
		}
		if err != nil || !reflect.DeepEqual(got, c.body) {
			t.Errorf("%+v: %+v, %v", c.body, got, err)
		}
	}
	longest := conversation.Text{Text: strings.Repeat("x", conversation.MaxText)}.Encode()
	if _, err := conversation.ParseBody(longest); err != nil {
		t.Error(err)
	}
}

func TestBodyNamesWhatWasSeen(t *testing.T) {
	edit := conversation.Body{Kind: conversation.BodyEdit, Target: 7, Text: "x"}
	must(t, edit.Within(epoch.Seen{Position: 7}))
	refusedError(t, edit.Within(epoch.Seen{Position: 6}), conversation.ErrTarget, conversation.CauseMalformed)
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
		{"another kind", body(5, 1, []any{0, "x"}), conversation.ErrNewer},
		{"kind 0", body(0, 1, []any{0, "x"}), conversation.ErrNewer},
		{"another version", body(1, 3, []any{0, "x", 7}), conversation.ErrNewer},
		{"another version of an edit", body(2, 2, 0), conversation.ErrNewer},
		{"another version of a deletion", body(3, 2, 0), conversation.ErrNewer},
		{"another version of a reaction", body(4, 2, 0), conversation.ErrNewer},
		{"version 2 without need", body(1, 2, []any{0, "x", 0, []any{}}), cose.ErrMalformed},
		{"edit of nothing", body(2, 1, []any{0, 0, "x", []any{}}), cose.ErrMalformed},
		{"edit to nothing", body(2, 1, []any{0, 7, "", []any{}}), cose.ErrMalformed},
		{"edit that is too long", body(2, 1, []any{0, 7, strings.Repeat("x", conversation.MaxText+1), []any{}}), cose.ErrMalformed},
		{"edit without mentions", body(2, 1, []any{0, 7, "x"}), cose.ErrMalformed},
		{"deletion of nothing", body(3, 1, []any{0, 0}), cose.ErrMalformed},
		{"deletion with more", body(3, 1, []any{0, 7, 1}), cose.ErrMalformed},
		{"reaction to nothing", body(4, 1, []any{0, 0, "👍", true}), cose.ErrMalformed},
		{"reaction with words", body(4, 1, []any{0, 7, "ok", true}), cose.ErrMalformed},
		{"reaction with two emoji", body(4, 1, []any{0, 7, "👍👍", true}), cose.ErrMalformed},
		{"reaction with a number for a flag", body(4, 1, []any{0, 7, "👍", 1}), cose.ErrMalformed},
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
	for _, b := range []conversation.Body{
		{Kind: conversation.BodyText, Time: 5, Text: "some words"},
		{Kind: conversation.BodyText, Time: 5, Text: "some words", Target: 7},
		{Kind: conversation.BodyEdit, Time: 5, Text: "some words", Target: 7},
		{Kind: conversation.BodyDelete, Time: 5, Target: 7},
		{Kind: conversation.BodyReaction, Time: 5, Target: 7, Emoji: "🎉"},
	} {
		for _, v := range mangle.Encodings(b.Encode()) {
			_, err := conversation.ParseBody(v.Bytes)
			refusedError(t, err, cose.ErrMalformed, conversation.CauseMalformed)
		}
	}
}

func TestMentionsThatAreRefused(t *testing.T) {
	const text = "ä @bob" // ä has two bytes
	mention := func(start, length uint64) conversation.Mention {
		return conversation.Mention{Start: start, Length: length}
	}
	for name, mentions := range map[string][]conversation.Mention{
		"empty":                 {mention(3, 0)},
		"behind the end":        {mention(7, 1)},
		"beyond the end":        {mention(3, 5)},
		"length that overflows": {mention(3, 1<<64-1)},
		"begins in a character": {mention(1, 2)},
		"ends in a character":   {mention(0, 1)},
		"overlapping":           {mention(3, 3), mention(5, 1)},
		"descending":            {mention(4, 1), mention(3, 1)},
		"too many":              make([]conversation.Mention, conversation.MaxMentions+1),
	} {
		for _, b := range []conversation.Body{
			{Kind: conversation.BodyText, Text: text, Mentions: mentions}, {Kind: conversation.BodyEdit, Text: text, Target: 1, Mentions: mentions},
		} {
			_, err := conversation.ParseBody(b.Encode())
			t.Run(name, func(t *testing.T) { refusedError(t, err, cose.ErrMalformed, conversation.CauseMalformed) })
		}
	}
	whole := conversation.Body{Kind: conversation.BodyText, Text: text, Mentions: []conversation.Mention{mention(0, 2), mention(2, 1), mention(3, 4)}}
	if _, err := conversation.ParseBody(whole.Encode()); err != nil {
		t.Error(err)
	}
}
