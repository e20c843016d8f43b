package client

import (
	"context"

	"sotto/wasm/account"
	"sotto/wasm/epoch"
)

// administered finds a group that this account may change.
func (e *Engine) administered(conv string) (*room, error) {
	r, err := e.find(conv)
	if err != nil {
		return nil, err
	}
	switch v := r.view(); {
	case v.Kind != KindGroup:
		return nil, failure(CodeNotFound, nil)
	case v.Ended != "":
		return nil, failure(CodeEnded, nil)
	case v.Role != RoleAdmin:
		return nil, failure(CodeNotAllowed, nil)
	}
	return r, nil
}

// AddMembers wants who the handles point to in a group.
func (e *Engine) AddMembers(_ context.Context, conv string, handles []string) error {
	r, err := e.administered(conv)
	if err != nil {
		return err
	}
	ids, err := e.resolve(handles)
	if err != nil {
		return err
	}
	var missing []account.ID
	for _, id := range ids {
		if !r.isMember(id) || wishesOf(r.wished(), wishRemove, id) {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return r.wish(wishRecord{Kind: wishAdd, Accounts: missing})
}

// RemoveMember wants an account out of a group. One that is only wished for is not added any more.
func (e *Engine) RemoveMember(_ context.Context, conv, id string) error {
	r, err := e.administered(conv)
	if err != nil {
		return err
	}
	_, who, err := e.member(conv, id)
	switch {
	case err != nil:
		return err
	case who == e.identity().chain.ID():
		return failure(CodeSelf, nil)
	}
	return r.wish(wishRecord{Kind: wishRemove, Accounts: []account.ID{who}})
}

// SetRole wants an account to be an admin, or no longer one.
func (e *Engine) SetRole(_ context.Context, conv, id, role string) error {
	r, err := e.administered(conv)
	if err != nil {
		return err
	}
	_, who, err := e.member(conv, id)
	switch {
	case err != nil:
		return err
	case role != RoleAdmin && role != RoleMember:
		return failure(CodeNotFound, nil)
	case role == RoleMember && r.onlyAdmin(who):
		return failure(CodeLastAdmin, nil)
	}
	w := wishRecord{Kind: wishRole, Accounts: []account.ID{who}, Role: epoch.RoleMember}
	if role == RoleAdmin {
		w.Role = epoch.RoleAdmin
	}
	return r.wish(w)
}

// onlyAdmin says whether a group would have no admin without an account, and still somebody, once what is wanted is done.
func (r *room) onlyAdmin(id account.ID) bool {
	d := r.newDraft()
	for _, w := range r.wished() {
		d.take(w)
	}
	_, in := d.roles[id]
	delete(d.roles, id)
	return in && len(d.roles) > 0 && d.admins() == 0
}

// Rename wants another name for a group.
func (e *Engine) Rename(_ context.Context, conv, name string) error {
	r, err := e.administered(conv)
	if err != nil {
		return err
	}
	if name, err = groupName(name); err != nil {
		return err
	}
	return r.wish(wishRecord{Kind: wishRename, Name: name})
}

// Leave wants this account out of a group. What waits to be sent there is not sent any more.
func (e *Engine) Leave(_ context.Context, conv string) error {
	r, err := e.find(conv)
	if err != nil {
		return err
	}
	switch v := r.view(); {
	case v.Kind != KindGroup:
		return failure(CodeNotFound, nil)
	case v.Ended != "":
		return failure(CodeEnded, nil)
	case v.Role == "":
		return failure(CodeNotFound, nil)
	}
	if r.position() > 0 && r.onlyAdmin(e.identity().chain.ID()) {
		return failure(CodeLastAdmin, nil)
	}
	return r.wish(wishRecord{Kind: wishLeave})
}

// RenewKeys wants a new epoch: who stole keys before reads nothing from it on, once the prekey was replaced too.
func (e *Engine) RenewKeys(_ context.Context, conv string) error {
	r, err := e.find(conv)
	if err != nil {
		return err
	}
	switch {
	case r.view().Ended != "":
		return failure(CodeEnded, nil)
	case r.position() == 0:
		return nil // the first epoch is still to come
	}
	return r.wish(wishRecord{Kind: wishRenew})
}
