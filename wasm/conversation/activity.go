package conversation

import (
	"errors"
	"fmt"

	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// MaxActivityBytes bounds a sealed activity.
const MaxActivityBytes = 256

// ActivityKind says what somebody does just now. The list is closed.
type ActivityKind uint64

// The kinds of activities.
const (
	ActivityTyping ActivityKind = 1 // writes, or stops
	ActivityHere   ActivityKind = 2 // is here, or goes
)

// Activity is what somebody does just now. Nobody keeps it and nobody signed it: any member can fake another's.
type Activity struct {
	Sender epoch.Entry
	Time   uint64 // milliseconds since 1970 by the sender's clock; rises with each of a device
	Kind   ActivityKind
	On     bool
}

// activityArray is [ version, kind, on ]: always 4 bytes, so that nobody else can tell one from another.
type activityArray struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Kind    ActivityKind
	On      bool
}

const activityVersion = 1

// SealActivity makes what this device tells. It changes no state: time is above that of the activity before.
func (c *Conversation) SealActivity(env Env, time uint64, kind ActivityKind, on bool) ([]byte, error) {
	switch {
	case c.h == nil:
		return nil, ErrNoEpoch
	case c.s.Stopped != "":
		return nil, fmt.Errorf("activity: conversation is stopped: %s", c.s.Stopped)
	case c.s.Lost != "" || c.s.Gone:
		return nil, ErrLost
	}
	nonce, err := newNonce(env.Random)
	if err != nil {
		return nil, err
	}
	plain := cose.Marshal(activityArray{Version: activityVersion, Kind: kind, On: on})
	aead := env.Primitives.AEAD(c.s.Senders[c.s.Own].Signal)
	return cose.Seal(aead, nonce, epoch.TypeActivity, c.place(time), c.s.Epoch[:], plain), nil
}

// OpenActivity opens what another device tells. Whether it is newer than the one before the caller knows.
// [ErrOld] and [ErrAhead] are for activities of another epoch, [ErrNewer] for those of a newer version.
func (c *Conversation) OpenActivity(env Env, signal []byte) (Activity, error) {
	sealed, err := epoch.ParseSealed(signal, epoch.TypeActivity, MaxActivityBytes)
	if err != nil {
		return Activity{}, err
	}
	if err := c.checkPlace(sealed.Place); err != nil {
		if errors.Is(err, ErrEpoch) && c.h != nil && sealed.Number < c.h.Number {
			err = ErrOld
		} else if errors.Is(err, ErrEpoch) {
			err = ErrAhead
		}
		return Activity{}, err
	}
	switch {
	case c.s.Lost != "" || c.s.Gone || c.s.Stopped != "":
		return Activity{}, ErrLost
	case sealed.Index == c.s.Own:
		return Activity{}, ErrOld
	}
	plain, err := sealed.Open(env.Primitives.AEAD(c.s.Senders[sealed.Index].Signal), c.s.Epoch[:])
	if err != nil {
		return Activity{}, err
	}
	var a activityArray
	if err := cose.Unmarshal(plain, &a, MaxActivityBytes); err != nil {
		return Activity{}, fmt.Errorf("activity: %w", err)
	}
	if a.Version != activityVersion || a.Kind != ActivityTyping && a.Kind != ActivityHere {
		return Activity{}, fmt.Errorf("activity of kind %d version %d: %w", a.Kind, a.Version, ErrNewer)
	}
	return Activity{Sender: c.entries[sealed.Index], Time: sealed.Generation, Kind: a.Kind, On: a.On}, nil
}
