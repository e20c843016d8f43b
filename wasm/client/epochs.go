package client

import (
	"errors"

	"sotto/wasm/check"
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
	switch _, waits := pending(r.id, r.conv); {
	case a.err == nil:
		r.stored(a)
	case waits != a.flight: // the log has answered already
	case a.flight == flightCommit:
		r.commitRefused(a.err)
	case a.flight == flightLeave:
		r.leaveRefused(a.err)
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
	if l, ok := r.conv.PendingLeave(); ok && a.flight == flightLeave {
		r.inbox[a.position] = wire.Event{Position: a.position, Kind: epoch.KindLeave, Event: l}
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
	case wire.CodeCommitRefused, wire.CodeNotMember:
		r.peek()
	}
	first := r.conv.Header() == nil
	r.adopt(r.conv.DropCommit())
	if first && r.group() {
		r.unfounded()
		return
	}
	r.mu.Lock()
	r.tries++
	tries := r.tries
	r.mu.Unlock()
	if code == wire.CodeClock {
		r.e.relayTime(detail)
	}
	if tries >= mostTries {
		r.hold()
	}
}

// unfounded is a group that the relay did not let begin.
func (r *room) unfounded() {
	_ = r.changeRecord(func(record *roomRecord) { record.Trouble = NoticeNotDone }) // a full disk was told
	r.note(Trouble{Code: NoticeNotDone, Detail: map[string]string{"what": "create", "cause": causeRefused}})
}

// leaveRefused decides what a refusal means for the pending leave: a new one is made for the epoch that is newest then.
func (r *room) leaveRefused(err error) {
	code, detail := refusal(err)
	switch code {
	case 0:
		return
	case wire.CodeLimited, wire.CodeStorage, wire.CodeClosing:
		r.rest(int64(detail)/1000 + 2)
		return
	case wire.CodeStaleEpoch:
		r.lookAgain()
	default:
		r.peek()
		r.mu.Lock()
		r.tries++
		often := r.tries >= mostTries
		r.mu.Unlock()
		if often {
			r.rest(60)
		}
	}
	r.adopt(r.conv.DropLeave())
}

// peek asks the relay once more for what is new.
func (r *room) peek() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.top = max(r.top, r.conv.Position()+1)
}

// hold makes no commits for a while. Messages go on in the epoch that is open, where there is one that takes them.
func (r *room) hold() {
	r.mu.Lock()
	r.held = true
	r.mu.Unlock()
	r.e.later(60, func() {
		r.mu.Lock()
		r.held, r.tries = false, 0
		r.mu.Unlock()
		r.kick()
	})
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
	if r.held {
		return false
	}
	old := r.e.headerTime() >= h.Time+epochSeconds
	full := r.conv.Messages() >= epochMessages
	return old || full || r.tries > 0
}

// openEpoch makes the commit of a draft and stores it as pending, with what it carries.
func (r *room) openEpoch(s *session, d *draft) bool {
	plan, err := r.plan(s, d)
	if err == nil && d.onlyAsked && len(d.admitted)+len(plan.Rejoin) == 0 {
		r.forgetAsks(d) // they ask again when they can be let in
		return true
	}
	var next *conversation.Conversation
	if err == nil {
		next, err = r.conv.Commit(r.e.env(), plan)
	}
	if err != nil {
		return r.noEpoch(d, err)
	}
	pending, _ := next.PendingCommit()
	return r.adopt(next, r.carry(d.carried, pending.ID)...)
}

// noEpoch decides what it means that no commit could be made. An epoch that is merely old goes on.
func (r *room) noEpoch(d *draft, err error) bool {
	code := codeOf(fromRelay(err))
	group := d.group != nil
	switch {
	case errors.Is(err, errOffline), errors.Is(err, errUndecided), code == CodeBlocked && !group:
		return false
	case code == CodeLimited, code == CodeOffline, code == CodeStorageFull, code == CodeStorageFailed:
		r.rest(5)
		return false
	case code == CodeBlocked, errors.Is(err, errDistrusted):
		for _, w := range d.carried {
			r.settleWish(w, causeTrouble)
		}
		r.hold()
	case r.conv.Header() != nil:
		r.hold()
	default:
		if o := r.nextOut(); o != nil {
			r.fail(o, code)
		}
	}
	return true
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
	case err == nil && answer.Account != peer && !check.Off(check.HandlePin):
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
