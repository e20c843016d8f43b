//go:build attack

package main

import (
	"sotto/wasm/check"
)

func messageAttacks() []attack {
	const line = "messages replayed, moved, attributed"
	return []attack{
		{
			line: line, name: "message replayed", known: "Bridgefy 2021",
			by: []check.Name{check.Replay, check.Seen, check.ClientOnce}, says: "replayed",
			play: func(s *stage) result {
				d := s.direct()
				event, _ := d.say("pay me once")
				at := d.post(event)
				return d.judged(at, "pay me once")
			},
		},
	}
}

func attacks() []attack {
	return messageAttacks()
}
