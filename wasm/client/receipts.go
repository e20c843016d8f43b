package client

import (
	"errors"
	"strconv"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// receiptPause is how long a room waits between two of its receipts, in seconds: one tells for many.
const (
	receiptPause = 1
	markPause    = 30 // of a conversation that sends none
)

// takeSignals opens the receipts that came. It says whether the room has to look again.
func (r *room) takeSignals() bool {
	r.mu.Lock()
	signals, outside := r.signals, r.outside()
	r.signals = nil
	r.mu.Unlock()
	if outside {
		return false // they are of an epoch that this device is not in
	}
	again := false
	for _, sig := range signals {
		again = r.takeSignal(sig) || again
	}
	return again
}

func (r *room) takeSignal(sig signal) bool {
	next, receipt, err := r.conv.OpenReceipt(r.e.env(), sig.data)
	switch {
	case errors.Is(err, conversation.ErrAhead):
		return r.ahead(sig)
	case errors.Is(err, conversation.ErrSplit):
		r.mu.Lock()
		r.conv = next
		r.mu.Unlock()
		_ = r.e.apply([]Write{keepState(next)}) // it is found again from the same log
		r.tellSplit(receipt.Sender.Account)
		return true
	case err != nil:
		return false // superseded, or forged by who can do no harm with it
	}
	progress, kept := r.progressed(receipt)
	if r.e.apply([]Write{keepState(next), kept}) == nil {
		r.mu.Lock()
		r.conv = next
		r.progress[receipt.Sender.Account] = progress
		r.mu.Unlock()
		r.show()
	}
	return false
}

// tellSplit tells that a member was shown another history, or says so. In a group, which goes on, that is told once in an
// epoch of each.
func (r *room) tellSplit(by account.ID) {
	if !r.group() {
		r.note(trouble(NoticeSplitView))
		return
	}
	r.mu.Lock()
	now := r.conv.Header().Number + 1 // 0 is no epoch at all
	told := r.splits[by] == now
	r.splits[by] = now
	r.mu.Unlock()
	if !told {
		r.noteOf(r.e.about(by, NoticeSplitView), by, nil)
	}
}

// ahead fetches what a receipt tells of. When the relay, asked again, does not have it, it keeps it back.
func (r *room) ahead(sig signal) bool {
	s := r.e.session()
	if s == nil {
		return false
	}
	page, ok := r.ask(s)
	if !ok {
		return false
	}
	if r.hasEvents() {
		r.mu.Lock()
		r.signals = append(r.signals, sig)
		r.mu.Unlock()
		return true
	}
	if len(page.Events) > 0 {
		return false // they are none that this device can take now
	}
	r.mu.Lock()
	at := r.conv.Position() + 1
	told := r.kept == at
	r.kept = at
	r.mu.Unlock()
	if !told {
		r.note(Trouble{Code: NoticeWithheld, Detail: map[string]string{
			"position": strconv.FormatUint(uint64(at), 10),
		}})
	}
	return false
}

// tell sends a receipt when there is something to tell and the pause is over.
func (r *room) tell(s *session) {
	read, ready := r.toTell()
	if !ready {
		return
	}
	large := r.large()
	r.e.later(pauseOf(large), func() {
		r.mu.Lock()
		r.told = false
		r.mu.Unlock()
		r.kick()
	})
	if large {
		r.mark(s, r.position())
		return
	}
	if !r.tellNow(s, read) {
		r.tellAgain()
	}
}

// tellNow seals a receipt and sends it. It says whether it is on its way.
func (r *room) tellNow(s *session, read epoch.Position) bool {
	next, sealed, err := r.conv.SealReceipt(r.e.env(), read)
	if err != nil {
		return false
	}
	at, number := next.Position(), next.Header().Number
	err = r.changeWith([]Write{keepState(next)}, func(record *roomRecord) {
		record.Told, record.ToldRead, record.Epoch = at, read, number
	})
	if err != nil {
		return false
	}
	r.mu.Lock()
	r.conv = next
	r.mu.Unlock()
	s.send(r.e.now(), wire.Receipt{Conversation: r.id, Signal: sealed}, func(_ wire.Frame, err error) {
		switch code, _ := refusal(err); {
		case err == nil, code == wire.CodeReceiptRefused: // of an epoch that is over: the next one is told of
		default:
			r.tellAgain()
		}
	})
	r.mark(s, at)
	return true
}

// mark tells the relay up to where this device needs nothing any more.
func (r *room) mark(s *session, at epoch.Position) {
	s.send(r.e.now(), wire.Cursor{Conversation: r.id, Position: at}, func(wire.Frame, error) {})
}

// large says whether the conversation has more accounts than tell each other what they have received and read.
func (r *room) large() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.conv.Header()
	return h != nil && len(h.Roster) > receiptsUpTo
}

// pauseOf is how long to wait, in seconds, before the next receipt, or the next mark where there are no receipts.
func pauseOf(large bool) int64 {
	if large {
		return markPause
	}
	return receiptPause
}

// toTell says whether a receipt is to be sent now, and up to where the person has read. What is read from here on is
// due again.
func (r *room) toTell() (read epoch.Position, ready bool) {
	blocked, tells := r.blocked() != nil || r.waits(), r.e.chosen().Receipts
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.conv.Header()
	if tells {
		read = r.record.Read
	}
	news := h != nil && (r.untold || r.conv.Position() > r.record.Told || read > r.record.ToldRead || h.Number > r.record.Epoch)
	if blocked || !r.due || !news || r.told {
		return 0, false
	}
	r.told, r.due, r.untold = true, false, false
	return read, true
}

// tellAgain notes that the last receipt did not arrive. The end of the pause, or the next connection, sends another.
func (r *room) tellAgain() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.due, r.untold = true, true
}
