package indexeddb

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sotto/wasm/client"
)

// maxID is the length of the longest id of a record, in bytes.
const maxID = 64

var errKey = errors.New("not a record's key")

func checkKey(key client.Key) error {
	if key.Kind == "" || strings.ContainsRune(key.Kind, 0) || len(key.ID) > maxID {
		return fmt.Errorf("%w: kind %q, id of %d bytes", errKey, key.Kind, len(key.ID))
	}
	return nil
}

// checkedCopy copies writes, which are the caller's again when Apply has returned.
func checkedCopy(writes []client.Write) ([]client.Write, error) {
	copies := slices.Clone(writes)
	for i := range copies {
		if err := checkKey(copies[i].Key); err != nil {
			return nil, err
		}
		copies[i].Key.ID, copies[i].Value = copied(copies[i].Key.ID), copied(copies[i].Value)
	}
	return copies, nil
}

// plan is what a batch makes of the pages: which to write and which to remove.
type plan struct {
	put    map[pageKey]page
	remove []pageKey
}

// touched gives the existing pages that writes change, each once.
func (x index) touched(writes []client.Write) []pageKey {
	var keys []pageKey
	seen := make(map[pageKey]bool)
	for _, w := range writes {
		if key, exists := x.locate(w.Key.Kind, string(w.Key.ID)); exists && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// plan applies writes in their order to the pages they touch.
func (x index) plan(writes []client.Write, pages map[pageKey]page) plan {
	changed := make(map[pageKey]page)
	ends := make(map[pageKey]string) // the last id before the change
	for _, w := range writes {
		key, _ := x.locate(w.Key.Kind, string(w.Key.ID))
		p, ok := changed[key]
		if !ok {
			p = slices.Clone(pages[key])
			if len(p) > 0 {
				ends[key] = p[len(p)-1].id
			}
		}
		if w.Delete {
			changed[key] = p.remove(string(w.Key.ID))
		} else {
			changed[key] = p.put(entry{id: string(w.Key.ID), value: w.Value})
		}
	}
	result := plan{put: make(map[pageKey]page)}
	for key, p := range changed {
		result.change(key, p, ends[key])
	}
	return result
}

// change plans the page at key to become p, cut where it is too large.
func (r *plan) change(key pageKey, p page, lastBefore string) {
	if len(p) == 0 {
		r.remove = append(r.remove, key)
		return
	}
	for i, part := range p.split(p[len(p)-1].id > lastBefore) {
		if i > 0 {
			key.first = part[0].id
		}
		r.put[key] = part
	}
}
