//go:build js && wasm

package indexeddb

import (
	"crypto/rand"
	"fmt"
	"sync"

	"sotto/wasm/client"
	"sotto/wasm/cose"
	"sotto/wasm/indexeddb/pages"
)

// sealedPage is a page as it lies in the database: nonce, ciphertext, tag.
type sealedPage struct {
	key  pages.Key
	data []byte
}

// sealAll seals pages, all at once. Nonces are random: a key seals at most 2^32 pages (SP 800-38D §8.3).
func (s *Store) sealAll(put map[pages.Key]pages.Page) []sealedPage {
	sealed := make([]sealedPage, len(put))
	var all sync.WaitGroup
	i := 0
	for key, p := range put {
		at := i
		all.Go(func() {
			nonce := make([]byte, cose.NonceSize)
			_, _ = rand.Read(nonce) // never fails
			sealed[at] = sealedPage{key: key, data: s.aead.Seal(nonce, nonce, p.Encode(), key.Bytes())}
		})
		i++
	}
	all.Wait()
	return sealed
}

// open opens one page.
func (s *Store) open(key pages.Key, data []byte) (pages.Page, error) {
	if len(data) < cose.NonceSize {
		return nil, corrupt(key, pages.ErrPage)
	}
	plain, err := s.aead.Open(nil, data[:cose.NonceSize], data[cose.NonceSize:], key.Bytes())
	if err != nil {
		return nil, corrupt(key, err)
	}
	p, err := pages.Decode(plain)
	if err != nil {
		return nil, corrupt(key, err)
	}
	return p, nil
}

func corrupt(key pages.Key, err error) error {
	return fmt.Errorf("page of kind %q at %x: %w: %w", key.Kind, key.First, client.ErrStorageCorrupt, err)
}
