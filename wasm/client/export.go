package client

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"sotto/wasm/account"
)

// What an export has, in parts of about so many bytes, and of a conversation so many entries at a time.
const (
	exportFormat  = "sotto-export/1"
	exportChunk   = 256 << 10
	exportEntries = 200
)

// The names of what an export holds, and of what it cannot hold.
const (
	HoldsAccount       = "account"
	HoldsSettings      = "settings"
	HoldsContacts      = "contacts"
	HoldsConversations = "conversations"
	HoldsEntries       = "entries"  // with earlier texts, answers, mentions and reactions
	HoldsWaiting       = "waiting"  // to be sent
	MissesKeys         = "keys"     // private ones and those of conversations: they never leave
	MissesUnopened     = "unopened" // messages this device could not open, or that came before it
	MissesServer       = "server"   // what the server keeps
)

// exporting is an export on its way: JSON that is written piece by piece.
type exporting struct {
	mu     sync.Mutex // held by who writes the next piece
	json   jsonText
	rooms  []*room // not begun yet
	room   *room   // being written, nil between two
	from   []byte  // its next entry
	ending bool
	done   bool
}

// Export begins to write everything that this device has into one file, and says what that is. It replaces an export
// that was begun before. [Engine.ExportNext] gives the file.
func (e *Engine) Export(context.Context) (Exporting, error) {
	id := e.identity()
	if id == nil || !id.record.Registered {
		return Exporting{}, failure(CodeNotJoined, nil)
	}
	x := &exporting{rooms: e.allRooms()}
	slices.SortFunc(x.rooms, func(a, b *room) int { return bytes.Compare(a.id[:], b.id[:]) })
	contacts := e.known()
	waiting := 0
	for _, r := range x.rooms {
		waiting += len(r.queueNow())
	}
	v := Exporting{
		Name: "sotto-" + id.record.Handle + "-" + e.now().UTC().Format("2006-01-02") + ".json",
		Holds: []Holds{
			{HoldsAccount, 1}, {HoldsSettings, 1}, {HoldsContacts, int64(len(contacts))}, {HoldsConversations, int64(len(x.rooms))},
			{HoldsEntries, -1}, {HoldsWaiting, int64(waiting)},
		},
		Misses: []Holds{{MissesKeys, -1}, {MissesUnopened, -1}, {MissesServer, -1}},
	}
	x.begin(e, v, contacts)
	e.mu.Lock()
	e.export = x
	e.mu.Unlock()
	return v, nil
}

// known gives the contacts, by handle.
func (e *Engine) known() []*contact {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []*contact
	for _, c := range e.contacts {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *contact) int { return strings.Compare(a.record.Handle, b.record.Handle) })
	return all
}

// begin writes what stands before the conversations.
func (x *exporting) begin(e *Engine, v Exporting, contacts []*contact) {
	j, me, settings := &x.json, *e.Me(), e.Settings()
	j.open('{')
	j.text("format", exportFormat)
	j.number("made", e.now().UnixMilli())
	names := func(name string, holds []Holds) {
		j.array(name)
		for _, h := range holds {
			j.element(h.Name)
		}
		j.close(']')
	}
	names("holds", v.Holds)
	names("misses", v.Misses)
	j.object("account")
	j.text("handle", me.Handle)
	j.text("account", me.Account)
	j.text("link", me.Link)
	j.close('}')
	j.object("settings")
	j.flag("receipts", settings.Receipts)
	j.flag("typing", settings.Typing)
	j.flag("presence", settings.Presence)
	j.close('}')
	j.array("contacts")
	own := e.identity().chain.ID()
	for _, c := range contacts {
		j.open('{')
		j.text("handle", c.record.Handle)
		j.text("account", c.id().String())
		j.flag("verified", c.record.Verified)
		j.number("since", int64(c.record.Since))
		j.text("safetyNumber", account.SafetyNumber(own, c.id()))
		j.close('}')
	}
	j.close(']')
	j.array("conversations")
}

// ExportNext gives the next part of the export that was begun.
func (e *Engine) ExportNext(ctx context.Context) (Chunk, error) {
	e.mu.Lock()
	x := e.export
	e.mu.Unlock()
	if x == nil {
		return Chunk{}, failure(CodeNotFound, nil)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.done {
		return Chunk{}, failure(CodeNotFound, nil)
	}
	for len(x.json.data) < exportChunk && !x.ending {
		if err := x.next(ctx); err != nil {
			return Chunk{}, storage(err)
		}
	}
	c := Chunk{Data: x.json.data, Done: x.ending}
	x.json.data, x.done = nil, x.ending
	if x.done {
		e.mu.Lock()
		if e.export == x {
			e.export = nil
		}
		e.mu.Unlock()
	}
	return c, nil
}

// next writes a piece: the beginning of a conversation, some of its entries, its end, or the end of all. A piece that
// could not be read is read again by the next call.
func (x *exporting) next(ctx context.Context) error {
	j := &x.json
	switch {
	case x.room != nil:
		return x.entries(ctx)
	case len(x.rooms) > 0:
		x.room, x.rooms = x.rooms[0], x.rooms[1:]
		x.from = x.room.id[:]
		x.room.exportHead(j)
		return nil
	}
	j.close(']')
	j.close('}')
	x.ending = true
	return nil
}

// exportHead writes what stands before the entries of a conversation.
func (r *room) exportHead(j *jsonText) {
	v := r.view()
	j.open('{')
	j.text("id", v.ID)
	j.text("kind", v.Kind)
	j.text("name", v.Name)
	j.text("handle", v.Handle)
	j.text("account", v.Account)
	j.text("draft", v.Draft)
	j.flag("muted", v.Muted)
	j.flag("pinned", v.Pinned)
	j.array("members")
	r.mu.Lock()
	others := r.others(r.e.identity().chain.ID())
	r.mu.Unlock()
	for _, id := range others {
		j.sender("", r.e.senderOf(id))
	}
	j.close(']')
	j.array("entries")
}

// entries writes some entries of the conversation, or its end.
func (x *exporting) entries(ctx context.Context) error {
	r, j := x.room, &x.json
	records, err := r.e.ports.Store.Range(ctx, kindEntry, x.from, after(r.id[:]), exportEntries, false)
	if err != nil {
		return err
	}
	lines, err := r.withMarks(ctx, records)
	if err != nil {
		return err
	}
	views, err := r.views(ctx, lines)
	if err != nil {
		return err
	}
	for i, l := range lines {
		var versions []Version
		if l.mark.Versions > 0 {
			if versions, err = r.earlier(ctx, l.place()); err != nil {
				return err
			}
		}
		j.entry(views[i], versions)
		x.from = append(slices.Clone(l.id), 0)
	}
	if len(records) == exportEntries {
		return nil
	}
	j.close(']')
	j.array("waiting")
	for _, entry := range r.outEntries() {
		j.entry(entry, nil)
	}
	j.close(']')
	j.close('}')
	x.room = nil
	return nil
}

// sender writes an account, in an array without a name.
func (j *jsonText) sender(name string, s Sender) {
	if name == "" {
		j.open('{')
	} else {
		j.object(name)
	}
	j.text("handle", s.Handle)
	j.text("account", s.Account)
	j.close('}')
}

// entry writes an entry with what it said before.
func (j *jsonText) entry(e Entry, versions []Version) {
	j.open('{')
	j.text("id", e.ID)
	if e.Position != nil {
		j.number("position", *e.Position)
	}
	j.text("kind", e.Kind)
	j.flag("own", e.Own)
	j.sender("sender", e.Sender)
	j.number("time", e.Time)
	if e.Text != nil {
		j.text("text", *e.Text)
	}
	if e.Notice != nil {
		j.text("notice", e.Notice.Code)
		j.object("detail")
		for _, name := range slices.Sorted(maps.Keys(e.Notice.Detail)) {
			j.text(name, e.Notice.Detail[name])
		}
		j.close('}')
	}
	j.said(e, versions)
	j.close('}')
}

// said writes what belongs to a message.
func (j *jsonText) said(e Entry, versions []Version) {
	if e.Reply != nil && e.Reply.Position != nil {
		j.number("reply", *e.Reply.Position)
	}
	if len(e.Mentions) > 0 {
		j.array("mentions")
		for _, m := range e.Mentions {
			j.open('{')
			j.text("handle", m.Handle)
			j.text("account", m.Account)
			j.number("start", m.Start)
			j.number("end", m.End)
			j.close('}')
		}
		j.close(']')
	}
	if e.Edited != nil {
		j.number("edited", *e.Edited)
	}
	if len(versions) > 0 {
		j.array("before")
		for _, v := range versions {
			j.open('{')
			j.number("time", v.Time)
			j.text("text", v.Text)
			j.close('}')
		}
		j.close(']')
	}
	if e.Deleted != nil {
		j.number("deleted", *e.Deleted)
	}
	if len(e.Reactions) > 0 {
		j.array("reactions")
		for _, r := range e.Reactions {
			j.open('{')
			j.text("emoji", r.Emoji)
			j.array("who")
			for _, who := range r.Who {
				j.sender("", who)
			}
			j.close(']')
			j.close('}')
		}
		j.close(']')
	}
}
