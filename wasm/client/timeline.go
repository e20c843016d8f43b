package client

import (
	"bytes"
	"context"
	"encoding/hex"
	"slices"
	"strconv"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// mostHistory bounds a page of a timeline.
const mostHistory = 200

// Page is a part of a timeline, oldest first. More says that there is older.
type Page struct {
	Entries []Entry `js:"entries"`
	More    bool    `js:"more"`
}

// History gives the newest entries before a position, or the newest of all with those that wait when before is nil.
func (e *Engine) History(ctx context.Context, conv string, before *int64, limit int64) (Page, error) {
	r, err := e.find(conv)
	if err != nil {
		return Page{}, err
	}
	to := after(r.id[:])
	if before != nil {
		to = entryID(r.id, epoch.Position(max(*before, 0)), 0)
	}
	limit = min(max(limit, 1), mostHistory)
	records, err := e.ports.Store.Range(ctx, kindEntry, r.id[:], to, int(limit)+1, true)
	if err != nil {
		return Page{}, storage(err)
	}
	more := len(records) > int(limit)
	if more {
		records = wholePositions(records)
	}
	slices.Reverse(records)
	page, err := r.page(ctx, records, more)
	if err == nil && before == nil {
		page.Entries = append(page.Entries, r.outEntries()...)
	}
	return page, err
}

// HistoryAfter gives the oldest entries after a position.
func (e *Engine) HistoryAfter(ctx context.Context, conv string, position, limit int64) (Page, error) {
	r, err := e.find(conv)
	if err != nil {
		return Page{}, err
	}
	from := entryID(r.id, epoch.Position(max(position, 0))+1, 0)
	limit = min(max(limit, 1), mostHistory)
	records, err := e.ports.Store.Range(ctx, kindEntry, from, after(r.id[:]), int(limit)+1, false)
	if err != nil {
		return Page{}, storage(err)
	}
	more := len(records) > int(limit)
	if more {
		records = wholePositions(records)
	}
	return r.page(ctx, records, more)
}

// page makes a page of stored entries, oldest first.
func (r *room) page(ctx context.Context, records []Record, more bool) (Page, error) {
	lines, err := r.withMarks(ctx, records)
	if err != nil {
		return Page{}, storage(err)
	}
	entries, err := r.views(ctx, lines)
	return Page{Entries: entries, More: more}, storage(err)
}

// wholePositions leaves out the last position of a page that was cut, so that the next page begins with all of it; a
// page that is one position stays.
func wholePositions(records []Record) []Record {
	last, _ := entryPlace(records[len(records)-1].Key.ID)
	at := slices.IndexFunc(records, func(r Record) bool { p, _ := entryPlace(r.Key.ID); return p == last })
	if at == 0 {
		return records
	}
	return records[:at]
}

// plainView is a stored entry for display, without what belongs to it.
func (r *room) plainView(id []byte, record entryRecord) Entry {
	p, note := entryPlace(id)
	position := int64(p)
	entry := Entry{
		ID: "p" + strconv.FormatUint(uint64(p), 10) + "." + strconv.FormatUint(note, 10), Position: &position,
		Kind: EntryNotice, Own: record.Own, Time: int64(record.Time), Sender: r.sender(record),
	}
	if record.Notice != "" {
		entry.Notice = r.noticeView(record)
		return entry
	}
	text, state := record.Text, EntrySent
	entry.Kind, entry.Text = EntryMessage, &text
	entry.Sender = r.e.senderOf(record.Sender)
	if record.Own {
		entry.ID, entry.State = hex.EncodeToString(record.Client), &state
	}
	return entry
}

// noticeView is a notice for display. In a group it names who did it and to whom.
func (r *room) noticeView(record entryRecord) *Trouble {
	t := trouble(record.Notice)
	for _, d := range record.Detail {
		t.Detail[d.Name] = d.Value
	}
	if len(record.Who) > 0 {
		t.Detail["who"] = r.e.handlesOf(record.Who)
	}
	if record.Sender == (account.ID{}) {
		return &t
	}
	by := r.e.handleOf(record.Sender)
	if t.Detail["by"] == "" {
		t.Detail["by"] = by
	}
	if t.Detail["handle"] == "" && r.group() {
		t.Detail["handle"] = by
	}
	return &t
}

// sender is who wrote an entry, or did what it tells, for display.
func (r *room) sender(record entryRecord) Sender {
	switch {
	case record.Own:
		return r.e.self()
	case record.Sender != account.ID{}:
		return r.e.senderOf(record.Sender)
	}
	r.mu.Lock()
	peer := r.record.Peer
	r.mu.Unlock()
	if peer == (account.ID{}) {
		return Sender{}
	}
	return r.e.senderOf(peer)
}

// senderOf is an account for display.
func (e *Engine) senderOf(id account.ID) Sender {
	return Sender{Account: id.String(), Handle: e.handleOf(id)}
}

// self is this account for display.
func (e *Engine) self() Sender {
	id := e.identity()
	if id == nil {
		return Sender{}
	}
	return Sender{Account: id.chain.ID().String(), Handle: id.record.Handle}
}

// note puts a notice that stands at no event behind the newest one.
func (r *room) note(t Trouble) { r.noteOf(t, account.ID{}, nil) }

// noteOf does the same with what somebody did, and to whom.
func (r *room) noteOf(t Trouble, by account.ID, who []account.ID) {
	r.writing.Lock()
	record := r.snapshot()
	record.Notes++
	id := entryID(r.id, r.position(), record.Notes)
	entry := entryRecord{
		Version: recordVersion, Time: r.e.millis(), Notice: t.Code, Detail: detailsOf(t), Sender: by, Who: who,
	}
	entry.limitWho()
	err := r.e.apply([]Write{put(kindEntry, id, entry), put(kindRoom, r.id[:], record)})
	if err == nil {
		r.mu.Lock()
		r.record = record
		r.mu.Unlock()
	}
	r.writing.Unlock()
	if err == nil {
		r.e.emit(EntryEvent{Conversation: r.id.String(), Entry: r.plainView(id, entry)})
	}
	r.show()
	r.showOutbox() // what is being sent may have to wait now
}

// Read notes that the person has seen everything up to a position.
func (e *Engine) Read(ctx context.Context, conv string, position int64) error {
	r, err := e.find(conv)
	if err != nil {
		return err
	}
	to := min(epoch.Position(max(position, 0)), r.position())
	r.mu.Lock()
	news := to > r.record.Read || r.record.Unread > 0 && to == r.conv.Position()
	r.mu.Unlock()
	if err := r.readUpTo(ctx, to); err != nil || !news {
		return err
	}
	var uncounted error
	err = r.changeRecord(func(record *roomRecord) {
		unread, err := r.unreadAfter(ctx, to) // while nothing else is stored: a message that comes now counts
		if uncounted = err; err == nil {
			record.Read, record.Unread = max(record.Read, to), unread
		}
	})
	if err == nil {
		err = uncounted
	}
	r.mu.Lock()
	r.due = true
	r.mu.Unlock()
	r.kick()
	return err
}

// unreadAfter counts the other side's messages behind a position.
func (r *room) unreadAfter(ctx context.Context, p epoch.Position) (uint64, error) {
	records, err := r.e.ports.Store.Range(ctx, kindEntry, entryID(r.id, p+1, 0), after(r.id[:]), 1000, false)
	if err != nil {
		return 0, storage(err)
	}
	var unread uint64
	for _, record := range records {
		var entry entryRecord
		if err := decodeRecord(record, &entry); err != nil {
			return 0, storage(err)
		}
		if !entry.Own && entry.Notice == "" && entry.Text != "" { // not one that was deleted
			unread++
		}
	}
	return unread, nil
}

// Draft keeps what the person has begun to write.
func (e *Engine) Draft(_ context.Context, conv, text string) error {
	r, err := e.find(conv)
	if err != nil {
		return err
	}
	if len(text) > conversation.MaxText {
		return failure(CodeTooLong, nil)
	}
	return r.changeRecord(func(record *roomRecord) { record.Draft = text })
}

// Field is one thing the server can see of an event; About names the words that explain it.
type Field struct {
	Name  string `js:"name"`
	Value string `js:"value"`
	About string `js:"about"`
}

// Inspection is what the server sees of an entry: the bytes it keeps and what can be read off them.
type Inspection struct {
	Position int64   `js:"position"`
	Sealed   []byte  `js:"sealed"`
	Fields   []Field `js:"fields"`
}

// Inspect asks the relay for what it keeps at an entry's position and compares it with what was processed.
func (e *Engine) Inspect(ctx context.Context, conv, id string) (Inspection, error) {
	r, err := e.find(conv)
	if err != nil {
		return Inspection{}, err
	}
	p, record, err := r.findEntry(ctx, id)
	if err != nil {
		return Inspection{}, err
	}
	var page wire.Page
	err = e.ask(e.session(), wire.Fetch{Conversation: r.id, After: p - 1}, &page)
	if err != nil {
		return Inspection{}, fromRelay(err)
	}
	if len(page.Events) == 0 || page.Events[0].Position != p || !bytes.Equal(hashOf(page.Events[0].Event), record.Hash) {
		return Inspection{}, failure(CodeServerLied, nil)
	}
	return Inspection{Position: int64(p), Sealed: page.Events[0].Event, Fields: r.visible(page.Events[0])}, nil
}

// findEntry finds a stored entry that stands at an event.
func (r *room) findEntry(ctx context.Context, id string) (epoch.Position, entryRecord, error) {
	var record entryRecord
	var p uint64
	if n, err := hex.DecodeString(id); err == nil && len(n) == len(conversation.ClientID{}) {
		if r.outItem(conversation.ClientID(n)) != nil {
			return 0, record, failure(CodeNotSent, nil)
		}
		key := clientKey(r.id, r.e.identity().device, conversation.ClientID(n))
		if _, err := r.e.get(ctx, kindClient, key, &p); err != nil {
			return 0, record, err
		}
	} else if len(id) > 3 && id[0] == 'p' && id[len(id)-2:] == ".0" {
		p, _ = strconv.ParseUint(id[1:len(id)-2], 10, 63)
	}
	found, err := r.e.get(ctx, kindEntry, entryID(r.id, epoch.Position(p), 0), &record)
	if err == nil && (!found || p == 0) {
		err = failure(CodeNotFound, nil)
	}
	return epoch.Position(p), record, err
}
