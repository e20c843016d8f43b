package relay

import (
	"testing"

	"sotto/wasm/account"
)

func chainKeyOf(id byte, number uint64) chainKey {
	return chainKey{account.ID{id}, account.Head{Number: number}}
}

// TestVerifiedIsBounded puts in more than there is room for: what is used stays, what is not goes, and the links of all
// are never more than two generations of them.
func TestVerifiedIsBounded(t *testing.T) {
	v := newVerified(10)
	used := chainKeyOf(255, 0)
	v.put(used, &account.Chain{})
	for i := range byte(100) {
		v.put(chainKeyOf(i, 1), &account.Chain{}) // two links
		if v.get(used) == nil {
			t.Fatalf("what is used was forgotten after %d", i)
		}
		if v.size > 10 || links(v.young) != v.size || links(v.old) > 10 {
			t.Fatalf("%d and %d links, counted %d", links(v.young), links(v.old), v.size)
		}
	}
	for i, kept := range map[byte]bool{99: true, 98: true, 50: false, 0: false} {
		if got := v.get(chainKeyOf(i, 1)) != nil; got != kept {
			t.Errorf("chain %d is kept: %v", i, got)
		}
	}
	if v.get(chainKeyOf(99, 0)) != nil || v.get(chainKeyOf(1, 1)) != nil {
		t.Error("a chain is given for another head")
	}
}

func links(chains map[chainKey]*account.Chain) int {
	n := 0
	for key := range chains {
		n += int(key.head.Number) + 1
	}
	return n
}

// TestVerifiedTwice puts the same in twice: it counts once.
func TestVerifiedTwice(t *testing.T) {
	v := newVerified(10)
	for range 20 {
		v.put(chainKeyOf(1, 4), &account.Chain{})
	}
	if v.size != 5 || len(v.old) != 0 {
		t.Errorf("%d links, %d are old", v.size, len(v.old))
	}
}

// TestOneChainTooLong has a chain be longer than a generation: it takes one for itself.
func TestOneChainTooLong(t *testing.T) {
	v := newVerified(10)
	v.put(chainKeyOf(1, 0), &account.Chain{})
	v.put(chainKeyOf(2, account.MaxLinks-1), &account.Chain{})
	if v.get(chainKeyOf(2, account.MaxLinks-1)) == nil || len(v.young) != 1 {
		t.Errorf("%d are young", len(v.young))
	}
}
