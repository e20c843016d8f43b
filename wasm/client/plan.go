package client

import (
	"bytes"
	"errors"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/kem"
)

// Why no commit can be made now, although nothing is wrong with it.
var (
	errDistrusted = errors.New("the relay contradicts itself about a member")
	errUndecided  = errors.New("the person has to decide about a member first")
	errUnknown    = errors.New("this device does not know what members know of the group")
)

// plan gathers who is to be in the next epoch, as the relay shows it now and as it was verified here.
func (r *room) plan(s *session, d *draft) (conversation.Plan, error) {
	if err := r.mayPlan(d); err != nil {
		return conversation.Plan{}, err
	}
	plan := conversation.Plan{Time: r.planTime(), Keys: map[account.DeviceID]kem.PublicKey{}}
	var others []account.ID
	for id := range d.roles {
		if id != d.own {
			others = append(others, id)
		}
	}
	got, err := r.e.fetchAccounts(s, others)
	if err != nil {
		return conversation.Plan{}, err
	}
	r.met(got)
	r.admitNewcomers(s, d, got, plan.Time)
	for id, role := range d.roles {
		m := ownMember(r.e.identity())
		if id != d.own {
			m = memberOf(got[id], plan)
		}
		m.Role = role
		plan.Roster = append(plan.Roster, m)
	}
	slices.SortFunc(plan.Roster, func(a, b epoch.Member) int { return bytes.Compare(a.Account[:], b.Account[:]) })
	d.letBack(&plan, r.e.identity().device)
	if d.group == nil {
		return plan, reachable(plan)
	}
	return plan, r.planRoom(&plan, d)
}

// admitNewcomers asks for the accounts that may be let in by links and puts them into the draft and among the others.
// What cannot be learnt of them keeps nobody else.
func (r *room) admitNewcomers(s *session, d *draft, got map[account.ID]*fetched, now uint64) {
	list := r.newcomers(d)
	if len(list) == 0 {
		return
	}
	var ids []account.ID
	for _, a := range list {
		if !slices.Contains(ids, a.join.Account) {
			ids = append(ids, a.join.Account)
		}
	}
	found, _ := r.e.fetchAccounts(s, ids)
	r.met(found)
	for id, f := range found {
		got[id] = f
	}
	r.admit(d, list, found, now)
}

// mayPlan says why no commit may be made for the accounts of a draft.
func (r *room) mayPlan(d *draft) error {
	if d.group == nil {
		return nil
	}
	for _, id := range r.undecided() {
		if _, in := d.roles[id]; in {
			return errUndecided
		}
	}
	for id := range d.roles {
		if c := r.e.contact(id); c != nil && distrusted(c) {
			return errDistrusted
		}
	}
	if d.restated && d.group.Name == "" && r.knownName() == "" {
		return errUnknown
	}
	return nil
}

func (r *room) knownName() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.record.Name
}

// planTime is the time that the header will have: expiry is judged by it.
func (r *room) planTime() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.e.headerTime()
	if h := r.conv.Header(); h != nil {
		now = max(now, h.Time)
	}
	return now
}

// memberOf is an account in the roster: its devices whose prekey may be used are wrapped to, the others absent.
func memberOf(f *fetched, plan conversation.Plan) epoch.Member {
	m := epoch.Member{Account: f.contact.id(), Head: f.contact.chain.Head()}
	for _, d := range f.contact.chain.Active() {
		slot := epoch.Slot{Device: d.ID}
		if p, ok := f.prekeys[d.ID]; ok && p.Expiry > plan.Time {
			slot.Prekey, plan.Keys[d.ID] = keyThumbprint(p), p.Key
		}
		m.Slots = append(m.Slots, slot)
	}
	return m
}

// reachable checks that the other side of a direct conversation can be written to.
func reachable(plan conversation.Plan) error {
	if len(plan.Keys) == 0 {
		return failure(NoticePeerAway, nil)
	}
	return nil
}

// letBack marks the devices that rejoin, as far as they can be wrapped to.
func (d *draft) letBack(plan *conversation.Plan, device account.DeviceID) {
	if d.everyone {
		plan.Rejoin = conversation.Everyone(plan.Roster, device)
		return
	}
	for _, asks := range d.rejoin {
		if _, present := plan.Keys[asks]; present {
			plan.Rejoin = append(plan.Rejoin, asks)
		}
	}
	slices.SortFunc(plan.Rejoin, func(a, b account.DeviceID) int { return bytes.Compare(a[:], b[:]) })
}

// planRoom says what a group is beside its roster. Links that are over are dropped where this device may.
func (r *room) planRoom(plan *conversation.Plan, d *draft) error {
	if d.admin {
		d.drop(func(_ epoch.LinkID, expiry uint64) bool { return expiry <= plan.Time })
	}
	plan.Room = &conversation.RoomPlan{Links: d.links, Admitted: d.admitted}
	if !d.restated {
		return nil // without a name it stays what it is
	}
	salt, err := r.e.random16()
	if err != nil {
		return err
	}
	if d.group.Name == "" {
		d.group.Name = r.knownName()
	}
	d.group.Salt, plan.Room.Group = salt, *d.group
	return nil
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
