//go:build !attack

package check

// Name is the name of a check. Its value says whether the check was taken away: none ever is.
type Name bool

// Off says whether a check was taken away. It is a conversion, whose result the compiler knows.
type Off = bool

// Gone is [Off] where what a check keeps up is left undone with it.
type Gone = bool

// The checks: see the build with the tag attack, which says what each refuses.
const (
	Size              Name = false
	Encoding          Name = false
	Type              Name = false
	Algorithm         Name = false
	Unprotected       Name = false
	Signature         Name = false
	Salt              Name = false
	Tag               Name = false
	Modulus           Name = false
	Exponent          Name = false
	KEMKeyLength      Name = false
	KEMReduced        Name = false
	KEMLength         Name = false
	LinkNext          Name = false
	LinkSigner        Name = false
	Request           Name = false
	RequestAccount    Name = false
	RequestFresh      Name = false
	LoginOrigin       Name = false
	LoginNonce        Name = false
	ChainHead         Name = false
	ActiveDevices     Name = false
	CreatorMember     Name = false
	Conversation      Name = false
	Number            Name = false
	Prev              Name = false
	Time              Name = false
	DirectRoster      Name = false
	AdminAdds         Name = false
	AdminRemoves      Name = false
	AdminRoles        Name = false
	AdminState        Name = false
	HasLeft           Name = false
	LinkOutlives      Name = false
	LinkKnown         Name = false
	LinkUsed          Name = false
	LinkExpired       Name = false
	LinkUses          Name = false
	LinkFor           Name = false
	LastAdmin         Name = false
	NewestEpoch       Name = false
	Replay            Name = false
	Skip              Name = false
	Padding           Name = false
	SlotSigner        Name = false
	ContentEpoch      Name = false
	ContentGeneration Name = false
	Seen              Name = false
	SplitView         Name = false
	WrapHash          Name = false
	WrapContent       Name = false
	Confirm           Name = false
	OwnPrekey         Name = false
	Closed            Name = false
	Copied            Name = false
	JoinTag           Name = false
	NotAsked          Name = false
	ByLink            Name = false
	LinkSalt          Name = false
	GroupGoesOn       Name = false
	Withheld          Name = false
	AccountID         Name = false
	HandlePin         Name = false
	RolledBack        Name = false
	Forked            Name = false
	PrekeyCounter     Name = false
	PrekeyOne         Name = false
	OwnAccount        Name = false
	Origin            Name = false
	ClientOnce        Name = false
	RecordPlace       Name = false
	NonceAge          Name = false
	SessionSlot       Name = false
	SessionCreator    Name = false
)
