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
	NoticeDoubledPrekey   = "prekey-doubled"
	NoticeLost            = "lost" // this device has no keys of the newest epoch and asks for new ones
)

// Codes of the notices that tell what happened to a group, each naming in its details who did it ("by") and to whom
// ("who").
const (
	NoticeCreated      = "created"
	NoticeEntered      = "entered" // this account was let in
	NoticeAdded        = "added"
	NoticeRemoved      = "removed"
	NoticeTakenOut     = "taken-out" // this account was removed
	NoticeLeft         = "left"
	NoticeJoined       = "joined" // by a link
	NoticePromoted     = "promoted"
	NoticeDemoted      = "demoted"
	NoticeRenamed      = "renamed"
	NoticeLinkMade     = "link-made"
	NoticeLinksRevoked = "links-revoked"
	NoticeRejoined     = "rejoined" // let back in after it had lost its place
	NoticeRenewed      = "renewed"
	NoticeUnproven     = "unproven"     // let in by a link, and nothing shows that it had the link's secret
	NoticeNotDone      = "not-done"     // what the person wanted of a group is not possible any more
	NoticeNotByLink    = "not-by-link"  // who followed a link was let in by somebody who did not show to have it
	NoticeLinkRefused  = "link-refused" // the link by which this account asked to be let in does not admit it
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
	case o.Lost != nil:
		code = NoticeLost
	case o.Kind == epoch.KindCommit || o.Kind == epoch.KindLeave:
		code = NoticeCommitRefused
	default:
		code = NoticeNotOpened
	}
	return Trouble{Code: code, Detail: map[string]string{
		"position": strconv.FormatUint(uint64(o.Position), 10), "cause": string(cause),
	}}
}

func trouble(code string) Trouble { return Trouble{Code: code, Detail: map[string]string{}} }
