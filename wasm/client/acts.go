package client

import (
	"context"
	"slices"
	"unicode/utf8"

	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
)

// Post is a text to send.
type Post struct {
	Text     string
	Reply    string // the entry it answers, empty for none
	Mentions []Range
	ID       string // as in [Engine.Send]
}

// Post queues a text as [Engine.Send] does, with what it answers and whom it mentions.
func (e *Engine) Post(ctx context.Context, conv string, p Post) (Entry, error) {
	r, record, err := e.writing(conv, p.ID)
	if err != nil {
		return Entry{}, err
	}
	if record.Mentions, err = checkText(p.Text, p.Mentions); err != nil {
		return Entry{}, err
	}
	if entry, ok, err := r.already(ctx, record.Client); ok || err != nil {
		return entry, err
	}
	record.Kind, record.Text = conversation.BodyText, p.Text
	if p.Reply != "" {
		l, err := r.named(ctx, p.Reply)
		if err != nil {
			return Entry{}, err
		}
		record.Target, record.Waits = l.reference()
	}
	return r.queue(record)
}

// writing begins a record of something to send in a conversation that takes it.
func (e *Engine) writing(conv, id string) (*room, outRecord, error) {
	record := outRecord{Version: recordVersion, Time: e.millis()}
	r, err := e.find(conv)
	if err != nil {
		return nil, record, err
	}
	if record.Client, err = e.clientID(id); err != nil {
		return nil, record, err
	}
	switch {
	case r.over():
		return nil, record, failure(CodeEnded, nil)
	case r.blocked() != nil:
		return nil, record, failure(CodeBlocked, nil)
	}
	return r, record, nil
}

func checkText(text string, ranges []Range) ([]conversation.Mention, error) {
	switch {
	case len(text) == 0 || !utf8.ValidString(text):
		return nil, failure(CodeEmpty, nil)
	case len(text) > conversation.MaxText:
		return nil, failure(CodeTooLong, nil)
	}
	return mentionsOf(text, ranges)
}

// named finds a message by its entry's id, in the log or in the outbox.
func (r *room) named(ctx context.Context, id string) (*line, error) {
	if o := r.outNamed(id); o != nil {
		return o.line(r), nil
	}
	p, _, err := r.findEntry(ctx, id)
	if err != nil {
		return nil, err
	}
	lines, err := r.lines(ctx, []epoch.Position{p})
	if err != nil {
		return nil, storage(err)
	}
	l := lines[p]
	if l == nil || !l.text() {
		return nil, failure(CodeNotFound, nil)
	}
	return l, nil
}

// outNamed finds a text in the outbox by its entry's id.
func (r *room) outNamed(id string) *out {
	client, err := r.e.clientID(id)
	if id == "" || err != nil {
		return nil
	}
	if o := r.outItem(client); o != nil && o.record.Kind == conversation.BodyText {
		return o
	}
	return nil
}

// line is a waiting text as the entry that it will be, at position 0.
func (o *out) line(r *room) *line {
	return &line{
		id:    entryID(r.id, 0, 0),
		entry: entryRecord{Own: true, Time: o.record.Time, Client: o.record.Client[:], Text: o.record.Text, Sender: r.e.identity().chain.ID()},
		mark:  markRecord{Reply: o.record.Target, Mentions: o.record.Mentions},
	}
}

// reference names l in a record of the outbox.
func (l *line) reference() (target epoch.Position, waits []byte) {
	if p := l.place(); p != 0 {
		return p, nil
	}
	return 0, l.entry.Client
}

// Edit gives an own message another text. One that is not sealed yet is changed on the spot.
func (e *Engine) Edit(ctx context.Context, conv, entry, text string, ranges []Range, id string) (Entry, error) {
	r, record, err := e.writing(conv, id)
	if err != nil {
		return Entry{}, err
	}
	if record.Mentions, err = checkText(text, ranges); err != nil {
		return Entry{}, err
	}
	if known, err := r.queued(ctx, record.Client); known || err != nil {
		return r.shownAs(ctx, entry, err)
	}
	if o := r.outNamed(entry); o != nil {
		if changed, err := r.rewrite(o, text, record.Mentions); changed || err != nil {
			return r.shownAs(ctx, entry, err)
		}
	}
	l, err := r.ownNamed(ctx, entry)
	if err != nil {
		return Entry{}, err
	}
	record.Kind, record.Text = conversation.BodyEdit, text
	return r.act(ctx, l, record)
}

// ownNamed finds a message of this account's.
func (r *room) ownNamed(ctx context.Context, entry string) (*line, error) {
	l, err := r.named(ctx, entry)
	if err == nil && !r.e.isOwn(l.entry.Sender) {
		err = failure(CodeNotFound, nil)
	}
	return l, err
}

// Delete takes an own message back, for everyone. One that is not sealed yet is dropped.
func (e *Engine) Delete(ctx context.Context, conv, entry, id string) error {
	r, record, err := e.writing(conv, id)
	if err != nil {
		return err
	}
	if known, err := r.queued(ctx, record.Client); known || err != nil {
		return err
	}
	if o := r.outNamed(entry); o != nil && e.Discard(ctx, conv, entry) == nil {
		return nil
	}
	l, err := r.ownNamed(ctx, entry)
	if err != nil {
		return err
	}
	record.Kind = conversation.BodyDelete
	_, err = r.act(ctx, l, record)
	return err
}

// React sets an emoji at a message, or takes it away.
func (e *Engine) React(ctx context.Context, conv, entry, emoji string, on bool, id string) (Entry, error) {
	r, record, err := e.writing(conv, id)
	if err != nil {
		return Entry{}, err
	}
	if !conversation.Emoji(emoji) {
		return Entry{}, failure(CodeNotFound, nil)
	}
	if known, err := r.queued(ctx, record.Client); known || err != nil {
		return r.shownAs(ctx, entry, err)
	}
	l, err := r.named(ctx, entry)
	if err != nil {
		return Entry{}, err
	}
	record.Kind, record.Emoji, record.On = conversation.BodyReaction, emoji, on
	return r.act(ctx, l, record)
}

// queued says whether what has this client id was queued before: the call is repeated.
func (r *room) queued(ctx context.Context, id conversation.ClientID) (bool, error) {
	if r.outItem(id) != nil {
		return true, nil
	}
	var p epoch.Position
	return r.e.get(ctx, kindClient, clientKey(r.id, r.e.identity().device, id), &p)
}

// shownAs gives an entry by its id for display, unless there is an error already.
func (r *room) shownAs(ctx context.Context, entry string, err error) (Entry, error) {
	if err != nil {
		return Entry{}, err
	}
	l, err := r.named(ctx, entry)
	if err != nil {
		return Entry{}, err
	}
	return r.shown(ctx, l)
}

// shown gives a message for display, wherever it is.
func (r *room) shown(ctx context.Context, l *line) (Entry, error) {
	if l.place() == 0 {
		if o := r.outItem(conversation.ClientID(l.entry.Client)); o != nil {
			return r.outEntry(o), nil
		}
		return Entry{}, failure(CodeNotFound, nil)
	}
	entries, err := r.views(ctx, []*line{l})
	if err != nil {
		return Entry{}, storage(err)
	}
	return entries[0], nil
}

// act queues an act at a message. One of the same kind that still waits there is replaced: it would only be undone.
func (r *room) act(ctx context.Context, l *line, record outRecord) (Entry, error) {
	record.Target, record.Waits = l.reference()
	if err := r.replaceActs(l, record); err != nil {
		return Entry{}, err
	}
	if record.Kind == conversation.BodyReaction && !r.reactionChanges(l, record) {
		r.showLines([]*line{l})
		return r.shown(ctx, l)
	}
	if _, err := r.queue(record); err != nil {
		return Entry{}, err
	}
	return r.shown(ctx, l)
}

// reactionChanges says whether a reaction would change what is in the log or on its way.
func (r *room) reactionChanges(l *line, record outRecord) bool {
	mark := l.mark
	own := r.e.identity().chain.ID()
	for _, o := range r.waiting() {
		if o.names(l.place(), ownClient(l.entry)) && o.record.Kind == conversation.BodyReaction && o.record.Failed == "" {
			mark.react(own, o.record.Emoji, o.record.On)
		}
	}
	return mark.react(own, record.Emoji, record.On)
}

// replaceActs drops the acts that a new one makes needless, unless they are sealed.
func (r *room) replaceActs(l *line, record outRecord) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	for _, o := range r.waiting() {
		same := o.record.Kind == record.Kind && o.record.Emoji == record.Emoji
		if !o.names(l.place(), ownClient(l.entry)) || !same && record.Kind != conversation.BodyDelete || r.isSealed(o) {
			continue
		}
		if err := r.drop(o); err != nil {
			return err
		}
	}
	return nil
}

// isSealed says whether o is on its way: what left cannot be called back.
func (r *room) isSealed(o *out) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	pending, ok := r.conv.Pending()
	return ok && pending.ClientID == o.record.Client
}

// drop takes o out of the outbox, with what was to be done to it. What answers it answers nothing then. The caller
// holds writing.
func (r *room) drop(o *out) error {
	dropped := map[conversation.ClientID]bool{o.record.Client: true}
	writes := []Write{remove(kindOutbox, o.id)}
	var answers []*out
	for _, other := range r.queueNow() {
		switch {
		case other.waitsFor() != o.record.Client:
		case other.record.Kind == conversation.BodyText:
			answer := &out{id: other.id, record: other.record}
			answer.record.Waits = nil
			answers = append(answers, answer)
			writes = append(writes, put(kindOutbox, other.id, answer.record))
		default:
			dropped[other.record.Client] = true
			writes = append(writes, remove(kindOutbox, other.id))
		}
	}
	if err := r.e.apply(writes); err != nil {
		return storage(err)
	}
	r.mu.Lock()
	r.dropSettled(dropped)
	r.mu.Unlock()
	for _, answer := range answers {
		r.showOut(r.changeOut(answer, answer.record))
	}
	return nil
}

// queueNow gives everything that waits, in order.
func (r *room) queueNow() []*out {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.outbox)
}

// rewrite changes a text in the outbox and says whether it did: one that is sealed stays.
func (r *room) rewrite(o *out, text string, mentions []conversation.Mention) (bool, error) {
	r.writing.Lock()
	if r.isSealed(o) || r.outItem(o.record.Client) == nil {
		r.writing.Unlock()
		return false, nil
	}
	record, next := r.snapshot(), o.record
	if n := len(record.Last); n > 0 && record.Last[0].Own && record.Last[0].Position == 0 && record.Last[0].Text == preview(next.Text) {
		record.Last = []lastRecord{{Text: preview(text), Time: record.Last[0].Time, Own: true}}
	}
	next.Text, next.Mentions = text, mentions
	err := r.e.apply([]Write{put(kindOutbox, o.id, next), put(kindRoom, r.id[:], record)})
	if err == nil {
		r.mu.Lock()
		r.record = record
		r.mu.Unlock()
		o = r.changeOut(o, next)
	}
	r.writing.Unlock()
	if err != nil {
		return false, storage(err)
	}
	r.showOut(o)
	r.show()
	return true, nil
}

// Versions gives everything a message said, the oldest first, what it says now last.
func (e *Engine) Versions(ctx context.Context, conv, entry string) ([]Version, error) {
	r, err := e.find(conv)
	if err != nil {
		return nil, err
	}
	l, err := r.named(ctx, entry)
	if err != nil {
		return nil, err
	}
	versions, err := r.earlier(ctx, l.place())
	if err != nil {
		return nil, storage(err)
	}
	return append(versions, Version{Text: l.entry.Text, Time: int64(max(l.entry.Time, l.mark.Edited))}), nil
}

// earlier gives what a message said before, the oldest first.
func (r *room) earlier(ctx context.Context, p epoch.Position) ([]Version, error) {
	records, err := r.e.ports.Store.Range(ctx, kindVersion, entryID(r.id, p, 0), entryID(r.id, p+1, 0), mostVersions, false)
	if err != nil {
		return nil, err
	}
	var versions []Version
	for _, record := range records {
		var v versionRecord
		if err := decodeRecord(record, &v); err != nil {
			return nil, err
		}
		versions = append(versions, Version{Text: v.Text, Time: int64(v.Time)})
	}
	return versions, nil
}
