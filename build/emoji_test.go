package build_test

import (
	"encoding/json"
	"os"
	"testing"

	"sotto/wasm/conversation"
)

// TestEveryEmojiOfThePickerIsAReaction holds the rule for reactions against all emoji that the page offers.
func TestEveryEmojiOfThePickerIsAReaction(t *testing.T) {
	data, err := os.ReadFile("../frontend/assets/emoji.json")
	if err != nil {
		t.Fatal(err)
	}
	type emoji struct{ Emoji string }
	var all []struct {
		emoji
		Skins []emoji
	}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, one := range all {
		for _, e := range append(one.Skins, one.emoji) {
			if seen++; !conversation.Emoji(e.Emoji) {
				t.Errorf("%q is refused", e.Emoji)
			}
		}
	}
	if seen < 3000 {
		t.Errorf("%d emoji: the test looks in the wrong place", seen)
	}
}
