package client

import (
	"context"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
)

// Kinds of records around entries.
const (
	kindMark    = "mark"    // by conversation, position, 0: what belongs to a message beside its text
	kindVersion = "version" // by conversation, position, number: what a message said before
)

// Bounds of what one message keeps. What goes beyond does not count, here and at everyone else's.
const (
	mostVersions  = 100 // the newest
	mostReactions = 64  // different emoji
	mostOfOne     = 8   // emoji of one account
)

// markRecord is what belongs to a message beside its text. Most messages have none.
type markRecord struct {
	_         struct{} `cbor:",toarray"`
	Version   uint64
	Reply     epoch.Position         // what it answers, 0 for nothing
	Mentions  []conversation.Mention // in the text as it is now
	Edited    uint64                 // when, milliseconds since 1970, 0 for never
	Versions  uint64                 // how many earlier texts there were: numbers them from 1
	Deleted   uint64                 // when, 0 for never
	Reactions []reactionRecord       // in the order in which the emoji came
}

// reactionRecord is an emoji with the accounts that set it, in the order of the log.
type reactionRecord struct {
	_        struct{} `cbor:",toarray"`
	Emoji    string
	Accounts []account.ID
}

// versionRecord is a text that a message had.
type versionRecord struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Time    uint64 // when it was written
	Text    string
}

// line is an entry with its mark.
type line struct {
	id     []byte
	entry  entryRecord
	mark   markRecord
	marked bool // the mark is or will be stored
	news   bool // in a batch: to be stored and shown
}

func (l *line) place() epoch.Position { p, _ := entryPlace(l.id); return p }

// text says whether l is a message that was not deleted.
func (l *line) text() bool { return l.entry.Notice == "" && l.mark.Deleted == 0 }

// said is what an event says, as far as it can be read.
type said struct {
	id   conversation.ClientID
	body conversation.Body
	item *out // of the outbox, when it says what waits there
	err  error
}

// read reads the bodies of opened messages; what this device waited for stands in its outbox.
func (r *room) read(o conversation.Outcome) said {
	if o.Message == nil {
		return said{}
	}
	s := said{id: o.Message.ClientID}
	if o.Own {
		s.item = r.outItem(s.id)
	}
	switch {
	case !o.Message.Pending:
		if s.body, s.err = conversation.ParseBody(o.Message.Body); s.err == nil {
			s.err = s.body.Within(o.Message.Seen)
		}
	case s.item != nil:
		s.body = s.item.body()
	}
	return s
}

// changes says whether something that is said changes what was said.
func changes(says []said) bool {
	return slices.ContainsFunc(says, func(s said) bool {
		return s.body.Kind == conversation.BodyEdit || s.body.Kind == conversation.BodyDelete
	})
}

// targets gives the entries that bodies name, by position, as they are stored.
func (r *room) targets(says []said) (map[epoch.Position]*line, error) {
	var positions []epoch.Position
	for _, s := range says {
		if s.err == nil && s.body.Kind > conversation.BodyText {
			positions = append(positions, s.body.Target)
		}
	}
	return r.lines(r.e.ctx, positions)
}

// lines reads entries that stand at events, with their marks, by position. What is not there is left out.
func (r *room) lines(ctx context.Context, positions []epoch.Position) (map[epoch.Position]*line, error) {
	lines := map[epoch.Position]*line{}
	if len(positions) == 0 {
		return lines, nil
	}
	var keys []Key
	asked := map[epoch.Position]bool{}
	for _, p := range positions {
		if asked[p] {
			continue
		}
		asked[p] = true
		id := entryID(r.id, p, 0)
		keys = append(keys, Key{Kind: kindEntry, ID: id}, Key{Kind: kindMark, ID: id})
	}
	got, err := r.e.ports.Store.Get(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(got); i += 2 {
		if got[i].Value == nil {
			continue
		}
		l, err := decodeLine(got[i], got[i+1])
		if err != nil {
			return nil, err
		}
		lines[l.place()] = l
	}
	return lines, nil
}

// decodeLine reads an entry and, if it has a value, its mark.
func decodeLine(entry, mark Record) (*line, error) {
	l := &line{id: entry.Key.ID, mark: markRecord{Version: recordVersion}}
	if err := decodeRecord(entry, &l.entry); err != nil {
		return nil, err
	}
	if mark.Value != nil {
		l.marked = true
		return l, decodeRecord(mark, &l.mark)
	}
	return l, nil
}

// touch makes sure that l is stored and shown.
func (b *batch) touch(l *line) {
	if !l.news {
		l.news = true
		b.news = append(b.news, l)
	}
}

// act does to a message what an edit, a deletion or a reaction says, if its sender may.
func (b *batch) act(o conversation.Outcome, body conversation.Body) {
	l := b.lines[body.Target]
	if l == nil || !l.text() {
		return
	}
	own := l.entry.Sender == o.Sender.Account
	switch {
	case body.Kind == conversation.BodyReaction:
		if !l.mark.react(o.Sender.Account, body.Emoji, body.On) {
			return
		}
	case !own:
		return
	case body.Kind == conversation.BodyEdit:
		b.edit(l, body)
	default:
		b.delete(l, body)
	}
	l.marked = true
	b.touch(l)
}

// react sets or takes away an account's emoji and says whether that changed anything.
func (m *markRecord) react(by account.ID, emoji string, on bool) bool {
	at := slices.IndexFunc(m.Reactions, func(r reactionRecord) bool { return r.Emoji == emoji })
	there := at >= 0 && slices.Contains(m.Reactions[at].Accounts, by)
	switch {
	case there == on:
		return false
	case !on:
		m.Reactions = slices.Clone(m.Reactions)
		accounts := slices.Clone(m.Reactions[at].Accounts)
		m.Reactions[at].Accounts = slices.DeleteFunc(accounts, func(a account.ID) bool { return a == by })
		m.Reactions = slices.DeleteFunc(m.Reactions, func(r reactionRecord) bool { return len(r.Accounts) == 0 })
		return true
	case m.countOf(by) >= mostOfOne, at < 0 && len(m.Reactions) >= mostReactions:
		return false
	}
	m.Reactions = slices.Clone(m.Reactions)
	if at < 0 {
		at = len(m.Reactions)
		m.Reactions = append(m.Reactions, reactionRecord{Emoji: emoji})
	}
	m.Reactions[at].Accounts = append(slices.Clone(m.Reactions[at].Accounts), by)
	return true
}

// countOf counts an account's emoji.
func (m *markRecord) countOf(by account.ID) int {
	n := 0
	for _, r := range m.Reactions {
		if slices.Contains(r.Accounts, by) {
			n++
		}
	}
	return n
}

// edit gives a message another text and keeps the one before.
func (b *batch) edit(l *line, body conversation.Body) {
	before := versionRecord{Version: recordVersion, Time: max(l.entry.Time, l.mark.Edited), Text: l.entry.Text}
	l.mark.Versions++
	b.writes = append(b.writes, put(kindVersion, entryID(b.r.id, l.place(), l.mark.Versions), before))
	if l.mark.Versions > mostVersions {
		b.writes = append(b.writes, remove(kindVersion, entryID(b.r.id, l.place(), l.mark.Versions-mostVersions)))
	}
	b.reword(l, body.Text)
	l.mark.Edited, l.mark.Mentions = max(body.Time, 1), body.Mentions
}

// delete takes everything away that a message said.
func (b *batch) delete(l *line, body conversation.Body) {
	for n := l.mark.Versions; n > 0 && n+mostVersions > l.mark.Versions; n-- {
		b.writes = append(b.writes, remove(kindVersion, entryID(b.r.id, l.place(), n)))
	}
	if !l.entry.Own && l.place() > b.record.Read && b.record.Unread > 0 {
		b.record.Unread--
		if b.choice.Mentions > 0 && b.r.names(l) {
			b.choice.Mentions--
		}
	}
	b.reword(l, "")
	l.mark = markRecord{Version: recordVersion, Deleted: max(body.Time, 1)}
}

// reword changes a message's text, also where the list shows its beginning.
func (b *batch) reword(l *line, text string) {
	if b.r.e.index.differs(b.r.id, l) && !slices.ContainsFunc(b.reworded, func(id []byte) bool { return string(id) == string(l.id) }) {
		b.writes = append(b.writes, put(kindReword, l.id, rewordRecord{Version: recordVersion, Text: l.entry.Text}))
		b.reworded = append(b.reworded, l.id)
	}
	l.entry.Text = text
	if len(b.record.Last) > 0 && b.record.Last[0].Position == l.place() {
		b.record.Last = slices.Clone(b.record.Last)
		b.record.Last[0].Text = preview(text)
	}
}

// names says whether a message mentions this account.
func (r *room) names(l *line) bool { return mentions(l.mark.Mentions, r.e.identity().chain.ID()) }

func mentions(all []conversation.Mention, id account.ID) bool {
	return slices.ContainsFunc(all, func(m conversation.Mention) bool { return m.Account == id })
}

// writesOf gives the writes that store a line.
func (l *line) writes() []Write {
	writes := []Write{put(kindEntry, l.id, l.entry)}
	if l.marked {
		writes = append(writes, put(kindMark, l.id, l.mark))
	}
	return writes
}
