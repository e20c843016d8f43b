package conversation

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// TypeContent is header 16 of what is signed inside a message.
const TypeContent cose.Type = "application/vnd.sotto.content"

// MaxBody bounds a message's body, in bytes.
const MaxBody = 96 << 10

// MaxMessageBytes bounds a sealed message.
const MaxMessageBytes = 128 << 10

const maxGivenUp = 16

// Why nothing can be sealed now.
var (
	ErrNoEpoch = errors.New("no epoch is open")
	ErrPending = errors.New("a sealed message or a commit is still on its way")
	ErrTooLong = errors.New("body is too long")
	ErrGivenUp = errors.New("too many messages were given up in this epoch: open a new one")
)

type contentArray struct {
	_          struct{} `cbor:",toarray"`
	Epoch      epoch.ID
	Generation uint64
	Seen       epoch.Seen
	ClientID   ClientID
	Body       cose.Raw
}

// Seal signs, pads and encrypts body, one CBOR item, as this device's next message. The next conversation keeps the
// event as pending until it is seen in the log; it must be stored before the event is sent. A retry sends the same
// bytes. Only one message or commit is pending at a time: the next one must name a history that has it.
func (c *Conversation) Seal(env Env, id ClientID, body cose.Raw) (*Conversation, []byte, error) {
	if err := c.mayWrite(env); err != nil {
		return nil, nil, fmt.Errorf("seal: %w", err)
	}
	switch {
	case c.h == nil:
		return nil, nil, ErrNoEpoch
	case c.s.Lost != "":
		return nil, nil, fmt.Errorf("seal: %w", ErrLost)
	case len(c.s.Left) > 0:
		return nil, nil, ErrClosed
	case len(c.s.Pending) >= maxGivenUp:
		return nil, nil, ErrGivenUp
	case len(body) > MaxBody:
		return nil, nil, fmt.Errorf("%w: %d bytes, at most %d", ErrTooLong, len(body), MaxBody)
	}
	if err := cose.Unmarshal(body, new(cose.Raw), MaxBody); err != nil {
		return nil, nil, fmt.Errorf("body: %w", err)
	}
	own := c.s.Senders[c.s.Own]
	payload := cose.Marshal(contentArray{
		Epoch: c.s.Epoch, Generation: own.Generation, Seen: c.Seen(), ClientID: id, Body: body,
	})
	content, err := cose.Sign(env.Random, env.Signer, cose.Thumbprint(env.Device), TypeContent, payload)
	if err != nil {
		return nil, nil, err
	}
	nonce, err := newNonce(env.Random)
	if err != nil {
		return nil, nil, err
	}
	key := deriveMessage(own.Chain)
	event := cose.Seal(env.Primitives.AEAD(key), nonce, epoch.TypeMessage, c.place(own.Generation), c.s.Epoch[:], pad(content))
	next := c.clone()
	next.s.Senders[c.s.Own].Chain = deriveNext(own.Chain)
	next.s.Senders[c.s.Own].Generation++
	next.s.Pending = append(slices.Clone(c.s.Pending), Pending{
		ClientID: id, Generation: own.Generation, Seen: c.s.Position, Event: event,
	})
	next.s.Keys = append(slices.Clone(c.s.Keys), key)
	return next, event, nil
}

func (c *Conversation) sealed() bool {
	_, ok := c.Pending()
	return ok
}

// GiveUp leaves the pending message out: its generation stays a hole. Should the relay have it all the same, it is
// opened as this device's own.
func (c *Conversation) GiveUp() *Conversation {
	next := c.clone()
	next.s.Pending = slices.Clone(c.s.Pending)
	if last := len(next.s.Pending) - 1; last >= 0 {
		next.s.Pending[last].GivenUp = true
	}
	return next
}

// settle forgets a sealed message that was seen in the log.
func (c *Conversation) settle(generation uint64) {
	at := slices.IndexFunc(c.s.Pending, func(p Pending) bool { return p.Generation == generation })
	if at >= 0 {
		c.s.Pending = slices.Delete(slices.Clone(c.s.Pending), at, at+1)
		c.s.Keys = slices.Delete(slices.Clone(c.s.Keys), at, at+1)
	}
}

// wrote gives the key of a message that this profile sealed, by its generation, and whether these are its bytes.
func (c *Conversation) wrote(generation uint64, hash [32]byte) (key cose.Secret, same, ok bool) {
	for i, p := range c.s.Pending {
		if p.Generation == generation {
			return c.s.Keys[i], sha256.Sum256(p.Event) == hash, true
		}
	}
	return cose.Secret{}, false, false
}

// sealedAt gives what was sealed with a generation and not seen yet.
func (c *Conversation) sealedAt(generation uint64) (Pending, bool) {
	for _, p := range c.s.Pending {
		if p.Generation == generation {
			return p, true
		}
	}
	return Pending{}, false
}

// place is header -65537 of what this device seals.
func (c *Conversation) place(generation uint64) cose.Raw {
	return cose.Marshal(epoch.Place{
		Conversation: c.s.ID, Number: c.h.Number, Index: c.s.Own, Generation: generation,
	})
}
