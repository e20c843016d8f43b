package epoch

import (
	"fmt"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/cose"
)

// changes decides whether the creator may make of the group before what the header says. Admins add and remove
// accounts, set roles, links and the group's own state. What is mechanical anyone may do: chains that grew, devices that
// went absent or came back, new prekeys, who rejoins, who left taken out, who has a link let in.
func (h *Header) changes(before *Standing) error {
	b := before.Header
	_, creator, _ := b.Find(h.Creator) // stands there: see Check
	by, _ := b.Member(creator.Account)
	admin := by.Role == RoleAdmin
	for _, m := range h.Roster {
		if slices.Contains(before.Left, m.Account) && !check.Off(check.HasLeft) {
			return fmt.Errorf("%w: account %s has left", ErrNotAllowed, m.Account)
		}
		if err := h.changed(m, b, admin); err != nil {
			return err
		}
	}
	removed := false
	for _, m := range b.Roster {
		if _, stays := h.Member(m.Account); stays || slices.Contains(before.Left, m.Account) {
			continue
		}
		if removed = true; !admin && !check.Off(check.AdminRemoves) {
			return fmt.Errorf("%w: account %s was taken out", ErrNotAllowed, m.Account)
		}
	}
	return h.roomChanges(b, admin, removed)
}

// changed judges one account of the new roster.
func (h *Header) changed(m Member, b *Header, admin bool) error {
	old, was := b.Member(m.Account)
	_, admitted := h.Admits(m.Account)
	switch {
	case was && admitted:
		return fmt.Errorf("%w: account %s is a member already", ErrNotAllowed, m.Account)
	case was && m.Role != old.Role && !admin && !check.Off(check.AdminRoles):
		return fmt.Errorf("%w: role of account %s", ErrNotAllowed, m.Account)
	case was:
		return m.grew(old)
	case admitted && m.Role != RoleMember:
		return fmt.Errorf("%w: account %s came by a link as admin", ErrNotAllowed, m.Account)
	case !admitted && !admin && !check.Off(check.AdminAdds):
		return fmt.Errorf("%w: account %s was added", ErrNotAllowed, m.Account)
	}
	return nil
}

// roomChanges judges the group's own state and its links. Whoever was removed may know their secrets: no link outlives
// a removal.
func (h *Header) roomChanges(b *Header, admin, removed bool) error {
	r, old := h.Room[0], b.Room[0]
	if !admin && (r.State != old.State || len(r.Links) != len(old.Links)) && !check.Off(check.AdminState) {
		return fmt.Errorf("%w: state or links of the group", ErrNotAllowed)
	}
	for _, l := range r.Links {
		was, known := old.Link(l.ID)
		switch {
		case !known && (!admin || len(l.Used) > 0) && !check.Off(check.AdminState):
			return fmt.Errorf("%w: a new link", ErrNotAllowed)
		case known && removed && !check.Off(check.LinkOutlives):
			return fmt.Errorf("%w: a link outlives a removal", ErrNotAllowed)
		case known && (l.Expiry != was.Expiry || l.Uses != was.Uses) && !check.Off(check.AdminState):
			return fmt.Errorf("%w: a link was changed", ErrNotAllowed)
		}
	}
	return nil
}

// checkAdmitted verifies the requests of those who came by links, and that each link counts them.
func (h *Header) checkAdmitted(p cose.Primitives, before *Standing, chains Chains) error {
	if !h.Group() {
		return nil
	}
	used := map[LinkID][]RequestID{}
	for _, a := range h.Room[0].Admitted {
		r, err := ParseJoin(a.Request)
		if err != nil {
			return fmt.Errorf("admission of account %s: %w", a.Account, err)
		}
		if err := h.checkAdmission(p, before.Header, a.Account, r, chains); err != nil {
			return fmt.Errorf("admission of account %s: %w", a.Account, err)
		}
		used[r.Link] = append(used[r.Link], r.ID())
	}
	for _, l := range h.Room[0].Links {
		was, _ := before.Header.Room[0].Link(l.ID)
		want := append(slices.Clone(was.Used), used[l.ID]...)
		sortRequests(want)
		if !slices.Equal(want, l.Used) && !check.Off(check.LinkUses) {
			return fmt.Errorf("%w: a link does not count its uses", ErrLink)
		}
	}
	return nil
}

// checkAdmission holds one request against the link it names and the roster that lets it in.
func (h *Header) checkAdmission(p cose.Primitives, b *Header, id account.ID, r *Join, chains Chains) error {
	link, known := b.Room[0].Link(r.Link)
	kept, _ := h.Room[0].Link(r.Link)
	m, _ := h.Member(id)
	_, entry, present := h.Find(r.Device)
	switch {
	case (!known || kept.ID != r.Link) && !check.Off(check.LinkKnown):
		return fmt.Errorf("%w: there is no such link", ErrLink)
	case slices.Contains(link.Used, r.ID()) && !check.Off(check.LinkUsed):
		return fmt.Errorf("%w: the request was used", ErrLink)
	case (h.Time >= link.Expiry || h.Time >= r.Expiry) && !check.Off(check.LinkExpired):
		return fmt.Errorf("%w: expired", ErrLink)
	case (r.Conversation != h.Conversation || r.Account != id) && !check.Off(check.LinkFor):
		return fmt.Errorf("%w: made for something else", ErrLink)
	case (!present || entry.Account != id || string(entry.Prekey) != string(r.Prekey[:])) && !check.Off(check.LinkFor):
		return fmt.Errorf("%w: the device that asked is not let in with the key it named", ErrLink)
	}
	chain, ok := chains(id)
	if !ok || !chain.Has(r.Head) || r.Head.Number > m.Head.Number {
		return ErrHead
	}
	key, _ := chain.Key(r.Device) // it is active at the head that the roster names; what came later is not for this commit
	return r.signed.Verify(p, key)
}
