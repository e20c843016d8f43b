package conversation

import (
	"sotto/wasm/account"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// All derivations of suite 1 beyond the KEM stand here, with their labels. H is the hash of the epoch's header.
//
//	joiner     = Extract(init[n-1], epoch secret)            init[-1] = 32 zero bytes
//	epoch key  = Expand(joiner, "epoch", H)
//	init[n]    = Expand(epoch key, "init", "")
//	confirm    = HMAC(Expand(epoch key, "confirm", ""), H)
//	chain[0]   = Expand(epoch key, "chain", device)          for each device of the roster
//	signal key = Expand(epoch key, "signal", device)
//	message key[g] = Expand(chain[g], "message", "")
//	chain[g+1]     = Expand(chain[g], "next", "")
//	KEK        = Expand(KEM secret, "wrap", CBOR [ H, device ])
//
// and of a group, with s the secret of a room link:
//
//	state key  = Expand(joiner, "state", "")
//	link id    = Expand(s, "link", "", 16)
//	tag        = HMAC(Expand(s, "join", ""), hash of the request)
//	KEK        = Expand(Extract(Expand(s, "admit", ""), KEM secret), "wrap", CBOR [ H, device ]) for who came by the link

func deriveJoiner(init, epochSecret cose.Secret) cose.Secret { return cose.Extract(init, epochSecret) }

func deriveEpochKey(joiner cose.Secret, header [32]byte) cose.Secret {
	return cose.Derive(joiner, "epoch", header[:])
}

func deriveInit(epochKey cose.Secret) cose.Secret { return cose.Derive(epochKey, "init", nil) }

func deriveConfirm(epochKey cose.Secret, header [32]byte) [32]byte {
	key := cose.Derive(epochKey, "confirm", nil)
	defer key.Destroy()
	return cose.MAC(key, header[:])
}

func deriveChain(epochKey cose.Secret, d account.DeviceID) cose.Secret {
	return cose.Derive(epochKey, "chain", d[:])
}

func deriveSignal(epochKey cose.Secret, d account.DeviceID) cose.Secret {
	return cose.Derive(epochKey, "signal", d[:])
}

func deriveMessage(chain cose.Secret) cose.Secret { return cose.Derive(chain, "message", nil) }

func deriveNext(chain cose.Secret) cose.Secret { return cose.Derive(chain, "next", nil) }

type wrapContext struct {
	_      struct{} `cbor:",toarray"`
	Header [32]byte
	Device account.DeviceID
}

func deriveKEK(shared cose.Secret, header [32]byte, d account.DeviceID) cose.Secret {
	return cose.Derive(shared, "wrap", cose.Marshal(wrapContext{Header: header, Device: d}))
}

func deriveState(joiner cose.Secret) cose.Secret { return cose.Derive(joiner, "state", nil) }

// LinkIDOf names the link with a secret: who has the secret alone finds it among a group's.
func LinkIDOf(secret cose.Secret) epoch.LinkID {
	return epoch.LinkID(cose.Expand(secret, "link", nil, len(epoch.LinkID{})))
}

// JoinTag proves that whoever made the join request with a hash has the secret of its link.
func JoinTag(link cose.Secret, request [32]byte) [32]byte {
	key := cose.Derive(link, "join", nil)
	defer key.Destroy()
	return cose.MAC(key, request[:])
}

// deriveAdmitted mixes the link's secret into what the KEM gave: whoever opens the wrap knows that its creator had it.
func deriveAdmitted(link, shared cose.Secret) cose.Secret {
	salt := cose.Derive(link, "admit", nil)
	defer salt.Destroy()
	return cose.Extract(salt, shared)
}
