package indexeddb

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"sotto/wasm/client"
)

// pageSize is how many bytes a page has at most, unless one record alone has more.
const pageSize = 16 << 10

// entry is a record in a page.
type entry struct {
	id    string
	value []byte
}

// page is the records of one page, ascending by id. Pages that are kept are not changed.
type page []entry

const entryOverhead = 5 // bytes around id and value

func (e entry) size() int { return entryOverhead + len(e.id) + len(e.value) }

func (p page) size() int {
	size := 0
	for _, e := range p {
		size += e.size()
	}
	return size
}

// find gives the place of id in p, or where it belongs.
func (p page) find(id string) (int, bool) {
	return slices.BinarySearchFunc(p, id, func(e entry, id string) int { return strings.Compare(e.id, id) })
}

// put gives p with a record put or replaced. It may change p's array.
func (p page) put(e entry) page {
	at, found := p.find(e.id)
	if found {
		p[at] = e
		return p
	}
	return slices.Insert(p, at, e)
}

// remove gives p without a record. It may change p's array.
func (p page) remove(id string) page {
	if at, found := p.find(id); found {
		return slices.Delete(p, at, at+1)
	}
	return p
}

// collect appends p's records with from <= id < to to records, up to limit. A nil to has no end.
func (p page) collect(records []client.Record, kind string, from, to []byte, limit int, reverse bool) []client.Record {
	begin, _ := p.find(string(from))
	end := len(p)
	if to != nil {
		end, _ = p.find(string(to))
	}
	for i := begin; i < end && len(records) < limit; i++ {
		e := p[i]
		if reverse {
			e = p[end-1-(i-begin)]
		}
		records = append(records, client.Record{Key: client.Key{Kind: kind, ID: []byte(e.id)}, Value: copied(e.value)})
	}
	return records
}

// copied gives a copy that is not nil.
func copied(value []byte) []byte { return append([]byte{}, value...) }

// split cuts p into pages of at most pageSize bytes. Where p grew at its end, as a log does, the pages are filled;
// otherwise they are filled to the half, so that they can grow.
func (p page) split(grewAtEnd bool) []page {
	if p.size() <= pageSize {
		return []page{p}
	}
	fill := pageSize
	if !grewAtEnd {
		fill = pageSize / 2
	}
	var pages []page
	begin, size := 0, 0
	for i, e := range p {
		if i > begin && size+e.size() > fill {
			pages = append(pages, p[begin:i:i])
			begin, size = i, 0
		}
		size += e.size()
	}
	return append(pages, p[begin:])
}

// encode gives p's bytes.
func (p page) encode() []byte {
	data := make([]byte, 0, p.size())
	for _, e := range p {
		data = append(data, byte(len(e.id)))
		data = append(data, e.id...)
		data = binary.BigEndian.AppendUint32(data, uint32(len(e.value)))
		data = append(data, e.value...)
	}
	return data
}

var errPage = errors.New("not a page")

// decodePage reads what encode gives and nothing else. The values are parts of data.
func decodePage(data []byte) (page, error) {
	var p page
	for len(data) > 0 {
		idEnd := 1 + int(data[0])
		if len(data) < idEnd+4 {
			return nil, errPage
		}
		id := string(data[1:idEnd])
		length := int64(binary.BigEndian.Uint32(data[idEnd:]))
		data = data[idEnd+4:]
		if length > int64(len(data)) || len(p) > 0 && id <= p[len(p)-1].id {
			return nil, errPage
		}
		p = append(p, entry{id: id, value: data[:length:length]})
		data = data[length:]
	}
	return p, nil
}
