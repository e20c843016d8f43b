package indexeddb

import (
	"bytes"
	"errors"
	"slices"
)

// pageKey is a page's place: a kind of records and where the page begins.
type pageKey struct{ kind, first string }

// bytes is the page's key in the database and its associated data.
func (k pageKey) bytes() []byte { return []byte(k.kind + "\x00" + k.first) }

var errPageKey = errors.New("not a page's key")

func parsePageKey(data []byte) (pageKey, error) {
	kind, first, found := bytes.Cut(data, []byte{0})
	if !found || len(kind) == 0 || len(first) > maxID {
		return pageKey{}, errPageKey
	}
	return pageKey{kind: string(kind), first: string(first)}, nil
}

// index knows for each kind where its pages begin, ascending.
type index map[string][]string

// locate gives the page that holds id or would: a page that does not exist only where the kind has none before id.
func (x index) locate(kind, id string) (key pageKey, exists bool) {
	firsts := x[kind]
	at, found := slices.BinarySearch(firsts, id)
	if !found {
		at--
	}
	if at < 0 {
		return pageKey{kind: kind}, false
	}
	return pageKey{kind: kind, first: firsts[at]}, true
}

// overlapping gives where the pages begin that can hold ids with from <= id < to, ascending. Without bounded there
// is no to.
func (x index) overlapping(kind, from, to string, bounded bool) []string {
	firsts := x[kind]
	begin, found := slices.BinarySearch(firsts, from)
	if !found && begin > 0 {
		begin--
	}
	end := len(firsts)
	if bounded {
		end, _ = slices.BinarySearch(firsts, to)
	}
	return firsts[begin:max(begin, end)]
}

func (x index) add(key pageKey) {
	if at, found := slices.BinarySearch(x[key.kind], key.first); !found {
		x[key.kind] = slices.Insert(x[key.kind], at, key.first)
	}
}

func (x index) remove(key pageKey) {
	if at, found := slices.BinarySearch(x[key.kind], key.first); found {
		x[key.kind] = slices.Delete(x[key.kind], at, at+1)
	}
}
