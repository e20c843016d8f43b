package pages

import (
	"encoding/binary"
	"errors"

	"sotto/wasm/client"
)

// deleted is the length of value that stands for a record to remove.
const deleted = 1<<32 - 1

// EncodeWrites gives the bytes of writes for a journal, one after the other:
//
//	length of kind (1) ‖ kind ‖ length of id (1) ‖ id ‖ length of value (4, big-endian; ffffffff to remove) ‖ value
//
// The keys must have passed [CheckKey].
func EncodeWrites(writes []client.Write) []byte {
	var data []byte
	for _, w := range writes {
		data = append(append(data, byte(len(w.Key.Kind))), w.Key.Kind...)
		data = append(append(data, byte(len(w.Key.ID))), w.Key.ID...)
		if w.Delete {
			data = binary.BigEndian.AppendUint32(data, deleted)
			continue
		}
		data = binary.BigEndian.AppendUint32(data, uint32(len(w.Value)))
		data = append(data, w.Value...)
	}
	return data
}

// ErrJournal is bytes that are no writes.
var ErrJournal = errors.New("not a journal's entry")

// DecodeWrites reads what [EncodeWrites] gives and nothing else. IDs and values are parts of data.
func DecodeWrites(data []byte) ([]client.Write, error) {
	var writes []client.Write
	for len(data) > 0 {
		kind, rest, ok := short(data)
		if !ok {
			return nil, ErrJournal
		}
		id, rest, ok := short(rest)
		if !ok || len(rest) < 4 {
			return nil, ErrJournal
		}
		w := client.Write{Record: client.Record{Key: client.Key{Kind: string(kind), ID: id}}}
		if CheckKey(w.Key) != nil {
			return nil, ErrJournal
		}
		length := uint64(binary.BigEndian.Uint32(rest))
		data = rest[4:]
		if w.Delete = length == deleted; !w.Delete {
			if length > uint64(len(data)) {
				return nil, ErrJournal
			}
			w.Value, data = data[:length:length], data[length:]
		}
		writes = append(writes, w)
	}
	return writes, nil
}

// short reads a part of at most 255 bytes.
func short(data []byte) (part, rest []byte, ok bool) {
	if len(data) == 0 || len(data) < 1+int(data[0]) {
		return nil, nil, false
	}
	end := 1 + int(data[0])
	return data[1:end:end], data[end:], true
}
