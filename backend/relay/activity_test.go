package relay_test

import (
	"bytes"
	"testing"

	"sotto/backend/relay"
	"sotto/backend/relay/relaytest"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// activityOf is one by a person whose place is changed.
func activityOf(d *relaytest.Conversation, by *relaytest.Person, change func(*epoch.Place)) wire.Activity {
	p := d.Place(by, 1_800_000_000_000)
	change(&p)
	return wire.Activity{Conversation: d.ID, Signal: relaytest.Seal(epoch.TypeActivity, p, 3)}
}

func TestActivitiesArePassedOnAndNotKept(t *testing.T) {
	w, a, b, d := talk(t, nil)
	again := w.login(d.High)
	sent := activityOf(d, d.Low, keep)
	relaytest.Do[wire.Done](a, sent)
	for _, c := range []*relaytest.Client{b, again} {
		push := relaytest.Read[wire.ActivityPush](c, c.Push())
		if push.Conversation != d.ID || !bytes.Equal(push.Signal, sent.Signal) {
			t.Error("another activity was passed on")
		}
	}
	relaytest.Do[wire.Stored](a, d.Message(d.Low, 0, 100))
	if got := a.Event(); got.Event.Position != 2 { // the first that comes back: nothing of the activity did
		t.Errorf("event %d", got.Event.Position)
	}
	late := w.login(d.High)
	page := relaytest.Do[wire.Page](late, wire.Fetch{Conversation: d.ID})
	if len(page.Events) != 2 || len(page.Receipts) != 0 || len(late.Pushes) != 0 {
		t.Errorf("who came later got %d events, %d receipts, %d pushes", len(page.Events), len(page.Receipts), len(late.Pushes))
	}
}

func TestActivitiesInANewEpoch(t *testing.T) {
	_, a, b, d := talk(t, nil)
	before := activityOf(d, d.Low, keep)
	relaytest.Do[wire.Done](a, before)
	a.Open(d, d.Low)
	if got := a.Refused(before); got.Code != wire.CodeReceiptRefused {
		t.Errorf("one of the epoch before: %v", got.Code)
	}
	relaytest.Do[wire.Done](a, activityOf(d, d.Low, keep))
	b.Push() // the first activity
	b.Event()
	if push := b.Push(); push.Kind != wire.KindActivityPush {
		t.Errorf("push of kind %d", push.Kind)
	}
}

func TestActivitiesRefused(t *testing.T) {
	w, a, b, d := talk(t, func(o *relay.Options) { o.Limits.Activities = relay.Rate{PerSecond: 0.001, Burst: 2} })
	_, _, mallory := three()
	m := w.register(mallory)
	other := activityOf(d, d.Low, func(p *epoch.Place) { p.Conversation[0] ^= 1 })
	nowhere := other
	nowhere.Conversation[0] ^= 1
	for _, c := range []struct {
		name    string
		by      *relaytest.Client
		request wire.Activity
		want    wire.Code
	}{
		{"too large", a, wire.Activity{Conversation: d.ID, Signal: make([]byte, wire.MaxActivity+1)}, wire.CodeTooLarge},
		{"no activity", a, wire.Activity{Conversation: d.ID, Signal: []byte{0x80}}, wire.CodeMalformed},
		{"a receipt", a, wire.Activity{Conversation: d.ID, Signal: relaytest.Seal(epoch.TypeSignal, d.Place(d.Low, 1), 3)}, wire.CodeMalformed},
		{"of another conversation", a, other, wire.CodeMalformed},
		{"of a conversation that is not there", a, nowhere, wire.CodeNotMember},
		{"by an outsider", m, activityOf(d, d.Low, keep), wire.CodeNotMember},
		{"from the other's slot", b, activityOf(d, d.Low, keep), wire.CodeReceiptRefused},
		{"from no slot", b, activityOf(d, d.High, func(p *epoch.Place) { p.Index = 2 }), wire.CodeReceiptRefused},
		{"of another epoch", a, activityOf(d, d.Low, func(p *epoch.Place) { p.Number++ }), wire.CodeReceiptRefused},
		{"too many", a, activityOf(d, d.Low, keep), wire.CodeLimited},
	} {
		if got := c.by.Refused(c.request); got.Code != c.want {
			t.Errorf("%s: %v, want %v", c.name, got.Code, c.want)
		}
	}
}
