package client

import (
	"errors"

	"sotto/wasm/search"
)

// wording is a change of the index that is being put together.
type wording struct {
	x     *index
	added map[string][]search.Place // by the id of a term's record
	taken map[string][]search.Place
}

func newWording(x *index) *wording {
	return &wording{x: x, added: map[string][]search.Place{}, taken: map[string][]search.Place{}}
}

func (w *wording) add(id []byte, p search.Place) {
	w.added[string(id)] = append(w.added[string(id)], p)
}
func (w *wording) take(id []byte, p search.Place) {
	w.taken[string(id)] = append(w.taken[string(id)], p)
}

// apply stores the change together with other writes.
func (w *wording) apply(writes []Write) error {
	var keys []Key
	for id := range w.added {
		keys = append(keys, Key{Kind: kindWords, ID: []byte(id)})
	}
	for id := range w.taken {
		if _, both := w.added[id]; !both {
			keys = append(keys, Key{Kind: kindWords, ID: []byte(id)})
		}
	}
	kept, err := w.x.e.ports.Store.Get(w.x.e.ctx, keys)
	if err != nil {
		return err
	}
	for _, record := range kept {
		before, err := search.Decode(record.Value)
		if err != nil {
			return errors.Join(ErrStorageCorrupt, err)
		}
		places := before
		for _, p := range w.taken[string(record.Key.ID)] {
			places = places.Without(p)
		}
		if added := w.added[string(record.Key.ID)]; len(added) > 0 {
			places = places.Union(added)
		}
		switch {
		case len(places) > 0:
			writes = append(writes, Write{Record: Record{Key: record.Key, Value: places.Encode()}})
		case len(before) > 0:
			writes = append(writes, remove(kindWords, record.Key.ID))
		}
	}
	return w.x.e.apply(writes)
}
