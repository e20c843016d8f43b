package cose

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"

	"sotto/wasm/check"
)

// Raw is one CBOR item kept as it was read. Whoever looks inside must [Unmarshal] it.
type Raw = cbor.RawMessage

// ErrMalformed is the family of everything that is not the one right encoding of its object.
var ErrMalformed = errors.New("malformed")

// ErrTooLarge is a kind of [ErrMalformed]: more bytes than its object may have.
var ErrTooLarge = fmt.Errorf("%w: too large", ErrMalformed)

var (
	encoder = must(encOptions().EncMode())
	decoder = must(decOptions().DecMode())
)

func must[T any](mode T, err error) T {
	if err != nil {
		panic(err) // the options are constants
	}
	return mode
}

func encOptions() cbor.EncOptions {
	o := cbor.CoreDetEncOptions()
	o.NilContainers = cbor.NilContainerAsEmpty
	o.TagsMd = cbor.TagsForbidden
	return o
}

func decOptions() cbor.DecOptions {
	return cbor.DecOptions{
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		UTF8:              cbor.UTF8RejectInvalid,
		MaxNestedLevels:   16,
		MaxArrayElements:  1 << 16,
		MaxMapPairs:       64,
	}
}

// Marshal gives the deterministic encoding of v (RFC 8949 §4.2.1). Nil byte strings, arrays and maps are empty
// ones. It panics on types that have no encoding: those are ours to choose.
func Marshal(v any) []byte {
	data, err := encoder.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", v, err))
	}
	return data
}

// Unmarshal decodes data of at most limit bytes into v and accepts only what [Marshal] would give for it.
// It returns an error that is [ErrMalformed] and holds nothing of the input.
func Unmarshal(data []byte, v any, limit int) error {
	if len(data) > limit && !check.Off(check.Size) {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(data), limit)
	}
	if err := decoder.Unmarshal(data, v); err != nil && (!check.Off(check.Encoding) || lax(data, v) != nil) {
		return fmt.Errorf("%w: not the expected CBOR", ErrMalformed)
	}
	again, err := encoder.Marshal(v)
	if err != nil || !bytes.Equal(again, data) && !check.Off(check.Encoding) {
		return fmt.Errorf("%w: not deterministic CBOR", ErrMalformed)
	}
	return nil
}

// lax decodes what a reader takes that does not insist on one encoding. It stands in no build but that of the attacks.
func lax(data []byte, v any) error {
	_, err := must(cbor.DecOptions{}.DecMode()).UnmarshalFirst(data, v)
	return err
}
