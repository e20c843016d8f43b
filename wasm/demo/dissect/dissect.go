// Package dissect says what each byte of an object is.
//
// [Walk] goes through the CBOR of an object and gives its parts in order, each with its bytes, its diagnostic notation
// (RFC 8949 §8) and a label. Labels come from what the object's type says of its elements (schema.go) and not from
// offsets: an element that is new is a part without a label, until the schema names it.
package dissect

import (
	"encoding/hex"
	"fmt"
	"strconv"
)

// Part is a CBOR item of an object, or a piece of a byte string. Parts lie within each other as their depth says; the
// deepest one that has a byte is the one the byte belongs to.
type Part struct {
	Label string `js:"label"` // what it is, for the catalogue; "" when nobody has named it
	Start int    `js:"start"` // of its bytes in the object, the key of a map's entry among them
	End   int    `js:"end"`
	Depth int    `js:"depth"`
	Key   string `js:"key"`   // in a map
	Open  string `js:"open"`  // its diagnostic notation; of a part with others inside only how it begins
	Close string `js:"close"` // and ends
}

// Walk gives the parts of data, an object of the type. It is made for what this program has made itself: behind what
// is no CBOR it gives one part for the rest.
func Walk(typ Type, data []byte) []Part {
	w := &walker{data: data}
	s := schemas[typ]
	if s == nil {
		s = &shape{}
	}
	if s.raw {
		w.pieces(s, 0, len(data), 0)
	} else if end := w.item(s, 0, 0, "", 0); end < len(data) {
		w.add(Part{Start: end, End: len(data), Open: quoted(data[end:])})
	}
	return w.parts
}

// Find gives the first part with a label.
func Find(parts []Part, label string) (Part, bool) {
	for _, p := range parts {
		if p.Label == label {
			return p, true
		}
	}
	return Part{}, false
}

type walker struct {
	data  []byte
	parts []Part
}

func (w *walker) add(p Part) int {
	w.parts = append(w.parts, p)
	return len(w.parts) - 1
}

// item takes the CBOR item at an offset. from is where its part begins: before it when it is the value of a map. It
// gives the end of the item.
func (w *walker) item(s *shape, at, from int, key string, depth int) int {
	major, n, body, ok := head(w.data, at)
	if !ok {
		w.add(Part{Label: s.label, Start: from, End: len(w.data), Depth: depth, Key: key, Open: quoted(w.data[at:])})
		return len(w.data)
	}
	me := w.add(Part{Label: s.label, Start: from, End: body, Depth: depth, Key: key})
	end := body
	switch major {
	case 0:
		w.parts[me].Open = strconv.FormatUint(n, 10)
	case 1:
		w.parts[me].Open = strconv.FormatInt(-1-int64(n), 10)
	case 2, 3:
		end = w.bytes(s, me, major, body, n, depth)
	case 4:
		end = w.array(s, me, body, n, depth)
	case 5:
		end = w.dictionary(s, me, body, n, depth)
	default:
		w.parts[me].Open = map[uint64]string{20: "false", 21: "true"}[n]
	}
	w.parts[me].End = end
	return end
}

// bytes takes a byte or text string of n bytes.
func (w *walker) bytes(s *shape, me int, major byte, at int, n uint64, depth int) int {
	end := len(w.data)
	if n < uint64(end-at) {
		end = at + int(n)
	}
	switch {
	case major == 3:
		w.parts[me].Open = strconv.Quote(string(w.data[at:end]))
	case s.inside != nil && at < end:
		w.parts[me].Open, w.parts[me].Close = "<<", ">>"
		inner := &walker{data: w.data[:end]}
		inner.item(s.inside, at, at, "", depth+1)
		w.parts = append(w.parts, inner.parts...)
	case len(s.pieces) > 0:
		w.parts[me].Open, w.parts[me].Close = "h'", "'"
		w.pieces(s, at, end, depth+1)
	default:
		w.parts[me].Open = "h'" + hex.EncodeToString(w.data[at:end]) + "'"
	}
	return end
}

// pieces divides bytes that are no CBOR by themselves.
func (w *walker) pieces(s *shape, at, end, depth int) {
	for _, p := range s.pieces {
		stop := p.stop(w.data, at, end)
		switch {
		case p.inside != nil:
			inner := &walker{data: w.data[:stop]}
			me := w.add(Part{Label: p.label, Start: at, End: stop, Depth: depth, Open: "<<", Close: ">>"})
			inner.item(p.inside, at, at, "", depth+1)
			w.parts = append(w.parts, inner.parts...)
			w.parts[me].End = stop
		case at < stop:
			w.add(Part{Label: p.label, Start: at, End: stop, Depth: depth, Open: hex.EncodeToString(w.data[at:stop])})
		}
		at = stop
	}
}

func (w *walker) array(s *shape, me, at int, n uint64, depth int) int {
	w.parts[me].Open, w.parts[me].Close = "[", "]"
	for i := uint64(0); i < n && at < len(w.data); i++ {
		at = w.item(s.element(int(i)), at, at, "", depth+1)
	}
	return at
}

func (w *walker) dictionary(s *shape, me, at int, n uint64, depth int) int {
	w.parts[me].Open, w.parts[me].Close = "{", "}"
	for range n {
		major, k, value, ok := head(w.data, at)
		if !ok || major > 1 {
			break
		}
		key := int64(k)
		if major == 1 {
			key = -1 - key
		}
		at = w.item(s.entry(key), value, at, strconv.FormatInt(key, 10), depth+1)
	}
	return at
}

// head reads the head of an item: its major type, its argument and where its content begins (RFC 8949 §3).
func head(data []byte, at int) (major byte, n uint64, body int, ok bool) {
	if at >= len(data) {
		return 0, 0, 0, false
	}
	major, info := data[at]>>5, data[at]&31
	at++
	if info < 24 {
		return major, uint64(info), at, true
	}
	size := 1 << (info - 24)
	if info > 27 || len(data)-at < size {
		return 0, 0, 0, false
	}
	for _, b := range data[at : at+size] {
		n = n<<8 | uint64(b)
	}
	return major, n, at + size, true
}

func quoted(data []byte) string { return fmt.Sprintf("h'%x'", data) }
