package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"sotto/build/bench/raw"
	"sotto/wasm/account"
	"sotto/wasm/client/memory"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// side is one of two who talk without engine, relay and storage.
type side struct {
	env    conversation.Env
	member epoch.Member
	public kem.PublicKey
	talk   *conversation.Conversation
}

// newPair gives two sides of a conversation whose first epoch the first has opened.
func newPair(p, q *raw.Person) (writer, reader *side, err error) {
	id := epoch.DirectID(p.Account, q.Account)
	chains := func(id account.ID) (*account.Chain, bool) {
		for _, of := range []*raw.Person{p, q} {
			if of.Account == id {
				return of.Chain, true
			}
		}
		return nil, false
	}
	if writer, err = newSide(p, id, chains); err != nil {
		return nil, nil, err
	}
	if reader, err = newSide(q, id, chains); err != nil {
		return nil, nil, err
	}
	return writer, reader, openEpoch(writer, reader)
}

func newSide(p *raw.Person, id epoch.ConversationID, chains epoch.Chains) (*side, error) {
	ring := memory.NewKeysFrom(shared)
	decrypter, err := ring.NewDecrypter(context.Background(), "prekey")
	if err != nil {
		return nil, err
	}
	seed := make([]byte, kem.SeedSize)
	_, _ = rand.Read(seed) // never fails
	private, err := kem.NewPrivateKey(seed, decrypter)
	if err != nil {
		return nil, err
	}
	thumbprint := private.Public().Thumbprint()
	expiry := uint64(time.Now().Add(account.PrekeyLife).Unix())
	return &side{
		public: private.Public(), talk: conversation.New(id),
		member: epoch.Member{
			Account: p.Account, Head: p.Chain.Head(), Slots: []epoch.Slot{{Device: p.Device, Prekey: thumbprint[:]}},
		},
		env: conversation.Env{
			Account: p.Account, Device: p.Device, Signer: p.Key(), Random: rand.Reader, Primitives: cose.Native{}, Chains: chains,
			Prekey: func(t cose.Thumbprint) (*kem.PrivateKey, uint64, bool) { return private, expiry, t == thumbprint },
		},
	}, nil
}

// openEpoch lets the writer open the next epoch.
func openEpoch(writer, reader *side) error {
	plan := conversation.Plan{
		Time: uint64(time.Now().Unix()), Roster: []epoch.Member{writer.member, reader.member},
		Keys: map[account.DeviceID]kem.PublicKey{reader.env.Device: reader.public},
	}
	slices.SortFunc(plan.Roster, func(a, b epoch.Member) int { return bytes.Compare(a.Account[:], b.Account[:]) })
	next, err := writer.talk.Commit(writer.env, plan)
	if err != nil {
		return err
	}
	writer.talk = next
	pending, ok := next.PendingCommit()
	if !ok {
		return errors.New("no commit is pending")
	}
	event := conversation.Event{Kind: epoch.KindCommit, Event: pending.Commit}
	for _, w := range pending.Wraps {
		if len(w) > 0 {
			event.Wrap = w
		}
	}
	return errors.Join(writer.take(event), reader.take(event))
}

// take processes events and checks that all were right.
func (s *side) take(events ...conversation.Event) error {
	next, outcomes := s.talk.Open(s.env, events)
	s.talk = next
	for _, o := range outcomes {
		if o.Err != nil {
			return o.Err
		}
	}
	return nil
}

// seal seals a text and takes it from the log at once, as after an acknowledgement.
func (s *side) seal(text string) (conversation.Event, error) {
	var id conversation.ClientID
	_, _ = rand.Read(id[:]) // never fails
	body := conversation.Text{Time: uint64(time.Now().UnixMilli()), Text: text}.Encode()
	next, sealed, err := s.talk.Seal(s.env, id, body)
	if err != nil {
		return conversation.Event{}, err
	}
	s.talk = next
	event := conversation.Event{Kind: epoch.KindMessage, Event: sealed}
	return event, s.take(event)
}
