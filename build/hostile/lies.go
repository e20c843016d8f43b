package hostile

import (
	"slices"

	"sotto/wasm/account"
	"sotto/wasm/epoch"
	"sotto/wasm/wire"
)

// Point gives a lie that answers every question for a handle with an account.
func Point(id account.ID) Lie {
	return Change(func(wire.Account) []wire.Body { return []wire.Body{wire.Account{Account: id}} })
}

// KeepBack gives a lie that says a log ends at a position.
func KeepBack(id epoch.ConversationID, last epoch.Position) Lie {
	return All(
		Change(func(p wire.EventPush) []wire.Body {
			if p.Conversation == id && p.Event.Position > last {
				return nil
			}
			return []wire.Body{p}
		}),
		Change(func(p wire.Page) []wire.Body {
			if p.Head.Conversation == id && p.Head.Position > last {
				p.Head.Position = last
				p.Events = slices.DeleteFunc(slices.Clone(p.Events), func(e wire.Event) bool { return e.Position > last })
			}
			return []wire.Body{p}
		}),
		Change(func(p wire.ConversationPage) []wire.Body {
			for i, h := range p.Heads {
				if h.Conversation == id {
					p.Heads[i].Position = min(h.Position, last)
				}
			}
			return []wire.Body{p}
		}))
}
