package search

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
)

// Place is where a text stands: in which log, by a number of the index's, and at which position.
type Place struct{ Log, Position uint64 }

// Places are the places of a term, ascending, each once.
type Places []Place

func compare(a, b Place) int {
	if c := cmp.Compare(a.Log, b.Log); c != 0 {
		return c
	}
	return cmp.Compare(a.Position, b.Position)
}

// Sorted puts places in order.
func Sorted(places []Place) Places {
	slices.SortFunc(places, compare)
	return slices.Compact(places)
}

// Union gives the places that are in one or the other.
func (p Places) Union(other Places) Places {
	return Sorted(append(slices.Clone(p), other...))
}

// Intersect gives the places that are in both.
func (p Places) Intersect(other Places) Places {
	var both Places
	for i, j := 0, 0; i < len(p) && j < len(other); {
		switch c := compare(p[i], other[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			both = append(both, p[i])
			i, j = i+1, j+1
		}
	}
	return both
}

// Without gives the places other than one.
func (p Places) Without(place Place) Places {
	at, found := slices.BinarySearchFunc(p, place, compare)
	if !found {
		return p
	}
	return slices.Delete(slices.Clone(p), at, at+1)
}

// Encode gives p in bytes: for each log how much its number is above the one before, how many positions follow, and how
// much each is above the one before, as unsigned varints.
func (p Places) Encode() []byte {
	data := make([]byte, 0, 2*len(p)+4)
	var log uint64
	for len(p) > 0 {
		n := 1
		for n < len(p) && p[n].Log == p[0].Log {
			n++
		}
		data = binary.AppendUvarint(data, p[0].Log-log)
		data = binary.AppendUvarint(data, uint64(n))
		var before uint64
		for _, place := range p[:n] {
			data = binary.AppendUvarint(data, place.Position-before)
			before = place.Position
		}
		log, p = p[0].Log, p[n:]
	}
	return data
}

// ErrPlaces is bytes that are no places.
var ErrPlaces = errors.New("not the places of a term")

// Decode reads what [Places.Encode] gives.
func Decode(data []byte) (Places, error) {
	var p Places
	next := func() (uint64, bool) {
		v, n := binary.Uvarint(data)
		if n <= 0 {
			return 0, false
		}
		data = data[n:]
		return v, true
	}
	var log uint64
	for len(data) > 0 {
		step, ok := next()
		n, more := next()
		if !ok || !more || n == 0 || n > uint64(len(data)) || step == 0 && len(p) > 0 || log+step < log {
			return nil, ErrPlaces
		}
		log += step
		var position uint64
		for i := range n {
			step, ok := next()
			if !ok || step == 0 && i > 0 || position+step < position {
				return nil, ErrPlaces
			}
			position += step
			p = append(p, Place{Log: log, Position: position})
		}
	}
	return p, nil
}
