package client

import (
	"slices"
	"time"

	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// Limits of what a device does that has lost its place.
const (
	asksAnHour = 3   // requests to be let back into one conversation
	despair    = 600 // seconds after which it takes it that nobody can let it back in
)

// lostNotice is the notice of why this device cannot read.
func lostNotice(cause conversation.Cause) string {
	if code, ok := causeNotices[cause]; ok {
		return code
	}
	return NoticeLost
}

// heal gets a device that has lost its place back into the conversation: it asks the others. When nobody answers for long
// and there is something to send, it opens an epoch itself, into which everybody is let back.
func (r *room) heal(s *session) bool {
	if r.e.prekeyExpiry() <= r.e.headerTime() {
		return false // nothing could be sealed for this device before it has another prekey
	}
	r.asksBack(s)
	r.mu.Lock()
	asked := r.record.AskedIn == r.conv.Epoch() && len(r.record.Asked) > 0
	alone := asked && r.e.millis() >= r.record.Asked[len(r.record.Asked)-1]+despair*1000
	held := r.held || r.record.Ended != "" || r.flight != flightNone
	r.mu.Unlock()
	if !alone || held || r.blocked() != nil || r.nextOut() == nil && len(r.wished()) == 0 {
		return false
	}
	if !r.group() && !r.checkHandle(s) {
		return false
	}
	d := r.newDraft()
	d.everyone = true
	return r.openEpoch(s, d)
}

// asksAnew forgets that the others were asked: with another prekey they may do what they could not.
func (r *room) asksAnew() {
	r.mu.Lock()
	lost := r.conv.Lost() != "" && !r.conv.Gone() && r.record.AskedIn == r.conv.Epoch()
	r.mu.Unlock()
	if lost {
		_ = r.changeRecord(func(record *roomRecord) { record.AskedIn = epoch.ID{} }) // else it waits for the next epoch
	}
	r.kick()
}

// asksBack asks the others, once for an epoch that this device has no keys of, for a new one that lets it back in. Who
// of them is online grants it. A relay or a member that takes the place away again and again gets only so many.
func (r *room) asksBack(s *session) {
	r.mu.Lock()
	at, kept := r.conv.Epoch(), r.record.AskedIn
	now := r.e.millis()
	hour := uint64(time.Hour.Milliseconds())
	recent := slices.DeleteFunc(slices.Clone(r.record.Asked), func(t uint64) bool { return t+hour < now || t > now })
	r.mu.Unlock()
	if at == kept {
		return
	}
	if len(recent) >= asksAnHour {
		r.askLater(int64(recent[0]+hour-now)/1000 + 1)
		return
	}
	id := r.e.identity()
	request, err := epoch.SignRejoin(r.e.ports.Random, id.signer, epoch.Rejoin{Conversation: r.id, Epoch: at, Device: id.device})
	if err != nil || r.changeRecord(func(record *roomRecord) { record.Asked = append(recent, now) }) != nil {
		r.rest(5)
		return
	}
	r.ask1(s, wire.Ask{Conversation: r.id, Ask: request, Tag: []byte{}}, func(err error) {
		switch code, detail := refusal(err); {
		case err == nil:
			_ = r.changeRecord(func(record *roomRecord) { record.AskedIn = at }) // else it is asked again
			r.e.later(despair+1, r.kick)
		case code != 0:
			r.rest(int64(detail)/1000 + 60)
		}
	})
}

// askLater looks again after some seconds whether this device may ask, once however often it is called.
func (r *room) askLater(seconds int64) {
	r.mu.Lock()
	waits := r.patient
	r.patient = true
	r.mu.Unlock()
	if waits {
		return
	}
	r.e.later(seconds, func() {
		r.mu.Lock()
		r.patient = false
		r.mu.Unlock()
		r.kick()
	})
}

// ask1 sends a request of this device's to the members; nothing else is sent until the relay has answered.
func (r *room) ask1(s *session, request wire.Ask, answered func(error)) {
	r.mu.Lock()
	r.flight = flightAsk
	r.mu.Unlock()
	s.send(r.e.now(), request, func(_ wire.Frame, err error) {
		r.e.start(func() {
			r.mu.Lock()
			if r.flight == flightAsk {
				r.flight = flightNone
			}
			r.mu.Unlock()
			answered(err)
			r.kick()
		})
	})
}
