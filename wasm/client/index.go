package client

import (
	"context"
	"sync"

	"sotto/wasm/epoch"
)

// Kinds of records of the index. A block holds what was indexed one after another, so that what comes changes few
// pages of a store, and the newest is found first.
const (
	kindIndex   = "index"   // one record, empty id
	kindIndexed = "indexed" // by conversation: up to where its texts are in the index
	kindWords   = "words"   // by block, term: where the term stands, as package search writes it
	kindReword  = "reword"  // by conversation, position, 0: an indexed text that was changed, as it is in the index
)

const (
	blockTexts = 1 << 14 // texts of a block
	flushTexts = 512     // texts that wait before they are written into the index
	mostReword = 32      // changed texts that are taken up at once
)

// indexRecord is where the index stands.
type indexRecord struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Block   uint64 // that is being filled
	Texts   uint64 // in it
	Logs    uint64 // how many conversations have a number in it, from 0
}

// indexedRecord is a conversation in the index.
type indexedRecord struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Number  uint64
	Upto    epoch.Position
}

// rewordRecord is a text as it is in the index.
type rewordRecord struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Text    string
}

// index finds words in all conversations. What was said lately waits in memory and is looked through; the rest is found
// by records. One goroutine at a time writes them, in the background.
type index struct {
	e *Engine

	changing sync.RWMutex // read: while a batch changes texts that are in the index; written: while the index is

	mu       sync.Mutex
	record   indexRecord
	logs     map[epoch.ConversationID]*indexLog
	numbers  map[uint64]epoch.ConversationID
	waiting  int             // texts in all tails
	reworded map[string]bool // ids of texts that differ from the index
	built    bool            // everything stored is in the index or a tail
	working  bool
	again    bool
}

// indexLog is a conversation in the index.
type indexLog struct {
	numbered bool
	number   uint64
	upto     epoch.Position
	through  epoch.Position // the tail has every text up to here
	tail     map[epoch.Position]string
}

// always is through once everything stored was read: what comes is told.
const always = ^epoch.Position(0)

func newIndex(e *Engine) *index {
	return &index{
		e: e, record: indexRecord{Version: recordVersion}, logs: map[epoch.ConversationID]*indexLog{},
		numbers: map[uint64]epoch.ConversationID{}, reworded: map[string]bool{},
	}
}

// log gives a conversation's. The caller holds mu.
func (x *index) log(id epoch.ConversationID) *indexLog {
	l, ok := x.logs[id]
	if !ok {
		l = &indexLog{tail: map[epoch.Position]string{}}
		if x.built {
			l.through = always // it is new
		}
		x.logs[id] = l
	}
	return l
}

// build reads what the index has, and then into the tails what it has not.
func (x *index) build() {
	if err := x.load(x.e.ctx); err != nil {
		return // it is tried again by the next engine; what is found until then is what came in this one
	}
	for _, r := range x.e.allRooms() {
		if err := x.readTail(r); err != nil {
			return
		}
	}
	x.mu.Lock()
	x.built = true
	for _, l := range x.logs {
		l.through = always
	}
	x.mu.Unlock()
	x.work()
}

func (x *index) load(ctx context.Context) error {
	record := indexRecord{Version: recordVersion}
	if _, err := x.e.get(ctx, kindIndex, nil, &record); err != nil {
		return err
	}
	indexed, err := x.e.all(ctx, kindIndexed)
	if err != nil {
		return err
	}
	reworded, err := x.e.all(ctx, kindReword)
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.record = record
	for _, r := range indexed {
		var is indexedRecord
		if err := decodeRecord(r, &is); err != nil {
			return err
		}
		id := epoch.ConversationID(r.Key.ID)
		l := x.log(id)
		l.numbered, l.number, l.upto = true, is.Number, is.Upto
		x.numbers[is.Number] = id
	}
	for _, r := range reworded {
		x.reworded[string(r.Key.ID)] = true
	}
	return nil
}

// readTail reads the texts of a conversation that are not in the index. Where there are many they are written into it
// meanwhile.
func (x *index) readTail(r *room) error {
	x.mu.Lock()
	from := x.log(r.id).upto
	x.mu.Unlock()
	for x.e.ctx.Err() == nil {
		records, err := x.e.ports.Store.Range(x.e.ctx, kindEntry, entryID(r.id, from+1, 0), after(r.id[:]), flushTexts, false)
		if err != nil {
			return err
		}
		for _, record := range records {
			var entry entryRecord
			if err := decodeRecord(record, &entry); err != nil {
				return err
			}
			p, _ := entryPlace(record.Key.ID)
			x.found(r.id, p, entry)
			from = p
		}
		x.mu.Lock()
		x.log(r.id).through = from
		x.mu.Unlock()
		x.write()
		if len(records) < flushTexts {
			return nil
		}
	}
	return x.e.ctx.Err()
}

// found puts a stored text into the tail unless something newer is known of it.
func (x *index) found(id epoch.ConversationID, p epoch.Position, entry entryRecord) {
	if entry.Notice != "" || entry.Text == "" {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	l := x.log(id)
	if _, known := l.tail[p]; !known && p > l.upto {
		l.tail[p] = entry.Text
		x.waiting++
	}
}

// took takes texts that were stored, new or changed, and the ids of those that differ from the index now.
func (x *index) took(id epoch.ConversationID, news []*line, reworded [][]byte) {
	x.mu.Lock()
	l := x.log(id)
	for _, n := range news {
		p := n.place()
		if n.entry.Notice != "" || p <= l.upto {
			continue
		}
		if _, known := l.tail[p]; !known {
			x.waiting++
		}
		l.tail[p] = n.entry.Text
	}
	for _, changed := range reworded {
		x.reworded[string(changed)] = true
	}
	due := x.built && (x.waiting >= flushTexts || len(x.reworded) > 0)
	x.mu.Unlock()
	if due {
		x.e.start(x.work)
	}
}

// differs says whether a change of a text is to be noted for the index, where it stands as it was.
func (x *index) differs(id epoch.ConversationID, l *line) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return l.place() <= x.log(id).upto && !x.reworded[string(l.id)]
}
