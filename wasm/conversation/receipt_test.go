package conversation_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"testing"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/mangle"
)

// receipt lets p acknowledge up to its position, and read up to read.
func (p *party) receipt(read epoch.Position) []byte {
	p.t.Helper()
	next, signal, err := p.c.SealReceipt(p.env, read)
	must(p.t, err)
	p.keep(next)
	return signal
}

// open gives what p makes of a receipt and keeps the state that comes with it.
func (p *party) open(signal []byte) (conversation.Receipt, error) {
	p.t.Helper()
	next, receipt, err := p.c.OpenReceipt(p.env, signal)
	p.keep(next)
	return receipt, err
}

func TestReceipts(t *testing.T) {
	w := conversed(t)
	w.syncAll()
	for _, c := range []struct{ read, want epoch.Position }{{0, 0}, {3, 3}, {5, 5}, {99, 5}} {
		r, err := w.a.open(w.b.receipt(c.read))
		must(t, err)
		if r.Read != c.want || r.Delivered != 5 || r.Seen != w.b.c.Seen() || r.Sender.Device != w.b.env.Device {
			t.Errorf("read %d: %+v", c.read, r)
		}
	}
	r, err := w.b.open(w.a.receipt(2))
	must(t, err)
	if r.Read != 2 || r.Sender.Device != w.a.env.Device {
		t.Errorf("%+v", r)
	}
}

func TestReceiptBeforeAnEpoch(t *testing.T) {
	w := newWorld(t)
	_, _, err := w.a.c.SealReceipt(w.a.env, 0)
	refusedError(t, err, conversation.ErrNoEpoch, conversation.CauseRule)
	open := openWorld(t)
	_, err = open.fresh(open.b).open(open.a.receipt(1))
	refusedError(t, err, conversation.ErrAhead, conversation.CauseRule)
}

// TestReceiptAhead is a receipt for what the relay has not handed out: fetched, it counts; withheld, it shows.
func TestReceiptAhead(t *testing.T) {
	w := openWorld(t)
	w.send(w.b, "withheld")
	must(t, w.sync(w.b)[0].Err)
	signal := w.b.receipt(2)
	_, err := w.a.open(signal)
	refusedError(t, err, conversation.ErrAhead, conversation.CauseRule)
	w.sync(w.a)
	r, err := w.a.open(signal)
	must(t, err)
	if r.Delivered != 2 {
		t.Errorf("%+v", r)
	}
	w.commit(w.b)
	must(t, w.sync(w.b)[0].Err)
	_, err = w.a.open(w.b.receipt(3))
	refusedError(t, err, conversation.ErrAhead, conversation.CauseRule)
}

func TestReceiptOld(t *testing.T) {
	w := openWorld(t)
	first, second := w.b.receipt(0), w.b.receipt(1)
	_, err := w.a.open(second)
	must(t, err)
	for name, signal := range map[string][]byte{"older": first, "replayed": second, "own": w.a.receipt(1)} {
		if _, err := w.a.open(signal); err == nil {
			t.Errorf("%s: accepted", name)
		} else {
			refusedError(t, err, conversation.ErrOld, conversation.CauseRule)
		}
	}
	before := w.b.receipt(1)
	w.commit(w.a)
	w.syncAll()
	_, err = w.a.open(before)
	refusedError(t, err, conversation.ErrOld, conversation.CauseRule)
}

// TestReceiptSplit is a receipt of one who was shown another history.
func TestReceiptSplit(t *testing.T) {
	w := openWorld(t)
	_, forA := w.seal(w.a, "for a's eyes")
	_, forB := w.seal(w.b, "for b's eyes")
	must(t, w.a.show(forA)[0].Err)
	must(t, w.b.show(forB)[0].Err)
	_, err := w.a.open(w.b.receipt(2))
	refusedError(t, err, conversation.ErrSplit, conversation.CauseSplit)
	if w.a.c.Stopped() != conversation.CauseSplit {
		t.Errorf("stopped: %q", w.a.c.Stopped())
	}
}

// forgedReceipt is a receipt by an insider.
type forgedReceipt struct {
	w                *world
	conversation     epoch.ConversationID
	typ, content     cose.Type
	number           epoch.Number
	index, generated uint64
	key              cose.Secret
	external         []byte
	signer           crypto.Signer
	kid              account.DeviceID
	epoch            epoch.ID
	counter          uint64
	delivered, read  epoch.Position
	seen             epoch.Seen
	payload          func([]byte) []byte
	signed           func([]byte) []byte
}

func (w *world) newForgedReceipt(p *party) *forgedReceipt {
	same := func(b []byte) []byte { return b }
	f := &forgedReceipt{
		w: w, conversation: w.id, typ: epoch.TypeSignal, content: conversation.TypeReceipt, number: p.c.Header().Number, index: p.index(),
		generated: 1, key: p.c.SignalOf(p.index()), signer: p.env.Signer, kid: p.env.Device, epoch: p.c.EpochID(), counter: 1,
		delivered: p.c.Position(), read: p.c.Position(), seen: p.c.Seen(), payload: same, signed: same,
	}
	f.external = bytes.Clone(f.epoch[:])
	return f
}

func (f *forgedReceipt) signal() []byte {
	f.w.t.Helper()
	seen := []any{uint64(f.seen.Position), f.seen.Log[:]}
	payload := f.payload(cose.Marshal([]any{f.epoch[:], f.counter, uint64(f.delivered), uint64(f.read), seen}))
	signed, err := cose.Sign(rand.Reader, f.signer, cose.Thumbprint(f.kid), f.content, payload)
	must(f.w.t, err)
	place := cose.Marshal([]any{f.conversation[:], uint64(f.number), f.index, f.generated})
	return cose.Seal(cose.Native{}.AEAD(f.key), [12]byte{7}, f.typ, place, f.external, f.signed(signed))
}

func TestForgedReceipts(t *testing.T) {
	cases := []struct {
		name   string
		change func(f *forgedReceipt)
		want   error
		cause  conversation.Cause
	}{
		{"a's receipt in b's slot", func(f *forgedReceipt) { f.signer, f.kid = f.w.a.env.Signer, f.w.a.env.Device }, conversation.ErrSender, conversation.CauseSender},
		{"a's receipt in b's name", func(f *forgedReceipt) { f.signer = f.w.a.env.Signer }, cose.ErrSignature, conversation.CauseSignature},
		{"under a's key", func(f *forgedReceipt) { f.key = f.w.a.c.SignalOf(f.w.a.index()) }, cose.ErrDecrypt, conversation.CauseDecrypt},
		{"a message outside", func(f *forgedReceipt) { f.typ = epoch.TypeMessage }, cose.ErrType, conversation.CauseMalformed},
		{"a message inside", func(f *forgedReceipt) { f.content = conversation.TypeContent }, cose.ErrType, conversation.CauseMalformed},
		{"another conversation", func(f *forgedReceipt) { f.conversation[0] ^= 1 }, epoch.ErrConversation, conversation.CauseRule},
		{"a later epoch", func(f *forgedReceipt) { f.number++ }, conversation.ErrAhead, conversation.CauseRule},
		{"a slot that is not there", func(f *forgedReceipt) { f.index = 2 }, conversation.ErrSender, conversation.CauseSender},
		{"the own slot", func(f *forgedReceipt) { f.index = f.w.a.index() }, conversation.ErrOld, conversation.CauseRule},
		{"counter 0", func(f *forgedReceipt) { f.generated, f.counter = 0, 0 }, conversation.ErrOld, conversation.CauseRule},
		{"another counter inside", func(f *forgedReceipt) { f.counter++ }, conversation.ErrSender, conversation.CauseSender},
		{"another E outside", func(f *forgedReceipt) { f.external[0] ^= 1 }, cose.ErrDecrypt, conversation.CauseDecrypt},
		{"another E inside", func(f *forgedReceipt) { f.epoch[0] ^= 1 }, conversation.ErrEpoch, conversation.CauseEpoch},
		{"delivered beyond seen", func(f *forgedReceipt) { f.delivered++ }, cose.ErrMalformed, conversation.CauseMalformed},
		{"read beyond delivered", func(f *forgedReceipt) { f.delivered = 0 }, cose.ErrMalformed, conversation.CauseMalformed},
		{"seen of another history", func(f *forgedReceipt) { f.seen.Log[0] ^= 1 }, conversation.ErrSplit, conversation.CauseSplit},
		{"seen before its epoch", func(f *forgedReceipt) {
			f.seen, f.delivered, f.read = epoch.Seen{Log: epoch.LogStart(f.w.id)}, 0, 0
		}, conversation.ErrSeenOld, conversation.CauseSeen},
		{"seen of what is to come", func(f *forgedReceipt) { f.seen.Position++ }, conversation.ErrAhead, conversation.CauseRule},
		{"nothing signed", func(f *forgedReceipt) { f.payload = func([]byte) []byte { return nil } }, cose.ErrMalformed, conversation.CauseMalformed},
		{"nothing inside", func(f *forgedReceipt) { f.signed = func([]byte) []byte { return nil } }, cose.ErrMalformed, conversation.CauseMalformed},
		{"padded", func(f *forgedReceipt) { f.signed = conversation.Pad }, cose.ErrMalformed, conversation.CauseMalformed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := openWorld(t)
			f := w.newForgedReceipt(w.b)
			c.change(f)
			before := w.a.c.Encode()
			r, err := w.a.open(f.signal())
			refusedError(t, err, c.want, c.cause)
			if r.Delivered != 0 || r.Read != 0 {
				t.Errorf("refused, and yet %+v", r)
			}
			if stops := c.cause == conversation.CauseSplit; stops == bytes.Equal(w.a.c.Encode(), before) || stops != (w.a.c.Stopped() != "") {
				t.Errorf("another state; stopped: %q", w.a.c.Stopped())
			}
		})
	}
	w := openWorld(t)
	_, err := w.a.open(w.newForgedReceipt(w.b).signal())
	must(t, err)
}

func TestReceiptAlteredBytes(t *testing.T) {
	w := openWorld(t)
	signal := w.b.receipt(1)
	for i := 0; i < len(signal); i += stride() {
		if next, _, err := w.a.c.OpenReceipt(w.a.env, flip(signal, i)); err == nil || next.Stopped() != "" {
			t.Fatalf("byte %d altered: %v", i, err)
		}
	}
	for _, v := range mangle.Encodings(signal) {
		_, _, err := w.a.c.OpenReceipt(w.a.env, v.Bytes)
		refusedError(t, err, cose.ErrMalformed, conversation.CauseMalformed)
	}
	f := w.newForgedReceipt(w.b)
	payload := cose.Marshal([]any{f.epoch[:], 1, 1, 1, []any{1, f.seen.Log[:]}})
	variants := append(mangle.Encodings(payload), mangle.Resized(payload)...)
	for i := 0; i < len(variants); i += stride() { // each costs a signature
		v := variants[i]
		f.payload = func([]byte) []byte { return v.Bytes }
		_, _, err := w.a.c.OpenReceipt(w.a.env, f.signal())
		refusedError(t, err, cose.ErrMalformed, conversation.CauseMalformed)
	}
	_, _, err := w.a.c.OpenReceipt(w.a.env, make([]byte, conversation.MaxSignalBytes+1))
	refusedError(t, err, cose.ErrTooLarge, conversation.CauseMalformed)
}
