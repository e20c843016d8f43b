package account

import (
	"errors"
	"testing"
)

// TestLongChain needs no signatures: a chain of the greatest length takes no further link.
func TestLongChain(t *testing.T) {
	c := &Chain{hashes: make([][32]byte, MaxLinks)}
	l := Link{Kind: LinkRevoke, Number: MaxLinks}
	if err := c.follows(l); !errors.Is(err, ErrLong) {
		t.Errorf("link %d: %v", MaxLinks, err)
	}
	c.hashes = c.hashes[:MaxLinks-1]
	l.Number--
	if err := c.follows(l); err != nil {
		t.Errorf("link %d: %v", MaxLinks-1, err)
	}
}
