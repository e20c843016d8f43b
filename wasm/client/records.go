package client

import (
	"encoding/binary"
	"fmt"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// Kinds of records. Their values are CBOR arrays that begin with a version.
const (
	kindIdentity = "identity" // one record, empty id
	kindContact  = "contact"  // by account
	kindRoom     = "room"     // by conversation: what a list shows
	kindState    = "state"    // by conversation: the secrets
	kindEntry    = "entry"    // by conversation, position, number: the timeline
	kindClient   = "client"   // by conversation, slot's device, client id: the entry's position
	kindOutbox   = "outbox"   // by conversation, number: what waits to be sent
	kindWish     = "wish"     // by conversation, number: what is wanted of it
	kindJoining  = "joining"  // by conversation: a room link that was used
)

const (
	recordVersion = 1
	maxRecord     = 2 << 20
)

// identityRecord is this device's account.
type identityRecord struct {
	_          struct{} `cbor:",toarray"`
	Version    uint64
	Handle     string
	Registered bool
	Links      [][]byte
	Prekeys    []prekeyRecord
	ReplaceBy  uint64 // seconds since 1970: when the prekey is to be replaced
}

type prekeyState uint64

const (
	prekeyCurrent prekeyState = 1
	prekeyPending prekeyState = 2 // not yet acknowledged
	prekeyRetired prekeyState = 3 // destroyed once all Heads are passed
)

type prekeyRecord struct {
	_       struct{} `cbor:",toarray"`
	Counter uint64
	Seed    []byte // of the ML-KEM half; the RSA half is in [Keys]
	Expiry  uint64
	Signed  []byte
	State   prekeyState
	Heads   []wire.Head
	Retired uint64 // seconds since 1970: when it was replaced, 0 while it was not
}

// contactRecord is what is pinned of another account.
type contactRecord struct {
	_        struct{} `cbor:",toarray"`
	Version  uint64
	Handle   string
	Links    [][]byte
	Counters []counterRecord
	Verified bool
	Since    uint64       // milliseconds since 1970
	Changed  []account.ID // none or one: where the handle points now
	Trouble  string       // a notice code that blocks, empty when all is well
}

type counterRecord struct {
	_       struct{} `cbor:",toarray"`
	Device  account.DeviceID
	Counter uint64
	Key     cose.Thumbprint // of the prekey with that counter
}

// roomRecord is what a list shows of a conversation, and what the engine has to remember beside its secrets.
type roomRecord struct {
	_        struct{} `cbor:",toarray"`
	Version  uint64
	Peer     account.ID
	Activity uint64
	Unread   uint64
	Read     epoch.Position // own
	Receipts uint64         // how many of the relay's have been taken
	Told     epoch.Position // delivered and read as last told to the other side, in epoch Epoch
	ToldRead epoch.Position
	Epoch    epoch.Number
	Draft    string
	Last     []lastRecord // none or one
	Notes    uint64       // numbers entries that stand at no event
	Outs     uint64       // numbers the outbox
	Trouble  string

	Group    bool
	Name     string       // of a group, as last known
	Ended    string       // why a group has ended here, empty while it has not
	Accepted []account.ID // members of a group with whom the person goes on although their handle points elsewhere now
	Wishes   uint64       // numbers the wishes
	Asked    []uint64     // when this device last asked to be let back in, milliseconds since 1970
	AskedIn  epoch.ID     // the epoch that the relay keeps such a request for
}

type lastRecord struct {
	_        struct{} `cbor:",toarray"`
	Text     string
	Time     uint64
	Own      bool
	Sender   account.ID
	Position epoch.Position // 0 while it is not in the log
}

// entryRecord is one line of a timeline.
type entryRecord struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Own     bool
	Time    uint64
	Client  []byte // of a message
	Text    string // of a message, as it is now: empty when it was deleted
	Hash    []byte // SHA-256 of the event, empty for an entry that stands at none
	Notice  string // a code; empty for a message
	Detail  []detailRecord
	Sender  account.ID   // who wrote it, or did what a notice tells; zero where nobody did
	Who     []account.ID // of a notice: to whom
}

type detailRecord struct {
	_     struct{} `cbor:",toarray"`
	Name  string
	Value string
}

// outRecord is a message that waits to be sent. What it names may wait too.
type outRecord struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Client  conversation.ClientID
	Time    uint64
	Text    string
	Failed  string // a code; empty while it waits

	Kind     conversation.BodyKind
	Target   epoch.Position
	Waits    []byte // the client id of what is named, an own message, while that is not in the log
	Mentions []conversation.Mention
	Emoji    string
	On       bool
}

func put(kind string, id []byte, record any) Write {
	return Write{Record: Record{Key: Key{Kind: kind, ID: id}, Value: cose.Marshal(record)}}
}

func remove(kind string, id []byte) Write {
	return Write{Record: Record{Key: Key{Kind: kind, ID: id}}, Delete: true}
}

func decodeRecord(r Record, into any) error {
	if err := cose.Unmarshal(r.Value, into, maxRecord); err != nil {
		return fmt.Errorf("%w: %s record: %w", ErrStorageCorrupt, r.Key.Kind, err)
	}
	return nil
}

func entryID(c epoch.ConversationID, p epoch.Position, note uint64) []byte {
	id := binary.BigEndian.AppendUint64(append([]byte(nil), c[:]...), uint64(p))
	return binary.BigEndian.AppendUint64(id, note)
}

// entryPlace is [entryID] backwards.
func entryPlace(id []byte) (p epoch.Position, note uint64) {
	return epoch.Position(binary.BigEndian.Uint64(id[16:])), binary.BigEndian.Uint64(id[24:])
}

func outID(c epoch.ConversationID, number uint64) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(nil), c[:]...), number)
}

// clientID names a message of a device: conversation, the device id's first 16 bytes, client id.
func clientKey(c epoch.ConversationID, d account.DeviceID, id conversation.ClientID) []byte {
	return append(append(append([]byte(nil), c[:]...), d[:16]...), id[:]...)
}

// after is the first id that is behind all those that begin with prefix.
func after(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end
		}
	}
	return nil
}
