// Package mangle gives, for a CBOR item in its one right encoding, encodings that must be refused in its place:
// every other way to write the same value that CBOR knows (RFC 8949), and values of another shape.
//
// [Encodings] works on items of any depth but not inside byte strings. Each variant differs from the right encoding
// in one thing, which its name says.
package mangle

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Variant is a wrong encoding.
type Variant struct {
	Name  string
	Bytes []byte
}

// Majors of RFC 8949 §3.1.
const (
	unsigned = 0
	negative = 1
	byteText = 2
	utf8Text = 3
	array    = 4
	pairs    = 5
	simple   = 7
)

// item is one CBOR item within data, with the items it contains.
type item struct {
	at, body, end int // its head is data[at:body]
	major         int
	argument      uint64
	items         []item // of an array; of a map keys and values in turn
}

// Encodings gives the wrong encodings of data, which must be one item in deterministic encoding without floats and
// tags. It panics on anything else.
func Encodings(data []byte) []Variant {
	root := parse(data, 0)
	if root.end != len(data) {
		panic("mangle: more than one item")
	}
	w := writer{data: data}
	w.whole()
	w.walk(root, "")
	return w.variants
}

// Resized gives data with each of its byte strings one byte shorter and one byte longer.
func Resized(data []byte) []Variant {
	root := parse(data, 0)
	w := writer{data: data}
	w.resize(root, "")
	return w.variants
}

func parse(data []byte, at int) item {
	it := item{at: at, body: at + 1, major: int(data[at] >> 5)}
	switch low := data[at] & 31; {
	case low < 24:
		it.argument = uint64(low)
	case low < 28:
		size := 1 << (low - 24)
		var wide [8]byte
		copy(wide[8-size:], data[at+1:at+1+size])
		it.argument, it.body = binary.BigEndian.Uint64(wide[:]), at+1+size
	default:
		panic("mangle: indefinite length")
	}
	it.end = it.body
	switch it.major {
	case byteText, utf8Text:
		it.end += int(it.argument)
	case array, pairs:
		count := int(it.argument)
		if it.major == pairs {
			count *= 2
		}
		for range count {
			inner := parse(data, it.end)
			it.items, it.end = append(it.items, inner), inner.end
		}
	case unsigned, negative, simple:
	default:
		panic("mangle: tag")
	}
	return it
}

// head encodes a head in the smallest form that has at least width bytes of argument.
func head(major int, argument uint64, width int) []byte {
	top := byte(major << 5)
	switch {
	case argument < 24 && width == 0:
		return []byte{top | byte(argument)}
	case argument <= math.MaxUint8 && width <= 1:
		return []byte{top | 24, byte(argument)}
	case argument <= math.MaxUint16 && width <= 2:
		return binary.BigEndian.AppendUint16([]byte{top | 25}, uint16(argument))
	case argument <= math.MaxUint32 && width <= 4:
		return binary.BigEndian.AppendUint32([]byte{top | 26}, uint32(argument))
	}
	return binary.BigEndian.AppendUint64([]byte{top | 27}, argument)
}

type writer struct {
	data     []byte
	variants []Variant
}

// put keeps data with an item replaced, unless that changes nothing.
func (w *writer) put(path, name string, it item, replacement ...[]byte) {
	changed := slices.Concat(append(append([][]byte{w.data[:it.at]}, replacement...), w.data[it.end:])...)
	if !bytes.Equal(changed, w.data) {
		w.variants = append(w.variants, Variant{Name: path + name, Bytes: changed})
	}
}

// whole damages the encoding from outside.
func (w *writer) whole() {
	add := func(name string, data []byte) { w.variants = append(w.variants, Variant{Name: name, Bytes: data}) }
	add("empty", nil)
	add("trailing zero", append(bytes.Clone(w.data), 0))
	add("twice", append(bytes.Clone(w.data), w.data...))
	for n := 1; n < len(w.data); n++ {
		if n < 64 || n%37 == 0 || n == len(w.data)-1 {
			add(fmt.Sprintf("cut at %d", n), bytes.Clone(w.data[:n]))
		}
	}
}

func (w *writer) walk(it item, path string) {
	w.everyItem(it, path)
	switch it.major {
	case unsigned, negative:
		w.integer(it, path)
	case byteText, utf8Text:
		w.text(it, path)
	case array:
		w.array(it, path)
	case pairs:
		w.pairs(it, path)
	}
	for i, inner := range it.items {
		w.walk(inner, fmt.Sprintf("%s%d/", path, i))
	}
}

// everyItem is what can be done to an item of any kind.
func (w *writer) everyItem(it item, path string) {
	body := w.data[it.body:it.end]
	if it.major != simple {
		for _, width := range []int{1, 2, 4, 8} {
			if h := head(it.major, it.argument, width); len(h) > it.body-it.at {
				w.put(path, fmt.Sprintf("head of %d bytes", len(h)), it, h, body)
			}
		}
	}
	whole := w.data[it.at:it.end]
	w.put(path, "null", it, []byte{0xf6})
	w.put(path, "undefined", it, []byte{0xf7})
	w.put(path, "tag 0", it, []byte{0xc0}, whole)
	w.put(path, "tag 24", it, []byte{0xd8, 24}, whole)
	w.put(path, "tag self-described", it, []byte{0xd9, 0xd9, 0xf7}, whole)
	w.put(path, "reserved head", it, []byte{byte(it.major<<5) | 28}, body)
	w.put(path, "simple value", it, []byte{0xe0})
	w.put(path, "break", it, []byte{0xff})
}

func (w *writer) integer(it item, path string) {
	value := float64(it.argument)
	if it.major == negative {
		value = -1 - value
	}
	w.put(path, "double", it, binary.BigEndian.AppendUint64([]byte{0xfb}, math.Float64bits(value)))
	w.put(path, "single", it, binary.BigEndian.AppendUint32([]byte{0xfa}, math.Float32bits(float32(value))))
	w.put(path, "half", it, []byte{0xf9, 0x3c, 0x00})
	big := binary.BigEndian.AppendUint64([]byte{0xc2 + byte(it.major), 0x48}, it.argument)
	w.put(path, "big number", it, big)
	w.put(path, "other sign", it, head(1-it.major, it.argument, 0))
	w.put(path, "integer as bytes", it, []byte{0x41, byte(it.argument)})
	w.put(path, "integer as text", it, []byte{0x61, '1'})
	w.put(path, "true", it, []byte{0xf5})
}

func (w *writer) text(it item, path string) {
	body := w.data[it.body:it.end]
	definite := w.data[it.at:it.end]
	w.put(path, "indefinite", it, []byte{byte(it.major<<5) | 31}, definite, []byte{0xff})
	w.put(path, "indefinite without chunks", it, []byte{byte(it.major<<5) | 31, 0xff})
	w.put(path, "bytes and text exchanged", it, head(byteText+utf8Text-it.major, it.argument, 0), body)
	if it.major == utf8Text && len(body) > 0 {
		w.put(path, "not UTF-8", it, w.data[it.at:it.body], []byte{0xff}, body[1:])
		return
	}
	elements := [][]byte{head(array, it.argument, 0)}
	for _, b := range body {
		elements = append(elements, head(unsigned, uint64(b), 0))
	}
	w.put(path, "array for bytes", it, elements...)
}

func (w *writer) array(it item, path string) {
	body := w.data[it.body:it.end]
	w.put(path, "indefinite", it, []byte{0x9f}, body, []byte{0xff})
	w.put(path, "one element more", it, head(array, it.argument+1, 0), body, []byte{0})
	w.put(path, "array as bytes", it, head(byteText, uint64(len(body)), 0), body)
	if n := len(it.items); n > 0 {
		w.put(path, "one element fewer", it, head(array, it.argument-1, 0), w.data[it.body:it.items[n-1].at])
		w.put(path, "array as map", it, head(pairs, it.argument/2, 0), body)
	} else {
		w.put(path, "empty map", it, []byte{0xa0})
	}
}

func (w *writer) pairs(it item, path string) {
	body := w.data[it.body:it.end]
	n := len(it.items) / 2
	pair := func(i int) []byte { return w.data[it.items[2*i].at:it.items[2*i+1].end] }
	w.put(path, "indefinite", it, []byte{0xbf}, body, []byte{0xff})
	unknown := []byte{0x3b, 0, 0, 0, 1, 0, 0, 0, 0, 0} // key -2^32-1, after every key that is used
	w.put(path, "unknown key", it, head(pairs, it.argument+1, 0), body, unknown)
	w.put(path, "unknown text key", it, head(pairs, it.argument+1, 0), body, []byte{0x61, 'x', 0})
	if n == 0 {
		w.put(path, "empty array", it, []byte{0x80})
		return
	}
	w.put(path, "map as array", it, head(array, uint64(2*n), 0), body)
	for i := range n {
		rest := slices.Concat(w.data[it.body:it.items[2*i].at], w.data[it.items[2*i+1].end:it.end])
		w.put(path, fmt.Sprintf("without pair %d", i), it, head(pairs, it.argument-1, 0), rest)
		w.put(path, fmt.Sprintf("pair %d twice", i), it, head(pairs, it.argument+1, 0),
			w.data[it.body:it.items[2*i+1].end], pair(i), w.data[it.items[2*i+1].end:it.end])
		if i > 0 {
			w.put(path, fmt.Sprintf("pairs %d and %d exchanged", i-1, i), it, w.data[it.at:it.items[2*i-2].at],
				pair(i), pair(i-1), w.data[it.items[2*i+1].end:it.end])
		}
	}
}

func (w *writer) resize(it item, path string) {
	body := w.data[it.body:it.end]
	if it.major == byteText {
		w.put(path, "one byte longer", it, head(byteText, it.argument+1, 0), body, []byte{0})
		if len(body) > 0 {
			w.put(path, "one byte shorter", it, head(byteText, it.argument-1, 0), body[:len(body)-1])
			w.put(path, "empty", it, []byte{0x40})
		}
	}
	for i, inner := range it.items {
		w.resize(inner, fmt.Sprintf("%s%d/", path, i))
	}
}
