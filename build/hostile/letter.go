package hostile

import (
	"crypto/rand"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// Letter is a message in its parts, all of them right until they are changed.
type Letter struct {
	Type, Content cose.Type
	Place         epoch.Place
	Epoch         epoch.ID // inside
	Generation    uint64   // inside
	Seen          epoch.Seen
	Client        conversation.ClientID
	Body          cose.Raw
	Key           cose.Secret
	External      []byte
	Kid           account.DeviceID
	By            *Member // whose key signs

	Sign   func(toBeSigned []byte) ([]byte, error) // nil: as suite 1 does, by By
	Signed func(content []byte) []byte             // changes the signed content, before it is padded
	Pad    func(content []byte) []byte
	Sealed func(event []byte) []byte // changes the whole
}

// Letter is a member's message of a generation with a text.
func (r *Room) Letter(by *Member, generation uint64, text string) *Letter {
	index, _ := r.Header.Index(by.Device)
	l := &Letter{
		Type: epoch.TypeMessage, Content: conversation.TypeContent,
		Place: epoch.Place{Conversation: r.ID, Number: r.Header.Number, Index: index, Generation: generation},
		Epoch: r.Epoch, Generation: generation, Seen: r.Seen(),
		Body: conversation.Text{Time: now(), Text: text}.Encode(),
		Key:  r.MessageKey(by.Device, generation), External: slices.Clone(r.Epoch[:]), Kid: by.Device, By: by, Pad: Pad,
	}
	_, _ = rand.Read(l.Client[:]) // never fails
	return l
}

// Inner is what is signed inside.
func (l *Letter) Inner() ([]byte, error) {
	payload := cose.Marshal([]any{l.Epoch[:], l.Generation, l.Seen, l.Client[:], l.Body})
	if l.Sign == nil {
		return cose.Sign(rand.Reader, l.By.Signer, cose.Thumbprint(l.Kid), l.Content, payload)
	}
	return Sign1(cose.Thumbprint(l.Kid), l.Content, payload, nil, l.Sign)
}

// Event puts the message together.
func (l *Letter) Event() ([]byte, error) {
	inner, err := l.Inner()
	if err != nil {
		return nil, err
	}
	return l.Around(inner), nil
}

// Around seals signed content as the message.
func (l *Letter) Around(inner []byte) []byte {
	if l.Signed != nil {
		inner = l.Signed(inner)
	}
	event := cose.Seal(cose.Native{}.AEAD(l.Key), nonce(), l.Type, cose.Marshal(l.Place), l.External, l.Pad(inner))
	if l.Sealed != nil {
		event = l.Sealed(event)
	}
	return event
}

// Sign1 makes a COSE_Sign1 by hand: other header parameters than the suite's, and any signature.
func Sign1(kid cose.Thumbprint, typ cose.Type, payload []byte, header map[int64]any, sign func([]byte) ([]byte, error)) ([]byte, error) {
	h := map[int64]any{1: int64(-37), 4: kid[:], 16: typ}
	for k, v := range header {
		h[k] = v
	}
	protected := cose.Marshal(h)
	signature, err := sign(cose.Marshal([]any{"Signature1", protected, []byte{}, payload}))
	if err != nil {
		return nil, err
	}
	return cose.Marshal([]any{protected, map[int64]any{}, payload, signature}), nil
}

// Receipt is a receipt in its parts.
type Receipt struct {
	Number          epoch.Number
	Index, Counter  uint64
	Epoch           epoch.ID
	Delivered, Read epoch.Position
	Seen            epoch.Seen
}

// Receipt is a member's receipt with a counter, for everything that the room has.
func (r *Room) Receipt(by *Member, counter uint64) Receipt {
	index, _ := r.Header.Index(by.Device)
	seen := r.Seen()
	return Receipt{
		Number: r.Header.Number, Index: index, Counter: counter, Epoch: r.Epoch,
		Delivered: seen.Position, Read: seen.Position, Seen: seen,
	}
}

// SealReceipt signs and seals a receipt by a member.
func (r *Room) SealReceipt(by *Member, c Receipt) ([]byte, error) {
	payload := cose.Marshal([]any{c.Epoch[:], c.Counter, uint64(c.Delivered), uint64(c.Read), c.Seen})
	signed, err := cose.Sign(rand.Reader, by.Signer, cose.Thumbprint(by.Device), conversation.TypeReceipt, payload)
	if err != nil {
		return nil, err
	}
	place := cose.Marshal(epoch.Place{Conversation: r.ID, Number: c.Number, Index: c.Index, Generation: c.Counter})
	return cose.Seal(cose.Native{}.AEAD(r.SignalKey(by.Device)), nonce(), epoch.TypeSignal, place, r.Epoch[:], signed), nil
}

// Read opens a message of the newest epoch without a question and gives its text.
func (r *Room) Read(event []byte) (string, error) {
	sealed, err := epoch.ParseSealed(event, epoch.TypeMessage, conversation.MaxMessageBytes)
	if err != nil {
		return "", err
	}
	if r.Header == nil {
		return "", conversation.ErrNoEpoch
	}
	entries := r.Header.Entries()
	if sealed.Index >= uint64(len(entries)) {
		return "", conversation.ErrSender
	}
	key := r.MessageKey(entries[sealed.Index].Device, sealed.Generation)
	padded, err := sealed.Open(cose.Native{}.AEAD(key), r.Epoch[:])
	if err != nil {
		return "", err
	}
	inner, err := cose.ParseSign1(Unpad(padded), conversation.TypeContent, len(padded))
	if err != nil {
		return "", err
	}
	var payload struct {
		_          struct{} `cbor:",toarray"`
		Epoch      epoch.ID
		Generation uint64
		Seen       epoch.Seen
		Client     conversation.ClientID
		Body       cose.Raw
	}
	if err := cose.Unmarshal(inner.Payload, &payload, len(inner.Payload)); err != nil {
		return "", err
	}
	text, err := conversation.ParseBody(payload.Body)
	return text.Text, err
}
