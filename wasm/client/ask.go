package client

import (
	"encoding/binary"
	"io"
	"slices"
	"time"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// Limits of what others can make this device do by asking.
const (
	maxAsks       = 128 // requests kept for one conversation, and those let back in lately
	rejoinsAnHour = 3   // of one device
)

// Whoever is online makes a change that anyone may make, after a random wait so that not all do it at once.
const (
	waitPerMember = 50 * time.Millisecond
	mostPause     = 30 * time.Second
)

// pausing is where a room stands before a change that anyone may make.
type pausing uint8

const (
	pauseNone pausing = iota
	pauseRuns
	pauseOver
)

// ask is what a device asks of the members here: to be let in by a link, or back in.
type ask struct {
	join   *epoch.Join
	rejoin *epoch.Rejoin
	raw    []byte
	tag    []byte
}

// asked takes a request that the relay handed out. What is kept is bounded by who may ask: devices of the roster, and
// who shows that they have a link's secret.
func (r *room) asked(a wire.Asked) {
	r.mu.Lock()
	item, device, ok := r.readAsk(a)
	if ok && (len(r.asks) < maxAsks || r.asks[device].raw != nil) {
		if string(r.asks[device].raw) != string(a.Ask) {
			r.asks[device] = item
		}
	}
	r.mu.Unlock()
	if ok {
		r.kick()
	}
}

// readAsk reads a request and checks what can be checked at once. The caller holds mu.
func (r *room) readAsk(a wire.Asked) (item ask, from account.DeviceID, ok bool) {
	item = ask{raw: a.Ask, tag: a.Tag}
	h := r.conv.Header()
	if h == nil || r.conv.Gone() || r.conv.Lost() != "" {
		return item, from, false
	}
	if rejoin, err := epoch.ParseRejoin(a.Ask); err == nil {
		item.rejoin = rejoin
		return item, rejoin.Device, rejoin.Conversation == r.id && h.Has(rejoin.Device)
	}
	join, err := epoch.ParseJoin(a.Ask)
	if err != nil || join.Conversation != r.id || !r.proven(join, a.Tag) {
		return item, from, false
	}
	item.join = join
	return item, join.Device, true
}

// proven says whether a request shows its link's secret. The caller holds mu.
func (r *room) proven(j *epoch.Join, tag []byte) bool {
	group, known := r.conv.Group()
	secret, has := group.Secret(j.Link)
	if !known || !has || len(tag) != len(cose.Secret{}) {
		return false
	}
	return cose.Secret(conversation.JoinTag(secret, j.Hash())).Equal(cose.Secret(tag)) || check.Off(check.JoinTag)
}

// sift takes into the draft what is asked and may be granted now, and forgets what never can be.
func (r *room) sift(d *draft) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.conv.Header()
	now := r.e.headerTime()
	if h != nil {
		now = max(now, h.Time)
	}
	for device, a := range r.asks {
		switch {
		case h == nil || a.over(h, r.conv.Epoch(), now):
			delete(r.asks, device)
		case a.rejoin != nil && r.mayLetBack(device, h):
			d.rejoin, d.due = append(d.rejoin, device), true
		case a.join != nil && d.mayAdmit(a.join):
			d.due = true
		}
	}
}

// over says whether a request can never be granted any more.
func (a ask) over(h *epoch.Header, e epoch.ID, now uint64) bool {
	if a.rejoin != nil {
		return a.rejoin.Epoch != e || !h.Has(a.rejoin.Device)
	}
	link, known := h.Room[0].Link(a.join.Link)
	_, member := h.Member(a.join.Account)
	return !known || member || now >= link.Expiry || now >= a.join.Expiry || slices.Contains(link.Used, a.join.ID())
}

// mayLetBack says whether a device's request to be let back in is its own and one it may make. The caller holds mu.
func (r *room) mayLetBack(device account.DeviceID, h *epoch.Header) bool {
	if device == r.e.identity().device || len(r.recent(device)) >= rejoinsAnHour {
		return false
	}
	a := r.asks[device]
	_, entry, _ := h.Find(device)
	chain, ok := r.e.chain(entry.Account)
	if !ok || a.rejoin.Verify(r.e.ports.Primitives, chain) != nil {
		delete(r.asks, device)
		return false
	}
	return true
}

// forgetAsks drops the requests that a draft could not grant.
func (r *room) forgetAsks(d *draft) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for device, a := range r.asks {
		if a.join != nil || slices.Contains(d.rejoin, device) {
			delete(r.asks, device)
		}
	}
}

// recent gives when a device was let back in within the last hour, as far as this device did it. The caller holds mu.
func (r *room) recent(device account.DeviceID) []uint64 {
	since := r.e.millis() - min(r.e.millis(), uint64(time.Hour.Milliseconds()))
	recent := slices.DeleteFunc(r.honoured[device], func(at uint64) bool { return at < since })
	if len(recent) == 0 {
		delete(r.honoured, device)
	} else {
		r.honoured[device] = recent
	}
	return recent
}

// lettingBack counts what a commit grants.
func (r *room) lettingBack(devices []account.DeviceID) {
	r.mu.Lock()
	for _, device := range devices {
		r.honoured[device] = append(r.recent(device), r.e.millis())
	}
	r.mu.Unlock()
	if len(devices) > 0 {
		r.e.later(int64(time.Hour.Seconds())+1, r.kick) // what waits for the limit is looked at again
	}
}

// mayAdmit says whether a link that the draft keeps has uses left for a request.
func (d *draft) mayAdmit(j *epoch.Join) bool {
	at := slices.IndexFunc(d.links, func(l epoch.Link) bool { return l.ID == j.Link })
	in := d.was[j.Account] || d.roles[j.Account] == epoch.RoleAdmin // who is just added is let in by the link, as it expects
	return at >= 0 && !in && !d.removed && !d.unknown && uint64(len(d.links[at].Used)) < d.links[at].Uses
}

// newcomers gives the requests that the draft may grant, so that their accounts can be asked for.
func (r *room) newcomers(d *draft) []ask {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []ask
	for _, a := range r.asks {
		if a.join != nil && d.group != nil && d.mayAdmit(a.join) && len(list) < epoch.MaxAdmitted {
			list = append(list, a)
		}
	}
	return list
}

// admit puts newcomers into the draft whose accounts are as their requests say. Others are not judged again.
func (r *room) admit(d *draft, list []ask, got map[account.ID]*fetched, now uint64) {
	for _, a := range list {
		f := got[a.join.Account]
		if f == nil || !d.mayAdmit(a.join) {
			continue
		}
		p, ok := f.prekeys[a.join.Device]
		fits := ok && p.Thumbprint() == a.join.Prekey && p.Expiry > now && f.contact.chain.Has(a.join.Head)
		if !fits || distrusted(f.contact) || a.join.Verify(r.e.ports.Primitives, f.contact.chain) != nil {
			r.mu.Lock()
			delete(r.asks, a.join.Device)
			r.mu.Unlock()
			continue
		}
		d.roles[a.join.Account] = epoch.RoleMember
		d.admitted = append(d.admitted, epoch.Admission{Account: a.join.Account, Request: a.raw, Tag: [32]byte(a.tag)})
		d.use(a.join)
	}
	slices.SortFunc(d.admitted, func(a, b epoch.Admission) int { return slices.Compare(a.Account[:], b.Account[:]) })
}

// use counts a request at its link.
func (d *draft) use(j *epoch.Join) {
	at := slices.IndexFunc(d.links, func(l epoch.Link) bool { return l.ID == j.Link })
	used := append(d.links[at].Used, j.ID())
	slices.SortFunc(used, func(a, b epoch.RequestID) int { return slices.Compare(a[:], b[:]) })
	d.links[at].Used = used
}

// pause waits before a change that anyone may make and says whether it is over. A new epoch ends it.
func (r *room) pause() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pausing != pauseNone {
		return r.pausing == pauseOver
	}
	r.pausing = pauseRuns
	at := r.conv.Epoch()
	r.e.after(r.drawPause(), func() {
		r.mu.Lock()
		if r.conv.Epoch() == at && r.pausing == pauseRuns {
			r.pausing = pauseOver
		}
		r.mu.Unlock()
		r.kick()
	})
	return false
}

// drawPause draws how long to wait: the longer, the more may do the same. The caller holds mu.
func (r *room) drawPause() time.Duration {
	members := 2
	if h := r.conv.Header(); h != nil {
		members = len(h.Roster)
	}
	most := min(time.Duration(members)*waitPerMember, mostPause)
	var b [8]byte
	if _, err := io.ReadFull(r.e.ports.Random, b[:]); err != nil {
		return most
	}
	return time.Duration(binary.BigEndian.Uint64(b[:]) % uint64(most))
}
