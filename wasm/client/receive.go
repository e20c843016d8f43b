package client

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// maxTake bounds how many events are processed and stored at once.
const maxTake = 256

// fetch asks for the next page of events, for the kept receipts and for what is asked here. It says whether the relay
// answered.
func (r *room) fetch(s *session) bool {
	r.mu.Lock()
	told := r.top
	r.mu.Unlock()
	page, ok := r.ask(s)
	if !ok {
		return false
	}
	for _, a := range page.Asks {
		r.asked(a)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.looked = true
	for _, data := range page.Receipts {
		r.signals = append(r.signals, signal{data: data, stamp: page.Head.Receipts})
	}
	if len(page.Events) == 0 || page.Events[len(page.Events)-1].Position >= page.Head.Position {
		r.taken = max(r.taken, page.Head.Receipts)
		r.stamp = r.taken
	}
	if len(page.Events) == 0 && r.top == told { // a push that overtook the page tells of more
		r.top = r.conv.Position()
	}
	return true
}

// ask gets the next page and puts its events into the inbox.
func (r *room) ask(s *session) (wire.Page, bool) {
	from := r.position()
	var page wire.Page
	err := r.e.ask(s, wire.Fetch{Conversation: r.id, After: from}, &page)
	if err != nil {
		if code, detail := refusal(err); code == wire.CodeLimited {
			r.rest(int64(detail)/1000 + 1)
		} else if code != 0 {
			r.forget()
		}
		return wire.Page{}, false
	}
	if r.admission(s, page) {
		return page, true
	}
	for i, ev := range page.Events {
		if ev.Position != from+1+epoch.Position(i) {
			s.fail(fmt.Errorf("page of conversation %s: position %d: %w", r.id, ev.Position, errLied))
			return wire.Page{}, false
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, ev := range page.Events {
		if ev.Position > r.conv.Position() {
			r.inbox[ev.Position] = ev
		}
	}
	return page, true
}

// forget gives up what the relay told of the log's length: it does not answer for it.
func (r *room) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.top, r.stamp, r.looked = r.conv.Position(), r.taken, true
}

// process opens the events that are next, stores everything that comes of it in one batch and tells the owner. It
// says whether the room moved on.
func (r *room) process(s *session) bool {
	events := r.nextEvents()
	if !r.learnMembers(s, events) {
		return false
	}
	env := r.e.env()
	opened := make([]conversation.Event, len(events))
	for i, ev := range events {
		opened[i] = conversation.Event{Kind: ev.Kind, Event: ev.Event, Wrap: ev.Wrap}
	}
	next, outcomes := r.conv.Open(env, opened)
	if err := r.settle(env, next, outcomes); err != nil {
		if r.e.ctx.Err() == nil {
			r.rest(5)
		}
		return false
	}
	r.e.passed(r.id)
	return true
}

// settle stores what came of some events and makes it true.
func (r *room) settle(env conversation.Env, next *conversation.Conversation, outcomes []conversation.Outcome) error {
	known, err := r.knownMessages(outcomes)
	if err != nil {
		return err
	}
	says := make([]said, len(outcomes))
	for i, o := range outcomes {
		says[i] = r.read(o)
	}
	if changes(says) {
		r.e.index.changing.RLock()
		defer r.e.index.changing.RUnlock()
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	lines, err := r.targets(says)
	if err != nil {
		return err
	}
	b := &batch{
		r: r, next: next, record: r.snapshot(), choice: r.chosen(), settled: map[conversation.ClientID]bool{}, seen: known, lines: lines,
		progress: map[account.ID]progressRecord{}, messages: r.conv.Messages(),
	}
	for i, o := range outcomes {
		b.take(env, o, says[i])
	}
	return b.store()
}

// knownMessages gives the client keys among the outcomes that were shown before.
func (r *room) knownMessages(outcomes []conversation.Outcome) (map[string]bool, error) {
	var keys []Key
	for _, o := range outcomes {
		if o.Message != nil && !o.Message.Pending {
			keys = append(keys, Key{Kind: kindClient, ID: clientKey(r.id, o.Sender.Device, o.Message.ClientID)})
		}
	}
	known := map[string]bool{}
	if len(keys) == 0 {
		return known, nil
	}
	records, err := r.e.ports.Store.Get(r.e.ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, record := range records {
		if record.Value != nil {
			known[string(record.Key.ID)] = true
		}
	}
	return known, nil
}

// nextEvents gives the events at the positions after the room's without a gap.
func (r *room) nextEvents() []wire.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	var events []wire.Event
	for p := r.conv.Position() + 1; len(events) < maxTake; p++ {
		ev, ok := r.inbox[p]
		if !ok {
			break
		}
		events = append(events, ev)
		if ev.Kind == epoch.KindCommit {
			break // what it changes is told by the state behind it
		}
	}
	return events
}

// batch gathers what comes of some events.
type batch struct {
	r        *room
	next     *conversation.Conversation
	record   roomRecord
	writes   []Write
	choice   choiceRecord
	lines    map[epoch.Position]*line // at events: of this batch, and those that it names
	news     []*line                  // what is new or changed, in order
	reworded [][]byte                 // ids of lines that the index has otherwise
	settled  map[conversation.ClientID]bool
	seen     map[string]bool               // client keys that were shown
	joined   bool                          // this device was let in by its prekey
	at       epoch.Position                // of the event that was given a line last
	messages uint64                        // in the newest epoch
	progress map[account.ID]progressRecord // of who is new
	arrived  bool                          // by a link: what was kept for it is gone
	granted  []*wish                       // carried by what is in the log now
	letBack  []account.DeviceID            // by this device
	refusal  string                        // the notice code of a refused commit
	tell     bool                          // there is something to tell the other side
}

// take turns an outcome into records.
func (b *batch) take(env conversation.Env, o conversation.Outcome, s said) {
	switch {
	case o.Err != nil:
		t := noticeFor(o)
		if o.Kind == epoch.KindCommit {
			b.refusal = t.Code
		}
		b.notice(o, t)
	case o.Commit != nil:
		b.commit(env, o)
	case o.Leave != nil:
		b.left(env, o)
	default:
		b.messages++
		if s.item != nil || !o.Message.Pending {
			b.message(o, s)
		}
	}
}

// add gives an event its line.
func (b *batch) add(o conversation.Outcome, entry entryRecord) *line {
	entry.Version, entry.Hash = recordVersion, o.Hash[:]
	l := &line{id: entryID(b.r.id, o.Position, 0), entry: entry, mark: markRecord{Version: recordVersion}}
	b.lines[o.Position] = l
	b.touch(l)
	return l
}

func (b *batch) notice(o conversation.Outcome, t Trouble) { b.noticeAt(o, b.r.e.millis(), t) }

// noticeAt gives a notice a time in milliseconds: what was opened long ago stands on its day.
func (b *batch) noticeAt(o conversation.Outcome, time uint64, t Trouble) {
	b.add(o, entryRecord{Time: time, Own: o.Own, Notice: t.Code, Detail: detailsOf(t), Sender: o.Sender.Account})
}

func detailsOf(t Trouble) []detailRecord {
	var details []detailRecord
	for _, name := range slices.Sorted(maps.Keys(t.Detail)) {
		details = append(details, detailRecord{Name: name, Value: t.Detail[name]})
	}
	return details
}

// message takes what a message says; a client id that its sender used before is taken once.
func (b *batch) message(o conversation.Outcome, s said) {
	key := clientKey(b.r.id, o.Sender.Device, s.id)
	if b.seen[string(key)] && !o.Message.Pending && !check.Off(check.ClientOnce) {
		return
	}
	position := strconv.FormatUint(uint64(o.Position), 10)
	switch {
	case errors.Is(s.err, conversation.ErrNewer):
		b.notice(o, Trouble{Code: NoticeNewerVersion, Detail: map[string]string{"position": position}})
		return
	case s.err != nil:
		b.notice(o, Trouble{Code: NoticeNotOpened, Detail: map[string]string{"position": position, "cause": string(conversation.CauseMalformed)}})
		return
	}
	if s.item != nil {
		b.settled[s.id] = true
		b.writes = append(b.writes, remove(kindOutbox, s.item.id))
	}
	b.seen[string(key)] = true
	b.writes = append(b.writes, put(kindClient, key, uint64(o.Position)))
	if s.body.Kind != conversation.BodyText {
		b.act(o, s.body)
		return
	}
	b.text(o, s)
}

func (b *batch) text(o conversation.Outcome, s said) {
	text, time := s.body.Text, s.body.Time
	l := b.add(o, entryRecord{Own: o.Own, Time: time, Client: s.id[:], Text: text, Sender: o.Sender.Account})
	l.mark.Reply, l.mark.Mentions = s.body.Target, s.body.Mentions
	l.marked = s.body.Target != 0 || len(s.body.Mentions) > 0
	b.record.Last = []lastRecord{{Text: preview(text), Time: time, Own: o.Own, Position: o.Position, Sender: o.Sender.Account}}
	b.record.Activity = max(b.record.Activity, time)
	if !o.Own {
		b.record.Unread++
		b.tell = true
		if b.r.names(l) {
			b.choice.Mentions++
		}
	}
}

// store writes the batch and then makes it true.
func (b *batch) store() error {
	r := b.r
	writes := append(b.writes, keepState(b.next), put(kindRoom, r.id[:], b.record))
	for _, l := range b.news {
		writes = append(writes, l.writes()...)
	}
	if b.choice != r.chosen() {
		writes = append(writes, put(kindChoice, r.id[:], b.choice))
	}
	if err := r.e.apply(writes); err != nil {
		return err
	}
	before := b.becomes()
	r.lettingBack(b.letBack)
	r.e.index.took(r.id, b.news, b.reworded)
	r.showLines(b.news)
	r.wrote(b.news)
	r.show()
	if b.record.Ended != "" {
		r.endOutbox()
	}
	if b.next.Stopped() != "" {
		r.showOutbox() // it waits now
	}
	if b.joined {
		r.e.usedPrekey()
	}
	if !before.Gone() && before.Header() == nil {
		r.e.begun()
	}
	return nil
}

// becomes makes what was stored the room's, and gives the conversation before.
func (b *batch) becomes() (before *conversation.Conversation) {
	r := b.r
	r.mu.Lock()
	defer r.mu.Unlock()
	before = r.conv
	r.conv, r.record, r.choice = b.next, b.record, b.choice
	for p := range r.inbox {
		if p <= b.next.Position() {
			delete(r.inbox, p)
		}
	}
	r.dropSettled(b.settled)
	r.forgetWishes(b.granted)
	if b.arrived {
		r.joining = nil
	}
	for id, p := range b.progress {
		r.progress[id] = p
	}
	r.due = r.due || b.tell
	r.refused = 0
	if b.refusal != "" {
		r.refusal = b.refusal
	}
	if before.Header() != b.next.Header() {
		r.tries, r.held, r.pausing = 0, false, pauseNone
	}
	if !r.onItsWay() {
		r.flight = flightNone
	}
	return before
}

// keepState is the write that keeps a conversation's secrets.
func keepState(c *conversation.Conversation) Write {
	id := c.ID()
	return Write{Record: Record{Key: Key{Kind: kindState, ID: id[:]}, Value: c.Encode()}}
}
