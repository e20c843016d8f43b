package hostile

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"time"

	"sotto/wasm/account"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

func now() uint64 { return uint64(time.Now().UnixMilli()) }

// answers are what the server does about each kind of request.
var answers = map[wire.Kind]func(*link, wire.Frame){
	wire.KindRegister:      on((*link).register),
	wire.KindLogin:         on((*link).login),
	wire.KindLookup:        on((*link).lookup),
	wire.KindChain:         on((*link).chain),
	wire.KindPrekey:        on((*link).prekey),
	wire.KindCommit:        on((*link).commit),
	wire.KindMessage:       on((*link).message),
	wire.KindFetch:         on((*link).fetch),
	wire.KindConversations: on((*link).conversations),
	wire.KindReceipt:       on((*link).receipt),
	wire.KindAsk:           on((*link).ask),
	wire.KindLeave:         on((*link).leave),
	wire.KindCursor:        func(k *link, f wire.Frame) { k.send(f.ID, wire.Done{}) },
}

func on[B any, P interface {
	*B
	wire.Body
}](answer func(*link, uint64, B)) func(*link, wire.Frame) {
	return func(k *link, f wire.Frame) {
		var body B
		if wire.DecodeBody(f, P(&body)) == nil {
			answer(k, f.ID, body)
		}
	}
}

func (k *link) handle(f wire.Frame) {
	if answer, ok := answers[f.Kind]; ok {
		answer(k, f)
		return
	}
	k.send(f.ID, wire.Error{Code: wire.CodeUnknownKind})
}

func (k *link) enter(id uint64, login []byte) (*account.SignedLogin, bool) {
	l, err := account.ParseLogin(login)
	if err != nil {
		k.send(id, wire.Error{Code: wire.CodeLoginRefused})
		return nil, false
	}
	k.account, k.device = l.Account, l.Device
	return l, true
}

func (k *link) register(id uint64, r wire.Register) {
	l, ok := k.enter(id, r.Login)
	if !ok {
		return
	}
	k.server.accounts[l.Account] = &served{
		handle: r.Handle, links: [][]byte{r.Link}, prekeys: map[account.DeviceID][]byte{l.Device: r.Prekey},
	}
	k.server.handles[r.Handle] = l.Account
	k.send(id, wire.Done{})
}

func (k *link) login(id uint64, r wire.Login) {
	if _, ok := k.enter(id, r.Login); ok {
		k.send(id, wire.Done{})
	}
}

func (k *link) lookup(id uint64, r wire.Lookup) {
	if a, ok := k.server.handles[r.Handle]; ok {
		k.send(id, wire.Account{Account: a})
		return
	}
	k.send(id, wire.Error{Code: wire.CodeNotFound})
}

func (k *link) chain(id uint64, r wire.Chain) {
	a, ok := k.server.accounts[r.Account]
	if !ok {
		k.send(id, wire.Error{Code: wire.CodeNotFound})
		return
	}
	page := wire.ChainPage{Handle: a.handle, Links: a.links[min(r.From, uint64(len(a.links))):]}
	for _, p := range a.prekeys {
		page.Prekeys = append(page.Prekeys, p)
	}
	k.send(id, page)
}

func (k *link) prekey(id uint64, r wire.Prekey) {
	if a, ok := k.server.accounts[k.account]; ok {
		a.prekeys[k.device] = r.Prekey
	}
	var heads []wire.Head
	for _, c := range k.mine() {
		heads = append(heads, k.server.head(c))
	}
	k.send(id, wire.Heads{Heads: heads})
}

// commit stores what an honest relay would: the first commit of a number, once.
func (k *link) commit(id uint64, r wire.Commit) {
	l := k.server.log(r.Conversation)
	if at, ok := l.find(r.Commit); ok {
		k.send(id, wire.Stored{Position: at})
		return
	}
	c, err := epoch.ParseCommit(r.Commit)
	if err != nil || c.Header.Number != l.epochs || len(r.Wraps) != len(c.Wraps) {
		k.send(id, wire.Error{Code: wire.CodeStaleEpoch, Detail: uint64(max(l.epochs, 1) - 1)})
		return
	}
	l.epochs, l.closed = l.epochs+1, false
	at := k.server.append(r.Conversation, epoch.KindCommit, r.Commit, ByDevice(c.Header, r.Wraps))
	k.send(id, wire.Stored{Position: at})
}

// ByDevice gives wraps in roster order by the devices they are for.
func ByDevice(h *epoch.Header, wraps [][]byte) map[account.DeviceID][]byte {
	byDevice := map[account.DeviceID][]byte{}
	for i, e := range h.Entries() {
		byDevice[e.Device] = wraps[i]
	}
	return byDevice
}

func (k *link) message(id uint64, r wire.Message) {
	l := k.server.log(r.Conversation)
	at, known := l.find(r.Event)
	sealed, err := epoch.ParseSealed(r.Event, epoch.TypeMessage, wire.MaxMessageEvent)
	switch {
	case known:
	case l.closed:
		k.send(id, wire.Error{Code: wire.CodeEpochFull})
		return
	case err != nil || sealed.Number+1 != l.epochs:
		k.send(id, wire.Error{Code: wire.CodeStaleEpoch, Detail: uint64(max(l.epochs, 1) - 1)})
		return
	default:
		at = k.server.append(r.Conversation, epoch.KindMessage, r.Event, nil)
	}
	k.send(id, wire.Stored{Position: at})
}

// find gives the position of an event that is there already: clients send again what was not answered.
func (l *log) find(event []byte) (epoch.Position, bool) {
	at := slices.IndexFunc(l.events, func(e stored) bool { return bytes.Equal(e.event.Event, event) })
	return epoch.Position(at + 1), at >= 0
}

func (k *link) leave(id uint64, r wire.Leave) {
	l := k.server.log(r.Conversation)
	at, known := l.find(r.Event)
	if !known {
		at, l.closed = k.server.append(r.Conversation, epoch.KindLeave, r.Event, nil), true
	}
	k.send(id, wire.Stored{Position: at})
}

func (k *link) ask(id uint64, r wire.Ask) {
	l := k.server.log(r.Conversation)
	l.asks[k.device] = wire.Asked{Ask: r.Ask, Tag: r.Tag}
	for other := range k.server.links {
		if l.accounts[other.account] && len(r.Ask) > 0 {
			other.send(0, wire.AskPush{Conversation: r.Conversation, Ask: r.Ask, Tag: r.Tag})
		}
	}
	k.send(id, wire.Done{})
}

// fetch gives everything to whoever is in a log, or ever was; to a newcomer from the commit on that let it in.
func (k *link) fetch(id uint64, r wire.Fetch) {
	l := k.server.log(r.Conversation)
	page := wire.Page{Head: k.server.head(r.Conversation)}
	from := min(uint64(r.After), uint64(len(l.events)))
	if entry, ok := l.entry(k.device, from); ok {
		page.Before = l.before(entry)
		from = entry
	}
	for _, e := range l.events[from:] {
		page.Events = append(page.Events, e.to(k.device))
	}
	for _, signal := range l.receipts {
		page.Receipts = append(page.Receipts, signal)
	}
	for _, asked := range l.asks {
		if len(asked.Ask) > 0 {
			page.Asks = append(page.Asks, asked)
		}
	}
	k.send(id, page)
}

// entry finds the commit behind an index that lets a device in which is outside there.
func (l *log) entry(d account.DeviceID, from uint64) (at uint64, ok bool) {
	inside := false
	for i, e := range l.events {
		c, err := epoch.ParseCommit(e.event.Event)
		if e.event.Kind != epoch.KindCommit || err != nil {
			continue
		}
		has := c.Header.Has(d)
		switch {
		case uint64(i) < from:
			inside = has
		case i > 0 && has && !inside:
			return uint64(i), true
		case has || inside:
			return 0, false
		}
	}
	return 0, false
}

// before gives what a newcomer is told of the events between what the creator of its commit had seen and that commit.
func (l *log) before(entry uint64) []wire.EventHash {
	c, err := epoch.ParseCommit(l.events[entry].event.Event)
	if err != nil {
		return nil
	}
	var before []wire.EventHash
	for _, e := range l.events[min(uint64(c.Header.Seen.Position), entry):entry] {
		before = append(before, wire.EventHash{Kind: e.event.Kind, Hash: sha256.Sum256(e.event.Event)})
	}
	return before
}

func (s *Server) head(id epoch.ConversationID) wire.Head {
	l := s.log(id)
	return wire.Head{Conversation: id, Position: epoch.Position(len(l.events)), Receipts: l.count}
}

func (k *link) mine() []epoch.ConversationID {
	var ids []epoch.ConversationID
	for id, l := range k.server.logs {
		if l.accounts[k.account] {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b epoch.ConversationID) int { return bytes.Compare(a[:], b[:]) })
	return ids
}

func (k *link) conversations(id uint64, r wire.Conversations) {
	var page wire.ConversationPage
	for _, c := range k.mine() {
		if bytes.Compare(c[:], r.After) > 0 {
			page.Heads = append(page.Heads, k.server.head(c))
		}
	}
	k.send(id, page)
}

func (k *link) receipt(id uint64, r wire.Receipt) {
	l := k.server.log(r.Conversation)
	l.receipts[k.device] = r.Signal
	l.count++
	for other := range k.server.links {
		if l.accounts[other.account] {
			other.send(0, wire.ReceiptPush{Conversation: r.Conversation, Receipts: l.count, Signal: r.Signal})
		}
	}
	k.send(id, wire.Done{})
}
