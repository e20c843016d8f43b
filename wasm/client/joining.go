package client

import (
	"context"
	"time"

	"sotto/wasm/account"
	"sotto/wasm/conversation"
	"sotto/wasm/cose"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// How long a request to be let in can be granted, and how long before its end it is made anew.
const (
	joinLife = 7 * 24 * time.Hour
	joinLate = 24 * time.Hour
)

// joiningRecord is a room link that was used: its secret, and the newest request to be let in by it.
type joiningRecord struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Secret  cose.Secret
	Request []byte     // empty before the first
	Refused bool       // by the relay: the link does not admit it
	Told    epoch.ID   // the newest commit that lets this account in, but not by the link: the person is told
	By      account.ID // whose commit that is
}

func (r *room) loadJoining(ctx context.Context) error {
	var record joiningRecord
	found, err := r.e.get(ctx, kindJoining, r.id[:], &record)
	if found {
		r.joining = &record
	}
	return err
}

// joined says whether this account waits to be let in by a link.
func (r *room) joined() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.joining != nil
}

// JoinGroup asks to be let into the group of a room link. Whoever of its members is online, now or later, lets this
// account in.
func (e *Engine) JoinGroup(_ context.Context, url string) (Conversation, error) {
	id, secret, err := e.parseLink(url)
	if err != nil {
		return Conversation{}, err
	}
	if !e.registered() {
		return Conversation{}, failure(CodeNotJoined, nil)
	}
	r := e.roomFor(id)
	if r == nil {
		return Conversation{}, failure(CodeTooMany, nil)
	}
	r.mu.Lock()
	inside := !r.outside() && r.record.Ended == ""
	r.mu.Unlock()
	if inside {
		return r.view(), nil
	}
	next := &joiningRecord{Version: recordVersion, Secret: secret}
	err = r.changeWith([]Write{put(kindJoining, id[:], next)}, func(record *roomRecord) {
		record.Group, record.Activity = true, max(record.Activity, e.millis())
	})
	if err != nil {
		return Conversation{}, err
	}
	r.mu.Lock()
	r.joining, r.inquired, r.unentered = next, false, [32]byte{}
	r.mu.Unlock()
	r.show()
	r.kick()
	return r.view(), nil
}

// CancelJoin takes back that this account wants to be let into a group.
func (e *Engine) CancelJoin(_ context.Context, conv string) error {
	r, err := e.find(conv)
	if err != nil {
		return err
	}
	r.mu.Lock()
	waits, empty := r.joining != nil, r.conv.Header() == nil
	r.mu.Unlock()
	if !waits {
		return failure(CodeNotFound, nil)
	}
	if empty {
		if err = e.forgetRoom(r); err == nil {
			e.lookFor(r.id)
		}
	} else if err = storage(e.apply([]Write{remove(kindJoining, r.id[:])})); err == nil {
		r.mu.Lock()
		r.joining, r.unentered = nil, [32]byte{}
		r.mu.Unlock()
		r.show()
		r.peek() // somebody may have let this account in otherwise
		r.kick()
	}
	if s := e.session(); s != nil && err == nil {
		s.send(e.now(), wire.Ask{Conversation: r.id, Ask: []byte{}, Tag: []byte{}}, func(wire.Frame, error) {})
	}
	return err
}

// lookFor asks the relay for a conversation of which nothing is here.
func (e *Engine) lookFor(id epoch.ConversationID) {
	if r := e.roomFor(id); r != nil {
		r.head(wire.Head{Conversation: id, Position: 1})
	}
}

// forgetRoom removes a conversation that has not begun, with all that was stored of it.
func (e *Engine) forgetRoom(r *room) error {
	r.writing.Lock()
	defer r.writing.Unlock()
	writes := []Write{remove(kindRoom, r.id[:]), remove(kindJoining, r.id[:])}
	for _, kind := range []string{kindEntry, kindOutbox, kindWish} {
		records, err := e.within(e.ctx, kind, r.id[:])
		if err != nil {
			return storage(err)
		}
		for _, record := range records {
			writes = append(writes, remove(kind, record.Key.ID))
		}
	}
	if err := e.apply(writes); err != nil {
		return storage(err)
	}
	r.mu.Lock()
	r.joining, r.gone = nil, true
	r.mu.Unlock()
	e.mu.Lock()
	delete(e.rooms, r.id)
	e.mu.Unlock()
	e.emit(GoneEvent{Conversation: r.id.String()})
	return nil
}

// linkSecret is the secret of the link by which this device asks to be let into a group.
func (e *Engine) linkSecret(id epoch.ConversationID) (cose.Secret, bool) {
	r := e.room(id)
	if r == nil {
		return cose.Secret{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.joining == nil {
		return cose.Secret{}, false
	}
	return r.joining.Secret, true
}

// inquires asks once in each connection to be let in, and again when the request would not be granted any more. It
// says whether this account waits outside.
func (r *room) inquires(s *session) (waits, more bool) {
	r.mu.Lock()
	j, outside, inquired := r.joining, r.outside(), r.inquired
	r.mu.Unlock()
	if j == nil || !outside {
		return outside, false
	}
	if j.Refused || inquired && !r.e.late(j) {
		return true, false
	}
	if r.e.late(j) {
		next, err := r.e.signJoin(r.id, *j)
		if err != nil || r.e.apply([]Write{put(kindJoining, r.id[:], next)}) != nil {
			r.rest(5)
			return true, false
		}
		r.mu.Lock()
		r.joining = &next
		r.mu.Unlock()
		j = &next
	}
	join, err := epoch.ParseJoin(j.Request)
	if err != nil {
		return true, false
	}
	tag := conversation.JoinTag(j.Secret, join.Hash())
	r.ask1(s, wire.Ask{Conversation: r.id, Ask: j.Request, Tag: tag[:]}, r.inquiryAnswered)
	return true, false
}

// late says whether a request is to be made anew: there is none, it ends soon, or it names a prekey that was replaced.
func (e *Engine) late(j *joiningRecord) bool {
	join, err := epoch.ParseJoin(j.Request)
	return err != nil || join.Expiry < e.headerTime()+uint64(joinLate.Seconds()) ||
		join.Prekey != e.identity().current().Public().Thumbprint()
}

func (e *Engine) signJoin(c epoch.ConversationID, j joiningRecord) (joiningRecord, error) {
	id := e.identity()
	request, err := epoch.SignJoin(e.ports.Random, id.signer, epoch.Join{
		Conversation: c, Link: conversation.LinkIDOf(j.Secret), Account: id.chain.ID(), Device: id.device, Head: id.chain.Head(),
		Prekey: id.current().Public().Thumbprint(), Expiry: e.headerTime() + uint64(joinLife.Seconds()),
	})
	j.Request = request
	return j, err
}

// inquiryAnswered takes the relay's answer to a request to be let in.
func (r *room) inquiryAnswered(err error) {
	switch code, detail := refusal(err); {
	case err == nil:
		r.mu.Lock()
		r.inquired = true
		r.mu.Unlock()
	case code == wire.CodeLimited, code == wire.CodeStorage, code == wire.CodeClosing:
		r.rest(int64(detail)/1000 + 5)
	case code != 0:
		r.refusedIn()
	}
}

// refusedIn keeps that the link does not let this account in.
func (r *room) refusedIn() {
	r.mu.Lock()
	j := r.joining
	r.mu.Unlock()
	if j == nil {
		return
	}
	next := *j
	next.Refused = true
	if r.e.apply([]Write{put(kindJoining, r.id[:], next)}) != nil {
		r.rest(60)
		return
	}
	r.mu.Lock()
	r.joining = &next
	r.mu.Unlock()
	r.note(trouble(NoticeLinkRefused))
}
