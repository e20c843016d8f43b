package client

// Me is the account of this device, for display.
type Me struct {
	Handle  string `js:"handle"`
	Account string `js:"account"`
	Link    string `js:"link"` // opens a conversation with this account
}

// Connection is how the engine stands to its relay.
type Connection struct {
	State   string  `js:"state"`   // "connecting", "online", "offline"
	RetryAt *int64  `js:"retryAt"` // milliseconds since 1970, while offline
	Reason  *string `js:"reason"`  // a code
}

// The states of a [Connection].
const (
	StateConnecting = "connecting"
	StateOnline     = "online"
	StateOffline    = "offline"
)

// Sender is an account with the handle it is known by here.
type Sender struct {
	Account string `js:"account"`
	Handle  string `js:"handle"`
}

// Last is the line a list shows of a conversation. Sender is a handle.
type Last struct {
	Text   string `js:"text"`
	Time   int64  `js:"time"`
	Own    bool   `js:"own"`
	Sender string `js:"sender"`
}

// Trouble is why a conversation takes no messages, or what a notice tells.
type Trouble struct {
	Code   string            `js:"code"`
	Detail map[string]string `js:"detail"`
}

// The kinds of a [Conversation], what one is in a group, and how a group can have ended here.
const (
	KindDirect = "direct"
	KindGroup  = "group"

	RoleAdmin  = "admin"
	RoleMember = "member"

	EndedRemoved = "removed"
	EndedLeft    = "left"
)

// Conversation is a conversation for display. Handle and Account are the other side's of a direct one; Name, Role and
// Members are a group's. Delivered and Read are the positions up to which everyone else has received and read. Waiting
// says that a room link was used and nobody has let this account in yet. Lost is a notice's code while this device
// cannot read the newest messages and asks the others for new keys. Ended is why nothing more comes here.
type Conversation struct {
	ID        string   `js:"id"`
	Kind      string   `js:"kind"`
	Handle    string   `js:"handle"`
	Account   string   `js:"account"`
	Name      string   `js:"name"`
	Role      string   `js:"role"`
	Members   int64    `js:"members"`
	Waiting   bool     `js:"waiting"`
	Ended     string   `js:"ended"`
	Lost      string   `js:"lost"`
	Last      *Last    `js:"last"`
	Unread    int64    `js:"unread"`
	Activity  int64    `js:"activity"`
	Draft     string   `js:"draft"`
	Verified  bool     `js:"verified"`
	Delivered int64    `js:"delivered"`
	Read      int64    `js:"read"`
	Blocked   *Trouble `js:"blocked"`
	Muted     bool     `js:"muted"`
	Pinned    bool     `js:"pinned"`
	Marked    bool     `js:"marked"`   // as unread, by hand
	Mentions  int64    `js:"mentions"` // unread messages that name this account
	Online    []string `js:"online"`   // accounts that are here now and share it
}

// The states of an own [Entry].
const (
	EntryWaiting = "waiting"
	EntrySending = "sending"
	EntrySent    = "sent"
	EntryFailed  = "failed"
)

// Entry is one line of a timeline: a message or a notice.
type Entry struct {
	ID       string      `js:"id"`
	Position *int64      `js:"position"` // null while it is not in the log
	Kind     string      `js:"kind"`     // "message" or "notice"
	Own      bool        `js:"own"`
	Sender   Sender      `js:"sender"` // who wrote it, or did what a notice tells
	Time     int64       `js:"time"`
	Text     *string     `js:"text,optional"`
	State    *string     `js:"state,optional"` // of an own message
	Error    *EntryError `js:"error,optional"`
	Notice   *Trouble    `js:"notice,optional"`

	Reply     *Reply     `js:"reply,optional"`
	Mentions  []Mention  `js:"mentions,optional"`
	Edited    *int64     `js:"edited,optional"`  // when it was last changed
	Deleted   *int64     `js:"deleted,optional"` // when it was deleted for everyone; then there is no text
	Reactions []Reaction `js:"reactions,optional"`
	Changes   []Change   `js:"changes,optional"` // own ones that are not in the log yet
}

// EntryError is why an own message failed.
type EntryError struct {
	Code string `js:"code"`
}

// Kinds of [Entry].
const (
	EntryMessage = "message"
	EntryNotice  = "notice"
)

// Event is what the engine tells its owner as it happens: exactly one of the Event types below.
type Event interface{ eventType() string }

// EventType names an event: its "type" at the bridge.
func EventType(e Event) string { return e.eventType() }

// ConnectionEvent tells a change of the connection.
type ConnectionEvent struct {
	State   string  `js:"state"`
	RetryAt *int64  `js:"retryAt"`
	Reason  *string `js:"reason"`
}

// ConversationEvent tells of a conversation that is new or changed.
type ConversationEvent struct {
	Conversation Conversation `js:"conversation"`
}

// EntryEvent tells of an entry that is new or changed.
type EntryEvent struct {
	Conversation string `js:"conversation"`
	Entry        Entry  `js:"entry"`
}

// RemovedEvent tells of an entry that is gone.
type RemovedEvent struct {
	Conversation string `js:"conversation"`
	ID           string `js:"id"`
}

// GoneEvent tells of a conversation that is not there any more.
type GoneEvent struct {
	Conversation string `js:"conversation"`
}

// ClockEvent tells that this device's clock differs from the relay's by Skew seconds; 0 when it is fine again.
type ClockEvent struct {
	Skew int64 `js:"skew"`
}

// StorageEvent tells that storing failed. What could not be stored was not acknowledged and comes again.
type StorageEvent struct {
	Code string `js:"code"`
}

// AlarmEvent tells of a security failure of the whole account.
type AlarmEvent struct {
	Code   string            `js:"code"`
	Detail map[string]string `js:"detail"`
}

func (ConnectionEvent) eventType() string   { return "connection" }
func (ConversationEvent) eventType() string { return "conversation" }
func (EntryEvent) eventType() string        { return "entry" }
func (RemovedEvent) eventType() string      { return "removed" }
func (GoneEvent) eventType() string         { return "gone" }
func (ClockEvent) eventType() string        { return "clock" }
func (StorageEvent) eventType() string      { return "storage" }
func (AlarmEvent) eventType() string        { return "alarm" }
