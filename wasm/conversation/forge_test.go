package conversation_test

import (
	"bytes"
	"crypto"
	"crypto/rand"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
)

// forged is a message put together by an insider, who knows every chain: first as it should be, then changed.
type forged struct {
	w *world
	// Outside.
	typ          cose.Type
	conversation epoch.ConversationID
	number       epoch.Number
	index        uint64
	generation   uint64
	nonce        [cose.NonceSize]byte
	external     []byte
	// The key: of this slot's chain, from its state's generation on, past so many.
	slot, skip uint64
	view       *conversation.Conversation
	// Inside.
	content cose.Type
	signer  crypto.Signer
	kid     account.DeviceID
	epoch   epoch.ID
	g       uint64
	seen    epoch.Seen
	client  []byte
	body    cose.Raw
	payload func([]byte) []byte // on what is signed
	signed  func([]byte) []byte // on the COSE_Sign1
	pad     func([]byte) []byte // instead of the right padding
}

// newForged is the message that p would send next, as the other side expects it.
func (w *world) newForged(p *party) *forged {
	c := p.c
	_, generation := c.ChainOf(p.index())
	same := func(b []byte) []byte { return b }
	f := &forged{
		w: w, typ: epoch.TypeMessage, conversation: w.id, number: c.Header().Number, index: p.index(), generation: generation,
		slot: p.index(), view: c, content: conversation.TypeContent, signer: p.env.Signer, kid: p.env.Device,
		epoch: c.EpochID(), g: generation, seen: c.Seen(), client: make([]byte, 16),
		body: conversation.Text{Time: 1, Text: "forged"}.Encode(), payload: same, signed: same, pad: conversation.Pad,
	}
	f.external = bytes.Clone(f.epoch[:])
	_, err := rand.Read(f.nonce[:])
	must(w.t, err)
	return f
}

func (f *forged) key() cose.Secret {
	chain, _ := f.view.ChainOf(f.slot)
	for range f.skip {
		chain = conversation.DeriveNext(chain)
	}
	return conversation.DeriveMessage(chain)
}

func (f *forged) stored() stored {
	f.w.t.Helper()
	payload := f.payload(cose.Marshal([]any{f.epoch[:], f.g + f.skip, f.seen, f.client, f.body}))
	content, err := cose.Sign(rand.Reader, f.signer, cose.Thumbprint(f.kid), f.content, payload)
	must(f.w.t, err)
	return f.sealing(f.signed(content))
}

// sealing puts anything in the place of the signed content.
func (f *forged) sealing(content []byte) stored {
	place := cose.Marshal([]any{f.conversation[:], uint64(f.number), f.index, f.generation + f.skip})
	event := cose.Seal(cose.Native{}.AEAD(f.key()), f.nonce, f.typ, place, f.external, f.pad(content))
	return stored{kind: epoch.KindMessage, event: event}
}
