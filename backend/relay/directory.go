package relay

import (
	"context"

	"sotto/backend/store"
	"sotto/wasm/account"
	"sotto/wasm/wire"
)

// maxChainPage bounds the links of one page, so that the prekeys of all devices fit beside the last of them.
const maxChainPage = wire.MaxFrame / 2

func (s *session) lookup(id uint64, request wire.Lookup) {
	handle, err := account.ParseHandle(request.Handle)
	if err != nil {
		s.refuse(id, wire.CodeHandleInvalid, 0)
		return
	}
	found, err := s.relay.store.Lookup(context.Background(), handle)
	if err != nil {
		s.failed(id, err)
		return
	}
	s.send(id, wire.Account{Account: found})
}

func (s *session) chain(id uint64, request wire.Chain) {
	c, err := s.relay.store.Chain(context.Background(), request.Account, request.From, maxChainPage)
	if err != nil {
		s.failed(id, err)
		return
	}
	page := wire.ChainPage{Handle: string(c.Handle), More: c.More}
	for _, l := range c.Links {
		page.Links = append(page.Links, l.Bytes)
	}
	for _, p := range c.Prekeys {
		page.Prekeys = append(page.Prekeys, p.Bytes)
	}
	s.send(id, page)
}

func (s *session) prekey(id uint64, request wire.Prekey) {
	if s.tooLarge(id, len(request.Prekey), wire.MaxPrekey) || !s.mayWrite(id, s.relay.devices) {
		return
	}
	d, err := s.relay.store.Device(context.Background(), s.sender.Device)
	if err != nil {
		s.failed(id, err)
		return
	}
	p, ok := s.prekeyOf(request.Prekey, *s.sender, d.Key)
	if !ok {
		s.refuse(id, wire.CodePrekeyRefused, 0)
		return
	}
	heads, err := s.relay.store.ReplacePrekey(context.Background(), p)
	if err != nil {
		s.failed(id, err)
		return
	}
	s.send(id, wire.Heads{Heads: wireHeads(heads)})
}

func wireHeads(heads []store.Head) []wire.Head {
	list := make([]wire.Head, len(heads))
	for i, h := range heads {
		list[i] = wireHead(h)
	}
	return list
}

func wireHead(h store.Head) wire.Head {
	return wire.Head{Conversation: h.Conversation, Position: h.Position, Receipts: h.Receipts}
}
