// Package pages lays the records of a store out in pages: sorted runs of records of one kind that are read and
// written as one value each. It is the part of package indexeddb that knows no database and no key, so that it runs
// and is tested anywhere.
//
//	page    records, ascending by id
//	record  length of id (1) ‖ id ‖ length of value (4, big-endian) ‖ value
//
// A page covers the ids from where it begins to where the next page of its kind begins. The first page of a kind
// begins at the empty id. A page that grows beyond [Size] is cut; one without records goes.
package pages

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"sotto/wasm/client"
)

// Size is how many bytes a page has at most, unless one record alone has more.
const Size = 16 << 10

// entry is a record in a page.
type entry struct {
	id    string
	value []byte
}

// Page is the records of one page, ascending by id. A page is not changed once others have it.
type Page []entry

const entryOverhead = 5 // bytes around id and value

func (e entry) size() int { return entryOverhead + len(e.id) + len(e.value) }

func (p Page) size() int {
	size := 0
	for _, e := range p {
		size += e.size()
	}
	return size
}

// find gives the place of id in p, or where it belongs.
func (p Page) find(id string) (int, bool) {
	return slices.BinarySearchFunc(p, id, func(e entry, id string) int { return strings.Compare(e.id, id) })
}

// Value gives a copy of the value of id, nil when there is none.
func (p Page) Value(id []byte) []byte {
	if at, found := p.find(string(id)); found {
		return copied(p[at].value)
	}
	return nil
}

// put gives p with a record put or replaced. It may change p's array.
func (p Page) put(e entry) Page {
	at, found := p.find(e.id)
	if found {
		p[at] = e
		return p
	}
	return slices.Insert(p, at, e)
}

// remove gives p without a record. It may change p's array.
func (p Page) remove(id string) Page {
	if at, found := p.find(id); found {
		return slices.Delete(p, at, at+1)
	}
	return p
}

// Collect appends p's records with from <= id < to to records, up to limit. A nil to has no end.
func (p Page) Collect(records []client.Record, kind string, from, to []byte, limit int, reverse bool) []client.Record {
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

// split cuts p into pages of at most Size bytes. Where p grew at its end, as a log does, the pages are filled;
// otherwise they are filled to the half, so that they can grow.
func (p Page) split(grewAtEnd bool) []Page {
	if p.size() <= Size {
		return []Page{p}
	}
	fill := Size
	if !grewAtEnd {
		fill = Size / 2
	}
	var pages []Page
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

// Encode gives p's bytes.
func (p Page) Encode() []byte {
	data := make([]byte, 0, p.size())
	for _, e := range p {
		data = append(data, byte(len(e.id)))
		data = append(data, e.id...)
		data = binary.BigEndian.AppendUint32(data, uint32(len(e.value)))
		data = append(data, e.value...)
	}
	return data
}

// ErrPage is bytes that are no page.
var ErrPage = errors.New("not a page")

// Decode reads what Encode gives and nothing else. The values are parts of data.
func Decode(data []byte) (Page, error) {
	var p Page
	for len(data) > 0 {
		idEnd := 1 + int(data[0])
		if len(data) < idEnd+4 {
			return nil, ErrPage
		}
		id := string(data[1:idEnd])
		length := int64(binary.BigEndian.Uint32(data[idEnd:]))
		data = data[idEnd+4:]
		if length > int64(len(data)) || len(p) > 0 && id <= p[len(p)-1].id {
			return nil, ErrPage
		}
		p = append(p, entry{id: id, value: data[:length:length]})
		data = data[length:]
	}
	return p, nil
}
