package conversation

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"

	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// TypeState is header 16 of a group's sealed state.
const TypeState cose.Type = "application/vnd.sotto.state"

// MaxName bounds the name of a group, in bytes of UTF-8.
const MaxName = 256

// Group is what the members of a group know of it and nobody else: it travels in every commit, sealed under a key of the
// epoch that it opens, so that whoever comes in has it at once. The header names its hash, which an admin's commit alone
// may change.
type Group struct {
	_     struct{} `cbor:",toarray"`
	Salt  [16]byte // drawn anew with each change: two groups of one name do not look alike
	Name  string   // 1 to [MaxName] bytes
	Links []LinkSecret
}

// LinkSecret is the secret of a room link: who has it may ask to be let in.
type LinkSecret struct {
	_      struct{} `cbor:",toarray"`
	ID     epoch.LinkID
	Secret cose.Secret
}

// Secret gives a link's secret.
func (g Group) Secret(id epoch.LinkID) (cose.Secret, bool) {
	at := slices.IndexFunc(g.Links, func(l LinkSecret) bool { return l.ID == id })
	if at < 0 {
		return cose.Secret{}, false
	}
	return g.Links[at].Secret, true
}

// Format keeps the secrets out of every print.
func (g Group) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "[group with %d links]", len(g.Links))
}

func (g Group) encode() []byte { return cose.Marshal(g) }

func (g Group) hash() [32]byte { return sha256.Sum256(g.encode()) }

// parseGroup reads what [Group.encode] gave.
func parseGroup(data []byte) (Group, error) {
	var g Group
	if err := cose.Unmarshal(data, &g, epoch.MaxSealedState); err != nil {
		return Group{}, fmt.Errorf("group: %w", err)
	}
	if len(g.Name) == 0 || len(g.Name) > MaxName || len(g.Links) > epoch.MaxLinks {
		return Group{}, fmt.Errorf("group: %w: name of %d bytes, %d links", cose.ErrMalformed, len(g.Name), len(g.Links))
	}
	for i := 1; i < len(g.Links); i++ {
		if bytes.Compare(g.Links[i-1].ID[:], g.Links[i].ID[:]) >= 0 {
			return Group{}, fmt.Errorf("group: %w: links out of order", cose.ErrMalformed)
		}
	}
	return g, nil
}

// sealGroup encrypts an encoded state under the key that comes from an epoch's joiner, with its hash as external data.
func sealGroup(env Env, joiner cose.Secret, hash [32]byte, state []byte) ([]byte, error) {
	nonce, err := newNonce(env.Random)
	if err != nil {
		return nil, err
	}
	key := deriveState(joiner)
	defer key.Destroy()
	return cose.Seal(env.Primitives.AEAD(key), nonce, TypeState, nil, hash[:], pad(state)), nil
}

// sealState seals what members know of the group for an epoch's newcomers, and gives the hash that its header names. A
// group without a name stands for what there is; where this device does not know that, it seals nothing under the same
// hash, and who knows it goes on knowing it.
func (c *Conversation) sealState(env Env, g Group, joiner cose.Secret) (state [32]byte, sealed []byte, err error) {
	if g.Name == "" && c.h != nil && c.h.Group() {
		state = c.h.Room[0].State
		sealed, err = sealGroup(env, joiner, state, c.s.Group)
		return state, sealed, err
	}
	if _, err := parseGroup(g.encode()); err != nil {
		return state, nil, err
	}
	state = g.hash()
	sealed, err = sealGroup(env, joiner, state, g.encode())
	return state, sealed, err
}

// openGroup is [sealGroup] backwards: it gives the encoded state that the room's hash names.
func openGroup(env Env, joiner cose.Secret, room epoch.Room) ([]byte, error) {
	sealed, err := cose.ParseEncrypt0(room.Sealed, TypeState, epoch.MaxSealedState)
	if err != nil {
		return nil, err
	}
	if sealed.Place != nil {
		return nil, fmt.Errorf("group: %w: a place", cose.ErrMalformed)
	}
	key := deriveState(joiner)
	defer key.Destroy()
	padded, err := sealed.Open(env.Primitives.AEAD(key), room.State[:])
	if err != nil {
		return nil, err
	}
	plain, err := unpad(padded)
	if err != nil {
		return nil, err
	}
	if sha256.Sum256(plain) != room.State {
		return nil, fmt.Errorf("group: %w: not the state that the header names", cose.ErrDecrypt)
	}
	if _, err := parseGroup(plain); err != nil {
		return nil, err
	}
	return plain, nil
}

// Group gives what members know of the group. It is false in a direct conversation, and where this device has lost its
// place or the state's last writer sealed none that can be read.
func (c *Conversation) Group() (Group, bool) {
	if len(c.s.Group) == 0 {
		return Group{}, false
	}
	g, err := parseGroup(c.s.Group)
	return g, err == nil
}

// learnGroup takes over the state that an epoch brings: the one in its header, or the known one where the header names
// that.
func (c *Conversation) learnGroup(env Env, h *epoch.Header, joiner *cose.Secret) {
	if !h.Group() {
		c.s.Group = nil
		return
	}
	if joiner != nil {
		if plain, err := openGroup(env, *joiner, h.Room[0]); err == nil {
			c.s.Group = plain
			return
		}
	}
	if sha256.Sum256(c.s.Group) != h.Room[0].State {
		c.s.Group = nil
	}
}
