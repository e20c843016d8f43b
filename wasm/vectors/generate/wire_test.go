//go:build !js

package generate

import (
	"sotto/wasm/cose"
)

func frames(m *maker) {
	m.About = "A frame. in: bytes. out: kind, id, body (the array as it is encoded)."
	id16, id32 := random(16), random(32)
	event := []any{7, 1, []byte{1}, []byte{2}}
	head := []any{id16, 9, 3}
	frame := func(kind, id any, body any) []byte { return cose.Marshal([]any{kind, id, body}) }
	for _, c := range []struct {
		name string
		kind int
		id   int
		body []any
	}{
		{"register", 1, 1, []any{[]byte{1}, []byte{2}, "alice", []byte{3}}},
		{"login", 2, 1, []any{[]byte{1}}},
		{"lookup", 3, 2, []any{"bob"}},
		{"chain", 4, 3, []any{id32, 0}},
		{"prekey", 5, 4, []any{[]byte{1}}},
		{"commit", 6, 5, []any{id16, []byte{1}, []any{[]byte{}, []byte{2}}}},
		{"message", 7, 6, []any{id16, []byte{1}}},
		{"fetch", 8, 7, []any{id16, 0}},
		{"conversations", 9, 8, []any{[]byte{}}},
		{"receipt", 10, 9, []any{id16, []byte{1}}},
		{"cursor", 11, 10, []any{id16, 7}},
		{"ask to be let in", 12, 11, []any{id16, []byte{1}, id32}},
		{"ask to be let back in", 12, 11, []any{id16, []byte{1}, []byte{}}},
		{"ask no more", 12, 12, []any{id16, []byte{}, []byte{}}},
		{"leave", 13, 13, []any{id16, []byte{1}}},
		{"activity", 14, 14, []any{id16, []byte{1}}},
		{"hello", 64, 0, []any{id32, 1_800_000_000_000, "http://localhost:8080"}},
		{"error", 65, 5, []any{11, 3}},
		{"done", 66, 1, []any{}},
		{"account", 67, 2, []any{id32}},
		{"chain page", 68, 3, []any{"bob", []any{[]byte{1}}, []any{[]byte{2}}, false}},
		{"heads", 69, 4, []any{[]any{head}}},
		{"stored", 70, 5, []any{12}},
		{"page", 71, 7, []any{[]any{event}, head, []any{[]byte{4}}, []any{}, []any{}}},
		{"first page of a newcomer", 71, 7, []any{
			[]any{event}, head, []any{}, []any{[]any{3, id32}, []any{2, id32}}, []any{[]any{[]byte{1}, id32}, []any{[]byte{2}, []byte{}}},
		}},
		{"conversation page", 72, 8, []any{[]any{head}, true}},
		{"event push", 80, 0, []any{id16, event}},
		{"receipt push", 81, 0, []any{id16, 4, []byte{1}}},
		{"ask push", 82, 0, []any{id16, []byte{1}, id32}},
		{"activity push", 83, 0, []any{id16, []byte{1}}},
	} {
		m.accept(c.name, values{"bytes": frame(c.kind, c.id, c.body)}, values{"kind": c.kind, "id": c.id, "body": cose.Marshal(c.body)})
	}
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"lookup of a number", frame(3, 1, []any{7})},
		{"lookup without a handle", frame(3, 1, []any{})},
		{"lookup with more", frame(3, 1, []any{"bob", 1})},
		{"chain of 31 bytes", frame(4, 1, []any{id32[1:], 0})},
		{"fetch of 17 bytes", frame(8, 1, []any{append(id16, 0), 0})},
		{"fetch after a negative position", frame(8, 1, []any{id16, -1})},
		{"message that is an array", frame(7, 1, []any{id16, []any{1}})},
		{"commit whose wraps are null", frame(6, 1, []any{id16, []byte{1}, nil})},
		{"ask without a tag", frame(12, 1, []any{id16, []byte{1}})},
		{"leave of 15 bytes", frame(13, 1, []any{id16[1:], []byte{1}})},
		{"page without what came before", frame(71, 1, []any{[]any{event}, head, []any{}})},
		{"page with a hash of 31 bytes", frame(71, 1, []any{[]any{event}, head, []any{}, []any{[]any{3, id32[1:]}}, []any{}})},
		{"page with a hash of a kind beyond its size", frame(71, 1, []any{[]any{event}, head, []any{}, []any{[]any{256, id32}}, []any{}})},
		{"page with an ask that is bytes", frame(71, 1, []any{[]any{event}, head, []any{}, []any{}, []any{[]byte{1}}})},
		{"hello with a nonce of 16 bytes", frame(64, 0, []any{id16, 1, "x"})},
		{"event of a kind beyond its size", frame(80, 0, []any{id16, []any{7, 256, []byte{1}, []byte{}}})},
		{"body that is no array", frame(66, 1, 0)},
		{"kind that is text", frame("3", 1, []any{"bob"})},
		{"negative id", frame(3, -1, []any{"bob"})},
		{"handle that is not UTF-8", []byte{0x83, 3, 1, 0x81, 0x61, 0xff}},
		{"empty", nil},
	} {
		m.refuse(c.name, "malformed", values{"bytes": c.data})
	}
	m.otherEncodings("lookup:", frame(3, 1, []any{"bob"}), 1000, func(b []byte) values { return values{"bytes": b} })
}
