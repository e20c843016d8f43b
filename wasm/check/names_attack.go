//go:build attack

package check

// Name names a check, by what it refuses.
type Name string

// What package cose refuses.
const (
	Size        Name = "size"               // more bytes than the object may have
	Encoding    Name = "encoding"           // not the one right encoding
	Type        Name = "type"               // an object of another type
	Algorithm   Name = "algorithm"          // another algorithm than the suite's
	Unprotected Name = "unprotected-header" // something outside of what is signed or authenticated
	Signature   Name = "signature"          // a signature that does not verify
	Salt        Name = "pss-salt"           // a PSS salt of another length
	Tag         Name = "gcm-tag"            // ciphertext, nonce, tag and associated data that do not belong together
	Modulus     Name = "rsa-modulus"        // an RSA modulus that has not exactly 3072 bits
	Exponent    Name = "rsa-exponent"       // an RSA exponent other than 65537
)

// What package kem refuses.
const (
	KEMKeyLength Name = "kem-key-length"        // a composite key of another length
	KEMReduced   Name = "kem-reduced"           // an ML-KEM key with a coefficient that is not reduced
	KEMLength    Name = "kem-ciphertext-length" // a composite ciphertext of another length
)

// What package account refuses.
const (
	LinkNext       Name = "link-next"       // a link that does not follow the one before
	LinkSigner     Name = "link-signer"     // a link by a device that is not active in the account
	Request        Name = "device-request"  // a device added without its own word
	RequestAccount Name = "request-account" // a device's word for another account
	RequestFresh   Name = "request-fresh"   // a device's word for another place or time
	LoginOrigin    Name = "login-origin"    // a login for another origin
	LoginNonce     Name = "login-nonce"     // a login with another nonce
)

// What package epoch refuses.
const (
	ChainHead     Name = "chain-head"     // a roster whose account chain does not have the named head
	ActiveDevices Name = "active-devices" // a roster that differs from an account's active devices
	CreatorMember Name = "creator-member" // a commit by who was not in the roster
	Conversation  Name = "conversation"   // an event of another conversation
	Number        Name = "epoch-number"   // a commit of another number than the next
	Prev          Name = "epoch-prev"     // a commit that follows another epoch
	Time          Name = "epoch-time"     // a commit older than the epoch before
	DirectRoster  Name = "direct-roster"  // a direct conversation of other accounts than its two
	AdminAdds     Name = "admin-adds"     // an account added by who is no admin
	AdminRemoves  Name = "admin-removes"  // an account removed by who is no admin
	AdminRoles    Name = "admin-roles"    // a role changed by who is no admin
	AdminState    Name = "admin-state"    // name or links of a group changed by who is no admin
	HasLeft       Name = "has-left"       // an account kept that has left
	LinkOutlives  Name = "link-outlives"  // a room link that outlives a removal
	LinkKnown     Name = "link-known"     // a room link that the group does not have
	LinkUsed      Name = "link-used"      // a join request that was used before
	LinkExpired   Name = "link-expired"   // a room link or join request that has expired
	LinkUses      Name = "link-uses"      // a room link that admits more than it may
	LinkFor       Name = "link-for"       // a join request for something else
	LastAdmin     Name = "last-admin"     // a leave after which nobody is an admin
)

// What package conversation refuses.
const (
	NewestEpoch       Name = "newest-epoch"       // a message that is not of the newest epoch
	Replay            Name = "replay"             // a generation that was used before
	Skip              Name = "skip"               // a generation too far ahead
	Padding           Name = "padding"            // padding that is not the one right one
	SlotSigner        Name = "slot-signer"        // content signed by another device than the slot's
	ContentEpoch      Name = "content-epoch"      // content signed for another epoch
	ContentGeneration Name = "content-generation" // content signed for another generation
	Seen              Name = "seen"               // a history older than its epoch or its sender's last event
	SplitView         Name = "split-view"         // another history than this one
	WrapHash          Name = "wrap-hash"          // a wrap that is not the one its commit names
	WrapContent       Name = "wrap-content"       // a wrap with another secret than this device is to get
	Confirm           Name = "confirm"            // another secret than the commit confirms
	OwnPrekey         Name = "own-prekey"         // an epoch wrapped to a prekey that has expired
	Closed            Name = "closed"             // a message after a member left
	Copied            Name = "copied-profile"     // an event by this device's keys that this profile did not write
	JoinTag           Name = "join-tag"           // a join request without the room link's secret
	NotAsked          Name = "not-asked"          // an admission that this device did not ask for
	ByLink            Name = "by-link"            // an entry without the room link that this device asked by
	LinkSalt          Name = "link-salt"          // a wrap to a newcomer by who does not know the room link's secret
	GroupGoesOn       Name = "group-goes-on"      // one member's word that histories differ, as a reason to stop a group
	Withheld          Name = "withheld"           // events that a receipt names and the relay does not have, as nothing to tell
)

// What package client refuses.
const (
	AccountID     Name = "account-id"        // a chain that is not the account's
	HandlePin     Name = "handle-pin"        // a handle that points to another account than before
	RolledBack    Name = "chain-rolled-back" // a chain shorter than before
	Forked        Name = "chain-forked"      // another chain than before
	PrekeyCounter Name = "prekey-counter"    // a prekey older than before
	PrekeyOne     Name = "prekey-one"        // two prekeys of one counter
	OwnAccount    Name = "own-account"       // an own account that this device did not make so
	Origin        Name = "origin"            // a relay that speaks for another origin
	ClientOnce    Name = "client-once"       // a message shown twice
	RecordPlace   Name = "record-place"      // a stored record in the place of another
)

// What package relay refuses.
const (
	NonceAge       Name = "nonce-age"       // a login with a nonce that is too old
	SessionSlot    Name = "session-slot"    // a message in the slot of another device
	SessionCreator Name = "session-creator" // a commit by another device than the session's
)
