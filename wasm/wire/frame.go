package wire

import (
	"fmt"

	"sotto/wasm/cose"
)

// Subprotocol names the protocol in the WebSocket handshake.
const Subprotocol = "sotto.v1"

// Limits of frames, in bytes.
const (
	MaxFrame        = 1 << 20         // a commit with its wraps, a page of events
	MaxMessageEvent = 128 << 10       // a sealed message
	MaxCommitEvent  = 256 << 10       // a signed commit without its wraps
	MaxLeaveEvent   = 1 << 10         // a signed leave
	MaxWrap         = 2 << 10         // one device's wrap
	MaxReceipt      = 2 << 10         // a sealed receipt
	MaxAsk          = 1 << 10         // a signed request to be let in, or back in
	MaxLink         = 8 << 10         // a link of an account chain
	MaxPrekey       = 4 << 10         // a signed prekey
	MaxPage         = MaxFrame - 8192 // what one page holds
)

// Kind says what a frame's body is.
type Kind uint64

// Kinds of requests.
const (
	KindRegister      Kind = 1
	KindLogin         Kind = 2
	KindLookup        Kind = 3
	KindChain         Kind = 4
	KindPrekey        Kind = 5
	KindCommit        Kind = 6
	KindMessage       Kind = 7
	KindFetch         Kind = 8
	KindConversations Kind = 9
	KindReceipt       Kind = 10
	KindCursor        Kind = 11
	KindAsk           Kind = 12
	KindLeave         Kind = 13
)

// Kinds of answers and pushes.
const (
	KindHello            Kind = 64 // push
	KindError            Kind = 65
	KindDone             Kind = 66 // answers Register, Login, Receipt, Cursor, Ask
	KindAccount          Kind = 67 // answers Lookup
	KindChainPage        Kind = 68 // answers Chain
	KindHeads            Kind = 69 // answers Prekey
	KindStored           Kind = 70 // answers Commit, Message, Leave
	KindPage             Kind = 71 // answers Fetch
	KindConversationPage Kind = 72 // answers Conversations
	KindEventPush        Kind = 80 // push
	KindReceiptPush      Kind = 81 // push
	KindAskPush          Kind = 82 // push
)

// Frame is one message on the socket, its body not yet decoded.
type Frame struct {
	_    struct{} `cbor:",toarray"`
	Kind Kind
	ID   uint64
	Body cose.Raw
}

// Body is what a frame can carry: one of this package's structs.
type Body interface{ Kind() Kind }

// Encode gives the frame that carries body under id.
func Encode(id uint64, body Body) []byte {
	return cose.Marshal(Frame{Kind: body.Kind(), ID: id, Body: cose.Marshal(body)})
}

// Decode reads a frame's envelope. The body is read with [DecodeBody].
func Decode(data []byte) (Frame, error) {
	var f Frame
	if err := cose.Unmarshal(data, &f, MaxFrame); err != nil {
		return Frame{}, fmt.Errorf("frame: %w", err)
	}
	return f, nil
}

// DecodeBody reads the body of f into body, which must be a pointer to the struct of f's kind.
func DecodeBody(f Frame, body Body) error {
	if f.Kind != body.Kind() {
		return fmt.Errorf("frame of kind %d, want %d: %w", f.Kind, body.Kind(), cose.ErrMalformed)
	}
	if err := cose.Unmarshal(f.Body, body, MaxFrame); err != nil {
		return fmt.Errorf("frame of kind %d: %w", f.Kind, err)
	}
	return nil
}
