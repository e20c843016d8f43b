//go:build js && wasm

package bridge

import (
	"fmt"
	"reflect"
	"syscall/js"

	"sotto/wasm/promise"
)

// maxArgs bounds the arguments of one call: the bytes of its strings and byte arrays, and some for each value.
const maxArgs = 8 << 20

const valueCost = 256 // what a value counts beside its bytes, so that a call has at most 32,768

// maxSafe is the largest whole number that JavaScript holds exactly.
const maxSafe = 1<<53 - 1

// JavaScript's own functions, taken before anything else has run. Only what they do by themselves is relied on:
// a property of a value may be a getter that throws, and an exception in Get, Index, Length or InstanceOf of
// [js.Value] ends the Go program, so those touch nothing that comes from outside.
var (
	object     = js.Global().Get("Object")
	uint8Array = js.Global().Get("Uint8Array")
	isArray    = js.Global().Get("Array").Get("isArray")
	plain      = object.Get("prototype")
	reflected  = js.Global().Get("Reflect")
	getOf      = reflected.Get("get")
	keysOf     = reflected.Get("ownKeys")
	aboveOf    = reflected.Get("getPrototypeOf")
	applyOf    = reflected.Get("apply")

	typedArray = object.Call("getPrototypeOf", uint8Array.Get("prototype"))
	arrayName  = getter(typedArray, js.Global().Get("Symbol").Get("toStringTag"))
	byteLength = getter(typedArray, js.ValueOf("byteLength"))
	noArgs     = js.Global().Get("Array").New()
)

// getter gives the function behind a property.
func getter(of, name js.Value) js.Value {
	return object.Call("getOwnPropertyDescriptor", of, name).Get("get")
}

// badArgs says what is wrong with the value at a path, as "args.text".
func badArgs(path, format string, a ...any) error {
	return failure{code: codeBadArgs, message: path + ": " + fmt.Sprintf(format, a...)}
}

// decoder converts the arguments of one call.
type decoder struct{ left int }

// spend counts n bytes.
func (d *decoder) spend(path string, n int) error {
	if d.left -= n + valueCost; d.left < 0 || n < 0 {
		return badArgs(path, "more than %d bytes of arguments", maxArgs)
	}
	return nil
}

// decode converts value to a Go value of shape s.
func (d *decoder) decode(path string, s *shape, value js.Value, into reflect.Value) error {
	if err := d.spend(path, 0); err != nil {
		return err
	}
	switch s.kind {
	case text:
		return d.text(path, value, into)
	case flag:
		if typeOf(value) != js.TypeBoolean {
			return badArgs(path, "want a boolean")
		}
		into.SetBool(value.Bool())
		return nil
	case signed, unsigned:
		return number(path, s.kind, value, into)
	case bytes:
		return d.bytes(path, value, into)
	case list:
		return d.list(path, s, value, into)
	case record:
		return d.record(path, s, value, into)
	case dictionary:
		return d.dictionary(path, value, into)
	}
	if typeOf(value) == js.TypeNull {
		return nil
	}
	into.Set(reflect.New(s.elem.goType))
	return d.decode(path, s.elem, value, into.Elem())
}

// typeOf gives the type of a value, TypeSymbol for those that package js does not know, such as a BigInt.
func typeOf(value js.Value) (t js.Type) {
	defer func() {
		if recover() != nil {
			t = js.TypeSymbol
		}
	}()
	return value.Type()
}

func (d *decoder) text(path string, value js.Value, into reflect.Value) error {
	if typeOf(value) != js.TypeString {
		return badArgs(path, "want a string")
	}
	if err := d.spend(path, object.Invoke(value).Length()); err != nil { // UTF-16 units, before anything is copied
		return err
	}
	into.SetString(value.String())
	return nil
}

func number(path string, k kind, value js.Value, into reflect.Value) error {
	if typeOf(value) != js.TypeNumber {
		return badArgs(path, "want a number")
	}
	f := value.Float()
	if !(f >= -maxSafe && f <= maxSafe) || f != float64(int64(f)) { // NaN fails too
		return badArgs(path, "want a whole number")
	}
	n := int64(f)
	switch {
	case k == signed && !into.OverflowInt(n):
		into.SetInt(n)
	case k == unsigned && n >= 0 && !into.OverflowUint(uint64(n)):
		into.SetUint(uint64(n))
	default:
		return badArgs(path, "the number is out of range")
	}
	return nil
}

// bytes takes a Uint8Array, of which the array itself tells its kind and length, whatever its properties say.
func (d *decoder) bytes(path string, value js.Value, into reflect.Value) error {
	if typeOf(value) != js.TypeObject {
		return badArgs(path, "want a Uint8Array")
	}
	name, err := promise.Catch(func() js.Value { return applyOf.Invoke(arrayName, value, noArgs) })
	if err != nil || typeOf(name) != js.TypeString || name.String() != "Uint8Array" {
		return badArgs(path, "want a Uint8Array")
	}
	size, err := promise.Catch(func() js.Value { return applyOf.Invoke(byteLength, value, noArgs) })
	if err != nil {
		return badArgs(path, "want a Uint8Array")
	}
	if err := d.spend(path, size.Int()); err != nil {
		return err
	}
	own, err := promise.Catch(func() js.Value { return uint8Array.New(value) })
	if err != nil {
		return badArgs(path, "the Uint8Array has no bytes any more")
	}
	data := make([]byte, size.Int())
	js.CopyBytesToGo(data, own)
	into.SetBytes(data)
	return nil
}

func (d *decoder) list(path string, s *shape, value js.Value, into reflect.Value) error {
	array, err := promise.Catch(func() js.Value { return isArray.Invoke(value) })
	if err != nil || !array.Bool() {
		return badArgs(path, "want an array")
	}
	length, err := get(path, value, "length")
	if err != nil {
		return err
	}
	n := reflect.New(reflect.TypeFor[uint32]()).Elem()
	if err := number(path, unsigned, length, n); err != nil {
		return err
	}
	if int(n.Uint()) > d.left/valueCost {
		return badArgs(path, "the array is too long")
	}
	items := reflect.MakeSlice(s.goType, 0, 0) // grows with what is there: a length is only said
	for i := range int(n.Uint()) {
		item, err := get(path, value, i)
		if err != nil {
			return err
		}
		items = reflect.Append(items, reflect.Zero(s.elem.goType))
		if err := d.decode(fmt.Sprintf("%s[%d]", path, i), s.elem, item, items.Index(i)); err != nil {
			return err
		}
	}
	into.Set(items)
	return nil
}

// record takes an object with exactly the fields of s.
func (d *decoder) record(path string, s *shape, value js.Value, into reflect.Value) error {
	names, err := properties(path, value)
	if err != nil {
		return err
	}
	present := 0
	for _, f := range s.fields {
		property, err := get(path, value, f.name)
		if err != nil {
			return err
		}
		switch t := typeOf(property); {
		case t == js.TypeUndefined && f.optional:
			continue
		case t == js.TypeUndefined, t == js.TypeNull && f.optional:
			return badArgs(path+"."+f.name, "missing")
		}
		present++
		if err := d.decode(path+"."+f.name, f.shape, property, into.Field(f.index)); err != nil {
			return err
		}
	}
	if names.Length() > present {
		return badArgs(path, "has properties that are not known")
	}
	return nil
}

func (d *decoder) dictionary(path string, value js.Value, into reflect.Value) error {
	names, err := properties(path, value)
	if err != nil {
		return err
	}
	if names.Length() > d.left/valueCost {
		return badArgs(path, "has too many properties")
	}
	entries := make(map[string]string)
	for i := range names.Length() {
		name, content := reflect.New(reflect.TypeFor[string]()).Elem(), reflect.New(reflect.TypeFor[string]()).Elem()
		if err := d.text(path, names.Index(i), name); err != nil {
			return err
		}
		property, err := get(path, value, names.Index(i))
		if err != nil {
			return err
		}
		if err := d.text(path, property, content); err != nil {
			return err
		}
		entries[name.String()] = content.String()
	}
	into.Set(reflect.ValueOf(entries))
	return nil
}

// properties gives the names of a plain object's own properties, an array of JavaScript's making.
func properties(path string, value js.Value) (js.Value, error) {
	if typeOf(value) != js.TypeObject {
		return js.Value{}, badArgs(path, "want an object")
	}
	above, err := promise.Catch(func() js.Value { return aboveOf.Invoke(value) })
	if err != nil || !above.IsNull() && !above.Equal(plain) {
		return js.Value{}, badArgs(path, "want a plain object")
	}
	names, err := promise.Catch(func() js.Value { return keysOf.Invoke(value) })
	if err != nil {
		return js.Value{}, badArgs(path, "cannot be read")
	}
	return names, nil
}

// get reads a property by name or number.
func get(path string, of js.Value, name any) (js.Value, error) {
	property, err := promise.Catch(func() js.Value { return getOf.Invoke(of, name) })
	if err != nil {
		return js.Value{}, badArgs(path, "cannot be read")
	}
	return property, nil
}
