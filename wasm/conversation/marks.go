package conversation

import (
	"maps"

	"sotto/wasm/cose"
)

// markEvery is how far apart the marks of a chain are.
const markEvery = 64

// marks are chain keys ahead of where senders are, by slot and generation. A message that names a generation far ahead
// costs up to [MaxSkip] derivations before it shows that it is none; with marks, its sender can make every device spend
// that once and not with each message. They follow from the chain that is kept anyway, are not stored, and go when their
// sender moves.
type marks map[uint64]map[uint64]cose.Secret

func (m marks) clone() marks {
	copied := make(marks, len(m))
	for slot, of := range m {
		copied[slot] = maps.Clone(of)
	}
	return copied
}

// chainAt gives chain[g] of a sender, g not below its next generation, and how many derivations that took.
func (c *Conversation) chainAt(slot, g uint64) (chain cose.Secret, steps int) {
	s := &c.s.Senders[slot]
	at, chain := s.Generation, s.Chain
	for m := g - g%markEvery; m > at; m -= markEvery {
		if mark, ok := c.marks[slot][m]; ok {
			at, chain = m, mark
			break
		}
		if m < markEvery {
			break
		}
	}
	for ; at < g; at++ {
		if at%markEvery == 0 && at > s.Generation {
			c.mark(slot, at, chain)
		}
		chain = deriveNext(chain)
		steps++
	}
	if g%markEvery == 0 && g > s.Generation {
		c.mark(slot, g, chain)
	}
	return chain, steps
}

func (c *Conversation) mark(slot, g uint64, chain cose.Secret) {
	if c.marks[slot] == nil {
		c.marks[slot] = map[uint64]cose.Secret{}
	}
	c.marks[slot][g] = chain
}
