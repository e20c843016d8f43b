package client

import (
	"context"
	"encoding/hex"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
)

// withMarks reads the marks of stored entries, which ascend.
func (r *room) withMarks(ctx context.Context, records []Record) ([]*line, error) {
	if len(records) == 0 {
		return nil, nil
	}
	to := after(records[len(records)-1].Key.ID)
	marks, err := r.e.ports.Store.Range(ctx, kindMark, records[0].Key.ID, to, len(records), false)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]Record, len(marks))
	for _, m := range marks {
		byID[string(m.Key.ID)] = m
	}
	lines := make([]*line, len(records))
	for i, record := range records {
		if lines[i], err = decodeLine(record, byID[string(record.Key.ID)]); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// views gives lines for display, with what they answer and with what is on its way.
func (r *room) views(ctx context.Context, lines []*line) ([]Entry, error) {
	var answered []epoch.Position
	for _, l := range lines {
		if l.mark.Reply != 0 {
			answered = append(answered, l.mark.Reply)
		}
	}
	originals, err := r.lines(ctx, answered)
	if err != nil {
		return nil, err
	}
	acts := r.waiting()
	entries := make([]Entry, len(lines))
	for i, l := range lines {
		entries[i] = r.lineView(l, originals[l.mark.Reply])
		r.overlay(&entries[i], l, acts)
	}
	return entries, nil
}

// lineView is a line for display.
func (r *room) lineView(l *line, original *line) Entry {
	entry := r.plainView(l.id, l.entry)
	if l.entry.Notice != "" {
		return entry
	}
	if l.mark.Deleted != 0 {
		at := int64(l.mark.Deleted)
		entry.Deleted, entry.Text = &at, nil
		return entry
	}
	entry.Mentions = r.e.mentionViews(l.entry.Text, l.mark.Mentions)
	if l.mark.Reply != 0 {
		entry.Reply = r.replyView(original)
	}
	if l.mark.Edited != 0 {
		at := int64(l.mark.Edited)
		entry.Edited = &at
	}
	for _, one := range l.mark.Reactions {
		view := Reaction{Emoji: one.Emoji}
		for _, id := range one.Accounts {
			view.Who = append(view.Who, r.e.senderOf(id))
			view.Own = view.Own || r.e.isOwn(id)
		}
		entry.Reactions = append(entry.Reactions, view)
	}
	return entry
}

// replyView is what a message answers, as it is now.
func (r *room) replyView(original *line) *Reply {
	if original == nil || original.entry.Notice != "" {
		return &Reply{State: ReplyUnknown}
	}
	entry := r.plainView(original.id, original.entry)
	reply := &Reply{ID: entry.ID, Position: entry.Position, Sender: entry.Sender, State: ReplyHere}
	if reply.Text = preview(original.entry.Text); original.mark.Deleted != 0 {
		reply.State = ReplyDeleted
	}
	return reply
}

// waiting gives the edits, deletions and reactions in the outbox, in order.
func (r *room) waiting() []*out {
	var acts []*out
	for _, o := range r.queueNow() {
		if o.record.Kind != conversation.BodyText {
			acts = append(acts, o)
		}
	}
	return acts
}

// names says whether o names the entry at a position, or the own message with a client id.
func (o *out) names(p epoch.Position, client []byte) bool {
	if o.record.Target != 0 {
		return o.record.Target == p
	}
	return len(client) > 0 && string(o.record.Waits) == string(client)
}

// overlay shows on an entry what is on its way to it.
func (r *room) overlay(entry *Entry, l *line, acts []*out) {
	var p epoch.Position
	if entry.Position != nil {
		p = l.place()
	}
	for _, o := range acts {
		if entry.Kind != EntryMessage || !o.names(p, ownClient(l.entry)) {
			continue
		}
		state, failed := r.outState(o)
		entry.Changes = append(entry.Changes, Change{
			ID: hex.EncodeToString(o.record.Client[:]), Kind: changeKinds[o.record.Kind], State: state, Error: failed,
		})
		if failed == nil && entry.Deleted == nil {
			r.foretell(entry, o.record)
		}
	}
}

func ownClient(entry entryRecord) []byte {
	if entry.Own {
		return entry.Client
	}
	return nil
}

var changeKinds = map[conversation.BodyKind]string{
	conversation.BodyEdit: ChangeEdit, conversation.BodyDelete: ChangeDelete, conversation.BodyReaction: ChangeReaction,
}

// foretell does to an entry for display what an own act will do.
func (r *room) foretell(entry *Entry, act outRecord) {
	at := int64(act.Time)
	switch act.Kind {
	case conversation.BodyEdit:
		text := act.Text
		entry.Text, entry.Edited, entry.Mentions = &text, &at, r.e.mentionViews(text, act.Mentions)
	case conversation.BodyDelete:
		entry.Deleted = &at
		entry.Text, entry.Edited, entry.Mentions, entry.Reply, entry.Reactions = nil, nil, nil, nil, nil
	default:
		entry.Reactions = reacted(entry.Reactions, act.Emoji, r.e.self(), act.On)
	}
}

// reacted gives reactions for display with the own one set or taken away.
func reacted(all []Reaction, emoji string, own Sender, on bool) []Reaction {
	at := slices.IndexFunc(all, func(r Reaction) bool { return r.Emoji == emoji })
	switch {
	case at < 0 && !on || at >= 0 && all[at].Own == on:
		return all
	case at < 0:
		return append(slices.Clone(all), Reaction{Emoji: emoji, Own: true, Who: []Sender{own}})
	}
	all = slices.Clone(all)
	who := slices.DeleteFunc(slices.Clone(all[at].Who), func(s Sender) bool { return s == own })
	if on {
		who = append(who, own)
	}
	all[at] = Reaction{Emoji: emoji, Own: on, Who: who}
	return slices.DeleteFunc(all, func(r Reaction) bool { return len(r.Who) == 0 })
}

// outEntries gives what waits for display: texts. What waits beside them shows at what it names.
func (r *room) outEntries() []Entry {
	var entries []Entry
	for _, o := range r.queueNow() {
		if o.record.Kind == conversation.BodyText {
			entries = append(entries, r.outEntry(o))
		}
	}
	return entries
}

// showLines tells the owner of lines that are new or changed. What cannot be read now is read with the next page.
func (r *room) showLines(lines []*line) {
	entries, err := r.views(r.e.ctx, lines)
	if err != nil {
		return
	}
	for _, entry := range entries {
		r.e.emit(EntryEvent{Conversation: r.id.String(), Entry: entry})
	}
}

// showOut tells the owner of something that waits, at the entry where it shows.
func (r *room) showOut(o *out) {
	if o.record.Kind == conversation.BodyText {
		r.e.emit(EntryEvent{Conversation: r.id.String(), Entry: r.outEntry(o)})
		return
	}
	if item := r.outItem(o.waitsFor()); item != nil {
		r.showOut(item)
		return
	}
	if p, err := r.targetOf(r.e.ctx, o.record); err == nil && p != 0 {
		if lines, err := r.lines(r.e.ctx, []epoch.Position{p}); err == nil && lines[p] != nil {
			r.showLines([]*line{lines[p]})
		}
	}
}

// waitsFor is the client id of the own message that o names while that waits too, else none.
func (o *out) waitsFor() conversation.ClientID {
	if o.record.Target == 0 && len(o.record.Waits) == len(conversation.ClientID{}) {
		return conversation.ClientID(o.record.Waits)
	}
	return conversation.ClientID{}
}

// targetOf gives the position of what a waiting record names, 0 while it is not in the log.
func (r *room) targetOf(ctx context.Context, record outRecord) (epoch.Position, error) {
	if record.Target != 0 || len(record.Waits) == 0 {
		return record.Target, nil
	}
	var p epoch.Position
	key := clientKey(r.id, r.e.identity().device, conversation.ClientID(record.Waits))
	_, err := r.e.get(ctx, kindClient, key, &p)
	return p, err
}

// isOwn says whether an account is this device's.
func (e *Engine) isOwn(id account.ID) bool {
	own := e.identity()
	return own != nil && own.chain.ID() == id
}
