//go:build js && wasm

package webcrypto

import (
	"syscall/js"

	"sotto/wasm/cose"
)

var uint8Array = js.Global().Get("Uint8Array")

// desk is where arguments lie on the JavaScript side while a call reads them. Its buffers are used again by the
// next call: SubtleCrypto has copied what it needs when a call returns.
type desk struct {
	key, nonce, additional, tag, data buffer
}

func newDesk() desk {
	return desk{
		key: newBuffer(cose.SecretSize), nonce: newBuffer(cose.NonceSize), additional: newBuffer(4 << 10),
		tag: newBuffer(cose.SignatureSize), data: newBuffer(64 << 10),
	}
}

// maxViews bounds the views that a buffer keeps. Messages are padded, so few lengths occur.
const maxViews = 256

// buffer is a Uint8Array whose views from its start are kept by length: making one costs 20 times as much as
// filling it, since every object that Go sees is entered in a table and has a finalizer.
type buffer struct {
	array js.Value
	size  int
	views map[int]js.Value
}

func newBuffer(size int) buffer {
	array := uint8Array.New(size)
	return buffer{array: array, size: size, views: map[int]js.Value{size: array}}
}

// hold copies data to the start of b and gives a view of exactly that. It is valid until the next hold. What is
// larger than b gets an array of its own.
func (b *buffer) hold(data []byte) js.Value {
	view := b.view(len(data))
	js.CopyBytesToJS(view, data)
	return view
}

func (b *buffer) view(length int) js.Value {
	if view, ok := b.views[length]; ok {
		return view
	}
	if length > b.size {
		return uint8Array.New(length)
	}
	if len(b.views) == maxViews {
		b.views = map[int]js.Value{b.size: b.array}
	}
	view := b.array.Call("subarray", 0, length)
	b.views[length] = view
	return view
}

// wipe overwrites the first bytes of b.
func (b *buffer) wipe(length int) { js.CopyBytesToJS(b.array, make([]byte, min(length, b.size))) }
