package relay

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"sotto/backend/store"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// askTries is how often a request is checked anew because an epoch opened in between.
const askTries = 3

// tagSize is the length of a join request's tag.
const tagSize = 32

// ask keeps what the sender's device asks of a conversation's members, or forgets it.
func (s *session) ask(id uint64, request wire.Ask) {
	if s.tooLarge(id, len(request.Ask), wire.MaxAsk) || !s.mayWrite(id, s.relay.asks) {
		return
	}
	if len(request.Ask) == 0 && len(request.Tag) == 0 {
		s.unask(id, request.Conversation)
		return
	}
	err := error(refusal{code: wire.CodeLimited, detail: uint64(time.Second.Milliseconds())})
	for range askTries {
		var a store.Ask
		if a, err = s.checkedAsk(request); err != nil {
			break
		}
		if err = s.relay.keepAsk(a); !errors.Is(err, store.ErrStaleEpoch) {
			err = crowded(err, a)
			break
		}
	}
	if err != nil {
		s.notStored(id, err)
		return
	}
	s.send(id, wire.Done{})
}

func (s *session) unask(id uint64, conversation epoch.ConversationID) {
	s.out.begin()
	s.relay.store.Unask(*s.sender, conversation, func(err error) {
		defer s.out.done()
		if err != nil {
			s.failed(id, err)
			return
		}
		s.send(id, wire.Done{})
	})
}

// keepAsk has a request stored, and the members told of a new one in the order of what is written.
func (r *Relay) keepAsk(a store.Ask) error {
	kept := make(chan error, 1)
	r.store.Ask(a, func(got store.Asked, err error) {
		if err == nil && !got.Repeated {
			r.pushAsk(a, got)
		}
		kept <- err
	})
	return <-kept
}

// crowded says what is answered where too many ask already.
func crowded(err error, a store.Ask) error {
	switch {
	case !errors.Is(err, store.ErrCrowded):
		return err
	case a.Link != nil:
		return refusal{code: wire.CodeLinkRefused}
	}
	return refusal{wire.CodeLimited, uint64(time.Minute.Milliseconds())} // any commit makes room
}

// checkedAsk gives the request for the store when it is one that the members can honour now.
func (s *session) checkedAsk(request wire.Ask) (store.Ask, error) {
	now, err := s.standing(request.Conversation)
	if err != nil {
		return store.Ask{}, err
	}
	a := store.Ask{
		Sender: *s.sender, Conversation: request.Conversation, Epoch: now.ID, Expiry: math.MaxUint64,
		Now: uint64(time.Now().Unix()), Ask: request.Ask, Tag: request.Tag,
	}
	switch len(request.Tag) {
	case 0:
		return a, s.checkRejoin(request, now)
	case tagSize:
		return a, s.checkJoin(request, now, &a)
	}
	return store.Ask{}, refusal{code: wire.CodeMalformed}
}

// checkRejoin holds a request to be let back in against the newest epoch, in whose roster its device is.
func (s *session) checkRejoin(request wire.Ask, now *standing) error {
	r, err := epoch.ParseRejoin(request.Ask)
	switch {
	case err != nil || r.Conversation != request.Conversation:
		return refusal{code: wire.CodeMalformed}
	case r.Device != s.sender.Device:
		return refusal{code: wire.CodeWrongSender}
	case now.Header == nil || !now.Header.Has(r.Device):
		return refusal{code: wire.CodeNotMember}
	case r.Epoch != now.ID:
		return refusal{wire.CodeStaleEpoch, uint64(now.Header.Number)}
	}
	m, _ := now.Header.Member(s.sender.Account)
	chain, err := s.relay.chainAt(s.sender.Account, m.Head)
	if err != nil {
		return err
	}
	if chain == nil || r.Verify(s.relay.keys, chain) != nil {
		return refusal{code: wire.CodeWrongSender}
	}
	return nil
}

// checkJoin holds a request to be let in against the link that it names. Whoever asks learns nothing of a group but
// whether the link admits them.
func (s *session) checkJoin(request wire.Ask, now *standing, a *store.Ask) error {
	j, err := epoch.ParseJoin(request.Ask)
	switch {
	case err != nil || j.Conversation != request.Conversation:
		return refusal{code: wire.CodeMalformed}
	case j.Device != s.sender.Device || j.Account != s.sender.Account:
		return refusal{code: wire.CodeWrongSender}
	case !s.admits(j, now, a.Now):
		return refusal{code: wire.CodeLinkRefused}
	}
	link, _ := now.Header.Room[0].Link(j.Link)
	a.Link, a.Expiry = &j.Link, min(link.Expiry, j.Expiry)
	return s.current(j)
}

// admits says whether the link in the newest header may let the request in now.
func (s *session) admits(j *epoch.Join, now *standing, clock uint64) bool {
	if now.Header == nil || !now.Header.Group() {
		return false
	}
	link, known := now.Header.Room[0].Link(j.Link)
	_, member := now.Header.Member(j.Account)
	return known && !member && clock < link.Expiry && clock < j.Expiry &&
		uint64(len(link.Used)) < link.Uses && !slices.Contains(link.Used, j.ID())
}

// current says whether a request names the account's and the device's newest keys, with which alone it can be let in, and
// is signed by them.
func (s *session) current(j *epoch.Join) error {
	stored, err := s.relay.store.Chain(context.Background(), j.Account, j.Head.Number, 1<<20)
	if err != nil {
		return err
	}
	if len(stored.Links) != 1 {
		return refusal{code: wire.CodeStaleHead}
	}
	chain, err := s.relay.chainAt(j.Account, j.Head)
	switch at := slices.IndexFunc(stored.Prekeys, func(p store.Prekey) bool { return p.Device == j.Device }); {
	case err != nil:
		return err
	case chain == nil:
		return refusal{code: wire.CodeStaleHead}
	case at < 0 || stored.Prekeys[at].Thumbprint != j.Prekey:
		return refusal{code: wire.CodeStalePrekey}
	case j.Verify(s.relay.keys, chain) != nil:
		return refusal{code: wire.CodeLinkRefused}
	}
	return nil
}
