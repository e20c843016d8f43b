package client

import (
	"encoding/binary"

	"sotto/wasm/epoch"
	"sotto/wasm/search"
)

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
