package conversation

import (
	"errors"

	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// Why an event was not accepted, beyond what packages cose and epoch name.
var (
	ErrOwnSlot      = errors.New("own device is not in the roster with a key it holds")
	ErrExpired      = errors.New("own prekey was used after its expiry")
	ErrWrapAltered  = errors.New("wrap is not the one its commit names: the server changed it")
	ErrWrapUnusable = errors.New("wrap fits its commit and does not open: its creator made it so")
	ErrConfirm      = errors.New("creator gave another secret than it confirmed")
	ErrEpoch        = errors.New("not of the newest epoch")
	ErrSender       = errors.New("sender is not the one whose slot it uses")
	ErrGeneration   = errors.New("generation was used before")
	ErrSkipped      = errors.New("generation is too far ahead")
	ErrSeenOld      = errors.New("seen is older than its epoch or its sender's last event")
	ErrSplit        = errors.New("the server showed different histories")
	ErrCopied       = errors.New("written by this device's keys and not by this profile")
	ErrKind         = errors.New("unknown kind of event")
	ErrLost         = errors.New("this device has no keys of the epoch")
	ErrClosed       = errors.New("a member left: the epoch takes no more messages")
	ErrLeft         = errors.New("this account has left")
	ErrGone         = errors.New("this device is not in the conversation any more")
	ErrNotAsked     = errors.New("admitted by a link that this device did not use")
	ErrNotByLink    = errors.New("let in without the link that this device used: whoever did it may not know the group")
)

// Cause is the short name of why an event was not accepted; the list is closed.
type Cause string

// The causes.
const (
	CauseMalformed    Cause = "malformed"
	CauseSignature    Cause = "signature"
	CauseDecrypt      Cause = "decrypt"
	CauseEpoch        Cause = "epoch"
	CauseSender       Cause = "sender"
	CauseReplayed     Cause = "replayed"
	CauseGeneration   Cause = "generation"
	CauseSeen         Cause = "seen"
	CauseSplit        Cause = "split-view"
	CauseCopied       Cause = "copied-profile"
	CauseWrapAltered  Cause = "wrap-altered"
	CauseWrapUnusable Cause = "wrap-unusable"
	CauseConfirm      Cause = "confirm"
	CauseOwnSlot      Cause = "stale-prekey"
	CauseLost         Cause = "lost"
	CauseClosed       Cause = "closed"
	CauseLink         Cause = "link"
	CauseRule         Cause = "rule"
)

var causes = []struct {
	err   error
	cause Cause
}{
	{ErrSplit, CauseSplit}, {ErrCopied, CauseCopied}, {ErrGeneration, CauseReplayed}, {ErrSkipped, CauseGeneration},
	{ErrSeenOld, CauseSeen}, {ErrEpoch, CauseEpoch}, {ErrSender, CauseSender}, {ErrWrapAltered, CauseWrapAltered},
	{ErrWrapUnusable, CauseWrapUnusable}, {ErrConfirm, CauseConfirm}, {ErrOwnSlot, CauseOwnSlot},
	{ErrExpired, CauseOwnSlot}, {cose.ErrSignature, CauseSignature}, {cose.ErrDecrypt, CauseDecrypt},
	{cose.ErrMalformed, CauseMalformed}, {cose.ErrType, CauseMalformed}, {ErrKind, CauseMalformed},
	{ErrTarget, CauseMalformed},
	{epoch.ErrSuite, CauseMalformed}, {ErrLost, CauseLost}, {ErrClosed, CauseClosed}, {epoch.ErrLink, CauseLink},
	{ErrNotAsked, CauseLink}, {ErrNotByLink, CauseLink},
}

// CauseOf names why an event was not accepted. A rule of commits that was broken is [CauseRule].
func CauseOf(err error) Cause {
	for _, c := range causes {
		if errors.Is(err, c.err) {
			return c.cause
		}
	}
	return CauseRule
}
