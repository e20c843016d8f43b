package soak

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"sotto/wasm/account"
	"sotto/wasm/client"
	"sotto/wasm/epoch"
)

// settling is how long a story's end may take until nothing moves any more: the longest wait of any timer in the engine.
const settling = 3 * time.Minute

// end lets everything arrive and compares.
func (w *wandering) end() error {
	for _, p := range w.people {
		p.gate.hold(false)
		p.gate.close(false)
		p.engine.Connect()
	}
	log, err := w.settled()
	if err != nil {
		return err
	}
	if w.giveUp() {
		if log, err = w.settled(); err != nil {
			return err
		}
	}
	w.t.Logf("%d people, %d events, %d messages of %d written, %d in at the end", len(w.people), len(log.kinds), log.messages(), len(w.sent), len(log.newest().Roster))
	for _, p := range w.people {
		if err := w.compare(p, log); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// settled lets time pass until nothing moves any more and reads what the relay has.
func (w *wandering) settled() (*truth, error) {
	for range 3 {
		w.pass(settling)
	}
	return w.house.readTruth(w.conv)
}

// giveUp has everyone give up a link who was let in otherwise meanwhile, as they are told to.
func (w *wandering) giveUp() bool {
	gave := false
	for _, p := range w.people {
		if p.blocked(w.conv) == client.NoticeNotByLink && p.engine.CancelJoin(context.Background(), w.conv) == nil {
			gave = true
		}
	}
	return gave
}

// compare holds what one person sees against the log and against what was written.
func (w *wandering) compare(p *wanderer, log *truth) error {
	id, err := hex.DecodeString(p.engine.Me().Account)
	if err != nil {
		return err
	}
	own := account.ID(id)
	if err := w.compareWords(p, own, log); err != nil {
		return err
	}
	if waits := p.waiting(w.conv); len(waits) > 0 && (log.inside(own) || p.ended(w.conv)) {
		return fmt.Errorf("%q still wait; in: %v; notices %q", waits, log.inside(own), p.notices(w.conv))
	}
	if !log.inside(own) {
		return nil
	}
	if err := w.compareMembers(p, log.newest()); err != nil {
		return err
	}
	if missing := log.missing(own, p.positions(w.conv)); len(missing) > 0 {
		return fmt.Errorf("misses positions %v of %d; sees %q with the notices %q", missing, len(log.kinds), p.user.texts(w.conv), p.notices(w.conv))
	}
	return nil
}

// ended says whether a person was in and is not any more: who only asked to be let in goes on waiting.
func (p *wanderer) ended(conv string) bool {
	return slices.ContainsFunc(p.engine.Conversations(), func(c client.Conversation) bool { return c.ID == conv && c.Ended != "" })
}

// waiting lists what a person wrote that neither went out nor failed.
func (p *wanderer) waiting(conv string) []string {
	var waits []string
	for _, e := range p.timeline(conv) {
		if e.Own && e.State != nil && (*e.State == client.EntryWaiting || *e.State == client.EntrySending) {
			waits = append(waits, *e.Text)
		}
	}
	return waits
}

// compareWords checks that each word stands once, in order, by who wrote it, and at a position of a time when this
// person was in.
func (w *wandering) compareWords(p *wanderer, own account.ID, log *truth) error {
	seen := map[string]bool{}
	var last int64
	for _, e := range p.timeline(w.conv) {
		if e.Kind != client.EntryMessage || e.Position == nil {
			continue
		}
		text, at := *e.Text, *e.Position
		who, known := w.sent[text]
		switch {
		case !known || w.people[who].name != e.Sender.Handle:
			return fmt.Errorf("position %d: %q by %s was not written so", at, text, e.Sender.Handle)
		case seen[text]:
			return fmt.Errorf("position %d: %q stands twice", at, text)
		case at <= last:
			return fmt.Errorf("position %d after %d", at, last)
		case !log.has(own, at):
			return fmt.Errorf("position %d: %q is of a time when %s was not in", at, text, p.name)
		}
		seen[text], last = true, at
	}
	return nil
}

// compareMembers checks that a person sees the members that the log has, with their roles.
func (w *wandering) compareMembers(p *wanderer, h *epoch.Header) error {
	members, err := p.engine.Members(context.Background(), w.conv)
	if err != nil {
		return err
	}
	var got, want []string
	for _, m := range members {
		if m.State != client.MemberAdding {
			got = append(got, m.Account+" "+m.Role)
		}
	}
	for _, m := range h.Roster {
		want = append(want, m.Account.String()+" "+map[epoch.Role]string{epoch.RoleAdmin: "admin", epoch.RoleMember: "member"}[m.Role])
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return fmt.Errorf("sees the members %q, want %q", got, want)
	}
	return nil
}

// positions lists where a person has messages.
func (p *wanderer) positions(conv string) map[int64]bool {
	at := map[int64]bool{}
	for _, e := range p.timeline(conv) {
		if e.Kind == client.EntryMessage && e.Position != nil {
			at[*e.Position] = true
		}
	}
	return at
}

// missing lists the positions of messages that an account was in for and does not have.
func (t *truth) missing(id account.ID, have map[int64]bool) []int64 {
	var missing []int64
	for i, kind := range t.kinds {
		at := int64(i + 1)
		if kind == epoch.KindMessage && t.has(id, at) && !have[at] {
			missing = append(missing, at)
		}
	}
	return missing
}
