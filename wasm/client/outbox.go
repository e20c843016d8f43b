package client

import (
	"context"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// out is something that waits to be sent. It is replaced, never changed.
type out struct {
	id     []byte // of its record
	record outRecord
}

func decodeOut(r Record) (*out, error) {
	o := &out{id: r.Key.ID}
	return o, decodeRecord(r, &o.record)
}

const previewRunes = 120

// preview is the beginning of a text for a list.
func preview(text string) string {
	n := 0
	for i := range text {
		if n++; n > previewRunes {
			return text[:i]
		}
	}
	return text
}

// Send queues a text. It is stored before Send returns, and sent as soon as the relay takes it. id is 16 bytes in
// hexadecimal that the caller drew, so that a repeated call is known; empty to let the engine draw.
func (e *Engine) Send(ctx context.Context, conv, text, id string) (Entry, error) {
	return e.Post(ctx, conv, Post{Text: text, ID: id})
}

func (e *Engine) clientID(id string) (conversation.ClientID, error) {
	if id == "" {
		drawn, err := e.random16()
		return drawn, err
	}
	b, err := hex.DecodeString(id)
	if err != nil || len(b) != len(conversation.ClientID{}) {
		return conversation.ClientID{}, failure(CodeNotFound, err)
	}
	return conversation.ClientID(b), nil
}

// already finds the message of a repeated call.
func (r *room) already(ctx context.Context, id conversation.ClientID) (Entry, bool, error) {
	if item := r.outItem(id); item != nil {
		return r.outEntry(item), true, nil
	}
	var p epoch.Position
	found, err := r.e.get(ctx, kindClient, clientKey(r.id, r.e.identity().device, id), &p)
	if err != nil || !found {
		return Entry{}, false, err
	}
	lines, err := r.lines(ctx, []epoch.Position{p})
	if err != nil || lines[p] == nil {
		return Entry{}, false, storage(err)
	}
	entry, err := r.shown(ctx, lines[p])
	return entry, true, err
}

// get reads one record, if it is there.
func (e *Engine) get(ctx context.Context, kind string, id []byte, into any) (bool, error) {
	got, err := e.ports.Store.Get(ctx, []Key{{Kind: kind, ID: id}})
	if err != nil || got[0].Value == nil {
		return false, storage(err)
	}
	return true, storage(decodeRecord(got[0], into))
}

// queue stores something to send in the outbox. Of a text it gives the entry.
func (r *room) queue(waits outRecord) (Entry, error) {
	item := &out{record: waits}
	r.writing.Lock()
	record := r.snapshot()
	record.Outs++
	if waits.Kind == conversation.BodyText {
		record.Activity = max(record.Activity, waits.Time)
		record.Last = []lastRecord{{Text: preview(waits.Text), Time: waits.Time, Own: true, Sender: r.e.identity().chain.ID()}}
		if strings.HasPrefix(waits.Text, record.Draft) {
			record.Draft = "" // it became this message: whatever ends here, the text is one of both
		}
	}
	item.id = outID(r.id, record.Outs)
	err := r.e.apply([]Write{put(kindOutbox, item.id, item.record), put(kindRoom, r.id[:], record)})
	if err == nil {
		r.mu.Lock()
		r.record = record
		r.outbox = append(r.outbox, item)
		r.mu.Unlock()
	}
	r.writing.Unlock()
	if err != nil {
		return Entry{}, storage(err)
	}
	r.show() // first: who sees the message sees no draft of it
	r.showOut(item)
	r.kick()
	if waits.Kind != conversation.BodyText {
		return Entry{}, nil
	}
	return r.outEntry(item), nil
}

// changeOut replaces something in the outbox.
func (r *room) changeOut(o *out, record outRecord) *out {
	next := &out{id: o.id, record: record}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outbox = slices.Clone(r.outbox)
	for i := range r.outbox {
		if string(r.outbox[i].id) == string(o.id) {
			r.outbox[i] = next
		}
	}
	return next
}

// body is what o says, once what it names is in the log.
func (o *out) body() conversation.Body {
	r := o.record
	return conversation.Body{
		Kind: r.Kind, Time: r.Time, Text: r.Text, Target: r.Target, Mentions: r.Mentions, Emoji: r.Emoji, On: r.On,
	}
}

func (r *room) outItem(id conversation.ClientID) *out {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range r.outbox {
		if o.record.Client == id {
			return o
		}
	}
	return nil
}

// dropSettled takes out of the outbox what is in the log now. The caller holds mu.
func (r *room) dropSettled(settled map[conversation.ClientID]bool) {
	var left []*out
	for _, o := range r.outbox {
		if !settled[o.record.Client] {
			left = append(left, o)
		}
	}
	r.outbox = left
}

// outState is where something stands that waits, for display.
func (r *room) outState(o *out) (state string, failed *EntryError) {
	r.mu.Lock()
	pending, ok := r.conv.Pending()
	sending := ok && pending.ClientID == o.record.Client && r.flight == flightMessage
	r.mu.Unlock()
	switch {
	case o.record.Failed != "":
		return EntryFailed, &EntryError{Code: o.record.Failed}
	case sending || r.e.session() != nil && r.blocked() == nil && !r.waits():
		return EntrySending, nil
	}
	return EntryWaiting, nil
}

// outEntry is a waiting text for display.
func (r *room) outEntry(o *out) Entry {
	state, failed := r.outState(o)
	text, l := o.record.Text, o.line(r)
	entry := Entry{
		ID: hex.EncodeToString(o.record.Client[:]), Kind: EntryMessage, Own: true, Sender: r.e.self(),
		Time: int64(o.record.Time), Text: &text, State: &state, Error: failed,
		Mentions: r.e.mentionViews(text, o.record.Mentions),
	}
	if o.record.Target != 0 || len(o.record.Waits) > 0 {
		entry.Reply = r.answered(o)
	}
	r.overlay(&entry, l, r.waiting())
	return entry
}

// answered is what a waiting text answers, in the log or waiting as well.
func (r *room) answered(o *out) *Reply {
	if item := r.outItem(o.waitsFor()); item != nil {
		text := preview(item.record.Text)
		return &Reply{
			ID: hex.EncodeToString(item.record.Client[:]), Sender: r.e.self(), Text: text, State: ReplyHere,
		}
	}
	p, err := r.targetOf(r.e.ctx, o.record)
	if err != nil {
		return &Reply{State: ReplyUnknown}
	}
	lines, _ := r.lines(r.e.ctx, []epoch.Position{p}) // what cannot be read now is unknown until it can
	return r.replyView(lines[p])
}

// showOutbox tells the owner of everything that waits.
func (r *room) showOutbox() {
	for _, o := range r.queueNow() {
		r.showOut(o)
	}
}

// nextOut is the oldest message that is to be sent.
func (r *room) nextOut() *out {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, o := range r.outbox {
		if o.record.Failed == "" {
			return o
		}
	}
	return nil
}

// seal seals the next message and stores the ratchet with it.
func (r *room) seal(o *out) bool {
	r.writing.Lock() // a message that is being deleted is not sealed
	defer r.writing.Unlock()
	if o = r.outItem(o.record.Client); o == nil {
		return true
	}
	o, writes, ok := r.settleTarget(o)
	if !ok {
		return true
	}
	next, _, err := r.conv.Seal(r.e.env(), o.record.Client, o.body().Encode())
	switch {
	case err == nil:
		return r.adopt(next, writes...)
	case errors.Is(err, conversation.ErrGivenUp):
		r.wantEpoch()
		r.rest(5)
		return false
	default:
		r.fail(o, CodeRefused)
	}
	return true
}

// settleTarget gives what o names its position: what waited before o is in the log now. When it failed, an answer to it
// answers nothing, and everything else fails too.
func (r *room) settleTarget(o *out) (next *out, writes []Write, ok bool) {
	if o.record.Target != 0 || len(o.record.Waits) == 0 {
		return o, nil, true
	}
	p, err := r.targetOf(r.e.ctx, o.record)
	switch {
	case err != nil:
		r.rest(5)
		return nil, nil, false
	case p == 0 && o.record.Kind != conversation.BodyText:
		r.fail(o, CodeNotSent)
		return nil, nil, false
	}
	record := o.record
	record.Target, record.Waits = p, nil
	next = r.changeOut(o, record)
	return next, []Write{put(kindOutbox, next.id, record)}, true
}

// adopt stores the room's next secrets, with other writes, and then uses them.
func (r *room) adopt(next *conversation.Conversation, writes ...Write) bool {
	if err := r.e.apply(append(writes, keepState(next))); err != nil {
		r.rest(5)
		return false
	}
	r.mu.Lock()
	r.conv = next
	r.mu.Unlock()
	return true
}

// transmit sends what is pending; the answer comes back as an ack.
func (r *room) transmit(s *session, f flight, request wire.Body) {
	r.mu.Lock()
	r.flight = f
	r.mu.Unlock()
	s.send(r.e.now(), request, func(frame wire.Frame, err error) {
		a := ack{flight: f, err: err}
		if err == nil {
			var stored wire.Stored
			a.err = wire.DecodeBody(frame, &stored)
			a.position = stored.Position
		}
		r.mu.Lock()
		if r.flight == f {
			r.acks = append(r.acks, a)
		}
		r.mu.Unlock()
		r.kick()
	})
}

// fail marks a message as failed; the person may try again or delete it.
func (r *room) fail(o *out, code string) {
	record := o.record
	record.Failed = code
	if r.e.apply([]Write{put(kindOutbox, o.id, record)}) != nil {
		return
	}
	r.showOut(r.changeOut(o, record))
}

// Retry queues a failed message again.
func (e *Engine) Retry(_ context.Context, conv, id string) error {
	r, o, err := e.findOut(conv, id)
	if err != nil {
		return err
	}
	r.fail(o, "")
	r.kick()
	return nil
}

// Discard removes a message that is not sealed: what is on its way cannot be called back.
func (e *Engine) Discard(_ context.Context, conv, id string) error {
	r, o, err := e.findOut(conv, id)
	if err != nil {
		return err
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	if r.isSealed(o) {
		return failure(CodeNotFound, nil)
	}
	if err := r.drop(o); err != nil {
		return err
	}
	if o.record.Kind == conversation.BodyText {
		e.emit(RemovedEvent{Conversation: conv, ID: id})
	} else {
		r.showOut(o)
	}
	return nil
}

func (e *Engine) findOut(conv, id string) (*room, *out, error) {
	r, err := e.find(conv)
	if err != nil {
		return nil, nil, err
	}
	client, err := e.clientID(id)
	if err != nil || id == "" {
		return nil, nil, failure(CodeNotFound, err)
	}
	o := r.outItem(client)
	if o == nil {
		return nil, nil, failure(CodeNotFound, nil)
	}
	return r, o, nil
}

// find gives the room of a conversation named in hexadecimal.
func (e *Engine) find(conv string) (*room, error) {
	b, err := hex.DecodeString(conv)
	if err != nil || len(b) != len(epoch.ConversationID{}) {
		return nil, failure(CodeNotFound, err)
	}
	if r := e.room(epoch.ConversationID(b)); r != nil {
		return r, nil
	}
	return nil, failure(CodeNotFound, nil)
}

func (e *Engine) ownHandle() string {
	if id := e.identity(); id != nil {
		return id.record.Handle
	}
	return ""
}
