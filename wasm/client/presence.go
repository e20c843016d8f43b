package client

import (
	"cmp"
	"context"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// What people do just now is told in seconds: how often, and how long it holds for who is told.
const (
	typingPause = 3
	typingHolds = 6
	herePause   = 60
	hereHolds   = 90
)

// Bounds of telling: in how many conversations, and to how many accounts of one.
const (
	mostTold   = 50
	mostPeople = 50
)

// maxActivities bounds the activities of a room that wait to be opened: what does not fit is dropped.
const maxActivities = 64

// doing is what a room knows of what people do just now. Nothing of it is stored.
type doing struct {
	waiting [][]byte                    // activities to open
	newest  map[account.DeviceID]uint64 // time of each device's newest activity
	typing  map[account.ID]int64        // until when, seconds since 1970
	here    map[account.ID]int64
	told    uint64 // time of the own newest activity
	typed   int64  // when the own typing was told last, 0 when it is not
}

func newDoing() doing {
	return doing{newest: map[account.DeviceID]uint64{}, typing: map[account.ID]int64{}, here: map[account.ID]int64{}}
}

// Typing tells the others that the person writes, or stops, if that is shared.
func (e *Engine) Typing(_ context.Context, conv string, on bool) error {
	r, err := e.find(conv)
	if err != nil {
		return err
	}
	now := int64(e.seconds())
	r.mu.Lock()
	due := on && now-r.doing.typed >= typingPause || !on && r.doing.typed != 0
	if due {
		r.doing.typed = 0
		if on {
			r.doing.typed = now
		}
	}
	r.mu.Unlock()
	if due && e.chosen().Typing {
		e.start(func() { r.tellActivity(conversation.ActivityTyping, on) })
	}
	return nil
}

// Here notes whether the person is at the page. It is told only if that is shared.
func (e *Engine) Here(_ context.Context, here bool) error {
	e.mu.Lock()
	before := e.here
	e.here = here
	e.mu.Unlock()
	if before != here && e.chosen().Presence {
		e.start(func() { e.tellHere(here) })
	}
	return nil
}

// tellHere tells the newest conversations that the person is here or goes, and again while they are.
func (e *Engine) tellHere(here bool) {
	if e.session() == nil {
		return
	}
	rooms := e.allRooms()
	slices.SortFunc(rooms, func(a, b *room) int { return cmp.Compare(b.activity(), a.activity()) })
	for _, r := range rooms[:min(len(rooms), mostTold)] {
		r.tellActivity(conversation.ActivityHere, here)
	}
	if here {
		e.hereAgain()
	}
}

// hereAgain tells once more after a while that the person is here, unless they went meanwhile. One timer does it.
func (e *Engine) hereAgain() {
	e.mu.Lock()
	running := e.hereTimer
	e.hereTimer = true
	e.mu.Unlock()
	if running {
		return
	}
	e.later(herePause, func() {
		e.mu.Lock()
		e.hereTimer = false
		here := e.here
		e.mu.Unlock()
		if here && e.chosen().Presence {
			e.tellHere(true)
		}
	})
}

func (r *room) activity() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.record.Activity
}

// tellActivity seals an activity and sends it. What cannot be sent now is dropped.
func (r *room) tellActivity(kind conversation.ActivityKind, on bool) {
	s, own := r.e.session(), r.e.identity()
	if s == nil || own == nil || r.blocked() != nil {
		return
	}
	r.mu.Lock()
	people := len(r.others(own.chain.ID()))
	r.doing.told = max(r.doing.told+1, r.e.millis())
	at, conv := r.doing.told, r.conv
	r.mu.Unlock()
	if people == 0 || people >= mostPeople {
		return
	}
	sealed, err := conv.SealActivity(r.e.env(), at, kind, on)
	if err != nil {
		return // there is nobody who could read it
	}
	s.send(r.e.now(), wire.Activity{Conversation: r.id, Signal: sealed}, func(wire.Frame, error) {})
}

// did takes an activity the relay pushed.
func (r *room) did(data []byte) {
	r.mu.Lock()
	if len(r.doing.waiting) < maxActivities {
		r.doing.waiting = append(r.doing.waiting, data)
	}
	r.mu.Unlock()
	r.kick()
}

func (r *room) hasActivities() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.doing.waiting) > 0
}

// takeActivities opens what came.
func (r *room) takeActivities() {
	r.mu.Lock()
	waiting := r.doing.waiting
	r.doing.waiting = nil
	conv := r.conv
	r.mu.Unlock()
	for _, data := range waiting {
		if a, err := conv.OpenActivity(r.e.env(), data); err == nil {
			r.takeActivity(a)
		}
	}
}

func (r *room) takeActivity(a conversation.Activity) {
	settings := r.e.chosen()
	id, now := a.Sender.Account, int64(r.e.seconds())
	r.mu.Lock()
	newer := a.Time > r.doing.newest[a.Sender.Device]
	if newer {
		r.doing.newest[a.Sender.Device] = a.Time
	}
	r.mu.Unlock()
	switch {
	case !newer || r.e.isOwn(id):
	case a.Kind == conversation.ActivityTyping && settings.Typing:
		r.setDoing(r.doing.typing, id, a.On, now+typingHolds, r.showTyping)
	case a.Kind == conversation.ActivityHere && settings.Presence:
		came := r.setDoing(r.doing.here, id, a.On, now+hereHolds, r.show)
		if came && r.e.isHere() && r.alone() {
			r.tellActivity(conversation.ActivityHere, true) // who came is told at once who is here
		}
	}
}

// setDoing notes until when an account does something and shows what changed, now and when that time is over. It says
// whether the account began.
func (r *room) setDoing(who map[account.ID]int64, id account.ID, on bool, until int64, show func()) bool {
	r.mu.Lock()
	_, before := who[id]
	if on {
		who[id] = until
	} else {
		delete(who, id)
	}
	r.mu.Unlock()
	if before != on {
		show()
	}
	if on {
		r.e.later(until-int64(r.e.seconds()), func() {
			r.mu.Lock()
			now, over := who[id]
			if over = over && now <= int64(r.e.seconds()); over {
				delete(who, id)
			}
			r.mu.Unlock()
			if over {
				show()
			}
		})
	}
	return on && !before
}

// alone says whether the conversation has one other account.
func (r *room) alone() bool {
	own := r.e.identity().chain.ID()
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.others(own)) == 1
}

func (e *Engine) isHere() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.here
}

// showTyping tells the owner who is writing.
func (r *room) showTyping() {
	own := r.e.identity().chain.ID()
	r.mu.Lock()
	ids := slices.DeleteFunc(r.others(own), func(id account.ID) bool { return r.doing.typing[id] == 0 })
	r.mu.Unlock()
	people := []Person{}
	for _, id := range ids {
		people = append(people, r.e.person(id))
	}
	r.e.emit(TypingEvent{Conversation: r.id.String(), People: people})
}

// person is an account for display, with the conversation with it alone.
func (e *Engine) person(id account.ID) Person {
	p := Person{Account: id.String(), Handle: e.handleOf(id)}
	if own := e.identity(); own != nil && own.chain.ID() != id {
		if r := e.room(epoch.DirectID(own.chain.ID(), id)); r != nil {
			conv := r.id.String()
			p.Conversation = &conv
		}
	}
	return p
}

// wrote notes that messages of accounts came: they do not write them any more.
func (r *room) wrote(news []*line) {
	r.mu.Lock()
	before := len(r.doing.typing)
	for _, l := range news {
		delete(r.doing.typing, l.entry.Sender)
	}
	changed := len(r.doing.typing) != before
	r.mu.Unlock()
	if changed {
		r.showTyping()
	}
}

// nobody forgets what people do: without a connection nothing is known of it.
func (r *room) nobody(typing, here bool) {
	r.mu.Lock()
	wrote, was := typing && len(r.doing.typing) > 0, here && len(r.doing.here) > 0
	if typing {
		clear(r.doing.typing)
	}
	if here {
		clear(r.doing.here)
	}
	r.mu.Unlock()
	if wrote {
		r.showTyping()
	}
	if was {
		r.show()
	}
}

// viewOthers adds what the others have got and which of them are here. The caller holds mu.
func (r *room) viewOthers(v *Conversation, others []account.ID, s settingsRecord) {
	delivered, read := r.everyone(others)
	v.Delivered = int64(delivered)
	if s.Receipts {
		v.Read = int64(read)
	}
	for _, id := range others {
		if _, here := r.doing.here[id]; here && s.Presence {
			v.Online = append(v.Online, id.String())
		}
	}
}

// sharingChanged tells the others of a choice, and forgets what is not shared any more.
func (e *Engine) sharingChanged(before, now settingsRecord) {
	for _, r := range e.allRooms() {
		r.nobody(!now.Typing, !now.Presence)
	}
	if before.Presence != now.Presence && e.isHere() {
		e.start(func() { e.tellHere(now.Presence) })
	}
}
