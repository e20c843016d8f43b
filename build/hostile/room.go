package hostile

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// Room is a conversation as a lying member has it: every secret of its epochs, and no rule. What it writes is right
// unless it is changed on purpose; what it reads it believes. Its derivations are written from PROTOCOL.md and not taken
// from package conversation.
type Room struct {
	ID     epoch.ConversationID
	Header *epoch.Header // of the newest epoch that the insider went along with
	Epoch  epoch.ID
	Group  conversation.Group                 // of a group: what its members know
	Keys   map[account.DeviceID]kem.PublicKey // what is wrapped to

	logs []epoch.LogHash // L[0] …
	init cose.Secret
	key  cose.Secret // of the newest epoch
}

// NewRoom gives a conversation before its first event.
func NewRoom(id epoch.ConversationID) *Room {
	return &Room{ID: id, Keys: map[account.DeviceID]kem.PublicKey{}, logs: []epoch.LogHash{epoch.LogStart(id)}}
}

// Clone gives a room that goes its own way from here.
func (r *Room) Clone() *Room {
	twin := *r
	twin.logs = slices.Clone(r.logs)
	return &twin
}

// Know takes a signed prekey for what its device is wrapped to.
func (r *Room) Know(signed []byte) error {
	p, err := account.ParsePrekey(signed)
	if err != nil {
		return err
	}
	r.Keys[p.Device] = p.Key
	return nil
}

// Seen is the newest event that the room has, with the log chain there.
func (r *Room) Seen() epoch.Seen { return r.SeenAt(epoch.Position(len(r.logs) - 1)) }

// SeenAt is an event of the log with the log chain there.
func (r *Room) SeenAt(p epoch.Position) epoch.Seen { return epoch.Seen{Position: p, Log: r.logs[p]} }

// Take puts an event into the room's log, whatever it is.
func (r *Room) Take(kind epoch.Kind, event []byte) {
	seen := r.Seen()
	r.logs = append(r.logs, epoch.LogNext(r.ID, seen.Position+1, seen.Log, kind, sha256.Sum256(event)))
}

var errNotOpened = errors.New("the wrap does not open")

// Follow takes another's commit and goes along with it, by the wrap of a member's device.
func (r *Room) Follow(m *Member, commit, wrap []byte) error {
	c, err := epoch.ParseCommit(commit)
	if err != nil {
		return err
	}
	var parts struct {
		_          struct{} `cbor:",toarray"`
		Ciphertext []byte
		Sealed     cose.Raw
	}
	if err := cose.Unmarshal(wrap, &parts, conversation.MaxWrapBytes); err != nil {
		return err
	}
	shared, err := m.Prekey.Decapsulate(rand.Reader, parts.Ciphertext)
	if err != nil {
		return err
	}
	sealed, err := cose.ParseEncrypt0(parts.Sealed, conversation.TypeWrap, conversation.MaxWrapBytes)
	if err != nil {
		return err
	}
	h := c.Header.Hash()
	plain, err := sealed.Open(cose.Native{}.AEAD(kekOf(shared, nil, h, m.Device)), h[:])
	if err != nil {
		return fmt.Errorf("%w: %w", errNotOpened, err)
	}
	var content wrapped
	if err := cose.Unmarshal(plain, &content, len(plain)); err != nil {
		return err
	}
	joiner := content.Secret
	if content.Content == EpochSecret {
		joiner = cose.Extract(r.init, content.Secret)
	}
	r.Take(epoch.KindCommit, commit)
	r.enter(c.Header, c.ID, joiner)
	return nil
}

// enter goes on in an epoch.
func (r *Room) enter(h *epoch.Header, id epoch.ID, joiner cose.Secret) {
	hash := h.Hash()
	r.Header, r.Epoch = h, id
	r.key = cose.Derive(joiner, "epoch", hash[:])
	r.init = cose.Derive(r.key, "init", nil)
	if h.Group() {
		r.Group = groupOf(joiner, h.Room[0])
	}
}

func groupOf(joiner cose.Secret, room epoch.Room) (g conversation.Group) {
	sealed, err := cose.ParseEncrypt0(room.Sealed, conversation.TypeState, epoch.MaxSealedState)
	if err != nil {
		return g
	}
	padded, err := sealed.Open(cose.Native{}.AEAD(cose.Derive(joiner, "state", nil)), room.State[:])
	if err != nil {
		return g
	}
	plain := Unpad(padded)
	_ = cose.Unmarshal(plain, &g, len(plain)) // what nobody can read stays empty
	return g
}

// MessageKey is the key of a device's message of a generation: every member can make everyone's.
func (r *Room) MessageKey(d account.DeviceID, generation uint64) cose.Secret {
	chain := cose.Derive(r.key, "chain", d[:])
	for range generation {
		chain = cose.Derive(chain, "next", nil)
	}
	return cose.Derive(chain, "message", nil)
}

// SignalKey is the key of a device's signals.
func (r *Room) SignalKey(d account.DeviceID) cose.Secret { return cose.Derive(r.key, "signal", d[:]) }

func kekOf(shared cose.Secret, link *cose.Secret, header [32]byte, d account.DeviceID) cose.Secret {
	if link != nil {
		shared = cose.Extract(cose.Derive(*link, "admit", nil), shared)
	}
	return cose.Derive(shared, "wrap", cose.Marshal([]any{header[:], d[:]}))
}

// Pad is Padmé with a floor, over a length and an object.
func Pad(object []byte) []byte {
	n := 4 + len(object)
	size := 768
	if n > size {
		e := bits.Len(uint(n)) - 1
		unit := 1 << (e - bits.Len(uint(e)))
		size = (n + unit - 1) / unit * unit
	}
	p := append(binary.BigEndian.AppendUint32(nil, uint32(len(object))), object...)
	return append(p, make([]byte, size-n)...)
}

// Unpad is Pad backwards, for whoever believes it.
func Unpad(padded []byte) []byte {
	n := min(int(binary.BigEndian.Uint32(padded)), len(padded)-4)
	return padded[4 : 4+n]
}

func nonce() (n [cose.NonceSize]byte) {
	_, _ = rand.Read(n[:]) // never fails
	return n
}

// Secret draws a secret.
func Secret() (s cose.Secret) {
	_, _ = rand.Read(s[:]) // never fails
	return s
}
