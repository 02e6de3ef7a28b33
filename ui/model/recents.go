package model

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"slices"

	"github.com/isowright/isowright/builder/store"
)

// Recent is a design that was opened or saved, with its picture ready to be
// drawn; nil: it has none.
type Recent struct {
	store.Recent
	Picture image.Image
}

// recents is what is known of the recent designs.
type recents struct {
	all []Recent
	// known says that they were read once, fresh that nothing has changed
	// since, reading that it is being done.
	known, fresh, reading bool
}

// Recents are the recent designs, the pinned ones first, then the last opened
// one. They are read in the background when they are asked for: known says
// whether that was done, and RecentsChanged follows when they are there.
func (s *Session) Recents() (all []Recent, known bool) {
	r := &s.recents
	if s.env.Library == nil {
		return nil, true
	}
	if !r.fresh && !r.reading {
		r.fresh, r.reading = true, true
		go func() {
			all, err := readRecents(s.env.Library)
			s.env.Post(func() { s.recentsAre(all, err) })
		}()
	}
	return r.all, r.known
}

// readRecents reads them and decodes their pictures.
func readRecents(library *store.Library) ([]Recent, error) {
	kept, err := library.Recents(0)
	if err != nil && !errors.Is(err, store.ErrSetAside) {
		return nil, err
	}
	slices.SortStableFunc(kept, func(a, b store.Recent) int {
		switch {
		case a.Pinned == b.Pinned:
			return 0
		case a.Pinned:
			return -1
		}
		return 1
	})
	all := make([]Recent, len(kept))
	for i, r := range kept {
		all[i] = Recent{Recent: r, Picture: thumbnailOf(r.Thumbnail)}
	}
	return all, nil
}

// maxThumbnailSide is more than any thumbnail has, in pixels.
const maxThumbnailSide = 2048

// thumbnailOf is the picture in a PNG; nil where it is none.
func thumbnailOf(data []byte) image.Image {
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width > maxThumbnailSide || config.Height > maxThumbnailSide {
		return nil
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil
	}
	return picture
}

// recentsAre takes what was read. What could not be read leaves what was known.
func (s *Session) recentsAre(all []Recent, err error) {
	r := &s.recents
	r.reading, r.known = false, true
	if err != nil {
		s.env.Log.Warn("read the recent designs", "error", err)
	} else {
		r.all = all
	}
	s.tell(Change{What: RecentsChanged})
}

// RecentOf is what is remembered of a project file.
func (s *Session) RecentOf(path string) (Recent, bool) {
	all, _ := s.Recents()
	at := slices.IndexFunc(all, func(r Recent) bool { return path != "" && r.Path == path })
	if at < 0 {
		return Recent{}, false
	}
	return all[at], true
}

// PinRecent keeps a recent design at the head of the others, or no longer.
func (s *Session) PinRecent(path string, pinned bool) {
	library := s.env.Library
	s.inBackground(func() error { return library.Pin(path, pinned) })
}

// ForgetRecent takes a design off the recent ones. Its file stays.
func (s *Session) ForgetRecent(path string) {
	library := s.env.Library
	s.inBackground(func() error { return library.Forget(path) })
}
