package relay

import (
	"context"
	"errors"
	"time"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/check"
	"sotto/wasm/cose"
	"sotto/wasm/wire"
)

// login makes the session a device's. A login that does not verify ends the session: its nonce is used.
func (s *session) login(id uint64, request wire.Login) {
	l, err := account.ParseLogin(request.Login)
	if err != nil {
		s.loginRefused(id)
		return
	}
	d, err := s.relay.store.Device(context.Background(), l.Device)
	switch {
	case errors.Is(err, store.ErrNotFound):
		s.loginRefused(id)
	case err != nil:
		s.failed(id, err)
	case d.Account != l.Account || !d.Active || !s.proves(l, d.Key):
		s.loginRefused(id)
	default:
		s.enter(id, store.Sender{Account: d.Account, Device: d.ID})
	}
}

// proves verifies a login against this session's origin and nonce.
func (s *session) proves(l *account.SignedLogin, key cose.RSAKey) bool {
	fresh := time.Since(s.started) <= s.relay.limits.Nonce || check.Off(check.NonceAge)
	return fresh && l.Verify(s.relay.keys, key, s.peer.Origin, *s.nonce) == nil
}

func (s *session) loginRefused(id uint64) {
	s.refuse(id, wire.CodeLoginRefused, 0)
	s.out.close(wire.ReasonLoginFailed)
}

// enter ends the login. From here on the session is pushed what concerns its account.
func (s *session) enter(id uint64, sender store.Sender) {
	s.sender = &sender
	if !s.relay.members.join(s) {
		s.sender = nil
		s.refuse(id, wire.CodeLimited, uint64(time.Minute.Milliseconds()))
		return
	}
	s.nonce = nil
	s.settle()
	s.send(id, wire.Done{})
}

// register makes an account and logs its device in. A refusal for the handle leaves the session as it was.
func (s *session) register(id uint64, request wire.Register) {
	if !s.relay.registration {
		s.refuse(id, wire.CodeRegisterClosed, 0)
		return
	}
	handle, err := account.ParseHandle(request.Handle)
	if err != nil {
		s.refuse(id, wire.CodeHandleInvalid, 0)
		return
	}
	if s.tooLarge(id, len(request.Link), wire.MaxLink) || s.tooLarge(id, len(request.Prekey), wire.MaxPrekey) {
		return
	}
	r, code := s.registration(request, handle)
	switch {
	case code == wire.CodeLoginRefused:
		s.loginRefused(id)
		return
	case code != 0:
		s.refuse(id, code, 0)
		return
	}
	if err := s.relay.store.Register(context.Background(), r); err != nil {
		s.failed(id, err)
		return
	}
	s.enter(id, store.Sender{Account: r.Account, Device: r.Device.ID})
}

// registration checks that link, prekey and login are one device's, and gives what is to be stored or why not.
func (s *session) registration(request wire.Register, handle account.Handle) (store.Registration, wire.Code) {
	chain, err := account.ParseChain(s.relay.keys, [][]byte{request.Link})
	if err != nil {
		return store.Registration{}, wire.CodeLoginRefused
	}
	device := chain.Active()[0]
	l, err := account.ParseLogin(request.Login)
	if err != nil || l.Account != chain.ID() || l.Device != device.ID || !s.proves(l, device.Key) {
		return store.Registration{}, wire.CodeLoginRefused
	}
	prekey, ok := s.prekeyOf(request.Prekey, store.Sender{Account: chain.ID(), Device: device.ID}, device.Key)
	if !ok {
		return store.Registration{}, wire.CodePrekeyRefused
	}
	return store.Registration{
		Account: chain.ID(),
		Handle:  handle,
		Link:    store.Link{Hash: chain.Head().Hash, Bytes: request.Link},
		Device:  store.Device{ID: device.ID, Account: chain.ID(), Key: device.Key, Active: true},
		Prekey:  prekey,
		Created: time.Now(),
	}, 0
}

// prekeyOf verifies that a prekey is the sender's own.
func (s *session) prekeyOf(data []byte, sender store.Sender, key cose.RSAKey) (store.Prekey, bool) {
	p, err := account.ParsePrekey(data)
	if err != nil || p.Account != sender.Account || p.Device != sender.Device ||
		p.Verify(s.relay.keys, key) != nil {
		return store.Prekey{}, false
	}
	return store.Prekey{Device: p.Device, Counter: p.Counter, Thumbprint: p.Thumbprint(), Bytes: data}, true
}
