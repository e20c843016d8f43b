package conversation_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/mangle"
)

func TestForgedAsItShouldBe(t *testing.T) {
	w := openWorld(t)
	w.log = append(w.log, w.newForged(w.a).stored())
	if got := texts(t, w.sync(w.b)); len(got) != 1 || got[0] != "forged" {
		t.Errorf("%q", got)
	}
}

// TestForgedMessages is what a member can do who knows all chains: each field of a message, changed with everything
// around it made right.
func TestForgedMessages(t *testing.T) {
	cases := []struct {
		name   string
		change func(f *forged)
		want   error
		cause  conversation.Cause
	}{
		{"b's message in a's slot", func(f *forged) { f.signer, f.kid = f.w.b.env.Signer, f.w.b.env.Device }, conversation.ErrSender, conversation.CauseSender},
		{"b's message in a's name", func(f *forged) { f.signer = f.w.b.env.Signer }, cose.ErrSignature, conversation.CauseSignature},
		{"a stranger's message", func(f *forged) { f.kid[0] ^= 1 }, conversation.ErrSender, conversation.CauseSender},
		{"signed for another epoch", func(f *forged) { f.epoch[0] ^= 1 }, conversation.ErrEpoch, conversation.CauseEpoch},
		{"signed for another generation", func(f *forged) { f.g++ }, conversation.ErrSender, conversation.CauseSender},
		{"of another type inside", func(f *forged) { f.content = conversation.TypeReceipt }, cose.ErrType, conversation.CauseMalformed},
		{"a signal outside", func(f *forged) { f.typ = epoch.TypeSignal }, cose.ErrType, conversation.CauseMalformed},
		{"in a slot that is not there", func(f *forged) { f.index = 2 }, conversation.ErrSender, conversation.CauseSender},
		{"in a slot beyond all", func(f *forged) { f.index = 1<<64 - 1 }, conversation.ErrSender, conversation.CauseSender},
		{"in the other's slot", func(f *forged) { f.index = f.w.b.index() }, cose.ErrDecrypt, conversation.CauseDecrypt},
		{"in another epoch", func(f *forged) { f.number++ }, conversation.ErrEpoch, conversation.CauseEpoch},
		{"in another conversation", func(f *forged) { f.conversation[0] ^= 1 }, epoch.ErrConversation, conversation.CauseRule},
		{"of another generation than its key", func(f *forged) { f.generation++ }, cose.ErrDecrypt, conversation.CauseDecrypt},
		{"of a generation beyond all", func(f *forged) { f.generation = 1<<64 - 1 }, conversation.ErrSkipped, conversation.CauseGeneration},
		{"for another E outside", func(f *forged) { f.external = make([]byte, 32) }, cose.ErrDecrypt, conversation.CauseDecrypt},
		{"seen of another history", func(f *forged) { f.seen.Log[0] ^= 1 }, conversation.ErrSplit, conversation.CauseSplit},
		{"seen of what is to come", func(f *forged) { f.seen.Position++ }, conversation.ErrSeenOld, conversation.CauseSeen},
		{"seen before its epoch", func(f *forged) { f.seen = epoch.Seen{Log: epoch.LogStart(f.w.id)} }, conversation.ErrSeenOld, conversation.CauseSeen},
		{"seen beyond all", func(f *forged) { f.seen.Position = 1<<64 - 1 }, conversation.ErrSeenOld, conversation.CauseSeen},
		{"client id of 15 bytes", func(f *forged) { f.client = f.client[1:] }, cose.ErrMalformed, conversation.CauseMalformed},
		{"client id of 17 bytes", func(f *forged) { f.client = append(f.client, 0) }, cose.ErrMalformed, conversation.CauseMalformed},
		{"nothing signed", func(f *forged) { f.payload = func([]byte) []byte { return nil } }, cose.ErrMalformed, conversation.CauseMalformed},
		{"something behind what is signed", func(f *forged) { f.payload = func(b []byte) []byte { return append(b, 0) } }, cose.ErrMalformed, conversation.CauseMalformed},
		{"no COSE_Sign1 inside", func(f *forged) { f.signed = func([]byte) []byte { return []byte("hello") } }, cose.ErrMalformed, conversation.CauseMalformed},
		{"signature altered", func(f *forged) { f.signed = func(b []byte) []byte { b[len(b)-1] ^= 1; return b } }, cose.ErrSignature, conversation.CauseSignature},
		{"padding not zero", func(f *forged) { f.pad = dirty }, conversation.ErrPadding, conversation.CauseMalformed},
		{"padded too far", func(f *forged) { f.pad = tooFar }, conversation.ErrPadding, conversation.CauseMalformed},
		{"not padded", func(f *forged) { f.pad = func(b []byte) []byte { return unpadded(b, len(b)) } }, conversation.ErrPadding, conversation.CauseMalformed},
		{"length beyond the padding", func(f *forged) { f.pad = func(b []byte) []byte { return unpadded(b, 1<<32-1) } }, conversation.ErrPadding, conversation.CauseMalformed},
		{"empty inside", func(f *forged) { f.pad = func([]byte) []byte { return nil } }, conversation.ErrPadding, conversation.CauseMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := openWorld(t)
			f := w.newForged(w.a)
			c.change(f)
			refused(t, w.b.show(f.stored()), c.want, c.cause)
			if stops := c.cause == conversation.CauseSplit; stops != (w.b.c.Stopped() != "") {
				t.Errorf("stopped: %q", w.b.c.Stopped())
			}
		})
	}
}

func dirty(object []byte) []byte {
	padded := conversation.Pad(object)
	padded[len(padded)-1] = 1
	return padded
}

func tooFar(object []byte) []byte {
	return append(conversation.Pad(object), make([]byte, 64)...)
}

// unpadded has the length in front and nothing behind.
func unpadded(object []byte, length int) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(length)), object...)
}

// TestSeenOlderThanTheSendersLast is a member who names a history without its own last message.
func TestSeenOlderThanTheSendersLast(t *testing.T) {
	w := openWorld(t)
	old := w.a.c.Seen()
	w.send(w.a, "first")
	w.syncAll()
	f := w.newForged(w.a)
	f.seen = old
	refused(t, w.b.show(f.stored()), conversation.ErrSeenOld, conversation.CauseSeen)
}

// TestSeenMayBeOld is a member who wrote before it had seen what others wrote.
func TestSeenMayBeOld(t *testing.T) {
	w := openWorld(t)
	_, slow := w.seal(w.a, "slow")
	for i := range 5 {
		w.send(w.b, fmt.Sprint(i))
		must(t, w.sync(w.b)[0].Err)
	}
	w.log = append(w.log, slow)
	w.syncAll()
}

// TestAlteredBytes alters each byte of a message as it lies at the relay.
func TestAlteredBytes(t *testing.T) {
	w := openWorld(t)
	_, message := w.seal(w.a, "some words")
	for i := 0; i < len(message.event); i += stride() {
		altered := stored{kind: epoch.KindMessage, event: bytes.Clone(message.event)}
		altered.event[i] ^= 1
		twin := *w.b
		out := twin.show(altered)
		if len(out) != 1 || out[0].Err == nil {
			t.Fatalf("byte %d altered and accepted", i)
		}
		if twin.c.Stopped() != "" {
			t.Errorf("byte %d stops the conversation", i)
		}
	}
	must(t, w.b.show(message)[0].Err)
}

func TestMessageOtherEncodings(t *testing.T) {
	w := openWorld(t)
	_, message := w.seal(w.a, "some words")
	show := func(name string, event []byte) {
		t.Helper()
		next, out := w.b.c.Open(w.b.env, []conversation.Event{{Kind: epoch.KindMessage, Event: event}})
		if len(out) != 1 || conversation.CauseOf(out[0].Err) != conversation.CauseMalformed || next.Stopped() != "" {
			t.Errorf("%s: %v", name, out)
		}
	}
	for _, v := range mangle.Encodings(message.event) {
		show(v.Name, v.Bytes)
	}
	f := w.newForged(w.a)
	seen := f.seen
	payload := cose.Marshal([]any{f.epoch[:], f.g, []any{uint64(seen.Position), seen.Log[:]}, f.client, f.body})
	for _, v := range append(mangle.Encodings(payload), mangle.Resized(payload)...) {
		switch v.Name[:1] {
		case "4": // the body is looked into when it is read
			continue
		}
		show("payload "+v.Name, f.sealing(signedBy(w.a, conversation.TypeContent, v.Bytes)).event)
	}
}

// signedBy is a COSE_Sign1 with a signature that nobody made.
func signedBy(p *party, typ cose.Type, payload []byte) []byte {
	protected := cose.Marshal(map[int64]any{1: -37, 4: p.env.Device[:], 16: typ})
	return cose.Marshal([]any{protected, map[int64]any{}, payload, make([]byte, cose.SignatureSize)})
}

// TestBodyIsOneEncodingToo takes a message whose body is no right encoding, and refuses the body.
func TestBodyIsOneEncodingToo(t *testing.T) {
	w := openWorld(t)
	f := w.newForged(w.a)
	f.payload = func(b []byte) []byte { // the version in two bytes instead of one
		return bytes.Replace(b, []byte{0x83, 0x01, 0x01, 0x82, 0x01, 0x66}, []byte{0x83, 0x01, 0x18, 0x01, 0x82, 0x01, 0x66}, 1)
	}
	out := w.b.show(f.stored())
	if len(out) != 1 || out[0].Err != nil {
		t.Fatalf("%v", out)
	}
	_, err := conversation.ParseBody(out[0].Message.Body)
	refusedError(t, err, cose.ErrMalformed, conversation.CauseMalformed)
}

func TestOversizeMessage(t *testing.T) {
	w := openWorld(t)
	message := stored{kind: epoch.KindMessage, event: make([]byte, conversation.MaxMessageBytes+1)}
	refused(t, w.b.show(message), cose.ErrTooLarge, conversation.CauseMalformed)
}

// TestOutcomeOfARefusedMessage names the slot that a message claims and hashes what came.
func TestOutcomeOfARefusedMessage(t *testing.T) {
	w := openWorld(t)
	f := w.newForged(w.a)
	f.external = nil
	message := f.stored()
	out := w.b.show(message)
	if out[0].Sender.Device != w.a.env.Device || out[0].Own || out[0].Hash != sha256.Sum256(message.event) || out[0].Position != 2 {
		t.Errorf("%+v", out[0])
	}
}
