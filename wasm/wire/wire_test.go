package wire_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/mangle"
	"sotto/wasm/wire"
)

func conversation() epoch.ConversationID { return epoch.ConversationID([]byte("0123456789abcdef")) }

// frameCase is a body with its frame, and a function that reads such a frame.
type frameCase struct {
	name string
	kind wire.Kind
	body wire.Body
	read func(wire.Frame) (wire.Body, error)
}

func of[B any, P interface {
	*B
	wire.Body
}](name string, kind wire.Kind, body B) frameCase {
	return frameCase{name: name, kind: kind, body: P(&body), read: func(f wire.Frame) (wire.Body, error) {
		var b B
		err := wire.DecodeBody(f, P(&b))
		return P(&b), err
	}}
}

// frames has every kind there is.
func frames() []frameCase {
	c := conversation()
	event := wire.Event{Position: 7, Kind: epoch.KindCommit, Event: []byte{1}, Wrap: []byte{2}}
	head := wire.Head{Conversation: c, Position: 9, Receipts: 3}
	return []frameCase{
		of("register", 1, wire.Register{Link: []byte{1}, Prekey: []byte{2}, Handle: "alice", Login: []byte{3}}),
		of("login", 2, wire.Login{Login: []byte{1}}),
		of("lookup", 3, wire.Lookup{Handle: "bob"}),
		of("chain", 4, wire.Chain{Account: account.ID{1}, From: 3}),
		of("prekey", 5, wire.Prekey{Prekey: []byte{1}}),
		of("commit", 6, wire.Commit{Conversation: c, Commit: []byte{1}, Wraps: [][]byte{{}, {2}}}),
		of("message", 7, wire.Message{Conversation: c, Event: []byte{1}}),
		of("fetch", 8, wire.Fetch{Conversation: c, After: 1 << 40}),
		of("conversations", 9, wire.Conversations{After: c[:]}),
		of("conversations from the start", 9, wire.Conversations{After: []byte{}}),
		of("receipt", 10, wire.Receipt{Conversation: c, Signal: []byte{1}}),
		of("cursor", 11, wire.Cursor{Conversation: c, Position: 5}),
		of("ask to be let in", 12, wire.Ask{Conversation: c, Ask: []byte{1}, Tag: make([]byte, 32)}),
		of("ask to be let back in", 12, wire.Ask{Conversation: c, Ask: []byte{1}, Tag: []byte{}}),
		of("ask no more", 12, wire.Ask{Conversation: c, Ask: []byte{}, Tag: []byte{}}),
		of("leave", 13, wire.Leave{Conversation: c, Event: []byte{1}}),
		of("activity", 14, wire.Activity{Conversation: c, Signal: []byte{1}}),
		of("hello", 64, wire.Hello{Nonce: [32]byte{1}, Time: 1_800_000_000_000, Origin: "http://localhost:8080"}),
		of("error", 65, wire.Error{Code: wire.CodeTooLarge, Detail: 1 << 20}),
		of("done", 66, wire.Done{}),
		of("account", 67, wire.Account{Account: account.ID{1}}),
		of("chain page", 68, wire.ChainPage{Handle: "bob", Links: [][]byte{{1}}, Prekeys: [][]byte{{2}}, More: true}),
		of("heads", 69, wire.Heads{Heads: []wire.Head{head}}),
		of("stored", 70, wire.Stored{Position: 12}),
		of("page", 71, wire.Page{
			Events: []wire.Event{event}, Head: head, Receipts: [][]byte{{4}}, Before: []wire.EventHash{}, Asks: []wire.Asked{},
		}),
		of("first page of a newcomer", 71, wire.Page{
			Events: []wire.Event{event}, Head: head, Receipts: [][]byte{},
			Before: []wire.EventHash{{Kind: epoch.KindMessage, Hash: [32]byte{1}}, {Kind: epoch.KindLeave}},
			Asks:   []wire.Asked{{Ask: []byte{1}, Tag: []byte{2}}, {Ask: []byte{3}, Tag: []byte{}}},
		}),
		of("conversation page", 72, wire.ConversationPage{Heads: []wire.Head{head}, More: false}),
		of("event push", 80, wire.EventPush{Conversation: c, Event: event}),
		of("receipt push", 81, wire.ReceiptPush{Conversation: c, Receipts: 4, Signal: []byte{1}}),
		of("ask push", 82, wire.AskPush{Conversation: c, Ask: []byte{1}, Tag: []byte{2}}),
		of("activity push", 83, wire.ActivityPush{Conversation: c, Signal: []byte{1}}),
	}
}

func TestFrames(t *testing.T) {
	for _, c := range frames() {
		t.Run(c.name, func(t *testing.T) {
			data := wire.Encode(99, c.body)
			f, err := wire.Decode(data)
			if err != nil || f.Kind != c.kind || f.ID != 99 || c.body.Kind() != c.kind {
				t.Fatalf("kind %d, id %d, %v", f.Kind, f.ID, err)
			}
			body, err := c.read(f)
			if err != nil || !reflect.DeepEqual(body, c.body) {
				t.Fatalf("%+v, %v; want %+v", body, err, c.body)
			}
			if !bytes.Equal(wire.Encode(99, body), data) {
				t.Error("encodes otherwise again")
			}
		})
	}
}

// TestFramesByHand has frames written by hand from RFC 8949.
func TestFramesByHand(t *testing.T) {
	c := conversation()
	cases := []struct {
		name string
		id   uint64
		body wire.Body
		want string
	}{
		{"done", 1, wire.Done{}, "83184201" + "80"},
		{"error", 2, wire.Error{Code: wire.CodeStaleEpoch, Detail: 300}, "83184102" + "820b19012c"},
		{"lookup", 24, wire.Lookup{Handle: "bob"}, "83031818" + "8163626f62"},
		{"fetch", 1000, wire.Fetch{Conversation: c}, "83081903e8" + "8250" + hex.EncodeToString(c[:]) + "00"},
		{"commit without wraps", 3, wire.Commit{Conversation: c}, "830603" + "8350" + hex.EncodeToString(c[:]) + "4080"},
		{"ask no more", 5, wire.Ask{Conversation: c}, "830c05" + "8350" + hex.EncodeToString(c[:]) + "4040"},
		{"empty page", 6, wire.Page{Head: wire.Head{Conversation: c}}, "83184706" + "8580" + "8350" + hex.EncodeToString(c[:]) + "0000" + "808080"},
		{"conversation page", 4, wire.ConversationPage{More: true}, "83184804" + "8280f5"},
	}
	for _, k := range cases {
		if got := hex.EncodeToString(wire.Encode(k.id, k.body)); got != k.want {
			t.Errorf("%s: %s, want %s", k.name, got, k.want)
		}
	}
}

// readAll reads a frame with its body.
func readAll(c frameCase, data []byte) (wire.Body, error) {
	f, err := wire.Decode(data)
	if err != nil {
		return nil, err
	}
	return c.read(f)
}

func TestFramesOtherEncodings(t *testing.T) {
	for _, c := range frames() {
		for _, v := range mangle.Encodings(wire.Encode(5, c.body)) {
			body, err := readAll(c, v.Bytes)
			shorterList := strings.HasSuffix(v.Name, "one element fewer") && err == nil && bytes.Equal(wire.Encode(5, body), v.Bytes)
			if !errors.Is(err, cose.ErrMalformed) && !shorterList {
				t.Errorf("%s, %s: %v", c.name, v.Name, err)
			}
		}
	}
}

// TestFixedSizes resizes ids and nonces: by case the place of the byte string in the frame.
func TestFixedSizes(t *testing.T) {
	places := map[string]string{
		"chain": "2/0/", "commit": "2/0/", "message": "2/0/", "fetch": "2/0/", "receipt": "2/0/", "cursor": "2/0/", "hello": "2/0/",
		"ask no more": "2/0/", "leave": "2/0/", "ask push": "2/0/", "first page of a newcomer": "2/3/0/1/",
		"account": "2/0/", "heads": "2/0/0/0/", "page": "2/1/0/", "conversation page": "2/0/0/0/", "event push": "2/0/", "receipt push": "2/0/",
	}
	for _, c := range frames() {
		place, resized := places[c.name], 0
		for _, v := range mangle.Resized(wire.Encode(5, c.body)) {
			if place == "" || !strings.HasPrefix(v.Name, place+"one byte") && v.Name != place+"empty" {
				continue
			}
			resized++
			if _, err := readAll(c, v.Bytes); !errors.Is(err, cose.ErrMalformed) {
				t.Errorf("%s, %s: %v", c.name, v.Name, err)
			}
		}
		if place != "" && resized != 3 {
			t.Errorf("%s: %d variants, want 3", c.name, resized)
		}
	}
}

func TestOtherKinds(t *testing.T) {
	all := frames()
	for i, c := range all {
		other := all[(i+3)%len(all)]
		f, err := wire.Decode(wire.Encode(1, other.body))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.read(f); !errors.Is(err, cose.ErrMalformed) {
			t.Errorf("%s read as %s: %v", other.name, c.name, err)
		}
	}
	unknown := cose.Marshal([]any{200, 1, []any{}})
	if f, err := wire.Decode(unknown); err != nil || f.Kind != 200 {
		t.Errorf("a frame of an unknown kind has no envelope: %v", err)
	}
}

func TestLimits(t *testing.T) {
	fits := wire.Encode(1, wire.Message{Event: make([]byte, wire.MaxFrame-100)})
	if _, err := wire.Decode(fits); err != nil {
		t.Errorf("%d bytes: %v", len(fits), err)
	}
	_, err := wire.Decode(make([]byte, wire.MaxFrame+1))
	if !errors.Is(err, cose.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
}

func TestCodes(t *testing.T) {
	names := map[string]wire.Code{}
	for c := wire.CodeMalformed; c <= wire.CodeLinkRefused; c++ {
		name := c.String()
		if strings.HasPrefix(name, "code ") {
			t.Errorf("code %d has no name", c)
		}
		if other, ok := names[name]; ok {
			t.Errorf("codes %d and %d are both %q", c, other, name)
		}
		names[name] = c
		if got := (wire.Error{Code: c}).Error(); got != "relay: "+name {
			t.Errorf("%q", got)
		}
	}
	for _, c := range []wire.Code{0, wire.CodeLinkRefused + 1, 1 << 60} {
		if c.String() != fmt.Sprintf("code %d", uint64(c)) {
			t.Errorf("code %d is %q", uint64(c), c)
		}
	}
	if wire.CodeLinkRefused != 26 || wire.CodeReused != 25 || wire.CodeStaleEpoch != 11 || wire.CodeMalformed != 1 {
		t.Error("a code's value changed")
	}
}
