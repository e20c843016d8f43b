package client

// Member is one account of a conversation for display.
type Member struct {
	Account  string `js:"account"`
	Handle   string `js:"handle"`
	Role     string `js:"role"`
	Verified bool   `js:"verified"`
	You      bool   `js:"you"`
	Left     bool   `js:"left"` // and the next change takes it out
	State    string `js:"state"`
}

// The states of a [Member]; empty when there is nothing to say.
const (
	MemberAdding   = "adding"   // wished here and not yet done
	MemberRemoving = "removing" // wished here and not yet done
	MemberAway     = "away"     // none of its devices can be written to
	MemberChanged  = "changed"  // its handle points to another account now
	MemberTrouble  = "trouble"  // the relay contradicted what is pinned of it
)

// Link is a room link for display. Whoever has its URL can ask to be let in.
type Link struct {
	ID     string `js:"id"`
	URL    string `js:"url"`
	Expiry int64  `js:"expiry"` // milliseconds since 1970
	Uses   int64  `js:"uses"`
	Used   int64  `js:"used"`
	State  string `js:"state"`
}

// The states of a [Link].
const (
	LinkOpen     = "open"
	LinkMaking   = "making"   // wished here and not yet done
	LinkRevoking = "revoking" // wished here and not yet done
)
