package model

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/diff"
	"github.com/isowright/isowright/builder/store"
)

// PastBuild is a build of earlier.
type PastBuild struct {
	store.BuildRecord
	// Gone says that its image is no longer where it was built.
	Gone bool
}

// Past is the builds of earlier, and which of them a person looks at.
type Past struct {
	session *Session
	// builds are all, the newest first, without what is long in them.
	builds []PastBuild
	// loaded says that they were read, err why that failed.
	loaded bool
	err    error
	// own leaves those of the design in front.
	own    bool
	chosen uint64
	detail *store.BuildRecord
	// ticked are one or two to be compared; result is what came of it.
	ticked  []uint64
	result  *Comparison
	failure error
}

// Comparison is in what two builds differ, from the older to the newer.
type Comparison struct {
	Old, New store.BuildRecord
	diff.Result
}

// History is that of the session.
func (s *Session) History() *Past {
	s.history.session = s
	return &s.history
}

// Load reads the builds in the background.
func (h *Past) Load() {
	s := h.session
	if s.env.Library == nil {
		h.loaded = true
		return
	}
	isThere := s.env.Actions.There
	if isThere == nil {
		isThere = exists
	}
	go func() {
		records, err := s.env.Library.Builds(0)
		all := make([]PastBuild, len(records))
		for i, r := range records {
			all[i] = PastBuild{r, r.Image != "" && !isThere(r.Image)}
		}
		s.env.Post(func() {
			h.builds, h.err, h.loaded = all, err, true
			h.tell()
		})
	}()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (h *Past) tell() { h.session.tell(Change{What: HistoryChanged}) }

// Loaded tells whether the builds were read, and why not.
func (h *Past) Loaded() (bool, error) { return h.loaded, h.err }

// Empty tells that there are none at all.
func (h *Past) Empty() bool { return len(h.builds) == 0 }

// Builds are those to be shown, the newest first.
func (h *Past) Builds() []PastBuild {
	if !h.own {
		return h.builds
	}
	return slices.DeleteFunc(slices.Clone(h.builds), func(b PastBuild) bool { return !h.isOwn(b) })
}

// isOwn tells whether a build is of the design in front.
func (h *Past) isOwn(b PastBuild) bool {
	doc := h.session.current
	switch {
	case doc == nil:
		return false
	case doc.path != "":
		return b.Design == doc.path
	}
	return b.DesignID == design.ID(doc.design) || b.Design == "" && b.Name == doc.design.Name
}

// Own tells whether only builds of the design in front are shown.
func (h *Past) Own() bool { return h.own && h.session.current != nil }

// ShowOwn changes that.
func (h *Past) ShowOwn(only bool) {
	h.own = only
	h.tell()
}

// Choose looks at a build; 0: at none.
func (h *Past) Choose(id uint64) {
	if h.chosen == id {
		return
	}
	h.chosen, h.detail, h.failure = id, nil, nil
	h.tell()
	if id != 0 && h.session.env.Library != nil {
		h.read(id)
	}
}

// read reads all that is kept of a build, in the background.
func (h *Past) read(id uint64) {
	s := h.session
	go func() {
		var r store.BuildRecord
		err := s.readBuild(id, &r)
		s.env.Post(func() {
			if h.chosen != id {
				return
			}
			h.failure = err
			if err == nil {
				h.detail = &r
			}
			h.tell()
		})
	}()
}

// Chosen is the build that is looked at, and all that is kept of it, nil until
// that was read; err says why it could not be.
func (h *Past) Chosen() (b *PastBuild, detail *store.BuildRecord, err error) {
	for i := range h.builds {
		if h.builds[i].ID == h.chosen {
			return &h.builds[i], h.detail, h.failure
		}
	}
	return nil, nil, h.failure
}

// Ticked are the builds that are to be compared.
func (h *Past) Ticked() []uint64 { return h.ticked }

// Tick marks a build to be compared, or takes the mark off. A third one takes the
// place of the first.
func (h *Past) Tick(id uint64, on bool) {
	h.ticked = slices.DeleteFunc(slices.Clone(h.ticked), func(other uint64) bool { return other == id })
	if on {
		h.ticked = append(h.ticked, id)
		h.ticked = h.ticked[max(0, len(h.ticked)-2):]
	}
	h.result, h.failure = nil, nil
	h.tell()
	if len(h.ticked) == 2 {
		h.compare(min(h.ticked[0], h.ticked[1]), max(h.ticked[0], h.ticked[1]))
	}
}

// Untick takes all marks off.
func (h *Past) Untick() {
	h.ticked, h.result, h.failure = nil, nil, nil
	h.tell()
}

// Compared is in what the two ticked builds differ, nil until that is known; err
// says why it is not.
func (h *Past) Compared() (*Comparison, error) { return h.result, h.failure }

// compare works it out in the background.
func (h *Past) compare(old, new uint64) {
	s := h.session
	go func() {
		c := &Comparison{}
		err := errors.Join(s.readBuild(old, &c.Old), s.readBuild(new, &c.New))
		if err == nil {
			c.Result, err = diff.Builds(c.Old, c.New)
		}
		s.env.Post(func() {
			if slices.Contains(h.ticked, old) && slices.Contains(h.ticked, new) {
				h.result, h.failure = c, err
				h.tell()
			}
		})
	}()
}

// readBuild reads all that is kept of a build.
func (s *Session) readBuild(id uint64, into *store.BuildRecord) error {
	r, err := s.env.Library.Build(id)
	if err != nil && !errors.Is(err, store.ErrSetAside) {
		return fmt.Errorf("read build %d of the history: %w", id, err)
	}
	*into = r
	return nil
}

// OpenAsBuilt opens the design of the chosen build as it was then, as a new one
// that is not saved.
func (h *Past) OpenAsBuilt() error {
	_, detail, _ := h.Chosen()
	if detail == nil {
		return nil
	}
	dir := h.session.env.Home
	if detail.Design != "" {
		dir = filepath.Dir(detail.Design)
	}
	d, err := design.Parse(detail.DesignText, dir)
	if err != nil {
		return fmt.Errorf("read the design of build %d: %w", detail.ID, err)
	}
	h.session.add(h.session.newDocument(d, ""))
	return nil
}
