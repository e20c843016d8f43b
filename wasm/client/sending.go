package client

import (
	"errors"
	"slices"

	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// sends does the next thing on the way of sending: what is pending goes out, a place that was lost is asked for, then
// leaving, a change of the members or keys, a message. It says whether more may follow at once; otherwise an answer, a
// timer or a connection brings the room back here.
func (r *room) sends(s *session) bool {
	r.mu.Lock()
	idle := r.flight == flightNone && !r.resting
	conv, group := r.conv, r.record.Group
	r.mu.Unlock()
	blocked := r.blocked() != nil
	if !idle || blocked && !group {
		return false
	}
	if request, f := pending(r.id, conv); f != flightNone {
		if f != flightMessage || !blocked {
			r.transmit(s, f, request)
		}
		return false
	}
	if waits, more := r.inquires(s); waits && (group || conv.Gone()) {
		return more
	}
	if conv.Lost() != "" {
		return r.heal(s)
	}
	if w := r.leaving(); w != nil {
		return r.leave(w)
	}
	return r.next(s, blocked)
}

// pending gives what is sealed or signed and waits to be in the log.
func pending(id epoch.ConversationID, conv *conversation.Conversation) (wire.Body, flight) {
	if c, ok := conv.PendingCommit(); ok {
		return wire.Commit{Conversation: id, Commit: c.Commit, Wraps: c.Wraps}, flightCommit
	}
	if l, ok := conv.PendingLeave(); ok {
		return wire.Leave{Conversation: id, Event: l}, flightLeave
	}
	if p, ok := conv.Pending(); ok {
		return wire.Message{Conversation: id, Event: p.Event}, flightMessage
	}
	return nil, flightNone
}

// next makes the change that is due, or seals the next message.
func (r *room) next(s *session, blocked bool) bool {
	if r.over() {
		return false
	}
	var out *out
	if !blocked {
		out = r.nextOut()
	}
	d := r.dueDraft()
	if (out != nil || d != nil) && !r.group() && !r.checkHandle(s) {
		return false
	}
	closed, held := r.closed()
	switch {
	case d != nil && !held && (len(d.carried) > 0 || out != nil || r.pause()):
		return r.openEpoch(s, d)
	case out == nil || closed:
		return false
	case r.needsEpoch():
		if held {
			return false // there is no epoch to go on in
		}
		return r.openEpoch(s, r.newDraft())
	}
	return r.seal(out)
}

// closed says whether the epoch takes no more messages, because somebody left, and whether commits are held back.
func (r *room) closed() (closed, held bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.conv.Left()) > 0, r.held
}

// dueDraft gives the next epoch if something is due in it, nil otherwise: wishes, somebody who left, somebody who asks.
func (r *room) dueDraft() *draft {
	r.mu.Lock()
	h := r.conv.Header()
	quiet := len(r.wishes)+len(r.asks)+len(r.conv.Left()) == 0
	wishes := slices.Clone(r.wishes)
	r.mu.Unlock()
	if h == nil || quiet {
		return nil
	}
	d := r.newDraft()
	for _, w := range wishes {
		if d.later(w) {
			break
		}
		if done, cause := d.take(w); done || cause != "" {
			if !r.settleWish(w, cause) {
				return nil
			}
		}
	}
	other := d.due
	r.sift(d)
	if d.onlyAsked = !other; !d.due {
		return nil
	}
	return d
}

// leaving gives the wish to leave when its turn has come: what was wanted before it is done first, so that who makes
// somebody else an admin can leave at once.
func (r *room) leaving() *wish {
	if wishes := r.wished(); len(wishes) > 0 && wishes[0].record.Kind == wishLeave {
		return wishes[0]
	}
	return nil
}

// leave signs this account's word that it leaves and stores it as pending.
func (r *room) leave(w *wish) bool {
	next, _, err := r.conv.Leave(r.e.env())
	switch {
	case err == nil:
		return r.adopt(next)
	case errors.Is(err, epoch.ErrNotAllowed):
		return r.settleWish(w, causeLastAdmin)
	case errors.Is(err, conversation.ErrLeft), errors.Is(err, conversation.ErrGone):
		return r.settleWish(w, "")
	case errors.Is(err, conversation.ErrNoEpoch):
		return false
	}
	return r.settleWish(w, causeRefused)
}

// over says whether a group has ended here.
func (r *room) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.record.Ended != ""
}

// waits says whether nothing can be sealed now, although the relay can be reached: this device has lost its place.
func (r *room) waits() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.conv.Lost() != "" || r.record.Ended != ""
}

// endOutbox fails what waits to be sent in a group that has ended here, and forgets what was wanted of it.
func (r *room) endOutbox() {
	for o := r.nextOut(); o != nil; o = r.nextOut() {
		r.fail(o, CodeEnded)
		if r.nextOut() == o {
			return // a full disk was told
		}
	}
	for _, w := range r.wished() {
		if !r.settleWish(w, "") {
			return
		}
	}
}
