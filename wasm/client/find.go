package client

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"sotto/wasm/epoch"
	"sotto/wasm/search"
)

// Bounds of a search.
const (
	mostHits    = 200
	mostTerms   = 4000 // terms of a block that one beginning stands for
	fewPlaces   = 64   // so many are read at once
	excerptSize = 160  // characters of [Hit.Text]
	excerptLead = 40   // of them before what matches
)

// Search finds people and conversations by their names and messages by their words, the newest first. conv names the
// conversation to look in, nil for all. It may be called with every key that is pressed.
func (e *Engine) Search(ctx context.Context, query string, conv *string, limit int64) (Found, error) {
	f := &finder{e: e, ctx: ctx, query: search.Parse(query), need: int(min(max(limit, 1), mostHits)) + 1}
	found := Found{People: []Person{}, Conversations: []string{}, Messages: []Hit{}}
	if f.query.Empty() || !e.registered() {
		return found, nil
	}
	if conv == nil {
		e.findNames(&found, f.query, search.Fold(strings.TrimSpace(query)))
	} else {
		r, err := e.find(*conv)
		if err != nil {
			return Found{}, err
		}
		f.only = r
	}
	built, err := f.run()
	if err != nil {
		return Found{}, storage(err)
	}
	slices.SortFunc(f.hits, func(a, b *Hit) int { return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(b.Position, a.Position)) })
	found.Building, found.More = !built, len(f.hits) >= f.need
	for _, hit := range f.hits[:min(len(f.hits), f.need-1)] {
		found.Messages = append(found.Messages, *hit)
	}
	return found, nil
}

// findNames finds people and conversations whose name has the query in it.
func (e *Engine) findNames(found *Found, q search.Query, folded string) {
	named := func(name string) bool {
		_, words := q.Match(name)
		return name != "" && (words || strings.Contains(search.Fold(name), folded))
	}
	for _, v := range e.Conversations() {
		if named(v.Name) || named(v.Handle) {
			found.Conversations = append(found.Conversations, v.ID)
		}
	}
	for _, c := range e.known() {
		if c.record.Trouble != NoticeSuperseded && named(c.record.Handle) {
			found.People = append(found.People, e.person(c.id()))
		}
	}
}

// finder is one search for messages.
type finder struct {
	e     *Engine
	ctx   context.Context
	query search.Query
	only  *room // nil for all
	need  int   // hits after which it ends: one more than are wanted
	hits  []*Hit
}

// run looks through the tails and then through the blocks, the newest first. It says whether the index is built.
func (f *finder) run() (built bool, err error) {
	places, built, newest := f.tails()
	if err := f.verify(places); err != nil {
		return built, err
	}
	for block := newest; len(f.hits) < f.need; block-- {
		places, err := f.block(block)
		if err == nil {
			err = f.verify(places)
		}
		if err != nil || block == 0 {
			return built, err
		}
	}
	return built, nil
}

// tails finds what is not in the index yet, and says how many blocks that has.
func (f *finder) tails() (places search.Places, built bool, newest uint64) {
	type text struct {
		place search.Place
		text  string
	}
	var texts []text
	x := f.e.index
	x.mu.Lock()
	for id, l := range x.logs {
		if f.only != nil && f.only.id != id {
			continue
		}
		x.number(id, l)
		for p, t := range l.tail {
			texts = append(texts, text{search.Place{Log: l.number, Position: uint64(p)}, t})
		}
	}
	built, newest = x.built, x.record.Block
	x.mu.Unlock()
	for _, t := range texts {
		if _, ok := f.query.Match(t.text); ok {
			places = append(places, t.place)
		}
	}
	return search.Sorted(places), built, newest
}

// block gives the places in a block where all of the query may stand.
func (f *finder) block(block uint64) (search.Places, error) {
	var all search.Places
	for i, term := range f.query.Terms() {
		places, err := f.beginning(wordsID(block, term))
		if err != nil {
			return nil, err
		}
		if i == 0 {
			all = places
		} else {
			all = all.Intersect(places)
		}
		if len(all) <= fewPlaces {
			break // reading them says the rest
		}
	}
	return all, nil
}

// beginning gives the places of all terms of a block that begin with one.
func (f *finder) beginning(id []byte) (search.Places, error) {
	records, err := f.e.ports.Store.Range(f.ctx, kindWords, id, after(id), mostTerms, false)
	if err != nil {
		return nil, err
	}
	var all search.Places
	for _, r := range records {
		places, err := search.Decode(r.Value)
		if err != nil {
			return nil, err
		}
		all = append(all, places...)
	}
	all = search.Sorted(all)
	if f.only == nil {
		return all, nil
	}
	number := f.number()
	return slices.DeleteFunc(all, func(p search.Place) bool { return p.Log != number }), nil
}

// number is that of the only conversation in the index.
func (f *finder) number() uint64 {
	x := f.e.index
	x.mu.Lock()
	defer x.mu.Unlock()
	if l := x.log(f.only.id); l.numbered {
		return l.number
	}
	return ^uint64(0)
}

// verify reads what stands at places, of each conversation the newest first and of all in turn, and keeps what
// matches, until there is enough.
func (f *finder) verify(places search.Places) error {
	for len(places) > 0 && len(f.hits) < f.need {
		var some, rest search.Places
		some, rest = newestOf(places, fewPlaces)
		for len(some) > 0 {
			n := 1
			for n < len(some) && some[n].Log == some[0].Log {
				n++
			}
			if err := f.read(some[:n]); err != nil {
				return err
			}
			some = some[n:]
		}
		places = rest
	}
	return nil
}

// newestOf takes about n places, the same number of the newest of each conversation. Both results are in order.
func newestOf(places search.Places, n int) (some, rest search.Places) {
	logs := 0
	for i := range places {
		if i == 0 || places[i].Log != places[i-1].Log {
			logs++
		}
	}
	each := max(n/logs, 1)
	for len(places) > 0 {
		end := 1
		for end < len(places) && places[end].Log == places[0].Log {
			end++
		}
		cut := max(end-each, 0)
		rest, some = append(rest, places[:cut]...), append(some, places[cut:end]...)
		places = places[end:]
	}
	return some, rest
}

// read reads what stands at places of one conversation and keeps what matches.
func (f *finder) read(places search.Places) error {
	x := f.e.index
	x.mu.Lock()
	id, ok := x.numbers[places[0].Log]
	x.mu.Unlock()
	r := f.e.room(id)
	if !ok || r == nil {
		return nil
	}
	var positions []epoch.Position
	for _, p := range places {
		positions = append(positions, epoch.Position(p.Position))
	}
	lines, err := r.lines(f.ctx, positions)
	if err != nil {
		return err
	}
	for _, p := range positions {
		l := lines[p]
		if l == nil || !l.text() {
			continue
		}
		if spans, ok := f.query.Match(l.entry.Text); ok && !f.has(r.id, p) {
			f.hits = append(f.hits, r.hit(l, spans))
		}
	}
	return nil
}

// has says whether a message was found before: one that was edited may stand in the index twice.
func (f *finder) has(conv epoch.ConversationID, p epoch.Position) bool {
	id := conv.String()
	return slices.ContainsFunc(f.hits, func(h *Hit) bool { return h.Position == int64(p) && h.Conversation == id })
}

// hit is a message that was found, for display.
func (r *room) hit(l *line, spans []search.Span) *Hit {
	view := r.plainView(l.id, l.entry)
	text, spans := excerpt(l.entry.Text, spans)
	var places []int
	for _, s := range spans {
		places = append(places, s.Start, s.End)
	}
	at := units(text, places)
	marks := []Mark{}
	for i := range spans {
		marks = append(marks, Mark{Start: at[2*i], End: at[2*i+1]})
	}
	return &Hit{
		Conversation: r.id.String(), ID: view.ID, Position: *view.Position, Sender: view.Sender, Own: view.Own, Time: view.Time,
		Text: text, Marks: marks,
	}
}

// excerpt gives the part of a text around what matches, and the matches within it.
func excerpt(text string, spans []search.Span) (string, []search.Span) {
	start := spans[0].Start
	for range excerptLead {
		_, size := utf8.DecodeLastRuneInString(text[:start])
		start -= size
	}
	end, n := len(text), 0
	for i := range text[start:] {
		if n++; n > excerptSize {
			end = start + i
			break
		}
	}
	var within []search.Span
	for _, s := range spans {
		if s.Start < end {
			within = append(within, search.Span{Start: s.Start - start, End: min(s.End, end) - start})
		}
	}
	return text[start:end], within
}
