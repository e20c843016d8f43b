package indexeddb

// cachedPages is how many opened pages are kept in memory.
const cachedPages = 128

// cache keeps the pages that were used last.
type cache struct {
	pages map[pageKey]*cachedPage
	clock uint64 // counts uses
}

type cachedPage struct {
	page page
	used uint64
}

func newCache() *cache { return &cache{pages: make(map[pageKey]*cachedPage)} }

func (c *cache) get(key pageKey) (page, bool) {
	kept, ok := c.pages[key]
	if !ok {
		return nil, false
	}
	c.clock++
	kept.used = c.clock
	return kept.page, true
}

func (c *cache) put(key pageKey, p page) {
	c.clock++
	c.pages[key] = &cachedPage{page: p, used: c.clock}
	if len(c.pages) <= cachedPages {
		return
	}
	oldest := key
	for k, kept := range c.pages {
		if kept.used < c.pages[oldest].used {
			oldest = k
		}
	}
	delete(c.pages, oldest)
}

func (c *cache) remove(key pageKey) { delete(c.pages, key) }
