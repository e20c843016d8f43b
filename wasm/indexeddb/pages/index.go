package pages

import (
	"bytes"
	"errors"
	"slices"
)

// Key is a page's place: a kind of records and the id where the page begins.
type Key struct{ Kind, First string }

// Bytes is the key as one string of bytes: kind ‖ 00 ‖ first.
func (k Key) Bytes() []byte { return []byte(k.Kind + "\x00" + k.First) }

// ErrKey is bytes that are no page's key.
var ErrKey = errors.New("not a page's key")

// ParseKey reads what [Key.Bytes] gives and nothing else.
func ParseKey(data []byte) (Key, error) {
	kind, first, found := bytes.Cut(data, []byte{0})
	if !found || len(kind) == 0 || len(first) > MaxID {
		return Key{}, ErrKey
	}
	return Key{Kind: string(kind), First: string(first)}, nil
}

// Index knows for each kind where its pages begin, ascending.
type Index map[string][]string

// Locate gives the page that holds id or would: a page that does not exist only where the kind has none before id.
func (x Index) Locate(kind, id string) (key Key, exists bool) {
	firsts := x[kind]
	at, found := slices.BinarySearch(firsts, id)
	if !found {
		at--
	}
	if at < 0 {
		return Key{Kind: kind}, false
	}
	return Key{Kind: kind, First: firsts[at]}, true
}

// Span is pages of one kind that follow each other.
type Span struct {
	kind   string
	firsts []string
}

// Span gives the pages that can hold ids with from <= id < to. A nil to has no end.
func (x Index) Span(kind string, from, to []byte) Span {
	firsts := x[kind]
	begin, found := slices.BinarySearch(firsts, string(from))
	if !found && begin > 0 {
		begin--
	}
	end := len(firsts)
	if to != nil {
		end, _ = slices.BinarySearch(firsts, string(to))
	}
	return Span{kind: kind, firsts: firsts[begin:max(begin, end)]}
}

// Take takes up to n pages from the beginning of s, or from its end and backwards. None are left when it gives none.
func (s *Span) Take(n int, reverse bool) []Key {
	n = min(n, len(s.firsts))
	some, rest := s.firsts[:n], s.firsts[n:]
	if reverse {
		some, rest = s.firsts[len(s.firsts)-n:], s.firsts[:len(s.firsts)-n]
	}
	s.firsts = rest
	var keys []Key
	for _, first := range some {
		keys = append(keys, Key{Kind: s.kind, First: first})
	}
	if reverse {
		slices.Reverse(keys)
	}
	return keys
}

// Add enters a page.
func (x Index) Add(key Key) {
	if at, found := slices.BinarySearch(x[key.Kind], key.First); !found {
		x[key.Kind] = slices.Insert(x[key.Kind], at, key.First)
	}
}

// Adopt enters and removes what a plan has put and removed.
func (x Index) Adopt(p Plan) {
	for key := range p.Put {
		x.Add(key)
	}
	for _, key := range p.Remove {
		if at, found := slices.BinarySearch(x[key.Kind], key.First); found {
			x[key.Kind] = slices.Delete(x[key.Kind], at, at+1)
		}
	}
}
