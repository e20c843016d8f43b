package relay

import (
	"context"
	"errors"
	"sync"

	"sotto/backend/store"
	"sotto/wasm/account"
)

// maxVerified is how many links the verified chains of one generation have together. A chain takes about 1 KiB for each.
const maxVerified = 1 << 14

// chainKey names a chain up to a link.
type chainKey struct {
	account account.ID
	head    account.Head
}

// verified keeps chains whose links were verified, so that a commit of a large group costs the relay one signature and
// not one of each member. They are in two generations: when the young one is full it becomes the old one, and what is
// used of that is young again.
type verified struct {
	limit int

	mu         sync.Mutex
	young, old map[chainKey]*account.Chain
	size       int // links of the young
}

func newVerified(limit int) verified {
	return verified{limit: limit, young: map[chainKey]*account.Chain{}}
}

func (v *verified) get(key chainKey) *account.Chain {
	v.mu.Lock()
	defer v.mu.Unlock()
	if chain, ok := v.young[key]; ok {
		return chain
	}
	chain, ok := v.old[key]
	if ok {
		v.keep(key, chain)
	}
	return chain
}

func (v *verified) put(key chainKey, chain *account.Chain) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, ok := v.young[key]; !ok {
		v.keep(key, chain)
	}
}

// keep is called with mu held.
func (v *verified) keep(key chainKey, chain *account.Chain) {
	links := int(key.head.Number) + 1
	if v.size+links > v.limit {
		v.young, v.old, v.size = make(map[chainKey]*account.Chain), v.young, 0
	}
	v.young[key] = chain
	v.size += links
}

// chainAt gives an account's chain up to a head, nil if it does not have that.
func (r *Relay) chainAt(id account.ID, head account.Head) (*account.Chain, error) {
	key := chainKey{id, head}
	if chain := r.verified.get(key); chain != nil {
		return chain, nil
	}
	stored, err := r.store.Chain(context.Background(), id, 0, account.MaxLinks*account.MaxLinkBytes)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if head.Number >= uint64(len(stored.Links)) || stored.Links[head.Number].Hash != head.Hash {
		return nil, nil
	}
	var links [][]byte
	for _, l := range stored.Links[:head.Number+1] {
		links = append(links, l.Bytes)
	}
	chain, err := account.ParseChain(r.keys, links)
	if err != nil {
		return nil, errors.Join(store.ErrCorrupt, err)
	}
	r.verified.put(key, chain)
	return chain, nil
}
