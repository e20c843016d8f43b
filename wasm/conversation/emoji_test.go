package conversation_test

import (
	"strings"
	"testing"

	"sotto/wasm/conversation"
)

func TestEmoji(t *testing.T) {
	for _, s := range []string{
		"👍", "❤", "❤️", "👍🏽", "🇩🇪", "1️⃣", "#️⃣", "*️⃣", "©", "™", "ℹ️", "↔️", "⌚", "Ⓜ️", "☕", "⤴️", "⭐", "〰️", "〽️", "㊗️", "㊙️", "🀄",
		"👩‍❤️‍💋‍👨", "👩🏻‍❤️‍💋‍👩🏻", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🧑🏾‍🚀", "🏃🏿‍♀️‍➡️", "🫩", "🐈‍⬛", "❤️‍🔥", "\U0001faff",
	} {
		if !conversation.Emoji(s) {
			t.Errorf("%q (%x) is none", s, s)
		}
	}
	for name, s := range map[string]string{
		"nothing": "", "a letter": "a", "a word": "ok", "a digit": "1", "two": "👍👍", "one with a letter": "👍a", "a letter with one": "a👍",
		"half a flag": "🇩", "three letters of flags": "🇩🇪🇩", "a flag joined": "🇩🇪\u200d👍", "a joiner alone": "\u200d", "a joiner at the end": "👍\u200d",
		"a joiner at the beginning": "\u200d👍", "two joiners": "👍\u200d\u200d👍", "a style alone": "\ufe0f", "two styles": "❤\ufe0f\ufe0f",
		"text style": "❤\ufe0e", "tags without an end": "🏴\U000e0067", "an end without tags": "🏴\U000e007f", "a keycap without style": "1\u20e3",
		"a keycap of a letter": "a\ufe0f\u20e3", "bytes": "\xf0\x9f", "a space": " ", "a mark": "👍\u0301", "an override": "👍\u202e",
		"too long": "👍" + strings.Repeat("\u200d👍", 9), "tags of another kind": "🏴\U000e0001\U000e007f", "a replacement": "\ufffd",
	} {
		if conversation.Emoji(s) {
			t.Errorf("%s: %q is one", name, s)
		}
	}
}
