package conversation

import (
	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// What an insider knows and an outsider does not: tests forge with it.

// ChainOf gives chain[g] of a sender and its g, as c has them.
func (c *Conversation) ChainOf(index uint64) (cose.Secret, uint64) {
	return c.s.Senders[index].Chain, c.s.Senders[index].Generation
}

// SignalOf gives a sender's signal key.
func (c *Conversation) SignalOf(index uint64) cose.Secret { return c.s.Senders[index].Signal }

// OwnIndex is the device's own slot.
func (c *Conversation) OwnIndex() uint64 { return c.s.Own }

// EpochID is E of the newest epoch.
func (c *Conversation) EpochID() epoch.ID { return c.s.Epoch }

// InitSecret is init[n].
func (c *Conversation) InitSecret() cose.Secret { return c.s.Init }

// LogAt is L[p].
func (c *Conversation) LogAt(p epoch.Position) epoch.LogHash { return c.logAt(p) }

// Contents of a wrap.
const (
	ContentEpochSecret = uint64(contentEpochSecret)
	ContentJoiner      = uint64(contentJoiner)
)

// SealWrap makes a wrap with any content.
func SealWrap(env Env, key kem.PublicKey, header [32]byte, d account.DeviceID, what uint64, secret cose.Secret) ([]byte, error) {
	return sealWrap(env.Primitives, env.Random, key, wrapTo{header: header, device: d}, wrapContent{Content: content(what), Secret: secret})
}

// OpenWrap reads a wrap.
func OpenWrap(env Env, key *kem.PrivateKey, header [32]byte, d account.DeviceID, wrap []byte) (uint64, cose.Secret, error) {
	c, err := openWrap(env.Primitives, env.Random, key, wrapTo{header: header, device: d}, wrap)
	return uint64(c.Content), c.Secret, err
}

// The derivations and the padding.
var (
	DeriveJoiner   = deriveJoiner
	DeriveEpochKey = deriveEpochKey
	DeriveInit     = deriveInit
	DeriveConfirm  = deriveConfirm
	DeriveChain    = deriveChain
	DeriveSignal   = deriveSignal
	DeriveMessage  = deriveMessage
	DeriveNext     = deriveNext
	DeriveKEK      = deriveKEK
	DeriveState    = deriveState
	DeriveAdmitted = deriveAdmitted
	Pad            = pad
	Unpad          = unpad
	PaddedSize     = paddedSize
)

// OpenAdmittedWrap reads a wrap for one who came by a link with a secret.
func OpenAdmittedWrap(env Env, key *kem.PrivateKey, header [32]byte, d account.DeviceID, link cose.Secret, wrap []byte) (uint64, cose.Secret, error) {
	c, err := openWrap(env.Primitives, env.Random, key, wrapTo{header: header, device: d, link: &link}, wrap)
	return uint64(c.Content), c.Secret, err
}

// WroteAt is the position of the newest event in a slot.
func (c *Conversation) WroteAt(index uint64) epoch.Position { return c.s.Senders[index].Wrote }

// OpenGroup reads a sealed state.
func OpenGroup(env Env, joiner cose.Secret, room epoch.Room) (Group, error) {
	plain, err := openGroup(env, joiner, room)
	if err != nil {
		return Group{}, err
	}
	return parseGroup(plain)
}

// ParseGroup reads a state that was opened.
func ParseGroup(data []byte) ([]byte, error) {
	g, err := parseGroup(data)
	return g.encode(), err
}

// SignalKey is the own signal key of a conversation.
func SignalKey(c *Conversation) cose.Secret { return c.s.Senders[c.s.Own].Signal }

// StepsTo counts the derivations that a message of a sender's generation costs.
func (c *Conversation) StepsTo(slot, generation uint64) int {
	_, steps := c.chainAt(slot, generation)
	return steps
}

// Marks counts the chain keys ahead that are kept of a sender.
func (c *Conversation) Marks(slot uint64) int { return len(c.marks[slot]) }
