package model

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
)

// leftFor is how long the page may be out of sight until the drives are no
// longer watched.
const leftFor = time.Minute

// How many lines of the journal and images of earlier builds are offered.
const (
	journalLines = 12
	recentImages = 3
)

// Flashing is what the page that writes sticks knows: the image, the drives, what
// was chosen, and the work that runs or ran last.
type Flashing struct {
	session *Session
	image   *FlashImage
	drives  driveList
	options WriteOptions
	task    *Task
	journal []store.Flash
	recent  []store.BuildRecord
	// unwatch ends the watching, keep the timer that would end it.
	unwatch, keep func()
}

// FlashImage is the file that is to be written, and what is known of it.
type FlashImage struct {
	Path string
	// Loading: it is being looked at. Err says why it cannot be written.
	Loading bool
	Err     error
	Image   flash.Image
	Info    flash.ImageInfo
	// SHA256 of the content and FileSHA256 of the packed file, as they lie
	// beside it; empty: there is no checksum.
	SHA256, FileSHA256 string
}

// Usable tells that it can be written.
func (i *FlashImage) Usable() bool { return i != nil && !i.Loading && i.Err == nil }

// WriteOptions are how a stick shall be written.
type WriteOptions struct {
	// NoVerify leaves out reading back, Full writes also what is there
	// already, Eject ejects at the end.
	NoVerify, Full, Eject bool
}

// Flashing is the session's; it is there from the first time on that it is asked
// for.
func (s *Session) Flashing() *Flashing {
	if s.flashing == nil {
		f := &Flashing{session: s, options: WriteOptions{Eject: true}}
		s.flashing = f
		s.Listen(func(c Change) {
			if c.What == JobChanged && f.task != nil && c.Job == f.task.Job && c.Job.State != Running {
				f.ended()
			}
		})
	}
	return s.flashing
}

// FlashImage takes an image to the page that flashes.
func (s *Session) FlashImage(path string) {
	f := s.Flashing()
	if !f.Busy() {
		f.SetImage(path)
	}
	s.Show(Flash)
}

// attend begins to watch the drives when the page comes to be seen, and ends it
// when it was left for long.
func (s *Session) attend() {
	if s.place.Section != Flash {
		if f := s.flashing; f != nil && f.unwatch != nil && f.keep == nil {
			f.keep = s.After(leftFor, f.rest)
		}
		return
	}
	f := s.Flashing()
	if f.keep != nil {
		f.keep()
		f.keep = nil
	}
	if f.unwatch == nil && !f.Busy() {
		f.offerBuilt()
		f.watch()
		f.readLibrary()
	}
}

// rest stops watching.
func (f *Flashing) rest() {
	if f.unwatch != nil {
		f.unwatch()
	}
	f.unwatch, f.keep = nil, nil
}

// watch follows the drives until rest. Nothing is asked of them while one is
// written.
func (f *Flashing) watch() {
	s := f.session
	source := s.env.Actions.Sticks.Source
	if source.FS == nil {
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	f.unwatch = cancel
	go func() {
		for u := range drives.Watch(ctx, source) {
			s.env.Post(func() {
				if ctx.Err() == nil {
					f.drivesAre(u)
				}
			})
		}
	}()
}

// offerBuilt takes the image that was built last, where none was chosen.
func (f *Flashing) offerBuilt() {
	if f.image != nil {
		return
	}
	if j := f.session.Job(Build); j != nil && j.State == Done {
		if built, ok := j.Result.(Built); ok {
			f.SetImage(built.Image.Path)
		}
	}
}

// Image is the one to be written, nil for none.
func (f *Flashing) Image() *FlashImage { return f.image }

// Options are how it is written.
func (f *Flashing) Options() WriteOptions { return f.options }

// SetOptions changes how it is written.
func (f *Flashing) SetOptions(o WriteOptions) { f.options = o }

// SetImage looks at an image file, in the background; "" chooses none.
func (f *Flashing) SetImage(path string) {
	s := f.session
	f.image = nil
	if path == "" {
		f.forgetUnfit()
		s.tell(Change{What: DrivesChanged})
		return
	}
	im := &FlashImage{Path: path, Loading: true}
	f.image = im
	s.tell(Change{What: DrivesChanged})
	go func() {
		seen := FlashImage{Path: path}
		seen.look(s.ctx, s.env.Actions.Sticks.Source)
		s.env.Post(func() {
			if f.image == im {
				f.image = &seen
				f.forgetUnfit()
				s.tell(Change{What: DrivesChanged})
			}
		})
	}()
}

// look reads what has to be known of the image.
func (i *FlashImage) look(ctx context.Context, source drives.Source) {
	if i.Image, i.Err = flash.OpenImage(i.Path); i.Err != nil {
		return
	}
	if i.Info, i.Err = flash.Describe(ctx, i.Image, source); i.Err != nil {
		return
	}
	i.SHA256, i.FileSHA256, i.Err = flash.SumsBeside(i.Image)
}

// readLibrary reads the journal, and which images were built of late.
func (f *Flashing) readLibrary() {
	s := f.session
	library := s.env.Library
	if library == nil {
		return
	}
	go func() {
		journal, err := library.Flashes(journalLines)
		builds, failed := library.Builds(0)
		if err == nil {
			err = failed
		}
		builds = slices.DeleteFunc(builds, func(r store.BuildRecord) bool { return r.Image == "" })
		var there []store.BuildRecord
		for _, r := range builds {
			known := slices.ContainsFunc(there, func(o store.BuildRecord) bool { return o.Image == r.Image })
			if _, lost := os.Stat(r.Image); lost == nil && !known && len(there) < recentImages {
				there = append(there, r)
			}
		}
		s.env.Post(func() {
			if err != nil {
				s.env.Log.Warn("the library", "error", err)
			}
			f.journal, f.recent = journal, there
			s.tell(Change{What: LibraryChanged})
		})
	}()
}

// Journal are the newest lines of the journal of flashes.
func (f *Flashing) Journal() []store.Flash { return f.journal }

// Recent are images of earlier builds that are still there, without the one that
// is chosen.
func (f *Flashing) Recent() []store.BuildRecord {
	return slices.DeleteFunc(slices.Clone(f.recent), func(r store.BuildRecord) bool {
		return f.image != nil && filepath.Clean(f.image.Path) == r.Image
	})
}
