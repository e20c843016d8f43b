package conversation_test

import (
	"errors"
	"fmt"
	"testing"

	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

func TestCauses(t *testing.T) {
	for _, c := range []struct {
		err  error
		want conversation.Cause
	}{
		{conversation.ErrOwnSlot, "stale-prekey"}, {conversation.ErrExpired, "stale-prekey"},
		{conversation.ErrWrapAltered, "wrap-altered"}, {conversation.ErrWrapUnusable, "wrap-unusable"}, {conversation.ErrConfirm, "confirm"},
		{conversation.ErrEpoch, "epoch"}, {conversation.ErrSender, "sender"}, {conversation.ErrGeneration, "replayed"},
		{conversation.ErrSkipped, "generation"}, {conversation.ErrSeenOld, "seen"}, {conversation.ErrSplit, "split-view"},
		{conversation.ErrCopied, "copied-profile"}, {conversation.ErrKind, "malformed"}, {conversation.ErrTarget, "malformed"}, {conversation.ErrPadding, "malformed"},
		{cose.ErrSignature, "signature"}, {cose.ErrDecrypt, "decrypt"}, {cose.ErrMalformed, "malformed"}, {cose.ErrTooLarge, "malformed"},
		{cose.ErrKey, "malformed"}, {cose.ErrType, "malformed"}, {kem.ErrKey, "malformed"}, {epoch.ErrSuite, "malformed"},
		{epoch.ErrConversation, "rule"}, {epoch.ErrNumber, "rule"}, {epoch.ErrPrev, "rule"}, {epoch.ErrTime, "rule"}, {epoch.ErrCreator, "rule"},
		{epoch.ErrNotMember, "rule"}, {epoch.ErrNotAllowed, "rule"}, {epoch.ErrHead, "rule"}, {epoch.ErrDevices, "rule"}, {epoch.ErrSeen, "rule"},
		{errors.New("anything"), "rule"},
	} {
		if got := conversation.CauseOf(fmt.Errorf("event 7: %w", c.err)); got != c.want {
			t.Errorf("%v: %s, want %s", c.err, got, c.want)
		}
	}
}
