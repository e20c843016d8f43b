package client

// Range is a part of a text that stands for an account, in units of UTF-16, as JavaScript counts.
type Range struct {
	Account string `js:"account"`
	Start   int64  `js:"start"`
	End     int64  `js:"end"`
}

// Mention is a [Range] for display.
type Mention struct {
	Account string `js:"account"`
	Handle  string `js:"handle"` // empty when the account is not known
	Start   int64  `js:"start"`
	End     int64  `js:"end"`
}

// Reply is the message that another one answers.
type Reply struct {
	ID       string `js:"id"`       // of its entry; empty when it is not here
	Position *int64 `js:"position"` // null while it is not in the log
	Sender   Sender `js:"sender"`
	Text     string `js:"text"` // its beginning, as it is now
	State    string `js:"state"`
}

// The states of a [Reply].
const (
	ReplyHere    = "here"
	ReplyDeleted = "deleted"
	ReplyUnknown = "unknown" // from before this device could read, or never a message
)

// Reaction is an emoji with everyone who set it.
type Reaction struct {
	Emoji string   `js:"emoji"`
	Own   bool     `js:"own"`
	Who   []Sender `js:"who"` // in the order of the log
}

// Change is an own edit, deletion or reaction on its way. What it does is shown already; while it has failed it is not.
type Change struct {
	ID    string      `js:"id"` // to retry or discard it
	Kind  string      `js:"kind"`
	State string      `js:"state"` // [EntryWaiting], [EntrySending], [EntryFailed]
	Error *EntryError `js:"error,optional"`
}

// The kinds of a [Change].
const (
	ChangeEdit     = "edit"
	ChangeDelete   = "delete"
	ChangeReaction = "reaction"
)

// Version is one text that a message had.
type Version struct {
	Text string `js:"text"`
	Time int64  `js:"time"`
}

// Told is how far a member's devices have got with a message.
type Told struct {
	Account   string `js:"account"`
	Handle    string `js:"handle"`
	Delivered bool   `js:"delivered"`
	Read      bool   `js:"read"` // never while this account tells nobody either
}

// Settings are a person's choices about what others learn. Who does not tell is not told.
type Settings struct {
	Receipts bool `js:"receipts"` // that a message was read
	Typing   bool `js:"typing"`
	Presence bool `js:"presence"` // being here
}

// Person is an account that is known here.
type Person struct {
	Account      string  `js:"account"`
	Handle       string  `js:"handle"`
	Conversation *string `js:"conversation"` // with this account alone, null when there is none
}

// Hit is a message that a search found.
type Hit struct {
	Conversation string `js:"conversation"`
	ID           string `js:"id"`
	Position     int64  `js:"position"`
	Sender       Sender `js:"sender"`
	Own          bool   `js:"own"`
	Time         int64  `js:"time"`
	Text         string `js:"text"` // a part of the message around what was found
	Marks        []Mark `js:"marks"`
}

// Mark is a part of [Hit.Text] that matches, in units of UTF-16.
type Mark struct {
	Start int64 `js:"start"`
	End   int64 `js:"end"`
}

// Found is the result of a search, the newest messages first. More says that there are messages beyond the limit;
// Building that older messages are still being taken into the index.
type Found struct {
	People        []Person `js:"people"`
	Conversations []string `js:"conversations"`
	Messages      []Hit    `js:"messages"`
	More          bool     `js:"more"`
	Building      bool     `js:"building"`
}

// Exporting is what an export holds, and what it cannot hold: names that the page has words for, with how many there
// are, or -1 where that is not counted.
type Exporting struct {
	Name   string  `js:"name"` // of the file
	Holds  []Holds `js:"holds"`
	Misses []Holds `js:"misses"`
}

// Holds names one part of an export.
type Holds struct {
	Name  string `js:"name"`
	Count int64  `js:"count"`
}

// Chunk is the next part of an export; the last one is Done.
type Chunk struct {
	Data []byte `js:"data"`
	Done bool   `js:"done"`
}

// TypingEvent tells who is writing in a conversation: all of them, nobody when the list is empty.
type TypingEvent struct {
	Conversation string   `js:"conversation"`
	People       []Person `js:"people"`
}

// SettingsEvent tells of settings that changed.
type SettingsEvent struct {
	Settings Settings `js:"settings"`
}

// ErasedEvent tells that this device was erased: there is nothing left to show, in any tab.
type ErasedEvent struct{}

func (TypingEvent) eventType() string   { return "typing" }
func (SettingsEvent) eventType() string { return "settings" }
func (ErasedEvent) eventType() string   { return "erased" }
