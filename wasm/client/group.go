package client

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// Member is one account of a conversation for display.
type Member struct {
	Account  string `js:"account"`
	Handle   string `js:"handle"`
	Role     string `js:"role"`
	Verified bool   `js:"verified"`
	You      bool   `js:"you"`
	Left     bool   `js:"left"` // and the next change takes it out
	State    string `js:"state"`
}

// The states of a [Member]; empty when there is nothing to say.
const (
	MemberAdding   = "adding"   // wished here and not yet done
	MemberRemoving = "removing" // wished here and not yet done
	MemberAway     = "away"     // none of its devices can be written to
	MemberChanged  = "changed"  // its handle points to another account now
	MemberTrouble  = "trouble"  // the relay contradicted what is pinned of it
)

// receiptsUpTo is the number of accounts up to which a conversation tells who has received and read.
const receiptsUpTo = 64

// viewGroup adds what is a group's. The caller holds mu.
func (r *room) viewGroup(v *Conversation, id *identity) {
	v.Kind, v.Account, v.Name, v.Members = KindGroup, "", r.record.Name, 0
	v.Waiting = r.joining != nil && !r.joining.Refused
	h := r.conv.Header()
	if _, founding := r.conv.PendingCommit(); h == nil && founding {
		v.Role, v.Members = RoleAdmin, 1
	}
	if h == nil || id == nil {
		return
	}
	v.Members = int64(len(h.Roster) - len(r.conv.Left()))
	if m, in := h.Member(id.chain.ID()); in && r.record.Ended == "" {
		v.Role = roleName(m.Role)
	}
	if len(h.Roster) > receiptsUpTo {
		v.Delivered, v.Read = 0, 0
	}
}

func roleName(role epoch.Role) string {
	if role == epoch.RoleAdmin {
		return RoleAdmin
	}
	return RoleMember
}

// CreateGroup begins a group with who the handles point to. Its first epoch has this account alone, so that its id, which
// is that epoch's hash, does not depend on what the relay says of others in the meantime; the others are added by the
// next one.
func (e *Engine) CreateGroup(_ context.Context, name string, handles []string) (Conversation, error) {
	if !e.registered() {
		return Conversation{}, failure(CodeNotJoined, nil)
	}
	name, err := groupName(name)
	if err != nil {
		return Conversation{}, err
	}
	ids, err := e.resolve(handles)
	if err != nil {
		return Conversation{}, err
	}
	r, err := e.found(name, ids)
	if err != nil {
		return Conversation{}, err
	}
	r.show()
	r.kick()
	return r.view(), nil
}

func groupName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > conversation.MaxName || !utf8.ValidString(name) {
		return "", failure(CodeNameInvalid, nil)
	}
	return name, nil
}

// found draws a group's first epoch and stores it with the wish to add the others. Until the relay has it the prekey
// that it names stays the current one.
func (e *Engine) found(name string, others []account.ID) (*room, error) {
	e.identityMu.Lock()
	defer e.identityMu.Unlock()
	id := e.identity()
	if slices.ContainsFunc(id.record.Prekeys, func(p prekeyRecord) bool { return p.State == prekeyPending }) {
		return nil, failure(CodeOffline, nil) // which prekey is the current one comes out with the connection
	}
	salt, err := e.random16()
	if err != nil {
		return nil, err
	}
	own := ownMember(id)
	own.Role = epoch.RoleAdmin
	conv, err := conversation.Create(e.env(), conversation.Plan{
		Roster: []epoch.Member{own}, Time: e.headerTime(),
		Room: &conversation.RoomPlan{Group: conversation.Group{Salt: salt, Name: name}},
	})
	if err != nil {
		return nil, failure(CodeRefused, err)
	}
	r := newRoom(e, conv.ID(), account.ID{})
	r.conv, r.record.Group, r.record.Name, r.record.Activity = conv, true, name, e.millis()
	writes := []Write{keepState(conv)}
	if len(others) > 0 {
		r.record.Wishes++
		w := &wish{id: outID(r.id, 1), record: wishRecord{Version: recordVersion, Kind: wishAdd, Accounts: others}}
		r.wishes = []*wish{w}
		writes = append(writes, put(kindWish, w.id, w.record))
	}
	if err := e.apply(append(writes, put(kindRoom, r.id[:], r.record))); err != nil {
		return nil, storage(err)
	}
	e.mu.Lock()
	e.rooms[r.id] = r
	e.mu.Unlock()
	return r, nil
}

// founding says whether a group waits to be begun: it names the prekey that is current now.
func (e *Engine) founding() bool {
	return slices.ContainsFunc(e.allRooms(), func(r *room) bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		_, pending := r.conv.PendingCommit()
		return pending && r.record.Group && r.conv.Header() == nil
	})
}

// resolve gives the accounts that handles point to, each pinned.
func (e *Engine) resolve(handles []string) ([]account.ID, error) {
	if len(handles) > epoch.MaxDevices {
		return nil, failure(CodeTooMany, nil)
	}
	ids := make([]account.ID, len(handles))
	errs := make([]error, len(handles))
	s := e.session()
	atOnce(len(handles), func(i int) { ids[i], errs[i] = e.lookUp(s, handles[i]) })
	if err := aboutHandles(handles, errs); err != nil {
		return nil, err
	}
	var fresh []account.ID
	for _, id := range ids {
		if e.contact(id) == nil && !slices.Contains(fresh, id) {
			fresh = append(fresh, id)
		}
	}
	if _, err := e.fetchAccounts(s, fresh); err != nil {
		return nil, fromRelay(err)
	}
	for i, id := range ids {
		if err := e.pinHandle(id, handles[i]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(ids, func(a, b account.ID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(ids), nil
}

// aboutHandles is the first of some errors, each about one handle, and names every handle that has the same.
func aboutHandles(handles []string, errs []error) error {
	var first error
	var about []string
	for i, err := range errs {
		if err == nil || first != nil && codeOf(err) != codeOf(first) {
			continue
		}
		if first == nil {
			first = err
		}
		about = append(about, handles[i])
	}
	if first == nil {
		return nil
	}
	return failure(codeOf(first), fmt.Errorf("%s: %w", strings.Join(about, ", "), first))
}

// lookUp gives the account that a handle points to: what the relay says now, which is what is pinned. Without a connection
// what is pinned counts.
func (e *Engine) lookUp(s *session, name string) (account.ID, error) {
	handle, err := account.ParseHandle(name)
	if err != nil {
		return account.ID{}, failure(CodeHandleInvalid, err)
	}
	if string(handle) == e.ownHandle() {
		return account.ID{}, failure(CodeSelf, nil)
	}
	known := e.byHandle(string(handle))
	if s == nil && known != nil {
		return known.id(), nil
	}
	var answer wire.Account
	if err := e.ask(s, wire.Lookup{Handle: string(handle)}, &answer); err != nil {
		return account.ID{}, fromRelay(err)
	}
	if known != nil && known.id() != answer.Account {
		if err := e.pointsElsewhere(known, answer.Account); err != nil {
			return account.ID{}, err
		}
		return account.ID{}, failure(CodeBlocked, nil)
	}
	return answer.Account, nil
}

// pinHandle pins an account to the handle that led to it.
func (e *Engine) pinHandle(id account.ID, handle string) error {
	c := e.contact(id)
	switch {
	case c == nil || distrusted(c):
		return failure(CodeBlocked, nil)
	case c.record.Handle == handle:
		return nil
	}
	return storage(e.change(id, func(r *contactRecord) { r.Handle = handle }))
}

// Members lists who is in a conversation, and who is to be.
func (e *Engine) Members(_ context.Context, conv string) ([]Member, error) {
	r, err := e.find(conv)
	if err != nil {
		return nil, err
	}
	list := []Member{}
	own := e.identity().chain.ID()
	r.mu.Lock()
	h, left, wishes, peer := r.conv.Header(), r.conv.Left(), r.wishes, r.record.Peer
	r.mu.Unlock()
	switch {
	case h == nil && peer != account.ID{}:
		for _, id := range []account.ID{own, peer} {
			list = append(list, e.memberView(epoch.Member{Account: id}, own))
		}
	case h == nil:
		list = append(list, e.memberView(epoch.Member{Account: own, Role: epoch.RoleAdmin}, own))
	default:
		for _, m := range h.Roster {
			v := e.memberView(m, own)
			if v.Left = slices.Contains(left, m.Account); wishesOf(wishes, wishRemove, m.Account) {
				v.State = MemberRemoving
			}
			list = append(list, v)
		}
	}
	for _, w := range wishes {
		for _, id := range w.record.Accounts {
			if w.record.Kind == wishAdd && !r.isMember(id) && id != own {
				v := e.memberView(epoch.Member{Account: id}, own)
				v.State = MemberAdding
				list = append(list, v)
			}
		}
	}
	return list, nil
}

func wishesOf(wishes []*wish, kind wishKind, id account.ID) bool {
	return slices.ContainsFunc(wishes, func(w *wish) bool {
		return w.record.Kind == kind && slices.Contains(w.record.Accounts, id)
	})
}

// memberView is a member for display.
func (e *Engine) memberView(m epoch.Member, own account.ID) Member {
	v := Member{Account: m.Account.String(), Handle: e.handleOf(m.Account), Role: roleName(m.Role), You: m.Account == own}
	c := e.contact(m.Account)
	if c == nil {
		return v
	}
	v.Verified = c.record.Verified
	away := len(m.Slots) > 0 && !slices.ContainsFunc(m.Slots, func(s epoch.Slot) bool { return !s.Absent() })
	switch {
	case e.disputes()[m.Account] || c.record.Trouble == NoticeSuperseded:
		v.State = MemberChanged
	case distrusted(c):
		v.State = MemberTrouble
	case away:
		v.State = MemberAway
	}
	return v
}

// member finds an account that is in a conversation or is to be.
func (e *Engine) member(conv, hexID string) (*room, account.ID, error) {
	r, err := e.find(conv)
	if err != nil {
		return nil, account.ID{}, err
	}
	b, err := hex.DecodeString(hexID)
	if err != nil || len(b) != len(account.ID{}) {
		return nil, account.ID{}, failure(CodeNotFound, err)
	}
	id := account.ID(b)
	r.mu.Lock()
	known := wishesOf(r.wishes, wishAdd, id)
	if h := r.conv.Header(); h != nil {
		_, in := h.Member(id)
		known = known || in
	}
	r.mu.Unlock()
	if !known {
		return nil, account.ID{}, failure(CodeNotFound, nil)
	}
	return r, id, nil
}

// MemberContact tells about one member of a conversation.
func (e *Engine) MemberContact(_ context.Context, conv, id string) (Contact, error) {
	_, who, err := e.member(conv, id)
	if err != nil {
		return Contact{}, err
	}
	c := e.contact(who)
	if c == nil {
		return Contact{}, failure(CodeNotFound, nil)
	}
	return e.contactView(c), nil
}

// VerifyMember keeps that the person compared safety numbers with one member, or takes it back.
func (e *Engine) VerifyMember(_ context.Context, conv, id string, verified bool) error {
	_, who, err := e.member(conv, id)
	if err != nil {
		return err
	}
	c := e.contact(who)
	if c == nil {
		return failure(CodeNotFound, nil)
	}
	return e.verify(c, verified)
}
