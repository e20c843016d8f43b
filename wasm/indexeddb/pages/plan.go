package pages

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sotto/wasm/client"
)

// MaxID is the length of the longest id of a record, in bytes.
const MaxID = 64

// ErrRecordKey is a key that no record can have.
var ErrRecordKey = errors.New("not a record's key")

// maxKind is the length of the longest kind of records, in bytes.
const maxKind = 255

// CheckKey says what is wrong with a record's key.
func CheckKey(key client.Key) error {
	if key.Kind == "" || len(key.Kind) > maxKind || strings.ContainsRune(key.Kind, 0) || len(key.ID) > MaxID {
		return fmt.Errorf("%w: kind %q, id of %d bytes", ErrRecordKey, key.Kind, len(key.ID))
	}
	return nil
}

// CheckedCopy copies writes, so that they can wait while their caller uses them again.
func CheckedCopy(writes []client.Write) ([]client.Write, error) {
	copies := slices.Clone(writes)
	for i := range copies {
		if err := CheckKey(copies[i].Key); err != nil {
			return nil, err
		}
		copies[i].Key.ID, copies[i].Value = copied(copies[i].Key.ID), copied(copies[i].Value)
	}
	return copies, nil
}

// Plan is what a batch makes of the pages: which to write and which to remove.
type Plan struct {
	Put    map[Key]Page
	Remove []Key
}

// Touched gives the existing pages that writes change, each once.
func (x Index) Touched(writes []client.Write) []Key {
	var keys []Key
	seen := make(map[Key]bool)
	for _, w := range writes {
		if key, exists := x.Locate(w.Key.Kind, string(w.Key.ID)); exists && !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// Plan applies writes in their order to the pages they touch, which are not changed.
func (x Index) Plan(writes []client.Write, touched map[Key]Page) Plan {
	changed := make(map[Key]Page)
	ends := make(map[Key]string) // the last id before the change
	for _, w := range writes {
		key, _ := x.Locate(w.Key.Kind, string(w.Key.ID))
		p, ok := changed[key]
		if !ok {
			p = slices.Clone(touched[key])
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
	result := Plan{Put: make(map[Key]Page)}
	for key, p := range changed {
		result.change(key, p, ends[key])
	}
	return result
}

// change plans the page at key to become p, cut where it is too large.
func (r *Plan) change(key Key, p Page, lastBefore string) {
	if len(p) == 0 {
		r.Remove = append(r.Remove, key)
		return
	}
	for i, part := range p.split(p[len(p)-1].id > lastBefore) {
		if i > 0 {
			key.First = part[0].id
		}
		r.Put[key] = part
	}
}
