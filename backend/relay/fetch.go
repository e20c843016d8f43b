package relay

import (
	"context"
	"time"

	"sotto/backend/store"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// maxHeads is how many conversations one page lists.
const maxHeads = 1000

func (s *session) fetch(id uint64, request wire.Fetch) {
	p, err := s.relay.store.Page(context.Background(), store.Query{
		Reader: *s.sender, Conversation: request.Conversation, After: request.After, MaxBytes: wire.MaxPage,
		Now: uint64(time.Now().Unix()),
	})
	if err != nil {
		s.failed(id, err)
		return
	}
	page := wire.Page{Head: wireHead(p.Head), Receipts: p.Receipts}
	for _, e := range p.Events {
		page.Events = append(page.Events, wire.Event{Position: e.Position, Kind: e.Kind, Event: e.Bytes, Wrap: e.Wrap})
	}
	for _, h := range p.Before {
		page.Before = append(page.Before, wire.EventHash{Kind: h.Kind, Hash: h.Hash})
	}
	for _, a := range p.Asks {
		page.Asks = append(page.Asks, wire.Asked{Ask: a.Ask, Tag: a.Tag})
	}
	s.send(id, page)
}

func (s *session) conversations(id uint64, request wire.Conversations) {
	var after *epoch.ConversationID
	switch len(request.After) {
	case 0:
	case len(epoch.ConversationID{}):
		after = (*epoch.ConversationID)(request.After)
	default:
		s.refuse(id, wire.CodeMalformed, 0)
		return
	}
	heads, more, err := s.relay.store.Conversations(context.Background(), s.sender.Account, after, maxHeads)
	if err != nil {
		s.failed(id, err)
		return
	}
	s.send(id, wire.ConversationPage{Heads: wireHeads(heads), More: more})
}
