package client

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// maxInbox bounds the events that wait in memory; what does not fit is fetched again.
const maxInbox = 512

// maxRooms bounds the conversations of an account, whatever a relay tells.
const maxRooms = 10_000

// room is one conversation at work.
type room struct {
	e  *Engine
	id epoch.ConversationID

	writing sync.Mutex // held while the record is changed and stored: one change at a time; taken before mu

	mu        sync.Mutex
	record    roomRecord
	choice    choiceRecord
	progress  map[account.ID]progressRecord
	doing     doing
	wishes    []*wish
	joining   *joiningRecord             // a room link that was used; replaced, never changed
	conv      *conversation.Conversation // changed only by who works
	outbox    []*out                     // in the order of sending
	inbox     map[epoch.Position]wire.Event
	top       epoch.Position // the newest position the relay told of
	stamp     uint64         // the newest count of receipts the relay told of
	taken     uint64         // the count up to which they were taken
	signals   []signal       // receipts to open
	acks      []ack
	flight    flight
	checked   bool                          // the handle was looked up in this connection
	tries     int                           // commits that lost, since the last that won
	refused   int                           // answers in a row that asked to look again
	refusal   string                        // the notice code of the commit that was refused last
	kept      epoch.Position                // the last position that was told as withheld
	resting   bool                          // wait for a timer or a new connection before trying to send again
	entry     *entry                        // a commit that lets this account in
	unentered [32]byte                      // the hash of the one that did not
	inquired  bool                          // in this connection the relay keeps a request to be let in
	gone      bool                          // the conversation was forgotten
	asks      map[account.DeviceID]ask      // what is asked of the members here
	looked    bool                          // in this connection the relay was asked for what is asked here
	honoured  map[account.DeviceID][]uint64 // when devices were let back in by this one, milliseconds since 1970
	pausing   pausing                       // before a change that anyone may make
	patient   bool                          // this device has asked to be let back in as often as it may
	held      bool                          // no commits for a while: messages go on in the epoch that is open
	splits    map[account.ID]epoch.Number   // the epochs in which members were told to have been shown another history
	told      bool                          // a receipt waits for its timer
	due       bool                          // a receipt is to be sent
	untold    bool                          // the last receipt did not arrive
	working   bool                          // a goroutine works here
	again     bool                          // and is to look once more
}

// flight is what was sent in this connection and not yet answered.
type flight uint8

const (
	flightNone flight = iota
	flightMessage
	flightCommit
	flightLeave
	flightAsk
)

// signal is a receipt to open, with the relay's count when it took it.
type signal struct {
	data  []byte
	stamp uint64
}

// ack is the relay's answer to what is in flight.
type ack struct {
	flight   flight
	position epoch.Position
	err      error
}

func newRoom(e *Engine, id epoch.ConversationID, peer account.ID) *room {
	return &room{
		e: e, id: id, conv: conversation.New(id), inbox: map[epoch.Position]wire.Event{},
		record: roomRecord{Version: recordVersion, Peer: peer}, choice: choiceRecord{Version: recordVersion}, progress: map[account.ID]progressRecord{},
		asks: map[account.DeviceID]ask{}, honoured: map[account.DeviceID][]uint64{}, splits: map[account.ID]epoch.Number{}, doing: newDoing(),
	}
}

// loadRoom reads a room with its secrets and its outbox.
func (e *Engine) loadRoom(ctx context.Context, r Record) error {
	room := newRoom(e, epoch.ConversationID(r.Key.ID), account.ID{})
	if err := decodeRecord(r, &room.record); err != nil {
		return err
	}
	room.taken = room.record.Receipts
	room.due = e.settings.Receipts && room.record.Read > room.record.ToldRead // read just before the last engine ended
	got, err := e.ports.Store.Get(ctx, []Key{{Kind: kindState, ID: r.Key.ID}})
	if err != nil {
		return err
	}
	if got[0].Value != nil {
		if room.conv, err = conversation.Decode(got[0].Value); err != nil {
			return errors.Join(ErrStorageCorrupt, err)
		}
	}
	if err := errors.Join(room.loadChoice(ctx), room.loadProgress(ctx), room.loadWishes(ctx), room.loadJoining(ctx)); err != nil {
		return err
	}
	outs, err := e.within(ctx, kindOutbox, r.Key.ID)
	if err != nil {
		return err
	}
	for _, o := range outs {
		item, err := decodeOut(o)
		if err != nil {
			return err
		}
		room.outbox = append(room.outbox, item)
	}
	e.rooms[room.id] = room
	return nil
}

// roomFor gives the room of a conversation and makes one for a conversation that is new here: who the other side is
// comes out with its first commit.
func (e *Engine) roomFor(id epoch.ConversationID) *room {
	e.mu.Lock()
	defer e.mu.Unlock()
	r, ok := e.rooms[id]
	if !ok && e.keys != nil && len(e.rooms) < maxRooms {
		r = newRoom(e, id, account.ID{})
		e.rooms[id] = r
	}
	return r
}

// kick lets somebody work in the room: who does so already looks again.
func (r *room) kick() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.again = true
	if r.working || r.e.ctx.Err() != nil {
		return
	}
	r.working = true
	r.e.start(r.work)
}

// work takes step after step until nothing is left to do.
func (r *room) work() {
	for {
		r.mu.Lock()
		if !r.again || r.e.ctx.Err() != nil {
			r.working = false
			r.mu.Unlock()
			return
		}
		r.again = false
		r.mu.Unlock()
		for r.e.ctx.Err() == nil && r.step() {
		}
	}
}

// step does the most urgent thing and says whether there may be more.
func (r *room) step() bool {
	if r.stopped() {
		return false
	}
	s := r.e.session()
	switch {
	case r.takeAck():
		return true
	case r.hasEvents():
		return r.process(s)
	case r.hasActivities():
		r.takeActivities()
		return true
	case s == nil:
		return false
	case r.enters():
		return r.enter(s)
	case r.behind():
		return r.fetch(s)
	case r.takeSignals():
		return true
	case r.sends(s):
		return true
	}
	r.tell(s)
	return false
}

func (r *room) stopped() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.conv.Stopped() != "" || r.gone
}

func (r *room) position() epoch.Position {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.conv.Position()
}

// begun says whether this device has an epoch of the conversation.
func (r *room) begun() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.conv.Header() != nil
}

func (r *room) hasEvents() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.inbox[r.conv.Position()+1]
	return ok && !r.conv.Gone()
}

func (r *room) behind() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.top > r.conv.Position() || r.stamp > r.taken || !r.looked && !r.outside()
}

// arrived takes an event the relay pushed.
func (r *room) arrived(ev wire.Event) {
	r.mu.Lock()
	r.top = max(r.top, ev.Position)
	if ev.Position > r.conv.Position() && len(r.inbox) < maxInbox {
		r.inbox[ev.Position] = ev
	}
	r.mu.Unlock()
	r.kick()
}

// head takes the relay's word of how far the log goes.
func (r *room) head(h wire.Head) {
	r.mu.Lock()
	r.top, r.stamp = max(r.top, h.Position), max(r.stamp, h.Receipts)
	if next := r.conv.Position() + 1; r.kept == next {
		r.top = max(r.top, next) // what was withheld is asked for again
	}
	r.mu.Unlock()
	r.kick()
}

// receipt takes a receipt the relay pushed.
func (r *room) receipt(data []byte, stamp uint64) {
	r.mu.Lock()
	if len(r.signals) < maxInbox {
		r.signals = append(r.signals, signal{data: data, stamp: stamp})
	}
	if r.taken+1 == stamp {
		r.taken = stamp
	}
	r.stamp = max(r.stamp, stamp)
	r.mu.Unlock()
	r.kick()
}

// disconnected forgets what belonged to the connection: what was in flight goes out again with the next.
func (r *room) disconnected() {
	r.mu.Lock()
	r.flight, r.acks = flightNone, nil
	r.inquired, r.held = false, false
	r.checked, r.looked, r.resting, r.tries, r.refused = false, false, false, 0, 0
	r.mu.Unlock()
	r.nobody(true, true)
	r.showOutbox()
}

// onItsWay says whether something sealed or committed is not yet in the log. The caller holds mu.
func (r *room) onItsWay() bool {
	_, message := r.conv.Pending()
	_, commit := r.conv.PendingCommit()
	_, leave := r.conv.PendingLeave()
	return message || commit || leave
}

// rest stops sending until some seconds have passed or a new connection.
func (r *room) rest(seconds int64) {
	r.mu.Lock()
	r.resting = true
	r.mu.Unlock()
	r.e.later(seconds, func() {
		r.mu.Lock()
		r.resting = false
		r.mu.Unlock()
		r.kick()
	})
}

// changeRecord stores what f makes of the room's record and shows it.
func (r *room) changeRecord(f func(*roomRecord)) error {
	return r.changeWith(nil, f)
}

// changeWith does the same together with other writes.
func (r *room) changeWith(writes []Write, f func(*roomRecord)) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	record := r.snapshot()
	f(&record)
	if err := r.e.apply(append(writes, put(kindRoom, r.id[:], record))); err != nil {
		return storage(err)
	}
	r.mu.Lock()
	r.record = record
	r.mu.Unlock()
	r.show()
	return nil
}

// snapshot gives the record as it is to be changed and stored. The caller holds writing.
func (r *room) snapshot() roomRecord {
	r.mu.Lock()
	defer r.mu.Unlock()
	record := r.record
	record.Receipts = r.taken
	return record
}

// view is the room for display.
func (r *room) view() Conversation {
	blocked, settings := r.blocked(), r.e.chosen()
	id := r.e.identity()
	r.mu.Lock()
	defer r.mu.Unlock()
	v := Conversation{
		ID: r.id.String(), Kind: KindDirect, Account: r.record.Peer.String(), Members: 2, Unread: int64(r.record.Unread),
		Activity: int64(r.record.Activity), Draft: r.record.Draft, Blocked: blocked, Ended: r.record.Ended,
		Muted: r.choice.Muted, Pinned: r.choice.Pinned, Marked: r.choice.Marked, Mentions: int64(r.choice.Mentions),
	}
	if lost := r.conv.Lost(); lost != "" && !r.conv.Gone() {
		v.Lost = lostNotice(lost)
	}
	if id != nil {
		r.viewOthers(&v, r.others(id.chain.ID()), settings)
	}
	if len(r.record.Last) > 0 {
		l := r.record.Last[0]
		v.Last = &Last{Text: l.Text, Time: int64(l.Time), Own: l.Own, Sender: r.e.handleOf(l.Sender)}
	}
	if r.record.Group {
		r.viewGroup(&v, id)
	} else if c := r.e.contact(r.record.Peer); c != nil {
		v.Handle, v.Verified = c.record.Handle, c.record.Verified
	}
	return v
}

// shows says whether the conversation is one to show: who it is with is known.
func (v *Conversation) shows() bool { return v.Handle != "" || v.Kind == KindGroup }

// show tells the owner of the room as it is now.
func (r *room) show() {
	if v := r.view(); v.shows() {
		r.e.emit(ConversationEvent{Conversation: v})
	}
}

// Conversations lists the conversations, the newest activity first.
func (e *Engine) Conversations() []Conversation {
	var shown []*Conversation // sorting pointers of any type is the same code: it counts in WebAssembly
	for _, r := range e.allRooms() {
		if v := r.view(); v.shows() {
			shown = append(shown, &v)
		}
	}
	slices.SortFunc(shown, func(a, b *Conversation) int {
		return cmp.Or(cmp.Compare(b.Activity, a.Activity), cmp.Compare(a.ID, b.ID))
	})
	views := make([]Conversation, len(shown))
	for i, v := range shown {
		views[i] = *v
	}
	return views
}
