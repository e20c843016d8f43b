package client

import (
	"context"
	"encoding/binary"
	"sync"

	"sotto/wasm/epoch"
	"sotto/wasm/search"
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

// work writes what waits, one goroutine at a time.
func (x *index) work() {
	x.mu.Lock()
	x.again = true
	if x.working {
		x.mu.Unlock()
		return
	}
	x.working = true
	for x.again && x.e.ctx.Err() == nil {
		x.again = false
		x.mu.Unlock()
		x.write()
		x.mu.Lock()
	}
	x.working = false
	x.mu.Unlock()
}

// write brings the index up to date, as long as that is due and the store takes it.
func (x *index) write() {
	for x.e.ctx.Err() == nil {
		x.changing.Lock()
		more, err := x.reword()
		if err == nil && !more {
			more, err = x.flush()
		}
		x.changing.Unlock()
		if err != nil || !more {
			return
		}
	}
}

// wordsID is the id of a term's record in a block; of the empty term the prefix of all.
func wordsID(block uint64, term string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(block)), term...)
}

// flush writes texts of the tails into the newest block, when enough wait.
func (x *index) flush() (more bool, err error) {
	x.mu.Lock()
	if x.waiting < flushTexts {
		x.mu.Unlock()
		return false, nil
	}
	record, places, texts, logs := x.due()
	x.mu.Unlock()
	if len(places) == 0 {
		return false, nil
	}
	w := newWording(x)
	upto := map[uint64]epoch.Position{}
	for i, place := range places {
		for _, term := range search.Terms(texts[i]) {
			w.add(wordsID(record.Block, term), place)
		}
		upto[place.Log] = epoch.Position(place.Position)
	}
	record.Texts += uint64(len(places))
	if record.Texts >= blockTexts {
		record.Block, record.Texts = record.Block+1, 0
	}
	writes := []Write{put(kindIndex, nil, record)}
	for number, p := range upto {
		id := logs[number]
		writes = append(writes, put(kindIndexed, id[:], indexedRecord{Version: recordVersion, Number: number, Upto: p}))
	}
	if err := w.apply(writes); err != nil {
		return false, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	record.Logs = x.record.Logs
	x.record = record
	for _, place := range places {
		l := x.logs[logs[place.Log]]
		delete(l.tail, epoch.Position(place.Position))
		l.upto = epoch.Position(place.Position)
	}
	x.waiting -= len(places)
	return x.waiting >= flushTexts, nil
}

// number makes sure that a conversation with texts has a number. One that is given and not stored is not used again. The
// caller holds mu.
func (x *index) number(id epoch.ConversationID, l *indexLog) {
	if len(l.tail) > 0 && !l.numbered {
		l.numbered, l.number = true, x.record.Logs
		x.numbers[l.number] = id
		x.record.Logs++
	}
}

// due takes texts from the tails, the lowest positions of each conversation first. The caller holds mu.
func (x *index) due() (record indexRecord, places search.Places, texts []string, logs map[uint64]epoch.ConversationID) {
	for id, l := range x.logs {
		x.number(id, l)
		for p := range l.tail {
			if p <= l.through {
				places = append(places, search.Place{Log: l.number, Position: uint64(p)})
			}
		}
	}
	places = search.Sorted(places)
	places = places[:min(len(places), flushTexts)]
	logs = map[uint64]epoch.ConversationID{}
	for _, place := range places {
		id := x.numbers[place.Log]
		logs[place.Log] = id
		texts = append(texts, x.logs[id].tail[epoch.Position(place.Position)])
	}
	return x.record, places, texts, logs
}

// reword takes changed texts out of the index and puts them in as they are now.
func (x *index) reword() (more bool, err error) {
	x.mu.Lock()
	var ids [][]byte
	for id := range x.reworded {
		if ids = append(ids, []byte(id)); len(ids) == mostReword {
			break
		}
	}
	more = len(x.reworded) > len(ids)
	blocks := x.record.Block
	x.mu.Unlock()
	if len(ids) == 0 {
		return false, nil
	}
	w := newWording(x)
	var writes []Write
	for _, id := range ids {
		if err := x.replace(w, id, blocks); err != nil {
			return false, err
		}
		writes = append(writes, remove(kindReword, id))
	}
	if err := w.apply(writes); err != nil {
		return false, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, id := range ids {
		delete(x.reworded, string(id))
	}
	return more, nil
}

// replace changes a text from what is in the index to what it says now.
func (x *index) replace(w *wording, id []byte, newest uint64) error {
	var was rewordRecord
	var is entryRecord
	_, err := x.e.get(x.e.ctx, kindReword, id, &was)
	if err == nil {
		_, err = x.e.get(x.e.ctx, kindEntry, id, &is)
	}
	if err != nil {
		return err
	}
	p, _ := entryPlace(id)
	x.mu.Lock()
	place := search.Place{Log: x.log(epoch.ConversationID(id[:16])).number, Position: uint64(p)}
	x.mu.Unlock()
	now := map[string]bool{}
	for _, term := range search.Terms(is.Text) {
		now[term] = true
		w.add(wordsID(newest, term), place)
	}
	for _, term := range search.Terms(was.Text) {
		for block := uint64(0); block <= newest; block++ {
			if block < newest || !now[term] {
				w.take(wordsID(block, term), place)
			}
		}
	}
	return nil
}
