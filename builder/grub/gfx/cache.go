package gfx

import (
	"container/list"
	"image"
	"io/fs"
)

// Cache keeps decoded and scaled pictures, and what was wrong with those that
// could not be read, so that a key stroke reads and scales nothing anew. It
// forgets those that were not asked for longest when they become too many
// bytes. It is for one goroutine. When files change, make a new one.
type Cache struct {
	limit, size int
	byKey       map[cacheKey]*list.Element
	order       *list.List // of *cached, the last used one in front
}

type cacheKey struct {
	name   string
	w, h   int // 0: as in the file
	method Method
	hAlign Align
	vAlign Align
}

type cached struct {
	key     cacheKey
	picture *image.NRGBA
	err     error
	size    int
}

// NewCache makes a cache of at most limit bytes of pixels. A picture that
// alone is larger is kept as long as no other is asked for.
func NewCache(limit int) *Cache {
	return &Cache{limit: limit, byKey: map[cacheKey]*list.Element{}, order: list.New()}
}

// Read is the picture in a file, decoded. It must not be changed.
func (c *Cache) Read(files fs.FS, name string) (*image.NRGBA, error) {
	return c.get(cacheKey{name: name}, func() (*image.NRGBA, error) {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		return Read(name, data)
	})
}

// Fit is the picture in a file, brought to w x h pixels. It must not be
// changed.
func (c *Cache) Fit(files fs.FS, name string, w, h int, method Method, hAlign, vAlign Align) (*image.NRGBA, error) {
	return c.get(cacheKey{name, w, h, method, hAlign, vAlign}, func() (*image.NRGBA, error) {
		picture, err := c.Read(files, name)
		if err != nil {
			return nil, err
		}
		return Fit(picture, w, h, method, hAlign, vAlign), nil
	})
}

// get returns what is kept or makes it.
func (c *Cache) get(key cacheKey, make func() (*image.NRGBA, error)) (*image.NRGBA, error) {
	if e, ok := c.byKey[key]; ok {
		c.order.MoveToFront(e)
		kept := e.Value.(*cached)
		return kept.picture, kept.err
	}
	picture, err := make()
	kept := &cached{key: key, picture: picture, err: err, size: 256}
	if picture != nil {
		kept.size += len(picture.Pix)
	}
	c.byKey[key] = c.order.PushFront(kept)
	c.size += kept.size
	for c.size > c.limit && c.order.Len() > 1 {
		oldest := c.order.Remove(c.order.Back()).(*cached)
		delete(c.byKey, oldest.key)
		c.size -= oldest.size
	}
	return picture, err
}
