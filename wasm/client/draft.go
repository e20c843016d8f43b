package client

import (
	"bytes"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
)

// Why a wish cannot come true; the frontend has words for them.
const (
	causeNotAdmin  = "not-admin"
	causeLastAdmin = "last-admin"
	causeNotMember = "not-member"
	causeFull      = "full"
	causeLinks     = "links"
	causeTrouble   = "trouble"
	causeRefused   = "refused"
)

// draft is the next epoch of a conversation while it is put together: the epoch before, with everything that is due.
type draft struct {
	own       account.ID
	admin     bool                      // by the epoch before, which counts for the commit
	was       map[account.ID]bool       // in the epoch before
	left      []account.ID              // the epoch before, and can be in the one after this at the soonest
	made      []epoch.LinkID            // by this draft
	roles     map[account.ID]epoch.Role // who is to be in it
	group     *conversation.Group       // what its members are to know, nil in a direct conversation
	unknown   bool                      // that this device does not know what they know
	restated  bool                      // what they know is another than before
	links     []epoch.Link
	removed   bool // somebody goes who did not leave: no link outlives it
	admitted  []epoch.Admission
	everyone  bool // is let back in, because this device has nothing of the epoch before
	rejoin    []account.DeviceID
	carried   []*wish
	due       bool // there is something in it that the epoch before has not
	onlyAsked bool // and that is what others ask for
	devices   func(account.ID) int
}

// newDraft begins with the epoch that is open. Who has left is not in it any more.
func (r *room) newDraft() *draft {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := &draft{own: r.e.identity().chain.ID(), was: map[account.ID]bool{}, roles: map[account.ID]epoch.Role{}, devices: r.e.deviceCount}
	h := r.conv.Header()
	if !r.record.Group {
		d.roles[d.own], d.roles[r.record.Peer] = epoch.RoleMember, epoch.RoleMember
		return d
	}
	if h == nil { // it waits to be begun
		d.roles[d.own], d.admin, d.group = epoch.RoleAdmin, true, &conversation.Group{Name: r.record.Name}
		return d
	}
	d.left = r.conv.Left()
	for _, m := range h.Roster {
		d.was[m.Account] = true
		if !slices.Contains(d.left, m.Account) {
			d.roles[m.Account] = m.Role
		}
	}
	d.due = len(d.left) > 0
	d.admin = d.roles[d.own] == epoch.RoleAdmin
	d.links = cloneLinks(h.Room[0].Links)
	group, known := r.conv.Group()
	d.group, d.unknown = &group, !known
	return d
}

// cloneLinks gives links whose lists of uses are not shared.
func cloneLinks(links []epoch.Link) []epoch.Link {
	links = slices.Clone(links)
	for i := range links {
		links[i].Used = slices.Clone(links[i].Used)
	}
	return links
}

// later says whether a wish has to wait for an epoch after this one, with all that was wanted after it: who has left is
// taken out before anyone can add them again.
func (d *draft) later(w *wish) bool {
	return w.record.Kind == wishLeave || w.record.Kind == wishAdd && slices.ContainsFunc(w.record.Accounts, func(id account.ID) bool {
		return slices.Contains(d.left, id)
	})
}

// take puts a wish into the draft. done says that there was nothing to do; cause, why it cannot come true.
func (d *draft) take(w *wish) (done bool, cause string) {
	changes := map[wishKind]func(wishRecord) (bool, string){
		wishAdd: d.add, wishRemove: d.remove, wishRole: d.role, wishRename: d.rename, wishLink: d.link, wishRevoke: d.revoke,
	}
	change, ok := changes[w.record.Kind]
	switch {
	case w.record.Kind == wishRenew:
		done = false
	case !ok:
		return true, ""
	default:
		done, cause = change(w.record)
	}
	if !done && cause == "" && ok && !d.admin {
		cause = causeNotAdmin
	}
	if !done && cause == "" {
		d.carried, d.due = append(d.carried, w), true
	}
	return done, cause
}

func (d *draft) add(w wishRecord) (done bool, cause string) {
	var missing []account.ID
	count := 0
	for id := range d.roles {
		count += d.devices(id)
	}
	for _, id := range w.Accounts {
		if _, is := d.roles[id]; !is {
			missing = append(missing, id)
			count += d.devices(id)
		}
	}
	switch {
	case len(missing) == 0:
		return true, ""
	case count > epoch.MaxDevices:
		return false, causeFull
	case !d.admin:
		return false, causeNotAdmin
	}
	for _, id := range missing {
		d.roles[id] = epoch.RoleMember
	}
	return false, ""
}

func (d *draft) remove(w wishRecord) (done bool, cause string) {
	if _, is := d.roles[w.Accounts[0]]; !is {
		return true, ""
	}
	if !d.admin {
		return false, causeNotAdmin
	}
	delete(d.roles, w.Accounts[0])
	if d.was[w.Accounts[0]] {
		d.removed = true
		d.drop(func(id epoch.LinkID, _ uint64) bool { return !slices.Contains(d.made, id) })
	}
	return false, ""
}

func (d *draft) role(w wishRecord) (done bool, cause string) {
	role, is := d.roles[w.Accounts[0]]
	switch {
	case !is:
		return false, causeNotMember
	case role == w.Role:
		return true, ""
	case !d.admin:
		return false, causeNotAdmin
	case w.Role == epoch.RoleMember && d.admins() == 1:
		return false, causeLastAdmin
	}
	d.roles[w.Accounts[0]] = w.Role
	return false, ""
}

func (d *draft) admins() int {
	n := 0
	for _, role := range d.roles {
		if role == epoch.RoleAdmin {
			n++
		}
	}
	return n
}

func (d *draft) rename(w wishRecord) (done bool, cause string) {
	if d.group.Name == w.Name {
		return true, ""
	}
	if d.admin {
		d.group.Name, d.restated = w.Name, true
	}
	return false, ""
}

func (d *draft) link(w wishRecord) (done bool, cause string) {
	switch {
	case slices.ContainsFunc(d.links, func(l epoch.Link) bool { return l.ID == w.Link.ID }):
		return true, ""
	case len(d.links) >= epoch.MaxLinks:
		return false, causeLinks
	case !d.admin:
		return false, causeNotAdmin
	}
	d.made = append(d.made, w.Link.ID)
	d.links = append(d.links, epoch.Link{ID: w.Link.ID, Expiry: w.Expiry, Uses: w.Uses})
	slices.SortFunc(d.links, func(a, b epoch.Link) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	d.group.Links = append(slices.Clone(d.group.Links), w.Link)
	slices.SortFunc(d.group.Links, func(a, b conversation.LinkSecret) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	d.restated = true
	return false, ""
}

func (d *draft) revoke(w wishRecord) (done bool, cause string) {
	if !slices.ContainsFunc(d.links, func(l epoch.Link) bool { return l.ID == w.Link.ID }) {
		return true, ""
	}
	if d.admin {
		d.drop(func(id epoch.LinkID, _ uint64) bool { return id == w.Link.ID })
	}
	return false, ""
}

// drop takes out links, their secrets as well.
func (d *draft) drop(which func(id epoch.LinkID, expiry uint64) bool) {
	gone := map[epoch.LinkID]bool{}
	d.links = slices.DeleteFunc(d.links, func(l epoch.Link) bool {
		gone[l.ID] = which(l.ID, l.Expiry)
		return gone[l.ID]
	})
	kept := slices.DeleteFunc(slices.Clone(d.group.Links), func(l conversation.LinkSecret) bool { return gone[l.ID] })
	d.restated = d.restated || len(kept) != len(d.group.Links)
	d.group.Links = kept
}

// deviceCount is how many devices of an account a roster would list, as far as is known here.
func (e *Engine) deviceCount(id account.ID) int {
	chain, ok := e.chain(id)
	if !ok {
		return 1
	}
	return len(chain.Active())
}
