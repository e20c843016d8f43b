//go:build js && wasm

package bridge

import (
	"fmt"
	"reflect"
	"syscall/js"
)

// encode converts a Go value of shape s. It fails only on a number that JavaScript cannot hold.
func encode(s *shape, value reflect.Value) (js.Value, error) {
	switch s.kind {
	case text:
		return js.ValueOf(value.String()), nil
	case flag:
		return js.ValueOf(value.Bool()), nil
	case signed:
		return safe(value.Int(), value.Int() >= -maxSafe && value.Int() <= maxSafe)
	case unsigned:
		return safe(int64(value.Uint()), value.Uint() <= maxSafe)
	case bytes:
		array := uint8Array.New(value.Len())
		js.CopyBytesToJS(array, value.Bytes())
		return array, nil
	case list:
		return encodeList(s, value)
	case record:
		return encodeRecord(s, value)
	case dictionary:
		return encodeDictionary(value), nil
	}
	if value.IsNil() {
		return js.Null(), nil
	}
	return encode(s.elem, value.Elem())
}

func safe(n int64, fits bool) (js.Value, error) {
	if !fits {
		return js.Value{}, fmt.Errorf("a number beyond 2^53-1 for JavaScript")
	}
	return js.ValueOf(float64(n)), nil
}

func encodeList(s *shape, value reflect.Value) (js.Value, error) {
	array := js.Global().Get("Array").New(value.Len())
	for i := range value.Len() {
		item, err := encode(s.elem, value.Index(i))
		if err != nil {
			return js.Value{}, err
		}
		array.SetIndex(i, item)
	}
	return array, nil
}

func encodeRecord(s *shape, value reflect.Value) (js.Value, error) {
	made := object.New()
	for _, f := range s.fields {
		content := value.Field(f.index)
		if f.optional && content.IsNil() {
			continue
		}
		property, err := encode(f.shape, content)
		if err != nil {
			return js.Value{}, fmt.Errorf("%s: %w", f.name, err)
		}
		made.Set(f.name, property)
	}
	return made, nil
}

func encodeDictionary(value reflect.Value) js.Value {
	made := object.New()
	for entries := value.MapRange(); entries.Next(); {
		made.Set(entries.Key().String(), entries.Value().String())
	}
	return made
}
