package client

import (
	"context"
	"encoding/hex"
	"errors"
	"unicode/utf8"

	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// out is a message that waits to be sent.
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
	r, err := e.find(conv)
	if err != nil {
		return Entry{}, err
	}
	client, err := e.clientID(id)
	if err != nil {
		return Entry{}, err
	}
	switch {
	case len(text) == 0 || !utf8.ValidString(text):
		return Entry{}, failure(CodeEmpty, nil)
	case len(text) > conversation.MaxText:
		return Entry{}, failure(CodeTooLong, nil)
	case r.blocked() != nil:
		return Entry{}, failure(CodeBlocked, nil)
	}
	if entry, ok, err := r.already(ctx, client); ok || err != nil {
		return entry, err
	}
	return r.queue(client, text)
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
	var p uint64
	found, err := r.e.get(ctx, kindClient, clientKey(r.id, r.e.identity().device, id), &p)
	if err != nil || !found {
		return Entry{}, false, err
	}
	var record entryRecord
	key := entryID(r.id, epoch.Position(p), 0)
	if found, err = r.e.get(ctx, kindEntry, key, &record); err != nil || !found {
		return Entry{}, false, err
	}
	return r.entryView(key, record), true, nil
}

// get reads one record, if it is there.
func (e *Engine) get(ctx context.Context, kind string, id []byte, into any) (bool, error) {
	got, err := e.ports.Store.Get(ctx, []Key{{Kind: kind, ID: id}})
	if err != nil || got[0].Value == nil {
		return false, storage(err)
	}
	return true, storage(decodeRecord(got[0], into))
}

// queue stores a message in the outbox.
func (r *room) queue(id conversation.ClientID, text string) (Entry, error) {
	item := &out{record: outRecord{Version: recordVersion, Client: id, Time: r.e.millis(), Text: text}}
	var number uint64
	r.writing.Lock()
	record := r.snapshot()
	record.Outs++
	number = record.Outs
	record.Activity = max(record.Activity, item.record.Time)
	record.Last = []lastRecord{{Text: preview(text), Time: item.record.Time, Own: true}}
	item.id = outID(r.id, number)
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
	entry := r.outEntry(item)
	r.e.emit(EntryEvent{Conversation: r.id.String(), Entry: entry})
	r.show()
	r.kick()
	return entry, nil
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

// outEntry is a waiting message for display.
func (r *room) outEntry(o *out) Entry {
	r.mu.Lock()
	pending, ok := r.conv.Pending()
	sending := ok && pending.ClientID == o.record.Client && r.flight == flightMessage
	r.mu.Unlock()
	state := EntryWaiting
	var failed *EntryError
	switch {
	case o.record.Failed != "":
		state, failed = EntryFailed, &EntryError{Code: o.record.Failed}
	case sending || r.e.session() != nil && r.blocked() == nil:
		state = EntrySending
	}
	text := o.record.Text
	return Entry{
		ID: hex.EncodeToString(o.record.Client[:]), Kind: EntryMessage, Own: true, Sender: r.e.self(),
		Time: int64(o.record.Time), Text: &text, State: &state, Error: failed,
	}
}

// showOutbox tells the owner of everything that waits.
func (r *room) showOutbox() {
	r.mu.Lock()
	items := append([]*out(nil), r.outbox...)
	r.mu.Unlock()
	for _, o := range items {
		r.e.emit(EntryEvent{Conversation: r.id.String(), Entry: r.outEntry(o)})
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

// sends does the next thing on the way of sending: an epoch, a seal, a transmission. It says whether more may
// follow at once; otherwise an answer, a timer or a connection brings the room back here.
func (r *room) sends(s *session) bool {
	r.mu.Lock()
	idle := r.flight == flightNone && !r.resting
	conv := r.conv
	r.mu.Unlock()
	if !idle || r.blocked() != nil {
		return false
	}
	if c, ok := conv.PendingCommit(); ok {
		r.transmit(s, flightCommit, wire.Commit{Conversation: r.id, Commit: c.Commit, Wraps: c.Wraps})
		return false
	}
	if p, ok := conv.Pending(); ok {
		r.transmit(s, flightMessage, wire.Message{Conversation: r.id, Event: p.Event})
		return false
	}
	next := r.nextOut()
	if next == nil {
		return false
	}
	if !r.checkHandle(s) {
		return false
	}
	if r.needsEpoch() {
		return r.openEpoch(s)
	}
	return r.seal(next)
}

// seal seals the next message and stores the ratchet with it.
func (r *room) seal(o *out) bool {
	r.writing.Lock() // a message that is being deleted is not sealed
	defer r.writing.Unlock()
	if r.outItem(o.record.Client) == nil {
		return true
	}
	body := conversation.Text{Time: o.record.Time, Text: o.record.Text}.Encode()
	next, _, err := r.conv.Seal(r.e.env(), o.record.Client, body)
	switch {
	case err == nil:
		return r.adopt(next)
	case errors.Is(err, conversation.ErrGivenUp):
		r.wantEpoch()
		r.rest(5)
		return false
	default:
		r.fail(o, CodeRefused)
	}
	return true
}

// adopt stores the room's next secrets and then uses them.
func (r *room) adopt(next *conversation.Conversation) bool {
	if err := r.e.apply([]Write{keepState(next)}); err != nil {
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
	r.mu.Lock()
	o.record = record
	r.mu.Unlock()
	r.e.emit(EntryEvent{Conversation: r.id.String(), Entry: r.outEntry(o)})
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
	r.mu.Lock()
	pending, ok := r.conv.Pending()
	r.mu.Unlock()
	if ok && pending.ClientID == o.record.Client {
		return failure(CodeNotFound, nil)
	}
	if err := e.apply([]Write{remove(kindOutbox, o.id)}); err != nil {
		return storage(err)
	}
	r.mu.Lock()
	r.dropSettled(map[conversation.ClientID]bool{o.record.Client: true})
	r.mu.Unlock()
	e.emit(RemovedEvent{Conversation: conv, ID: id})
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
