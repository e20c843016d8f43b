package client

import (
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
)

// maxWho bounds whom one line of the timeline names.
const maxWho = 24

// told is a line that tells what somebody did, and to whom.
type told struct {
	code string
	who  []account.ID
	name string
}

// changes gives the lines that tell what a commit made of the epoch before.
func (b *batch) changes(own account.ID, o conversation.Outcome) []told {
	h, before := o.Commit.Header, o.Before
	rejoined := accountsOf(h, h.Rejoin)
	if !h.Group() {
		return some(told{code: NoticeRejoined, who: rejoined})
	}
	var added, joined, removed, up, down []account.ID
	for _, m := range h.Roster {
		old, was := before.Member(m.Account)
		_, admitted := h.Admits(m.Account)
		switch {
		case admitted:
			joined = append(joined, m.Account)
		case !was:
			added = append(added, m.Account)
		}
		switch {
		case m.Role == epoch.RoleAdmin && (!was || old.Role != m.Role):
			up = append(up, m.Account)
		case was && m.Role != old.Role:
			down = append(down, m.Account)
		}
	}
	for _, m := range before.Roster {
		if _, stays := h.Member(m.Account); !stays && m.Account != own && !slices.Contains(o.Left, m.Account) {
			removed = append(removed, m.Account)
		}
	}
	lines := some(
		told{code: NoticeRemoved, who: removed}, told{code: NoticeAdded, who: added}, told{code: NoticeJoined, who: joined},
		told{code: NoticeUnproven, who: o.Unproven}, told{code: NoticePromoted, who: up}, told{code: NoticeDemoted, who: down},
		told{code: NoticeRejoined, who: rejoined})
	return append(lines, b.roomChanges(h, before, len(removed) > 0)...)
}

// some leaves out the lines that are about nobody.
func some(lines ...told) []told {
	return slices.DeleteFunc(lines, func(t told) bool { return len(t.who) == 0 })
}

// accountsOf gives the accounts of devices, each once.
func accountsOf(h *epoch.Header, devices []account.DeviceID) []account.ID {
	var ids []account.ID
	for _, d := range devices {
		if _, entry, ok := h.Find(d); ok && !slices.Contains(ids, entry.Account) {
			ids = append(ids, entry.Account)
		}
	}
	return ids
}

// roomChanges gives the lines about a group's name and links.
func (b *batch) roomChanges(h, before *epoch.Header, removed bool) []told {
	var lines []told
	if group, known := b.next.Group(); known && group.Name != b.record.Name {
		if b.record.Name != "" {
			lines = append(lines, told{code: NoticeRenamed, name: group.Name})
		}
		b.record.Name = group.Name
	}
	made, revoked := false, false
	for _, l := range h.Room[0].Links {
		_, known := before.Room[0].Link(l.ID)
		made = made || !known
	}
	for _, l := range before.Room[0].Links {
		_, kept := h.Room[0].Link(l.ID)
		revoked = revoked || !kept && l.Expiry > h.Time && uint64(len(l.Used)) < l.Uses
	}
	if made {
		lines = append(lines, told{code: NoticeLinkMade})
	}
	if revoked && !removed {
		lines = append(lines, told{code: NoticeLinksRevoked})
	}
	return lines
}

// renewed says whether a commit has no other reason than that somebody wanted new keys.
func (b *batch) renewed(o conversation.Outcome) bool {
	h, before := o.Commit.Header, o.Before
	due := h.Time >= before.Time+epochSeconds || b.messages >= epochMessages || len(o.Left) > 0
	same := slices.EqualFunc(h.Entries(), before.Entries(), func(x, y epoch.Entry) bool {
		return x.Device == y.Device && x.Absent() == y.Absent()
	})
	return !due && same
}

// commit takes an epoch that has opened.
func (b *batch) commit(env conversation.Env, o conversation.Outcome) {
	h := o.Commit.Header
	_, creator, _ := h.Find(h.Creator)
	b.tell = true
	b.record.Trouble, b.refusal = "", ""
	b.settle(o)
	switch {
	case o.Before != nil:
		b.changed(env, o, creator.Account)
	case h.Number > 0:
		b.entered(o, creator.Account)
	case h.Group():
		b.record.Group = true
		if group, known := b.next.Group(); known {
			b.record.Name = group.Name
		}
		b.line(o, creator.Account, told{code: NoticeCreated, name: b.record.Name})
		b.baseline(o.Position, h, nil)
	default:
		b.opened(env, o)
	}
	b.joined = b.joined || b.admitted(env, o)
	b.messages = 0
	if o.Lost != nil {
		b.lost(env, o, creator.Account)
	}
}

// changed tells what a commit made of the epoch before.
func (b *batch) changed(env conversation.Env, o conversation.Outcome, by account.ID) {
	lines := b.changes(env.Account, o)
	if len(lines) == 0 && b.renewed(o) {
		lines = []told{{code: NoticeRenewed}}
	}
	for _, line := range lines {
		b.line(o, by, line)
	}
	b.baseline(o.Position, o.Commit.Header, o.Before)
}

// opened tells of a direct conversation's first epoch.
func (b *batch) opened(env conversation.Env, o conversation.Outcome) {
	h := o.Commit.Header
	by := "peer"
	if h.Creator == env.Device {
		by = "self"
	}
	b.record.Activity = max(b.record.Activity, h.Time*1000)
	b.noticeAt(o, h.Time*1000, Trouble{Code: NoticeOpened, Detail: map[string]string{"by": by}})
}

// admitted says whether a commit let this device in by its prekey, which is to be replaced then.
func (b *batch) admitted(env conversation.Env, o conversation.Outcome) bool {
	h := o.Commit.Header
	if h.Creator == env.Device || !h.Has(env.Device) || o.Lost != nil {
		return false
	}
	if o.Before == nil || h.Rejoins(env.Device) {
		return true
	}
	_, entry, was := o.Before.Find(env.Device)
	return !was || entry.Absent()
}

// lost tells that an epoch has opened of which this device has no keys: it was taken out, or it asks for new ones.
func (b *batch) lost(env conversation.Env, o conversation.Outcome, by account.ID) {
	if b.next.Gone() {
		if b.record.Ended == "" {
			b.record.Ended = EndedRemoved
			b.line(o, by, told{code: NoticeTakenOut, who: []account.ID{env.Account}})
		}
		return
	}
	t := noticeFor(o)
	b.addLine(o, entryRecord{Time: b.r.e.millis(), Notice: t.Code, Detail: detailsOf(t), Sender: by})
}

// left tells that an account has left.
func (b *batch) left(env conversation.Env, o conversation.Outcome) {
	id := o.Leave.Account
	b.addLine(o, entryRecord{
		Time: b.r.e.millis(), Own: id == env.Account, Notice: NoticeLeft, Sender: id, Who: []account.ID{id},
	})
	if id == env.Account {
		b.record.Ended = EndedLeft
	}
}

// line tells what somebody did with a commit.
func (b *batch) line(o conversation.Outcome, by account.ID, t told) {
	entry := entryRecord{Time: o.Commit.Header.Time * 1000, Own: o.Own, Notice: t.code, Sender: by, Who: t.who}
	if t.name != "" {
		entry.Detail = append(entry.Detail, detailRecord{Name: "name", Value: t.name})
	}
	entry.limitWho()
	b.record.Activity = max(b.record.Activity, entry.Time)
	b.addLine(o, entry)
}

// addLine gives an event a line, beside those that it has.
func (b *batch) addLine(o conversation.Outcome, entry entryRecord) {
	if b.at != o.Position {
		b.at = o.Position
		b.add(o, entry)
		return
	}
	b.record.Notes++
	entry.Version = recordVersion
	b.touch(&line{id: entryID(b.r.id, o.Position, b.record.Notes), entry: entry, mark: markRecord{Version: recordVersion}})
}

// baseline counts who is new as being where it came in, so that what was said before waits for nobody, and forgets who
// is gone.
func (b *batch) baseline(at epoch.Position, h, before *epoch.Header) {
	for _, m := range h.Roster {
		if len(h.Roster) > receiptsUpTo {
			break // nobody tells
		}
		if before != nil {
			if _, was := before.Member(m.Account); was {
				continue
			}
		}
		p := progressRecord{Version: recordVersion, Delivered: at, Read: at}
		b.progress[m.Account] = p
		b.writes = append(b.writes, put(kindProgress, progressID(b.r.id, m.Account), p))
	}
	if before == nil {
		return
	}
	for _, m := range before.Roster {
		if _, stays := h.Member(m.Account); !stays {
			b.writes = append(b.writes, remove(kindProgress, progressID(b.r.id, m.Account)))
		}
	}
}

// settle ends the wishes that a commit of this device carried.
func (b *batch) settle(o conversation.Outcome) {
	if !o.Own {
		return
	}
	for _, w := range b.r.carriedBy(o.Commit.ID) {
		b.writes = append(b.writes, remove(kindWish, w.id))
		b.granted = append(b.granted, w)
	}
	b.letBack = append(b.letBack, o.Commit.Header.Rejoin...)
}

// limitWho keeps a line short: the first are named, the others counted.
func (entry *entryRecord) limitWho() {
	if more := len(entry.Who) - maxWho; more > 0 {
		entry.Who = entry.Who[:maxWho]
		entry.Detail = append(entry.Detail, detailRecord{Name: "more", Value: number(uint64(more))})
	}
}
