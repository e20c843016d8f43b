package lab

import (
	"bytes"
	"crypto/rand"
	"slices"
	"time"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// stored is an event as the server has it; wraps are in the roster's order.
type stored struct {
	kind  epoch.Kind
	event []byte
	wraps [][]byte
}

// view is one person's side of one conversation.
type view struct {
	*person
	tap *Tap
	c   *conversation.Conversation
}

// talk is a conversation: both sides, and the server's log between them.
type talk struct {
	a, b *view
	log  []stored
}

// newTalk is a conversation before its first event. Both have verified each other as an honest directory shows them.
func newTalk(a, b *person) (*talk, error) {
	id := epoch.DirectID(a.chain.ID(), b.chain.ID())
	t := &talk{
		a: &view{person: a, tap: a.tap(), c: conversation.New(id)},
		b: &view{person: b, tap: b.tap(), c: conversation.New(id)},
	}
	if _, err := a.meet(t.a.tap, b); err != nil {
		return nil, err
	}
	_, err := b.meet(t.b.tap, a)
	return t, err
}

// openTalk is a conversation whose epoch 0 a has opened and b has too.
func openTalk(a, b *person) (*talk, error) {
	t, err := newTalk(a, b)
	if err != nil {
		return nil, err
	}
	return t, t.renew(t.a)
}

// renew lets one side open the next epoch, and both read it.
func (t *talk) renew(by *view) error {
	other, err := by.meet(by.tap, t.across(by).person)
	if err != nil {
		return err
	}
	commit, err := by.commit(other)
	if err != nil {
		return err
	}
	t.log = append(t.log, commit)
	return t.sync()
}

func (t *talk) across(v *view) *view {
	if v == t.a {
		return t.b
	}
	return t.a
}

// sync shows both what is new in the log. Nothing of it may be refused.
func (t *talk) sync() error {
	for _, v := range []*view{t.a, t.b} {
		for _, o := range v.show(t.log[v.c.Position():]...) {
			if err := fault(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// say lets one side write a text; both read it.
func (t *talk) say(by *view, text string) error {
	s, err := by.seal(text)
	if err != nil {
		return err
	}
	t.log = append(t.log, s)
	return t.sync()
}

// commit makes the commit of the next epoch between the person and another. It is not sent yet.
func (v *view) commit(other contact) (stored, error) {
	self, err := v.self()
	if err != nil {
		return stored{}, err
	}
	plan := conversation.Plan{Time: v.lab.now(), Keys: map[account.DeviceID]kem.PublicKey{}}
	for _, c := range []contact{self, other} {
		m, err := c.member()
		if err != nil {
			return stored{}, err
		}
		plan.Roster = append(plan.Roster, m)
		for d, k := range c.prekeys {
			plan.Keys[d] = k.Key
		}
	}
	slices.SortFunc(plan.Roster, func(a, b epoch.Member) int { return bytes.Compare(a.Account[:], b.Account[:]) })
	next, err := v.c.Commit(v.env(v.tap), plan)
	if err != nil {
		return stored{}, err
	}
	v.c = next
	pending, _ := next.PendingCommit()
	return stored{kind: epoch.KindCommit, event: pending.Commit, wraps: pending.Wraps}, nil
}

// seal seals a text. It is not sent yet.
func (v *view) seal(text string) (stored, error) {
	var id conversation.ClientID
	_, _ = rand.Read(id[:]) // never fails
	body := conversation.Text{Time: uint64(time.Now().UnixMilli()), Text: text}.Encode()
	next, event, err := v.c.Seal(v.env(v.tap), id, body)
	if err != nil {
		return stored{}, err
	}
	v.c = next
	return stored{kind: epoch.KindMessage, event: event}, nil
}

// show gives the person events as an honest server hands them out: commits with their own wrap.
func (v *view) show(events ...stored) []conversation.Outcome {
	list := make([]conversation.Event, len(events))
	for i, e := range events {
		list[i] = conversation.Event{Kind: e.kind, Event: e.event, Wrap: e.wrapOf(v.device)}
	}
	next, outcomes := v.c.Open(v.env(v.tap), list)
	v.c = next
	return outcomes
}

// wrapOf is a device's wrap of a commit.
func (e stored) wrapOf(device account.DeviceID) []byte {
	if e.kind != epoch.KindCommit {
		return nil
	}
	commit, err := epoch.ParseCommit(e.event)
	if err != nil {
		return nil
	}
	if i, ok := commit.Header.Index(device); ok && i < uint64(len(e.wraps)) {
		return e.wraps[i]
	}
	return nil
}

// twin is the person's side as it is now, to be tried on: what it opens does not become known to the other.
func (v *view) twin() *view {
	again, err := conversation.Decode(v.c.Encode())
	if err != nil {
		panic(err) // it was encoded this moment
	}
	return &view{person: v.person, tap: v.person.tap(), c: again}
}

// fault is what is wrong with an event: it was refused, or it opened an epoch of which this device has no keys.
func fault(o conversation.Outcome) error {
	if o.Err != nil {
		return o.Err
	}
	return o.Lost
}

// read gives the text of an outcome, and its error when it has none.
func read(o conversation.Outcome) (string, error) {
	if err := fault(o); err != nil || o.Message == nil || o.Message.Pending {
		return "", err
	}
	text, err := conversation.ParseBody(o.Message.Body)
	return text.Text, err
}
