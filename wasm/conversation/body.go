package conversation

import (
	"errors"
	"fmt"

	"sotto/wasm/cose"
)

// BodyKind says what a message's body is. The list is closed; what a receiver does not know it shows as sent with
// a newer version.
type BodyKind uint64

// BodyText is a text a person wrote.
const BodyText BodyKind = 1

const textVersion = 1

// MaxText bounds a text, in bytes of UTF-8.
const MaxText = 64 << 10

// ErrNewer is a body of a kind or version that this version does not know.
var ErrNewer = errors.New("sent with a newer version")

// bodyArray is [ kind, version, content ].
type bodyArray struct {
	_       struct{} `cbor:",toarray"`
	Kind    BodyKind
	Version uint64
	Content cose.Raw
}

// Text is the content of [BodyText], version 1: [ time, text ].
type Text struct {
	_    struct{} `cbor:",toarray"`
	Time uint64   // milliseconds since 1970 by the sender's clock
	Text string   // 1 to [MaxText] bytes
}

// Encode gives the body [ 1, 1, [ time, text ] ].
func (t Text) Encode() cose.Raw {
	return cose.Marshal(bodyArray{Kind: BodyText, Version: textVersion, Content: cose.Marshal(t)})
}

// ParseBody reads a message's body. It returns [ErrNewer] for what this version does not know.
func ParseBody(body cose.Raw) (Text, error) {
	var b bodyArray
	if err := cose.Unmarshal(body, &b, MaxBody); err != nil {
		return Text{}, fmt.Errorf("body: %w", err)
	}
	if b.Kind != BodyText || b.Version != textVersion {
		return Text{}, fmt.Errorf("body of kind %d version %d: %w", b.Kind, b.Version, ErrNewer)
	}
	var t Text
	if err := cose.Unmarshal(b.Content, &t, MaxBody); err != nil {
		return Text{}, fmt.Errorf("text: %w", err)
	}
	if len(t.Text) == 0 || len(t.Text) > MaxText {
		return Text{}, fmt.Errorf("text: %w: %d bytes", cose.ErrMalformed, len(t.Text))
	}
	return t, nil
}
