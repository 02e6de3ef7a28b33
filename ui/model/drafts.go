package model

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/store"
)

// draftPause is the longest time that an edit is not on the disk: typing is
// gathered for so long.
const draftPause = 500 * time.Millisecond

// draft is how far a design's draft is kept.
type draft struct {
	// timer runs from the first edit that is not kept yet.
	timer *time.Timer
	// kept says that the library has a draft of this design.
	kept bool
	// id is that of the design in the draft that is on the disk.
	id string
	// writing says that one is under way, again that another must follow.
	writing, again bool
	// unclaim gives the claim of the draft back: as long as it is held, no other
	// window takes the draft for one that was left behind.
	unclaim func()
}

// keepDraft has the design's draft written soon.
func (d *Document) keepDraft() {
	if d.session.env.Library == nil || d.draft.timer != nil {
		return
	}
	d.draft.timer = time.AfterFunc(draftPause, func() {
		d.session.env.Post(func() {
			d.draft.timer = nil
			d.writeDraft()
		})
	})
}

// writeDraft writes it in the background, one at a time. A design that is as on
// the disk needs none.
func (d *Document) writeDraft() {
	if !d.open() {
		return
	}
	if d.draft.writing {
		d.draft.again = true
		return
	}
	if !d.Dirty() {
		d.dropDraft()
		return
	}
	record, err := d.record()
	if err != nil {
		d.session.draftFailed(err)
		return
	}
	d.draft.writing, d.draft.kept = true, true
	library, id, mine := d.session.env.Library, design.ID(d.design), d.draft.unclaim != nil
	go func() {
		unclaim := func() {}
		if !mine {
			unclaim = d.session.claimDraft(record.Key)
		}
		err := library.PutDraft(record)
		d.session.env.Post(func() {
			d.draft.writing = false
			if !mine {
				d.draft.unclaim = unclaim
			}
			if !d.draft.kept {
				d.forgetDraft()
				return
			}
			if err == nil {
				d.draft.id = id
			}
			d.session.draftFailed(err)
			d.session.tell(Change{What: LibraryChanged, Doc: d})
			if d.draft.again {
				d.draft.again = false
				d.writeDraft()
			}
		})
	}()
}

// Kept is the ID of the design that would come back after a crash; "" for that
// of the file.
func (d *Document) Kept() string { return d.draft.id }

// record is the design as a draft.
func (d *Document) record() (store.Draft, error) {
	text, err := design.Encode(d.design)
	return store.Draft{Key: d.key, Path: d.path, Saved: d.session.env.Now(), BaseID: d.savedID, Text: text}, err
}

// draftFailed tells once that edits are not safe from a crash.
func (s *Session) draftFailed(err error) {
	switch {
	case err == nil, errors.Is(err, store.ErrBusy):
	case errors.Is(err, store.ErrSetAside):
		s.Tell(Message{Kind: "warning", Text: s.Words().Say("What Isowright remembered was damaged. The damaged file was set aside, and what could be read of it was kept.")})
	default:
		s.Tell(Message{Kind: "warning", Text: s.Words().Say("Unsaved changes are not safe from a crash now: %s", err.Error())})
	}
}

// dropDraft forgets the draft, because the design was saved or is not wanted.
func (d *Document) dropDraft() {
	if d.draft.timer != nil {
		d.draft.timer.Stop()
		d.draft.timer = nil
	}
	d.draft.again = false
	if !d.draft.kept {
		return
	}
	d.draft.kept, d.draft.id = false, ""
	// What is being written now is forgotten when that is done.
	if !d.draft.writing {
		d.forgetDraft()
	}
}

// forgetDraft takes the draft off the disk and gives its claim back.
func (d *Document) forgetDraft() {
	library, key, unclaim := d.session.env.Library, d.key, d.draft.unclaim
	d.draft.unclaim = nil
	d.session.inBackground(func() error {
		err := library.DropDraft(key)
		if unclaim != nil {
			unclaim()
		}
		return err
	})
}

// claimDraft notes that this window has a draft open. Any goroutine may call it.
func (s *Session) claimDraft(key string) (release func()) {
	release, _, err := s.env.Library.Claim("draft:"+key, s.env.Now())
	if err != nil {
		s.env.Log.Warn("claim a draft", "error", err)
	}
	return release
}

// KeepDrafts writes what is unsaved at once, before the program ends.
func (s *Session) KeepDrafts() error {
	var all error
	for _, d := range s.docs {
		if s.env.Library == nil || !d.Dirty() {
			continue
		}
		record, err := d.record()
		if err == nil {
			err = s.env.Library.PutDraft(record)
		}
		all = errors.Join(all, err)
	}
	return all
}

// Recover opens the drafts that an earlier run left, because it crashed or was
// closed with changes that were not saved, and says then how many these were.
// Those of another window that is open are left alone.
func (s *Session) Recover(done func(n int, err error)) {
	if s.env.Library == nil {
		done(0, nil)
		return
	}
	go func() {
		left, err := s.leftDrafts()
		s.env.Post(func() {
			n := 0
			for _, l := range left {
				if s.reopen(l) {
					n++
				}
			}
			done(n, err)
		})
	}()
}

// leftDraft is a draft that no window has open but this one from now on.
type leftDraft struct {
	store.Draft
	unclaim func()
}

// leftDrafts reads and claims them. They are read again behind the claims: their
// window may just have saved and closed them.
func (s *Session) leftDrafts() ([]leftDraft, error) {
	drafts, err := s.env.Library.Drafts()
	unclaim := map[string]func(){}
	for _, kept := range drafts {
		release, _, claimErr := s.env.Library.Claim("draft:"+kept.Key, s.env.Now())
		if errors.Is(claimErr, store.ErrClaimed) {
			continue
		}
		if claimErr != nil {
			s.env.Log.Warn("claim a draft", "error", claimErr)
		}
		unclaim[kept.Key] = release
	}
	if len(unclaim) == 0 {
		return nil, err
	}
	drafts, again := s.env.Library.Drafts()
	var left []leftDraft
	for _, kept := range drafts {
		if release, ok := unclaim[kept.Key]; ok {
			left = append(left, leftDraft{kept, release})
			delete(unclaim, kept.Key)
		}
	}
	for _, release := range unclaim {
		release()
	}
	return left, errors.Join(err, again)
}

// reopen opens a draft. It says whether it has become a document.
func (s *Session) reopen(kept leftDraft) bool {
	dir := s.env.Home
	if kept.Path != "" {
		dir = filepath.Dir(kept.Path)
	}
	d, err := design.Parse(kept.Text, dir)
	if err != nil {
		s.env.Log.Warn("a draft cannot be read", "key", kept.Key, "error", err)
	}
	if err != nil || s.isOpen(kept.Draft) {
		kept.unclaim()
		return false
	}
	doc := s.newDocument(d, "")
	doc.path, doc.key, doc.savedID = kept.Path, kept.Key, kept.BaseID
	doc.draft.kept, doc.draft.unclaim = true, kept.unclaim
	doc.recovered = kept.Saved
	s.add(doc)
	return true
}

// isOpen tells whether a draft is that of an open design.
func (s *Session) isOpen(kept store.Draft) bool {
	for _, d := range s.docs {
		if d.key == kept.Key || kept.Path != "" && d.path == kept.Path {
			return true
		}
	}
	return false
}

// Recovered is when the draft was kept that the design was recovered from; the
// zero time where it was not.
func (d *Document) Recovered() time.Time { return d.recovered }

// KeepRecovered keeps what was recovered: it is an unsaved change like any other.
func (d *Document) KeepRecovered() {
	d.recovered = time.Time{}
	d.session.tell(Change{What: DesignChanged, Doc: d})
}

// Revert goes back to the design in the file, in one step that can be undone.
func (d *Document) Revert() error {
	if d.path == "" {
		return fmt.Errorf("go back to the saved file: the design was never saved")
	}
	saved, err := design.Load(d.path)
	if err != nil {
		return fmt.Errorf("go back to the saved file: %w", err)
	}
	d.recovered = time.Time{}
	d.savedID = design.ID(saved)
	d.Edit(Act("go back to the saved file"), func(now *design.Design) { *now = saved })
	d.session.tell(Change{What: DesignChanged, Doc: d})
	return nil
}

// open tells whether the document is still among the open ones.
func (d *Document) open() bool {
	for _, other := range d.session.docs {
		if other == d {
			return true
		}
	}
	return false
}

// forget ends what goes on for a document.
func (d *Document) forget() {
	d.stopPlanning()
	if d.checked.cancel != nil {
		d.checked.cancel()
	}
	if d.measured.cancel != nil {
		d.measured.cancel()
	}
	if d.menu != nil {
		d.menu.end()
	}
	d.dropDraft()
	d.release()
}
