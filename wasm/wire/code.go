package wire

import "fmt"

// Code says why a request was refused. The list is closed; the values are fixed.
type Code uint64

// The codes. What Detail of an [Error] holds is said behind each; otherwise it is 0.
const (
	CodeMalformed      Code = 1  // not the one right encoding of a frame
	CodeUnknownKind    Code = 2  // no such request
	CodeTooLarge       Code = 3  // detail: the limit in bytes
	CodeNotLoggedIn    Code = 4  // only Register and Login are open to everyone
	CodeLoggedIn       Code = 5  // the session is a device's already
	CodeLoginRefused   Code = 6  // origin, nonce, account, device or signature do not fit
	CodeHandleTaken    Code = 7  // another account has this handle
	CodeHandleInvalid  Code = 8  // not a handle
	CodeNotFound       Code = 9  // no such handle or account
	CodeNotMember      Code = 10 // no such conversation for this account
	CodeStaleEpoch     Code = 11 // detail: the newest epoch's number
	CodeStalePrekey    Code = 12 // a commit names a prekey that is not the current one
	CodeStaleHead      Code = 13 // a commit names a chain head that is not the current one
	CodeWrongSender    Code = 14 // the sender's slot or the creator is not the session's device
	CodeCommitRefused  Code = 15 // a commit or leave that breaks a rule the relay can check
	CodeStaleCounter   Code = 16 // a prekey whose counter is not above the last
	CodePrekeyRefused  Code = 17 // a prekey that is not the session's device's own
	CodeEpochFull      Code = 18 // the epoch takes no more messages: commit first
	CodeClock          Code = 19 // a commit's time is ahead; detail: the relay's clock in milliseconds
	CodeLimited        Code = 20 // too many requests; detail: wait so many milliseconds
	CodeStorage        Code = 21 // the relay cannot write now; nothing was stored
	CodeClosing        Code = 22 // the relay is stopping
	CodeRegisterClosed Code = 23 // the relay takes no new accounts
	CodeReceiptRefused Code = 24 // a receipt for another epoch or slot
	CodeReused         Code = 25 // another event was stored for this sender, epoch and generation
	CodeLinkRefused    Code = 26 // the link admits nobody, or not this request, or too many ask already
)

var codeNames = map[Code]string{
	CodeMalformed: "malformed", CodeUnknownKind: "unknown kind", CodeTooLarge: "too large",
	CodeNotLoggedIn: "not logged in", CodeLoggedIn: "already logged in", CodeLoginRefused: "login refused",
	CodeHandleTaken: "handle taken", CodeHandleInvalid: "handle invalid", CodeNotFound: "not found",
	CodeNotMember: "not a member", CodeStaleEpoch: "stale epoch", CodeStalePrekey: "stale prekey",
	CodeStaleHead: "stale chain head", CodeWrongSender: "wrong sender", CodeCommitRefused: "commit refused",
	CodeStaleCounter: "stale counter", CodePrekeyRefused: "prekey refused", CodeEpochFull: "epoch full",
	CodeClock: "clock ahead", CodeLimited: "limited", CodeStorage: "storage failed", CodeClosing: "closing",
	CodeRegisterClosed: "registration closed", CodeReceiptRefused: "receipt refused", CodeReused: "generation reused",
	CodeLinkRefused: "link refused",
}

// String names the code.
func (c Code) String() string {
	if name, ok := codeNames[c]; ok {
		return name
	}
	return fmt.Sprintf("code %d", uint64(c))
}

// Error is the answer to a request that was refused. It is an error value on the client's side.
type Error struct {
	_      struct{} `cbor:",toarray"`
	Code   Code
	Detail uint64
}

// Kind implements [Body].
func (Error) Kind() Kind { return KindError }

// Error names the code.
func (e Error) Error() string { return "relay: " + e.Code.String() }

// Reason says why a session was closed; it is the reason of the WebSocket close frame and a metric's label.
type Reason string

// The reasons. The list is closed.
const (
	ReasonMalformed   Reason = "malformed"     // not a frame at all
	ReasonTooLarge    Reason = "too-large"     // over the read limit
	ReasonNoLogin     Reason = "no-login"      // not logged in within 10 s
	ReasonIdle        Reason = "idle"          // did not answer pings
	ReasonSlow        Reason = "slow"          // did not read what it was sent
	ReasonLimited     Reason = "limited"       // went on beyond the limits
	ReasonClosing     Reason = "closing"       // the relay is stopping
	ReasonLoginFailed Reason = "login-refused" // a login that did not verify
)
