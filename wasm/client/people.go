package client

import (
	"context"
	"crypto/sha256"
	"slices"
	"strconv"

	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/conversation"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// Open begins a conversation with who a handle points to, or gives the one there is.
func (e *Engine) Open(_ context.Context, name string) (Conversation, error) {
	handle, err := account.ParseHandle(name)
	if err != nil {
		return Conversation{}, failure(CodeHandleInvalid, err)
	}
	if !e.registered() {
		return Conversation{}, failure(CodeNotJoined, nil)
	}
	if string(handle) == e.ownHandle() {
		return Conversation{}, failure(CodeSelf, nil)
	}
	s := e.session()
	var answer wire.Account
	err = e.ask(s, wire.Lookup{Handle: string(handle)}, &answer)
	known := e.byHandle(string(handle))
	if err != nil {
		if known != nil && s == nil {
			return e.roomWith(known.id()).view(), nil
		}
		return Conversation{}, fromRelay(err)
	}
	if known != nil && known.id() != answer.Account && !check.Off(check.HandlePin) {
		if err := e.pointsElsewhere(known, answer.Account); err != nil {
			return Conversation{}, err
		}
		return e.roomWith(known.id()).view(), nil
	}
	return e.openWith(s, string(handle), answer.Account)
}

// openWith pins an account to a handle and gives the conversation with it.
func (e *Engine) openWith(s *session, handle string, id account.ID) (Conversation, error) {
	if id == e.identity().chain.ID() {
		return Conversation{}, failure(CodeSelf, nil)
	}
	got, err := e.fetchAccount(s, id)
	if err != nil {
		return Conversation{}, fromRelay(err)
	}
	id = got.contact.id() // what was verified, and no word of the relay
	if err := e.change(id, func(r *contactRecord) { r.Handle = handle }); err != nil {
		return Conversation{}, storage(err)
	}
	r := e.roomWith(id)
	err = r.changeRecord(func(record *roomRecord) { record.Activity = max(record.Activity, e.millis()) })
	r.kick()
	return r.view(), err
}

// roomWith gives the room of the conversation with an account.
func (e *Engine) roomWith(id account.ID) *room {
	r := e.roomFor(epoch.DirectID(e.identity().chain.ID(), id))
	r.setPeer(id)
	return r
}

// Contact is what a contact panel shows.
type Contact struct {
	Handle       string       `js:"handle"`
	Account      string       `js:"account"`
	Verified     bool         `js:"verified"`
	SafetyNumber string       `js:"safetyNumber"`
	QR           string       `js:"qr"`
	Devices      []DeviceView `js:"devices"`
	Since        int64        `js:"since"`
	Changed      *Changed     `js:"changed"`
}

// DeviceView is one of a person's devices.
type DeviceView struct {
	ID     string `js:"id"`
	Active bool   `js:"active"`
}

// Changed is the account a handle points to now, other than the pinned one.
type Changed struct {
	Account      string `js:"account"`
	SafetyNumber string `js:"safetyNumber"`
}

// Contact tells about the other side of a conversation.
func (e *Engine) Contact(_ context.Context, conv string) (Contact, error) {
	_, c, err := e.findContact(conv)
	if err != nil {
		return Contact{}, err
	}
	return e.contactView(c), nil
}

// contactView is a contact for display.
func (e *Engine) contactView(c *contact) Contact {
	own := e.identity().chain
	p := Contact{
		Handle: c.record.Handle, Account: c.id().String(), Verified: c.record.Verified, Since: int64(c.record.Since),
		SafetyNumber: account.SafetyNumber(own.ID(), c.id()), Devices: []DeviceView{},
		QR: account.NewCode(
			account.CodeSide{Account: own.ID(), Head: own.Head()},
			account.CodeSide{Account: c.id(), Head: c.chain.Head()}).Text(),
	}
	for _, d := range c.chain.Active() {
		p.Devices = append(p.Devices, DeviceView{ID: d.ID.String(), Active: true})
	}
	for _, id := range c.record.Changed {
		p.Changed = &Changed{Account: id.String(), SafetyNumber: account.SafetyNumber(own.ID(), id)}
	}
	return p
}

func (e *Engine) findContact(conv string) (*room, *contact, error) {
	r, err := e.find(conv)
	if err != nil {
		return nil, nil, err
	}
	r.mu.Lock()
	peer := r.record.Peer
	r.mu.Unlock()
	c := e.contact(peer)
	if c == nil {
		return nil, nil, failure(CodeNotFound, nil)
	}
	return r, c, nil
}

// Verify keeps that the person compared safety numbers, or takes it back.
func (e *Engine) Verify(_ context.Context, conv string, verified bool) error {
	_, c, err := e.findContact(conv)
	if err != nil {
		return err
	}
	return e.verify(c, verified)
}

func (e *Engine) verify(c *contact, verified bool) error {
	if len(c.record.Changed) > 0 {
		return failure(CodeBlocked, nil)
	}
	if err := e.change(c.id(), func(record *contactRecord) { record.Verified = verified }); err != nil {
		return storage(err)
	}
	if r := e.room(epoch.DirectID(e.identity().chain.ID(), c.id())); r != nil {
		r.show()
	}
	return nil
}

// Accept is the person's decision to go on after what blocks a conversation: with the account a handle points to
// now, which is another conversation, or with a profile that was restored from a copy. What only a lying server or a
// broken peer brings about cannot be accepted.
func (e *Engine) Accept(_ context.Context, conv string) (Conversation, error) {
	r, err := e.find(conv)
	if err != nil {
		return Conversation{}, err
	}
	if r.copied() {
		return e.acceptCopy(r)
	}
	if r.group() {
		if err := r.acceptMembers(); err != nil {
			return Conversation{}, err
		}
		r.showOutbox()
		r.kick()
		return r.view(), nil
	}
	_, c, err := e.findContact(conv)
	if err != nil {
		return Conversation{}, err
	}
	if pinned := e.pinned(c); pinned != nil {
		c = pinned
	}
	if len(c.record.Changed) > 0 {
		return e.acceptChange(c)
	}
	return Conversation{}, failure(CodeBlocked, nil)
}

// acceptCopy goes on with a profile that was restored from a copy, in a new epoch.
func (e *Engine) acceptCopy(r *room) (Conversation, error) {
	if !r.adopt(r.conv.Resume()) {
		return Conversation{}, failure(CodeStorageFailed, nil)
	}
	r.wantEpoch()
	r.show()
	r.kick()
	return r.view(), nil
}

// acceptChange pins the handle to the new account. The old conversation stays to be read.
func (e *Engine) acceptChange(c *contact) (Conversation, error) {
	s := e.session()
	if s == nil {
		return Conversation{}, failure(CodeOffline, nil)
	}
	if _, err := e.openWith(s, c.record.Handle, c.record.Changed[0]); err != nil {
		return Conversation{}, err
	}
	next := e.roomWith(c.record.Changed[0])
	err := e.change(c.id(), func(record *contactRecord) { record.Changed, record.Trouble = nil, NoticeSuperseded })
	if err != nil {
		return Conversation{}, storage(err)
	}
	e.roomWith(c.id()).show()
	next.show()
	next.kick()
	return next.view(), nil
}

func number(n uint64) string { return strconv.FormatUint(n, 10) }

func hashOf(event []byte) []byte {
	h := sha256.Sum256(event)
	return h[:]
}

// visible lists what anyone who holds an event can read off it.
func (r *room) visible(ev wire.Event) []Field {
	fields := []Field{
		{Name: "conversation", Value: r.id.String(), About: "conversation"},
		{Name: "position", Value: number(uint64(ev.Position)), About: "position"},
		{Name: "size", Value: number(uint64(len(ev.Event))), About: "size"},
	}
	if sealed, err := epoch.ParseSealed(ev.Event, epoch.TypeMessage, conversation.MaxMessageBytes); err == nil {
		fields = append(fields,
			Field{Name: "epoch", Value: number(uint64(sealed.Number)), About: "epoch"},
			Field{Name: "sender", Value: number(sealed.Index), About: "sender"},
			Field{Name: "generation", Value: number(sealed.Generation), About: "generation"})
	}
	if commit, err := epoch.ParseCommit(ev.Event); err == nil {
		fields = append(fields,
			Field{Name: "epoch", Value: number(uint64(commit.Header.Number)), About: "epoch"},
			Field{Name: "members", Value: number(uint64(len(commit.Header.Roster))), About: "members"},
			Field{Name: "creator", Value: commit.Header.Creator.String(), About: "creator"})
	}
	return slices.Clip(fields)
}
