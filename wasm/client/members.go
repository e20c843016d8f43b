package client

import (
	"errors"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// learnMembers makes sure that the chains which commits name are here before they are judged. Without a connection
// that waits; what the relay does not give is judged without it.
func (r *room) learnMembers(s *session, events []wire.Event) bool {
	for _, ev := range events {
		if ev.Kind != epoch.KindCommit {
			continue
		}
		commit, err := epoch.ParseCommit(ev.Event)
		if err != nil || !r.judges(commit.Header) {
			continue
		}
		if !r.learn(s, commit.Header.Roster) {
			return false
		}
	}
	return true
}

// judges says whether a commit is one whose members matter here: it is of this conversation and follows what is open.
func (r *room) judges(h *epoch.Header) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.conv.Header()
	if h.Conversation != r.id || before == nil || !before.Group() {
		return h.Conversation == r.id && h.Has(r.e.identity().device)
	}
	now := r.conv.Epoch()
	return h.Number == before.Number+1 && string(h.Prev) == string(now[:]) && before.Has(h.Creator)
}

// learn fetches the chains of members that do not reach the named heads. It says whether one may go on.
func (r *room) learn(s *session, roster []epoch.Member) bool {
	var missing []account.ID
	for _, m := range roster {
		if chain, ok := r.e.chain(m.Account); !ok || !chain.Has(m.Head) {
			missing = append(missing, m.Account)
		} else {
			r.meet(m.Account)
		}
	}
	if len(missing) == 0 {
		return true
	}
	if s == nil {
		return false
	}
	got, err := r.e.fetchAccounts(s, missing)
	r.met(got)
	for id := range got {
		r.meet(id)
	}
	if err != nil && passing(err) {
		r.rest(5)
		return false
	}
	return true
}

// passing says whether an error is of the moment: what the relay may say tomorrow decides nothing. That it knows no such
// account, or contradicts itself, decides.
func passing(err error) bool {
	var named *Error
	code, _ := refusal(err)
	lied := errors.As(err, &named) && named.code != CodeStorageFull && named.code != CodeStorageFailed
	return code != wire.CodeNotFound && !lied
}

// worse gives the one of two errors that matters more: what passes has to be waited for.
func worse(a, b error) error {
	if a == nil || b != nil && passing(b) && !passing(a) {
		return b
	}
	return a
}

// met looks whether accounts that are new here claim the handles of others.
func (r *room) met(got map[account.ID]*fetched) {
	for id, f := range got {
		if f.fresh && r.group() {
			r.claims(id)
		}
	}
}

// meet notes who the other side of a direct conversation is, once.
func (r *room) meet(id account.ID) {
	if id == r.e.identity().chain.ID() {
		return
	}
	if r.setPeer(id) {
		r.claims(id)
	}
}

// setPeer notes the other side and says whether it was not known.
func (r *room) setPeer(id account.ID) bool {
	if epoch.DirectID(r.e.identity().chain.ID(), id) != r.id {
		return false // this conversation is with somebody else
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	unknown := r.record.Peer == account.ID{}
	if unknown {
		r.record.Peer = id
	}
	return unknown
}

// claims looks whether another account was pinned to the handle that the relay gives a newcomer.
func (r *room) claims(id account.ID) {
	c := r.e.contact(id)
	r.e.mu.Lock()
	var pinned *contact
	for _, other := range r.e.contacts {
		if other.record.Handle == c.record.Handle && other.id() != id && other.record.Trouble != NoticeSuperseded {
			pinned = other
		}
	}
	r.e.mu.Unlock()
	if pinned != nil && !check.Off(check.HandlePin) {
		_ = r.e.pointsElsewhere(pinned, id) // a full disk shows at the next write
	}
}

// group says whether the conversation is a group.
func (r *room) group() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.record.Group
}

// handlesOf gives handles for a line of text.
func (e *Engine) handlesOf(ids []account.ID) string {
	var text []byte
	for i, id := range ids {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = append(text, e.handleOf(id)...)
	}
	return string(text)
}

// isMember says whether an account is in the newest epoch of a room and has not left.
func (r *room) isMember(id account.ID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.conv.Header()
	if h == nil {
		return false
	}
	_, in := h.Member(id)
	return in && !slices.Contains(r.conv.Left(), id)
}
