package client

import (
	"strconv"

	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
)

// Codes of notices and of what blocks a conversation. The list is closed.
const (
	NoticeOpened          = "opened"
	NoticeIdentityChanged = "identity-changed"
	NoticeRolledBack      = "chain-rolled-back"
	NoticeForked          = "chain-forked"
	NoticeStalePrekey     = "stale-prekey"
	NoticeSplitView       = "split-view"
	NoticeReplayed        = "replayed"
	NoticeWithheld        = "withheld"
	NoticeNotOpened       = "not-opened"
	NoticeWrapAltered     = "wrap-altered"
	NoticeWrapUnusable    = "wrap-unusable"
	NoticeCommitRefused   = "commit-refused"
	NoticeNewerVersion    = "newer-version"
	NoticeCopiedProfile   = "copied-profile"
	NoticePeerAway        = "peer-away"
	NoticeSuperseded      = "superseded" // the person accepted another account under this handle
)

// Codes of alarms.
const (
	AlarmDeviceUnknown = "device-unknown"
	AlarmLoginRefused  = "login-refused"
	AlarmWrongOrigin   = "wrong-origin"
)

var causeNotices = map[conversation.Cause]string{
	conversation.CauseReplayed:     NoticeReplayed,
	conversation.CauseSplit:        NoticeSplitView,
	conversation.CauseCopied:       NoticeCopiedProfile,
	conversation.CauseWrapAltered:  NoticeWrapAltered,
	conversation.CauseWrapUnusable: NoticeWrapUnusable,
}

// noticeFor says what a person is told of an event that was not accepted.
func noticeFor(o conversation.Outcome) Trouble {
	err := o.Err
	if err == nil {
		err = o.Lost
	}
	cause := conversation.CauseOf(err)
	code, ok := causeNotices[cause]
	switch {
	case ok:
	case o.Kind == epoch.KindCommit:
		code = NoticeCommitRefused
	default:
		code = NoticeNotOpened
	}
	return Trouble{Code: code, Detail: map[string]string{
		"position": strconv.FormatUint(uint64(o.Position), 10), "cause": string(cause),
	}}
}

func trouble(code string) Trouble { return Trouble{Code: code, Detail: map[string]string{}} }
