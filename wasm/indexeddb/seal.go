//go:build js && wasm

package indexeddb

import (
	"fmt"
	"sync"

	"sotto/wasm/client"
	"sotto/wasm/indexeddb/pages"
)

// seal seals what stands under a name: see [pages.Seal].
func (s *Store) seal(plain, name []byte) []byte { return pages.Seal(s.aead, plain, name) }

// unseal opens what seal gives.
func (s *Store) unseal(data, name []byte) ([]byte, error) { return pages.Unseal(s.aead, data, name) }

// sealAll seals the pages that have records, all at once.
func (s *Store) sealAll(changed map[pages.Key]pages.Page) map[pages.Key][]byte {
	var mu sync.Mutex
	var all sync.WaitGroup
	sealed := make(map[pages.Key][]byte, len(changed))
	for key, page := range changed {
		if len(page) == 0 {
			continue
		}
		all.Go(func() {
			data := s.seal(page.Encode(), key.Bytes())
			mu.Lock()
			defer mu.Unlock()
			sealed[key] = data
		})
	}
	all.Wait()
	return sealed
}

// openPage opens one page.
func (s *Store) openPage(key pages.Key, data []byte) (pages.Page, error) {
	plain, err := s.unseal(data, key.Bytes())
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
