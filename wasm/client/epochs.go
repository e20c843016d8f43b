package client

import (
	"bytes"
	"errors"
	"slices"

	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// When an epoch is renewed before the next message: after a day of use or so many messages.
const (
	epochSeconds  = 24 * 3600
	epochMessages = 1000
	mostTries     = 5 // commits in a row that the relay or a race refused, after which the room waits
)

// takeAck handles the relay's answer to what was in flight. It says whether there was one.
func (r *room) takeAck() bool {
	r.mu.Lock()
	if len(r.acks) == 0 {
		r.mu.Unlock()
		return false
	}
	a := r.acks[0]
	r.acks = r.acks[1:]
	r.flight = flightNone
	r.mu.Unlock()
	switch {
	case a.err == nil:
		r.stored(a)
	case a.flight == flightCommit:
		r.commitRefused(a.err)
	default:
		r.messageRefused(a.err)
	}
	return true
}

// stored takes the acknowledged event as if the relay had pushed it.
func (r *room) stored(a ack) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.top = max(r.top, a.position)
	if a.position <= r.conv.Position() {
		return
	}
	if c, ok := r.conv.PendingCommit(); ok && a.flight == flightCommit {
		r.inbox[a.position] = wire.Event{Position: a.position, Kind: epoch.KindCommit, Event: c.Commit}
	}
	if p, ok := r.conv.Pending(); ok && a.flight == flightMessage {
		r.inbox[a.position] = wire.Event{Position: a.position, Kind: epoch.KindMessage, Event: p.Event}
	}
	r.flight = a.flight // until the event is taken from the log
}

// messageRefused decides what a refusal means for the sealed message.
func (r *room) messageRefused(err error) {
	switch code, detail := refusal(err); code {
	case 0: // the connection is gone: the same bytes go out again
	case wire.CodeStaleEpoch:
		r.lookAgain()
	case wire.CodeEpochFull:
		r.adopt(r.conv.GiveUp())
		r.wantEpoch()
	case wire.CodeLimited, wire.CodeStorage, wire.CodeClosing, wire.CodeNotMember:
		r.rest(int64(detail)/1000 + 2)
	default:
		if p, ok := r.conv.Pending(); ok && r.adopt(r.conv.GiveUp()) {
			if o := r.outItem(p.ClientID); o != nil {
				r.fail(o, CodeRefused)
			}
		}
	}
}

// commitRefused decides what a refusal means for the pending commit: a new one is built on what is true now.
func (r *room) commitRefused(err error) {
	code, detail := refusal(err)
	switch code {
	case 0:
		return
	case wire.CodeLimited, wire.CodeStorage, wire.CodeClosing:
		r.rest(int64(detail)/1000 + 2)
		return
	case wire.CodeStaleEpoch:
		r.lookAgain()
	}
	r.adopt(r.conv.DropCommit())
	r.mu.Lock()
	r.tries++
	tries := r.tries
	r.mu.Unlock()
	if code == wire.CodeClock {
		r.e.relayTime(detail)
	}
	if tries >= mostTries {
		r.rest(60)
	}
}

// wantEpoch asks for a new epoch before the next message.
func (r *room) wantEpoch() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries = max(r.tries, 1)
}

// lookAgain fetches what this device has not seen: somebody else was faster.
func (r *room) lookAgain() {
	r.mu.Lock()
	r.refused++
	often := r.refused >= mostTries
	r.top = max(r.top, r.conv.Position()+1)
	r.mu.Unlock()
	if often {
		r.lost()
	}
}

// lost is a conversation whose newest epoch the relay takes for open and this device has refused, or does not have:
// nothing can be sent until another one opens. What waits stays here.
func (r *room) lost() {
	r.mu.Lock()
	code := r.refusal
	r.mu.Unlock()
	if code == "" {
		code = NoticeCommitRefused
	}
	_ = r.changeRecord(func(record *roomRecord) { record.Trouble = code }) // a full disk was told; it is tried again
	r.rest(60)
}

// relayTime takes the relay's clock for headers when this device's own is ahead of it.
func (e *Engine) relayTime(millis uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if own := e.millis(); millis < own {
		e.ahead = own - millis
	}
}

// headerTime is the time for a header in seconds: never later than the relay will take.
func (e *Engine) headerTime() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return (e.millis() - e.ahead) / 1000
}

// needsEpoch says whether the next message wants a new epoch before it.
func (r *room) needsEpoch() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.conv.Header()
	if h == nil {
		return true
	}
	if r.tries >= mostTries {
		return false
	}
	old := r.e.headerTime() >= h.Time+epochSeconds
	full := r.conv.Messages() >= epochMessages
	return old || full || r.tries > 0
}

// openEpoch makes a commit for the next epoch and stores it as pending. An epoch that is merely old goes on when the
// other side has no prekey that may be used.
func (r *room) openEpoch(s *session) bool {
	plan, err := r.plan(s)
	var next *conversation.Conversation
	if err == nil {
		next, err = r.conv.Commit(r.e.env(), plan)
	}
	if err == nil {
		return r.adopt(next)
	}
	code := codeOf(fromRelay(err))
	switch {
	case code == CodeBlocked, errors.Is(err, errOffline):
		return false
	case code == CodeLimited, code == CodeOffline, code == CodeStorageFull, code == CodeStorageFailed:
		r.rest(5)
		return false
	case r.conv.Header() != nil:
		r.mu.Lock()
		r.tries = mostTries // go on in this epoch for this connection
		r.mu.Unlock()
	default:
		if o := r.nextOut(); o != nil {
			r.fail(o, code)
		}
	}
	return true
}

// plan gathers who is to be in the next epoch, as the relay shows it now and as it was verified here.
func (r *room) plan(s *session) (conversation.Plan, error) {
	r.mu.Lock()
	peer, now := r.record.Peer, r.e.headerTime()
	if h := r.conv.Header(); h != nil {
		now = max(now, h.Time) // the header will have this time, and expiry is judged by it
	}
	r.mu.Unlock()
	other, err := r.e.fetchAccount(s, peer)
	if err != nil {
		return conversation.Plan{}, err
	}
	id := r.e.identity()
	plan := conversation.Plan{Time: now, Keys: keysOf(other.prekeys)}
	present := false
	theirs := epoch.Member{Account: peer, Head: other.contact.chain.Head()}
	for _, d := range other.contact.chain.Active() {
		slot := epoch.Slot{Device: d.ID}
		if p, ok := other.prekeys[d.ID]; ok && p.Expiry > now {
			t := p.Thumbprint()
			slot.Prekey, present = t[:], true
		}
		theirs.Slots = append(theirs.Slots, slot)
	}
	if !present {
		return conversation.Plan{}, failure(NoticePeerAway, nil)
	}
	plan.Roster = []epoch.Member{theirs, ownMember(id)}
	if bytes.Compare(plan.Roster[0].Account[:], plan.Roster[1].Account[:]) > 0 {
		slices.Reverse(plan.Roster)
	}
	return plan, nil
}

func ownMember(id *identity) epoch.Member {
	m := epoch.Member{Account: id.chain.ID(), Head: id.chain.Head()}
	for _, d := range id.chain.Active() {
		slot := epoch.Slot{Device: d.ID}
		if d.ID == id.device {
			t := id.current().Public().Thumbprint()
			slot.Prekey = t[:]
		}
		m.Slots = append(m.Slots, slot)
	}
	return m
}

// checkHandle asks once in a connection whether the other side's handle still points to the account that is pinned.
func (r *room) checkHandle(s *session) bool {
	r.mu.Lock()
	done, peer := r.checked, r.record.Peer
	r.mu.Unlock()
	if done {
		return true
	}
	known := r.e.contact(peer)
	if known == nil {
		return false
	}
	var answer wire.Account
	err := r.e.ask(s, wire.Lookup{Handle: known.record.Handle}, &answer)
	code, detail := refusal(err)
	switch {
	case err == nil && answer.Account != peer:
		_ = r.e.pointsElsewhere(known, answer.Account) // a full disk shows at the next write
		return false
	case code == wire.CodeLimited:
		r.rest(int64(detail)/1000 + 1)
		return false
	case err != nil && code == 0:
		return false
	}
	r.mu.Lock()
	r.checked = true
	r.mu.Unlock()
	return true
}
