package conversation_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/keys"
	"sotto/wasm/vectors/mangle"
	"sotto/wasm/vectors/seed"
	"sotto/wasm/vectors/table"
)

// FuzzOpen shows a device any event, before its first epoch and in one: it takes a position and nothing else.
func FuzzOpen(f *testing.F) {
	file, err := table.Load("opening")
	must(f, err)
	for _, c := range file.Cases {
		events, wraps := c.List("events"), c.List("wraps")
		last := len(events) - 1
		f.Add(uint8(1), events[last], wraps[last])
		f.Add(uint8(3), events[last], wraps[last])
	}
	w := worldOf(f, keys.Carol, keys.Dave) // not those of the vectors, whose events would be right
	w.commit(w.a)
	w.syncAll()
	before := w.fresh(w.b).c
	f.Fuzz(func(t *testing.T, kind uint8, event, wrap []byte) {
		for _, c := range []*conversation.Conversation{before, w.b.c} {
			next, out := c.Open(w.b.env, []conversation.Event{{Kind: epoch.Kind(kind), Event: event, Wrap: wrap}})
			if len(out) != 1 || next.Position() != c.Position()+1 || next.EpochID() != c.EpochID() || out[0].Err == nil {
				t.Errorf("an event that nobody sealed: %v", out)
			}
			if next.Stopped() != "" {
				t.Errorf("an event that nobody sealed stops the conversation: %s", next.Stopped())
			}
		}
	})
}

// FuzzContent seals and signs whatever comes, as a member could.
func FuzzContent(f *testing.F) {
	w := openWorld(f)
	g := w.newForged(w.a)
	seen := []any{uint64(g.seen.Position), g.seen.Log[:]}
	f.Add(cose.Marshal([]any{g.epoch[:], 0, seen, g.client, g.body}))
	f.Add([]byte{0x85, 0xf6, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, payload []byte) {
		if len(payload) > conversation.MaxBody {
			return
		}
		w.t = t
		g.payload = func([]byte) []byte { return payload }
		next, out := w.b.c.Open(w.b.env, []conversation.Event{{Kind: epoch.KindMessage, Event: g.stored().event}})
		if len(out) != 1 || next.Position() != 2 {
			t.Fatalf("%v", out)
		}
		if out[0].Err != nil {
			return
		}
		again := cose.Marshal([]any{g.epoch[:], 0, seen, out[0].Message.ClientID[:], out[0].Message.Body})
		if !bytes.Equal(again, payload) {
			t.Errorf("%x encodes otherwise again", payload)
		}
	})
}

func FuzzOpenReceipt(f *testing.F) {
	seed.Add(f, "receipt", "signal")
	w := openWorld(f)
	f.Add(w.b.receipt(1)[:100])
	f.Fuzz(func(t *testing.T, data []byte) {
		if next, _, err := w.a.c.OpenReceipt(w.a.env, data); err == nil || next.Stopped() != "" {
			t.Errorf("a receipt that nobody sealed: %v, stopped %q", err, next.Stopped())
		}
	})
}

func FuzzOpenWrap(f *testing.F) {
	seed.Add(f, "wrap", "bytes")
	w := openWorld(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _, err := conversation.OpenWrap(w.b.env, w.b.current, [32]byte{1}, account.DeviceID{2}, data)
		if !errors.Is(err, conversation.ErrWrapUnusable) {
			t.Errorf("%v", err)
		}
	})
}

func FuzzParseBody(f *testing.F) {
	seed.Add(f, "body", "bytes")
	f.Fuzz(func(t *testing.T, data []byte) {
		body, err := conversation.ParseBody(data)
		if err == nil && (!bytes.Equal(body.Encode(), data) || mangle.Canonical(data) != nil) {
			t.Errorf("%x encodes otherwise again", data)
		}
	})
}

func FuzzEmoji(f *testing.F) {
	for _, s := range []string{"👍🏽", "🇩🇪", "1️⃣", "👩🏻‍❤️‍💋‍👩🏻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "\u200d", "a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if conversation.Emoji(s) && (len(s) > conversation.MaxEmoji || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsLetter) && s != "ℹ" && s != "ℹ️") {
			t.Errorf("%q is an emoji", s)
		}
	})
}

func FuzzUnpad(f *testing.F) {
	seed.Add(f, "padding", "bytes")
	f.Fuzz(func(t *testing.T, data []byte) {
		object, err := conversation.Unpad(data)
		if err == nil && (!bytes.Equal(conversation.Pad(object), data) || int(binary.BigEndian.Uint32(data)) != len(object)) {
			t.Errorf("%x is padded otherwise again", data)
		}
	})
}

// FuzzDecode reads any stored state: what is read is written the same, and can be used without a panic.
func FuzzDecode(f *testing.F) {
	w := openWorld(f)
	w.seal(w.a, "x")
	twin := w.b.copied()
	w.prepare(twin)
	k := newClub(f, keys.Bob, keys.Carol)
	k.makeLink(2)
	k.lose()
	k.propose(keys.Alice)
	parted := newClub(f, keys.Bob, keys.Carol)
	parted.leave(keys.Carol)
	for _, c := range []*conversation.Conversation{
		conversation.New(w.id), w.a.c, w.b.c, twin.c, k.party(keys.Alice).c, k.party(keys.Bob).c, parted.party(keys.Bob).c,
	} {
		f.Add(c.Encode())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := conversation.Decode(data)
		if err != nil {
			return
		}
		if !bytes.Equal(c.Encode(), data) {
			t.Errorf("%x encodes otherwise again", data)
		}
		usable(w, c)
	})
}

// FuzzEnter shows somebody any commit as the one that lets it in.
func FuzzEnter(f *testing.F) {
	file, err := table.Load("entering")
	must(f, err)
	for _, c := range file.Cases {
		f.Add(c.Bytes("event"), c.Bytes("wrap"), true)
	}
	k := newClub(f, keys.Bob)
	secret := k.makeLink(1)
	ask := k.ask(keys.Dave, secret)
	commit := k.propose(keys.Bob, k.admitting(keys.Dave, ask))
	f.Add(commit.event, k.party(keys.Dave).wrapOf(commit), false)
	f.Fuzz(func(t *testing.T, event, wrap []byte, asked bool) {
		env := k.party(keys.Dave).env
		if !asked {
			env.LinkSecret = nil
		}
		c, out := conversation.Enter(env, k.id, nil, conversation.Event{Kind: epoch.KindCommit, Event: event, Wrap: wrap})
		if (c == nil) != (out.Err != nil) || c != nil && !bytes.Equal(event, commit.event) {
			t.Errorf("in by what nobody made: %v", out)
		}
	})
}

// FuzzParseGroup reads any state of a group that a member sealed.
func FuzzParseGroup(f *testing.F) {
	f.Add(cose.Marshal([]any{make([]byte, 16), "name", []any{}}))
	f.Add(cose.Marshal([]any{make([]byte, 16), "name", []any{[]any{make([]byte, 16), make([]byte, 32)}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		again, err := conversation.ParseGroup(data)
		if err == nil && (!bytes.Equal(again, data) || mangle.Canonical(data) != nil) {
			t.Errorf("%x encodes otherwise again", data)
		}
	})
}
