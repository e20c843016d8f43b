package conversation

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// BodyKind says what a message's body is. The list is closed; what a receiver does not know it shows as sent with
// a newer version.
type BodyKind uint64

// The kinds of bodies.
const (
	BodyText     BodyKind = 1 // a text a person wrote
	BodyEdit     BodyKind = 2 // another text for an own message
	BodyDelete   BodyKind = 3 // an own message is taken back
	BodyReaction BodyKind = 4 // an emoji set at a message, or taken away
)

// Limits of bodies.
const (
	MaxText     = 64 << 10 // bytes of UTF-8
	MaxMentions = 100
)

// ErrNewer is a body of a kind or version that this version does not know.
var ErrNewer = errors.New("sent with a newer version")

// ErrTarget is a body that names a message at or behind the newest its sender had seen.
var ErrTarget = errors.New("names a message that its sender had not seen")

// Body is what a message says. Which fields it has depends on its kind.
type Body struct {
	Kind     BodyKind
	Time     uint64         // milliseconds since 1970 by the sender's clock
	Text     string         // of a text and an edit: 1 to [MaxText] bytes
	Target   epoch.Position // what is edited, deleted, reacted to, or answered by a text; 0: a text that answers nothing
	Mentions []Mention      // in Text
	Emoji    string         // of a reaction: see [Emoji]
	On       bool           // of a reaction: set, or taken away
}

// Text is a text that answers nothing and mentions nobody.
type Text struct {
	Time uint64
	Text string
}

// Encode gives the body [ 1, 1, [ time, text ] ].
func (t Text) Encode() cose.Raw { return Body{Kind: BodyText, Time: t.Time, Text: t.Text}.Encode() }

// Mention is a part of a text that stands for an account: Length bytes of UTF-8 from Start.
type Mention struct {
	_       struct{} `cbor:",toarray"`
	Account account.ID
	Start   uint64
	Length  uint64
}

// The contents by kind and version.
type (
	bodyArray struct {
		_       struct{} `cbor:",toarray"`
		Kind    BodyKind
		Version uint64
		Content cose.Raw
	}
	text1 struct {
		_    struct{} `cbor:",toarray"`
		Time uint64
		Text string
	}
	text2 struct {
		_        struct{} `cbor:",toarray"`
		Time     uint64
		Text     string
		Reply    epoch.Position
		Mentions []Mention
	}
	edit1 struct {
		_        struct{} `cbor:",toarray"`
		Time     uint64
		Target   epoch.Position
		Text     string
		Mentions []Mention
	}
	delete1 struct {
		_      struct{} `cbor:",toarray"`
		Time   uint64
		Target epoch.Position
	}
	reaction1 struct {
		_      struct{} `cbor:",toarray"`
		Time   uint64
		Target epoch.Position
		Emoji  string
		On     bool
	}
)

// Encode gives the body's one encoding: [ kind, version, content ]. A text that answers nothing and mentions nobody
// is of version 1, so that every client reads it.
func (b Body) Encode() cose.Raw {
	version, content := uint64(1), any(nil)
	switch b.Kind {
	case BodyEdit:
		content = edit1{Time: b.Time, Target: b.Target, Text: b.Text, Mentions: b.Mentions}
	case BodyDelete:
		content = delete1{Time: b.Time, Target: b.Target}
	case BodyReaction:
		content = reaction1{Time: b.Time, Target: b.Target, Emoji: b.Emoji, On: b.On}
	default:
		content = text1{Time: b.Time, Text: b.Text}
		if b.Target != 0 || len(b.Mentions) > 0 {
			version, content = 2, text2{Time: b.Time, Text: b.Text, Reply: b.Target, Mentions: b.Mentions}
		}
	}
	return cose.Marshal(bodyArray{Kind: b.Kind, Version: version, Content: cose.Marshal(content)})
}

// ParseBody reads a message's body. It returns [ErrNewer] for what this version does not know.
func ParseBody(body cose.Raw) (Body, error) {
	var a bodyArray
	if err := cose.Unmarshal(body, &a, MaxBody); err != nil {
		return Body{}, fmt.Errorf("body: %w", err)
	}
	b, err := a.read()
	if err == nil {
		err = b.check()
	}
	if err != nil {
		return Body{}, fmt.Errorf("body of kind %d version %d: %w", a.Kind, a.Version, err)
	}
	if a.Kind == BodyText && a.Version == 2 && b.Target == 0 && len(b.Mentions) == 0 {
		return Body{}, fmt.Errorf("text: %w: version 2 without need", cose.ErrMalformed)
	}
	return b, nil
}

// version is a kind of body with its version.
type version struct {
	kind   BodyKind
	number uint64
}

// read decodes the content.
func (a bodyArray) read() (Body, error) {
	b := Body{Kind: a.Kind}
	var err error
	switch (version{a.Kind, a.Version}) {
	case version{BodyText, 1}:
		var c text1
		err = cose.Unmarshal(a.Content, &c, MaxBody)
		b.Time, b.Text = c.Time, c.Text
	case version{BodyText, 2}:
		var c text2
		err = cose.Unmarshal(a.Content, &c, MaxBody)
		b.Time, b.Text, b.Target, b.Mentions = c.Time, c.Text, c.Reply, c.Mentions
	case version{BodyEdit, 1}:
		var c edit1
		err = cose.Unmarshal(a.Content, &c, MaxBody)
		b.Time, b.Target, b.Text, b.Mentions = c.Time, c.Target, c.Text, c.Mentions
	case version{BodyDelete, 1}:
		var c delete1
		err = cose.Unmarshal(a.Content, &c, MaxBody)
		b.Time, b.Target = c.Time, c.Target
	case version{BodyReaction, 1}:
		var c reaction1
		err = cose.Unmarshal(a.Content, &c, MaxBody)
		b.Time, b.Target, b.Emoji, b.On = c.Time, c.Target, c.Emoji, c.On
	default:
		err = ErrNewer
	}
	return b, err
}

// check looks at what an encoding cannot say.
func (b Body) check() error {
	if b.Kind == BodyText || b.Kind == BodyEdit {
		if len(b.Text) == 0 || len(b.Text) > MaxText {
			return fmt.Errorf("%w: text of %d bytes", cose.ErrMalformed, len(b.Text))
		}
		if err := b.checkMentions(); err != nil {
			return err
		}
	}
	switch {
	case b.Kind != BodyText && b.Target == 0:
		return fmt.Errorf("%w: position 0", cose.ErrMalformed)
	case b.Kind == BodyReaction && !Emoji(b.Emoji):
		return fmt.Errorf("%w: not one emoji", cose.ErrMalformed)
	}
	return nil
}

// checkMentions asks that the mentions are whole characters of the text, ascend and do not overlap.
func (b Body) checkMentions() error {
	if len(b.Mentions) > MaxMentions {
		return fmt.Errorf("%w: %d mentions", cose.ErrMalformed, len(b.Mentions))
	}
	var end uint64
	size := uint64(len(b.Text))
	boundary := func(at uint64) bool { return at == size || utf8.RuneStart(b.Text[at]) }
	for _, m := range b.Mentions {
		if m.Length == 0 || m.Start < end || m.Start >= size || m.Length > size-m.Start ||
			!boundary(m.Start) || !boundary(m.Start+m.Length) {
			return fmt.Errorf("%w: mention of another place", cose.ErrMalformed)
		}
		end = m.Start + m.Length
	}
	return nil
}

// Within checks that the message which b names was in the log as far as its sender had seen it. So what a body
// names is there when the body is read, and every reader has the same event at that position.
func (b Body) Within(seen epoch.Seen) error {
	if b.Target > seen.Position {
		return fmt.Errorf("position %d: %w", b.Target, ErrTarget)
	}
	return nil
}
