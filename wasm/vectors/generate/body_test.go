//go:build !js

package generate

import (
	"bytes"
	"fmt"
	"strings"

	"sotto/wasm/cose"
)

// said is a body of a kind and version.
func said(kind, version, content any) values {
	return values{"bytes": cose.Marshal([]any{kind, version, content})}
}

func bodies(m *maker) {
	m.About = "The body of a message. in: bytes. out: time (milliseconds); of a text and an edit text and, where there are any, mentions " +
		"(account:start:length, separated by spaces); target (of a text what it answers); of a reaction emoji and on."
	for _, c := range []struct {
		name, text string
		time       uint64
	}{{"a word", "hi", 1_800_000_000_123}, {"letters of many kinds", "grüße 🙂\n\tשלום", 0}, {"a zero byte", "\x00", 1}} {
		m.accept(c.name, values{"bytes": cose.Marshal([]any{1, 1, []any{c.time, c.text}})}, values{"time": c.time, "text": c.text})
	}
	m.refuse("no text", "malformed", said(1, 1, []any{0, ""}))
	m.refuse("text as bytes", "malformed", said(1, 1, []any{0, []byte("x")}))
	m.refuse("time before 1970", "malformed", said(1, 1, []any{-1, "x"}))
	m.refuse("another kind", "newer", said(5, 1, []any{0, "x"}))
	m.refuse("another version", "newer", said(1, 3, []any{0, "x"}))
	m.refuse("another kind with anything in it", "newer", said(7, 1, map[int]any{1: []byte{1}}))
	m.bodyEncodings("", 1000, 1, 1, []any{5, "text"})
	m.answers()
	m.edits()
	m.deletions()
	m.reactions()
}

func (m *maker) bodyEncodings(what string, n int, kind, version, content any) {
	m.otherEncodings(what, cose.Marshal([]any{kind, version, content}), n, func(b []byte) values { return values{"bytes": b} })
}

var (
	someone  = bytes.Repeat([]byte{0xa1}, 32)
	somebody = bytes.Repeat([]byte{0xb0}, 32)
)

// mentioning is a text whose first character has two bytes.
const mentioning = "ä @bob!"

func mention(account []byte, start, length any) []any { return []any{account, start, length} }

// answers are texts of version 2.
func (m *maker) answers() {
	const time = uint64(1_800_000_000_123)
	bob := mention(someone, 3, 4)
	named := fmt.Sprintf("%x:3:4", someone)
	m.accept("an answer", said(1, 2, []any{time, "yes", 41, []any{}}), values{"time": time, "text": "yes", "target": 41})
	m.accept("a mention", said(1, 2, []any{time, mentioning, 0, []any{bob}}), values{"time": time, "text": mentioning, "target": 0, "mentions": named})
	m.accept("an answer with two mentions", said(1, 2, []any{time, mentioning, 1, []any{mention(somebody, 0, 2), bob}}),
		values{"time": time, "text": mentioning, "target": 1, "mentions": fmt.Sprintf("%x:0:2 %s", somebody, named)})
	m.refuse("version 2 without need", "malformed", said(1, 2, []any{time, "yes", 0, []any{}}))
	m.refuse("an answer without text", "malformed", said(1, 2, []any{time, "", 41, []any{}}))
	m.refuse("an answer to a negative position", "malformed", said(1, 2, []any{time, "yes", -1, []any{}}))
	m.refuse("mentions that are missing", "malformed", said(1, 2, []any{time, "yes", 41}))
	for _, c := range []struct {
		name     string
		mentions []any
	}{
		{"a mention of nothing", []any{mention(someone, 3, 0)}},
		{"a mention behind the end", []any{mention(someone, 8, 1)}},
		{"a mention beyond the end", []any{mention(someone, 3, 6)}},
		{"a mention whose end overflows", []any{mention(someone, 3, uint64(1<<64-1))}},
		{"a mention that begins in a character", []any{mention(someone, 1, 2)}},
		{"a mention that ends in a character", []any{mention(someone, 0, 1)}},
		{"mentions that overlap", []any{mention(someone, 3, 3), mention(somebody, 5, 1)}},
		{"mentions that descend", []any{mention(someone, 4, 1), mention(somebody, 3, 1)}},
		{"a mention of 31 bytes", []any{mention(someone[1:], 3, 4)}},
		{"a mention of two elements", []any{[]any{someone, 3}}},
	} {
		m.refuse(c.name, "malformed", said(1, 2, []any{time, mentioning, 0, c.mentions}))
	}
	many := make([]any, 101)
	for i := range many {
		many[i] = mention(someone, i, 1)
	}
	m.refuse("101 mentions", "malformed", said(1, 2, []any{time, strings.Repeat("x", 200), 0, many}))
	m.bodyEncodings("an answer,", 15, 1, 2, []any{5, "text", 7, []any{}})
}

func (m *maker) edits() {
	const time = uint64(1_800_000_000_123)
	m.accept("an edit", said(2, 1, []any{time, 300, "no", []any{}}), values{"time": time, "target": 300, "text": "no"})
	m.accept("an edit with a mention", said(2, 1, []any{time, 300, mentioning, []any{mention(someone, 3, 4)}}),
		values{"time": time, "target": 300, "text": mentioning, "mentions": fmt.Sprintf("%x:3:4", someone)})
	m.refuse("an edit of nothing", "malformed", said(2, 1, []any{time, 0, "no", []any{}}))
	m.refuse("an edit to nothing", "malformed", said(2, 1, []any{time, 300, "", []any{}}))
	m.refuse("an edit with a mention beyond the end", "malformed", said(2, 1, []any{time, 300, "no", []any{mention(someone, 0, 3)}}))
	m.refuse("an edit of a newer version", "newer", said(2, 2, []any{time, 300, "no", []any{}}))
	m.bodyEncodings("an edit,", 15, 2, 1, []any{5, 7, "text", []any{}})
}

func (m *maker) deletions() {
	m.accept("a deletion", said(3, 1, []any{9, 300}), values{"time": 9, "target": 300})
	m.refuse("a deletion of nothing", "malformed", said(3, 1, []any{9, 0}))
	m.refuse("a deletion with a reason", "malformed", said(3, 1, []any{9, 300, "why"}))
	m.refuse("a deletion of a newer version", "newer", said(3, 2, []any{9, 300}))
	m.bodyEncodings("a deletion,", 15, 3, 1, []any{5, 7})
}

func (m *maker) reactions() {
	for _, c := range [][2]string{
		{"a reaction", "👍"}, {"a reaction with a skin tone", "👍🏽"}, {"a reaction with a style", "❤️"}, {"a reaction with a flag", "🇩🇪"},
		{"a reaction with a keycap", "1️⃣"}, {"a reaction with joined emoji", "👩🏻‍❤️‍💋‍👩🏻"}, {"a reaction with tags", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"},
		{"a reaction with an emoji to come", "\U0001faff"},
	} {
		m.accept(c[0], said(4, 1, []any{9, 300, c[1], true}), values{"time": 9, "target": 300, "emoji": c[1], "on": true})
	}
	m.accept("a reaction taken away", said(4, 1, []any{9, 300, "👍", false}), values{"time": 9, "target": 300, "emoji": "👍", "on": false})
	m.refuse("a reaction to nothing", "malformed", said(4, 1, []any{9, 0, "👍", true}))
	m.refuse("a reaction with a number for a flag", "malformed", said(4, 1, []any{9, 300, "👍", 1}))
	m.refuse("a reaction of a newer version", "newer", said(4, 2, []any{9, 300, "👍", true}))
	for _, c := range [][2]string{
		{"without emoji", ""}, {"with a word", "ok"}, {"with a digit", "1"}, {"with two emoji", "👍👍"}, {"with half a flag", "🇩"}, {"with three letters of flags", "🇩🇪🇩"},
		{"with a joined flag", "🇩🇪\u200d👍"}, {"with a joiner at the end", "👍\u200d"}, {"with a style alone", "\ufe0f"}, {"with text style", "❤\ufe0e"},
		{"with tags without an end", "🏴\U000e0067"}, {"with an end without tags", "🏴\U000e007f"}, {"with a keycap without style", "1\u20e3"},
		{"with a mark", "👍\u0301"}, {"with an override", "👍\u202e"}, {"with 67 bytes", "👍" + strings.Repeat("\u200d👍", 9)},
	} {
		m.refuse("a reaction "+c[0], "malformed", said(4, 1, []any{9, 300, c[1], true}))
	}
	m.bodyEncodings("a reaction,", 15, 4, 1, []any{5, 7, "👍", true})
}
