//go:build js && wasm

package indexeddb

import (
	"crypto/rand"
	"fmt"
	"sync"

	"sotto/wasm/client"
	"sotto/wasm/cose"
)

// sealedPage is a page as it lies in the database: nonce, ciphertext, tag.
type sealedPage struct {
	key  pageKey
	data []byte
}

// sealAll seals pages, all at once. Nonces are random: a key seals at most 2^32 pages (SP 800-38D §8.3).
func (s *Store) sealAll(pages map[pageKey]page) []sealedPage {
	sealed := make([]sealedPage, len(pages))
	var all sync.WaitGroup
	i := 0
	for key, p := range pages {
		at := i
		all.Go(func() {
			nonce := make([]byte, cose.NonceSize)
			_, _ = rand.Read(nonce) // never fails
			sealed[at] = sealedPage{key: key, data: s.aead.Seal(nonce, nonce, p.encode(), key.bytes())}
		})
		i++
	}
	all.Wait()
	return sealed
}

// open opens one page.
func (s *Store) open(key pageKey, data []byte) (page, error) {
	if len(data) < cose.NonceSize {
		return nil, corrupt(key, errPage)
	}
	plain, err := s.aead.Open(nil, data[:cose.NonceSize], data[cose.NonceSize:], key.bytes())
	if err != nil {
		return nil, corrupt(key, err)
	}
	p, err := decodePage(plain)
	if err != nil {
		return nil, corrupt(key, err)
	}
	return p, nil
}

func corrupt(key pageKey, err error) error {
	return fmt.Errorf("page of kind %q at %x: %w: %w", key.kind, key.first, client.ErrStorageCorrupt, err)
}
