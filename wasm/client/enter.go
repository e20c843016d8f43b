package client

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// entry is a commit that lets this account into a group, with what it does not get to see.
type entry struct {
	event  wire.Event
	before []wire.EventHash
}

// outside says whether this account is not in the conversation: not yet, or not any more. The caller holds mu.
func (r *room) outside() bool { return r.conv.Header() == nil || r.conv.Gone() }

// admission looks whether a page begins with a commit that lets this account in: then it is to be entered there. handled
// says that nothing else may be taken from the page.
func (r *room) admission(s *session, page wire.Page) (handled bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.outside() || len(page.Events) == 0 {
		return false
	}
	first := page.Events[0]
	commit, err := epoch.ParseCommit(first.Event)
	begins := !r.conv.Gone() && first.Position == 1
	switch {
	case begins:
		return false
	case err != nil || !commit.Header.Group() || !commit.Header.Has(r.e.identity().device) || first.Position <= r.conv.Position():
		r.nothing()
		return true
	case sha256.Sum256(first.Event) == r.unentered:
		r.nothing()
		return true
	}
	r.entry = &entry{event: first, before: page.Before}
	for i, ev := range page.Events[1:] {
		if ev.Position != first.Position+1+epoch.Position(i) {
			s.fail(fmt.Errorf("page of conversation %s: position %d: %w", r.id, ev.Position, errLied))
			r.entry = nil
			return true
		}
		r.inbox[ev.Position] = ev
	}
	return true
}

// nothing forgets what the relay told of a log that this account is not in. The caller holds mu.
func (r *room) nothing() { r.top, r.stamp = r.conv.Position(), r.taken }

// enters says whether there is a commit to enter by.
func (r *room) enters() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.entry != nil
}

// enter begins the conversation at the commit that lets this account in. One that does not is not looked at again.
func (r *room) enter(s *session) bool {
	r.mu.Lock()
	at := r.entry
	r.mu.Unlock()
	commit, err := epoch.ParseCommit(at.event.Event)
	if err == nil && !r.learn(s, commit.Header.Roster) {
		return false
	}
	before := make([]conversation.EventHash, len(at.before))
	for i, b := range at.before {
		before[i] = conversation.EventHash{Kind: b.Kind, Hash: b.Hash}
	}
	env := r.e.env()
	event := conversation.Event{Kind: at.event.Kind, Event: at.event.Event, Wrap: at.event.Wrap}
	next, out := conversation.Enter(env, r.id, before, event)
	if next == nil || out.Position != at.event.Position || !r.continues(commit.Header, before) || !r.expected(env, out) {
		r.mu.Lock()
		r.entry, r.unentered = nil, out.Hash
		r.nothing()
		r.mu.Unlock()
		if errors.Is(out.Err, conversation.ErrNotByLink) && commit.CheckEntry(env.Primitives, env.Chains) == nil {
			r.notByLink(commit)
		}
		return true
	}
	if err := r.settle(env, next, []conversation.Outcome{out}); err != nil {
		r.rest(5)
		return false
	}
	r.mu.Lock()
	r.entry = nil
	r.mu.Unlock()
	r.e.passed(r.id)
	return true
}

// expected says whether an entry may be the one that this account waits for. Who followed a link believes to be where
// the link leads: only somebody who has its secret can show that, by a key that opens here. Whoever else names the
// group's id, the relay with a room of its own or a stranger, has to wait until the person gives the link up.
func (r *room) expected(env conversation.Env, o conversation.Outcome) bool {
	if !r.joined() {
		return true
	}
	_, byLink := o.Commit.Header.Admits(env.Account)
	return byLink && o.Lost == nil
}

// notByLink keeps and shows that somebody has let this account in who did not show to have the link's secret.
func (r *room) notByLink(commit *epoch.Commit) {
	r.mu.Lock()
	j := r.joining
	r.mu.Unlock()
	if j == nil || j.Told == commit.ID {
		return
	}
	_, creator, _ := commit.Header.Find(commit.Header.Creator)
	next := *j
	next.Told, next.By = commit.ID, creator.Account
	if r.e.apply([]Write{put(kindJoining, r.id[:], next)}) != nil {
		return // a full disk was told; it is told with the next connection
	}
	r.mu.Lock()
	r.joining = &next
	r.mu.Unlock()
	r.show()
}

// continues says whether the log that leads to an entry has this device's own in it, as far as it had come before it was
// taken out: then nobody was shown another one.
func (r *room) continues(h *epoch.Header, before []conversation.EventHash) bool {
	r.mu.Lock()
	own := r.conv.Seen()
	r.mu.Unlock()
	log := h.Seen.Log
	if own.Position == 0 || h.Seen.Position > own.Position {
		return true
	}
	for i, b := range before {
		if h.Seen.Position+epoch.Position(i) == own.Position {
			break
		}
		log = epoch.LogNext(r.id, h.Seen.Position+epoch.Position(i)+1, log, b.Kind, b.Hash)
	}
	return log == own.Log
}

// entered tells that this account was let in, and by whom: its trust in everyone else here begins with them.
func (b *batch) entered(o conversation.Outcome, by account.ID) {
	b.record.Group, b.record.Ended, b.record.Accepted = true, "", nil
	b.record.Asked, b.record.AskedIn = nil, epoch.ID{}
	if group, known := b.next.Group(); known {
		b.record.Name = group.Name
	}
	b.line(o, by, told{code: NoticeEntered, who: []account.ID{b.r.e.identity().chain.ID()}, name: b.record.Name})
	b.baseline(o.Position, o.Commit.Header, nil)
	if b.r.joined() {
		b.writes = append(b.writes, remove(kindJoining, b.r.id[:]))
		b.arrived = true
	}
}
