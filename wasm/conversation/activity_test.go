package conversation_test

import (
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/vectors/seed"
)

// activity is one that a does just now.
func (w *world) activity(p *party, time uint64, kind conversation.ActivityKind, on bool) []byte {
	w.t.Helper()
	data, err := p.c.SealActivity(p.env, time, kind, on)
	must(w.t, err)
	return data
}

func TestActivity(t *testing.T) {
	w := openWorld(t)
	before := w.a.c.Encode()
	sizes := map[int]bool{}
	for _, kind := range []conversation.ActivityKind{conversation.ActivityTyping, conversation.ActivityHere} {
		for _, on := range []bool{true, false} {
			data := w.activity(w.a, 1_800_000_000_123, kind, on)
			sizes[len(data)] = true
			got, err := w.b.c.OpenActivity(w.b.env, data)
			must(t, err)
			if got.Kind != kind || got.On != on || got.Time != 1_800_000_000_123 || got.Sender.Device != w.a.env.Device {
				t.Errorf("%+v", got)
			}
			if _, err := w.a.c.OpenActivity(w.a.env, data); err != conversation.ErrOld {
				t.Errorf("its own: %v", err)
			}
		}
	}
	if len(sizes) != 1 || string(before) != string(w.a.c.Encode()) {
		t.Errorf("sizes %v, state changed %t", sizes, string(before) != string(w.a.c.Encode()))
	}
}

// forgedActivity seals anything under the signal key of a, as a member can.
func (w *world) forgedActivity(typ cose.Type, number epoch.Number, index uint64, plain []byte) []byte {
	w.t.Helper()
	p := epoch.Place{Conversation: w.id, Number: number, Index: index, Generation: 5}
	id := w.a.c.EpochID()
	key := cose.Native{}.AEAD(conversation.SignalKey(w.a.c))
	return cose.Seal(key, [12]byte{1}, typ, cose.Marshal(p), id[:], plain)
}

func TestActivityRefused(t *testing.T) {
	w := openWorld(t)
	own := uint64(0)
	if w.a.c.Header().Entries()[1].Device == w.a.env.Device {
		own = 1
	}
	right := cose.Marshal([]any{1, 1, true})
	if _, err := w.b.c.OpenActivity(w.b.env, w.forgedActivity(epoch.TypeActivity, 0, own, right)); err != nil {
		t.Fatalf("the right one: %v", err)
	}
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"of another type", w.forgedActivity(epoch.TypeSignal, 0, own, right), cose.ErrType},
		{"of an epoch to come", w.forgedActivity(epoch.TypeActivity, 1, own, right), conversation.ErrAhead},
		{"of no slot", w.forgedActivity(epoch.TypeActivity, 0, 2, right), conversation.ErrSender},
		{"from the own slot", w.forgedActivity(epoch.TypeActivity, 0, 1-own, right), conversation.ErrOld},
		{"of a newer version", w.forgedActivity(epoch.TypeActivity, 0, own, cose.Marshal([]any{2, 1, true})), conversation.ErrNewer},
		{"of a newer kind", w.forgedActivity(epoch.TypeActivity, 0, own, cose.Marshal([]any{1, 3, true})), conversation.ErrNewer},
		{"with a number for a flag", w.forgedActivity(epoch.TypeActivity, 0, own, cose.Marshal([]any{1, 1, 1})), cose.ErrMalformed},
		{"with more", w.forgedActivity(epoch.TypeActivity, 0, own, cose.Marshal([]any{1, 1, true, 0})), cose.ErrMalformed},
		{"empty", w.forgedActivity(epoch.TypeActivity, 0, own, nil), cose.ErrMalformed},
		{"nothing", nil, cose.ErrMalformed},
		{"too large", make([]byte, conversation.MaxActivityBytes+1), cose.ErrTooLarge},
	} {
		_, err := w.b.c.OpenActivity(w.b.env, c.data)
		t.Run(c.name, func(t *testing.T) { refusedError(t, err, c.want, conversation.CauseOf(c.want)) })
	}
	altered := w.activity(w.a, 5, conversation.ActivityTyping, true)
	altered[len(altered)-1] ^= 1
	_, err := w.b.c.OpenActivity(w.b.env, altered)
	refusedError(t, err, cose.ErrDecrypt, conversation.CauseDecrypt)
	old := w.activity(w.a, 5, conversation.ActivityTyping, true)
	w.commit(w.b)
	w.syncAll()
	if _, err := w.b.c.OpenActivity(w.b.env, old); err != conversation.ErrOld {
		t.Errorf("of the epoch before: %v", err)
	}
	if _, err := conversation.New(w.id).SealActivity(w.a.env, 1, conversation.ActivityTyping, true); err != conversation.ErrNoEpoch {
		t.Errorf("before the first epoch: %v", err)
	}
	if _, err := conversation.New(w.id).OpenActivity(w.a.env, old); err == nil {
		t.Error("opened before the first epoch")
	}
}

func FuzzOpenActivity(f *testing.F) {
	seed.Add(f, "activity", "signal")
	w := openWorld(f)
	f.Add(w.activity(w.b, 7, conversation.ActivityTyping, true)[:60])
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := w.a.c.OpenActivity(w.a.env, data); err == nil {
			t.Error("opened an activity that nobody sealed")
		}
	})
}
