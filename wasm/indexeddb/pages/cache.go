package pages

// Cache keeps the pages that were used last, so many as it was made for.
type Cache struct {
	limit int
	pages map[Key]*cachedPage
	clock uint64 // counts uses
}

type cachedPage struct {
	page Page
	used uint64
}

// NewCache gives an empty cache.
func NewCache(limit int) *Cache { return &Cache{limit: limit, pages: make(map[Key]*cachedPage)} }

// Get gives a kept page.
func (c *Cache) Get(key Key) (Page, bool) {
	kept, ok := c.pages[key]
	if !ok {
		return nil, false
	}
	c.clock++
	kept.used = c.clock
	return kept.page, true
}

// Put keeps a page, and forgets the one that was used longest ago where there are too many.
func (c *Cache) Put(key Key, p Page) {
	c.clock++
	c.pages[key] = &cachedPage{page: p, used: c.clock}
	if len(c.pages) <= c.limit {
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

// Remove forgets a page.
func (c *Cache) Remove(key Key) { delete(c.pages, key) }
