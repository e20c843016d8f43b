package conversation

import (
	"errors"
	"fmt"

	"sotto/wasm/check"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// TypeReceipt is header 16 of what is signed inside a receipt's signal.
const TypeReceipt cose.Type = "application/vnd.sotto.receipt"

// MaxSignalBytes bounds a signal.
const MaxSignalBytes = 2048

// ErrAhead is a receipt that names an event this device has not processed: it must fetch and try again. When the
// relay has no such event, it withholds it.
var ErrAhead = errors.New("receipt names an event that is not here yet")

// ErrOld is a signal that was superseded: of an epoch before, or by a newer one of the same sender.
var ErrOld = errors.New("signal was superseded")

// Receipt tells how far a device has received and its person has read.
type Receipt struct {
	Sender    epoch.Entry
	Delivered epoch.Position
	Read      epoch.Position // 0 when its person does not tell
	Seen      epoch.Seen
}

type receiptArray struct {
	_         struct{} `cbor:",toarray"`
	Epoch     epoch.ID
	Counter   uint64
	Delivered epoch.Position
	Read      epoch.Position
	Seen      epoch.Seen
}

// SealReceipt makes this device's receipt: everything up to its position is delivered, up to read is read.
func (c *Conversation) SealReceipt(env Env, read epoch.Position) (*Conversation, []byte, error) {
	if c.h == nil {
		return nil, nil, ErrNoEpoch
	}
	switch {
	case c.s.Stopped != "":
		return nil, nil, fmt.Errorf("receipt: conversation is stopped: %s", c.s.Stopped)
	case c.s.Gone:
		return nil, nil, fmt.Errorf("receipt: %w", ErrGone)
	case c.s.Lost != "":
		return nil, nil, fmt.Errorf("receipt: %w", ErrLost)
	}
	next := c.clone()
	own := &next.s.Senders[c.s.Own]
	own.Counter++
	payload := cose.Marshal(receiptArray{
		Epoch: c.s.Epoch, Counter: own.Counter, Delivered: c.s.Position, Read: min(read, c.s.Position), Seen: c.Seen(),
	})
	signed, err := cose.Sign(env.Random, env.Signer, cose.Thumbprint(env.Device), TypeReceipt, payload)
	if err != nil {
		return nil, nil, err
	}
	nonce, err := newNonce(env.Random)
	if err != nil {
		return nil, nil, err
	}
	signal := cose.Seal(env.Primitives.AEAD(own.Signal), nonce, epoch.TypeSignal, c.place(own.Counter), c.s.Epoch[:], signed)
	return next, signal, nil
}

// OpenReceipt opens another device's receipt and compares histories. [ErrAhead] and [ErrOld] say that it tells
// nothing now; [ErrSplit] stops the conversation that comes with it; every other error is a receipt that is none.
func (c *Conversation) OpenReceipt(env Env, signal []byte) (*Conversation, Receipt, error) {
	sealed, err := epoch.ParseSealed(signal, epoch.TypeSignal, MaxSignalBytes)
	if err != nil {
		return c, Receipt{}, err
	}
	if err := c.checkPlace(sealed.Place); err != nil {
		if errors.Is(err, ErrEpoch) && c.h != nil && sealed.Number < c.h.Number {
			err = ErrOld
		} else if errors.Is(err, ErrEpoch) {
			err = ErrAhead
		}
		return c, Receipt{}, err
	}
	if c.s.Lost != "" || c.s.Gone {
		return c, Receipt{}, ErrLost
	}
	from := c.s.Senders[sealed.Index]
	if sealed.Generation <= from.Counter || sealed.Index == c.s.Own {
		return c, Receipt{}, ErrOld
	}
	a, err := c.openSignal(env, sealed, from)
	if err != nil {
		return c, Receipt{}, err
	}
	if a.Seen.Position > c.s.Position && !check.Off(check.Withheld) {
		return c, Receipt{}, ErrAhead
	}
	next := c.clone()
	next.s.Senders[sealed.Index].Counter = a.Counter
	entry := c.entries[sealed.Index]
	if err := c.checkSeen(a.Seen, 0); errors.Is(err, ErrSplit) {
		next.stopOn(err)
		return next, Receipt{Sender: entry}, err
	} else if err != nil {
		return c, Receipt{}, err
	}
	return next, Receipt{Sender: entry, Delivered: a.Delivered, Read: a.Read, Seen: a.Seen}, nil
}

// openSignal decrypts a signal and verifies what was signed inside.
func (c *Conversation) openSignal(env Env, sealed epoch.Sealed, from sender) (receiptArray, error) {
	var a receiptArray
	plain, err := sealed.Open(env.Primitives.AEAD(from.Signal), c.s.Epoch[:])
	if err != nil {
		return a, err
	}
	signed, err := cose.ParseSign1(plain, TypeReceipt, MaxSignalBytes)
	if err != nil {
		return a, err
	}
	entry := c.entries[sealed.Index]
	key, ok := deviceKey(env, entry)
	if !ok || signed.Kid != cose.Thumbprint(entry.Device) {
		return a, ErrSender
	}
	if err := signed.Verify(env.Primitives, key); err != nil {
		return a, err
	}
	if err := cose.Unmarshal(signed.Payload, &a, MaxSignalBytes); err != nil {
		return a, err
	}
	switch {
	case a.Epoch != c.s.Epoch:
		return a, ErrEpoch
	case a.Counter != sealed.Generation:
		return a, ErrSender
	case a.Delivered > a.Seen.Position || a.Read > a.Delivered:
		return a, fmt.Errorf("receipt: %w: read or delivered beyond seen", cose.ErrMalformed)
	}
	return a, nil
}
