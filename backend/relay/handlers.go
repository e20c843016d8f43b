package relay

import "sotto/wasm/wire"

// handler answers one kind of request.
type handler struct {
	handle    func(*session, wire.Frame)
	strangers bool // only before the login; else only after it
	written   bool // handed to the store: what was handed over before need not be answered yet
}

var handlers = map[wire.Kind]handler{
	wire.KindRegister:      {handle: on((*session).register), strangers: true},
	wire.KindLogin:         {handle: on((*session).login), strangers: true},
	wire.KindLookup:        {handle: on((*session).lookup)},
	wire.KindChain:         {handle: on((*session).chain)},
	wire.KindPrekey:        {handle: on((*session).prekey)},
	wire.KindCommit:        {handle: on((*session).commit)},
	wire.KindMessage:       {handle: on((*session).message), written: true},
	wire.KindFetch:         {handle: on((*session).fetch)},
	wire.KindConversations: {handle: on((*session).conversations)},
	wire.KindReceipt:       {handle: on((*session).receipt), written: true},
	wire.KindCursor:        {handle: on((*session).cursor), written: true},
	wire.KindAsk:           {handle: on((*session).ask)},
	wire.KindLeave:         {handle: on((*session).leave)},
	wire.KindActivity:      {handle: on((*session).activity)},
}

// on decodes a request's body before its handler.
func on[B any, P interface {
	*B
	wire.Body
}](handle func(*session, uint64, B)) func(*session, wire.Frame) {
	return func(s *session, f wire.Frame) {
		var body B
		if err := wire.DecodeBody(f, P(&body)); err != nil {
			s.refuse(f.ID, wire.CodeMalformed, 0)
			return
		}
		handle(s, f.ID, body)
	}
}
