package client

import (
	"context"
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
)

// wishKind is what a person wants of a conversation. The values are stored.
type wishKind uint64

const (
	wishAdd    wishKind = 1
	wishRemove wishKind = 2
	wishRole   wishKind = 3
	wishRename wishKind = 4
	wishLink   wishKind = 5
	wishRevoke wishKind = 6
	wishLeave  wishKind = 7
	wishRenew  wishKind = 8
)

// wishRecord is something wanted of a conversation that waits to become true: by this device's next commit, or by
// anyone's before. It is built into a new commit as often as one loses its race, and it is done once: when the commit that
// carried it is in the log, whatever is changed back after it.
type wishRecord struct {
	_        struct{} `cbor:",toarray"`
	Version  uint64
	Kind     wishKind
	Accounts []account.ID
	Role     epoch.Role
	Name     string
	Link     conversation.LinkSecret
	Expiry   uint64 // of a link, seconds since 1970
	Uses     uint64
	Commit   epoch.ID // the one that carries it, zero before there is one
}

// wish is a stored wish. It is replaced, never changed.
type wish struct {
	id     []byte
	record wishRecord
}

// word names a wish for display.
func (w *wish) word() string {
	if w.record.Kind == wishRole && w.record.Role == epoch.RoleAdmin {
		return "promote"
	}
	return []string{"", "add", "remove", "demote", "rename", "link", "revoke", "leave", "renew"}[w.record.Kind]
}

func (r *room) loadWishes(ctx context.Context) error {
	records, err := r.e.within(ctx, kindWish, r.id[:])
	if err != nil {
		return err
	}
	for _, stored := range records {
		w := &wish{id: stored.Key.ID}
		if err := decodeRecord(stored, &w.record); err != nil {
			return err
		}
		if w.record.Kind < wishAdd || w.record.Kind > wishRenew {
			return ErrStorageCorrupt
		}
		r.wishes = append(r.wishes, w)
	}
	return nil
}

// wished gives what is wanted here, oldest first.
func (r *room) wished() []*wish {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.wishes)
}

// wish keeps what the person wants until it is true.
func (r *room) wish(w wishRecord) error {
	w.Version = recordVersion
	r.writing.Lock()
	record := r.snapshot()
	record.Wishes++
	item := &wish{id: outID(r.id, record.Wishes), record: w}
	err := r.e.apply([]Write{put(kindWish, item.id, w), put(kindRoom, r.id[:], record)})
	if err == nil {
		r.mu.Lock()
		r.record = record
		r.wishes = append(r.wishes, item)
		r.mu.Unlock()
	}
	r.writing.Unlock()
	r.show()
	r.kick()
	return storage(err)
}

// carry notes in each wish the commit that carries it, and gives the writes that keep that.
func (r *room) carry(wishes []*wish, commit epoch.ID) []Write {
	var writes []Write
	r.mu.Lock()
	defer r.mu.Unlock()
	all := slices.Clone(r.wishes)
	for _, w := range wishes {
		next := &wish{id: w.id, record: w.record}
		next.record.Commit = commit
		writes = append(writes, put(kindWish, next.id, next.record))
		if at := slices.Index(all, w); at >= 0 {
			all[at] = next
		}
	}
	r.wishes = all
	return writes
}

// carriedBy gives the wishes that a commit carried.
func (r *room) carriedBy(commit epoch.ID) []*wish {
	return slices.DeleteFunc(r.wished(), func(w *wish) bool { return w.record.Commit != commit })
}

// forgetWishes takes wishes out of the list; their records are gone already. The caller holds mu.
func (r *room) forgetWishes(gone []*wish) {
	r.wishes = slices.DeleteFunc(slices.Clone(r.wishes), func(w *wish) bool {
		return slices.ContainsFunc(gone, func(g *wish) bool { return string(g.id) == string(w.id) })
	})
}

// settleWish removes a wish that is true already or that cannot come true, which is told with its cause.
func (r *room) settleWish(w *wish, cause string) bool {
	if r.e.apply([]Write{remove(kindWish, w.id)}) != nil {
		r.rest(5)
		return false
	}
	r.mu.Lock()
	r.forgetWishes([]*wish{w})
	r.mu.Unlock()
	if cause == "" {
		r.show()
		return true
	}
	t := Trouble{Code: NoticeNotDone, Detail: map[string]string{"what": w.word(), "cause": cause}}
	r.noteOf(t, account.ID{}, w.record.Accounts)
	return true
}
