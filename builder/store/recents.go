package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"
)

const (
	// maxRecents bounds the recent designs. Those that are pinned go last.
	maxRecents = 50
	// MaxThumbnail bounds a design's picture, in bytes.
	MaxThumbnail = 64 << 10
)

// The recent designs and their pictures, by path.
func recentBucket() []byte    { return []byte("recents") }
func thumbnailBucket() []byte { return []byte("thumbnails") }

// Recent is a design that was opened or saved.
type Recent struct {
	// Path is absolute.
	Path         string `json:"path"`
	Name         string `json:"name,omitempty"`
	Distribution string `json:"distribution,omitempty"`
	Base         string `json:"base,omitempty"`
	// Opened is when the design was last opened or saved.
	Opened time.Time `json:"opened"`
	// Built is when its image was last built, the zero time if never; Image is
	// the image's path and Size its size in bytes.
	Built time.Time `json:"built,omitzero"`
	Image string    `json:"image,omitempty"`
	Size  int64     `json:"size,omitempty"`
	// Pinned designs are not forgotten for newer ones.
	Pinned bool `json:"pinned,omitempty"`
	// Thumbnail is a PNG of the boot menu, nil if there is none.
	Thumbnail []byte `json:"-"`
	// Missing says that there is no file at the path now.
	Missing bool `json:"-"`
}

// Recents gives the recent designs, at most limit (0: all), the last opened one
// first.
func (l *Library) Recents(limit int) ([]Recent, error) {
	var all []Recent
	err := l.view("read the recent designs", func(tx *bolt.Tx) (err error) {
		if all, err = list[Recent](tx, recentBucket(), 0); err != nil {
			return err
		}
		slices.SortStableFunc(all, func(a, b Recent) int { return later(a.Opened, b.Opened) })
		if limit > 0 && len(all) > limit {
			all = all[:limit]
		}
		for i := range all {
			png, err := get(tx, thumbnailBucket(), []byte(all[i].Path))
			if err != nil {
				return err
			}
			all[i].Thumbnail = bytes.Clone(png)
		}
		return nil
	})
	// Outside of the transaction: a sleeping network drive takes its time.
	for i := range all {
		_, e := os.Stat(all[i].Path)
		all[i].Missing = errors.Is(e, fs.ErrNotExist)
	}
	return all, err
}

// Touch notes that a design was opened or saved at r.Opened. Whether it is
// pinned and its picture stay as they are, and its last image if r has none.
func (l *Library) Touch(r Recent) error {
	if !filepath.IsAbs(r.Path) {
		return fmt.Errorf("note a recent design: the path %q is not absolute", r.Path)
	}
	return l.update("note a recent design", func(tx *bolt.Tx) error {
		var old Recent
		if _, err := getJSON(tx, recentBucket(), []byte(r.Path), &old); err != nil {
			return err
		}
		now := r
		now.Pinned = old.Pinned
		if now.Built.IsZero() {
			now.Built, now.Image, now.Size = old.Built, old.Image, old.Size
		}
		if err := putJSON(tx, recentBucket(), []byte(r.Path), now); err != nil {
			return err
		}
		return thinRecents(tx, r.Path)
	})
}

// thinRecents forgets the oldest designs beyond the bound, never the one at
// path.
func thinRecents(tx *bolt.Tx, path string) error {
	all, err := list[Recent](tx, recentBucket(), 0)
	if err != nil || len(all) <= maxRecents {
		return err
	}
	all = slices.DeleteFunc(all, func(r Recent) bool { return r.Path == path })
	slices.SortFunc(all, func(a, b Recent) int {
		if a.Pinned != b.Pinned {
			if a.Pinned {
				return -1
			}
			return 1
		}
		return later(a.Opened, b.Opened)
	})
	for _, r := range all[maxRecents-1:] {
		if err := forget(tx, r.Path); err != nil {
			return err
		}
	}
	return nil
}

// SetThumbnail keeps a PNG of at most MaxThumbnail bytes as the picture of a
// recent design; nil removes it.
func (l *Library) SetThumbnail(path string, png []byte) error {
	const doing = "keep a design's picture"
	switch {
	case len(png) > MaxThumbnail:
		return fmt.Errorf("%s: %w: %d bytes, %d are the most", doing, ErrTooLarge, len(png), MaxThumbnail)
	case len(png) > 0 && !bytes.HasPrefix(png, []byte("\x89PNG\r\n\x1a\n")):
		return fmt.Errorf("%s: it is not a PNG", doing)
	}
	return l.update(doing, func(tx *bolt.Tx) error {
		switch there, err := getJSON(tx, recentBucket(), []byte(path), &Recent{}); {
		case err != nil:
			return err
		case !there:
			return fmt.Errorf("%w: %s", ErrNotFound, path)
		case len(png) == 0:
			return remove(tx, thumbnailBucket(), []byte(path))
		}
		return put(tx, thumbnailBucket(), []byte(path), png)
	})
}

// Pin marks a recent design, or takes the mark off.
func (l *Library) Pin(path string, pinned bool) error {
	return l.update("pin a design", func(tx *bolt.Tx) error {
		return changeRecent(tx, path, func(r *Recent) { r.Pinned = pinned })
	})
}

// changeRecent changes a record that is there.
func changeRecent(tx *bolt.Tx, path string, change func(*Recent)) error {
	var r Recent
	there, err := getJSON(tx, recentBucket(), []byte(path), &r)
	if err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("%w: %s", ErrNotFound, path)
	}
	change(&r)
	return putJSON(tx, recentBucket(), []byte(path), r)
}

// Forget takes a design off the recent ones; its file stays.
func (l *Library) Forget(path string) error {
	return l.update("forget a design", func(tx *bolt.Tx) error { return forget(tx, path) })
}

func forget(tx *bolt.Tx, path string) error {
	if err := remove(tx, recentBucket(), []byte(path)); err != nil {
		return err
	}
	return remove(tx, thumbnailBucket(), []byte(path))
}
