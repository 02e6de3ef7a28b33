package model

import (
	"crypto/rand"
	"encoding/hex"
	"path/filepath"
	"time"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/design"
)

// mergeWithin is the longest pause in a person's typing that still makes one
// step to undo of it.
const mergeWithin = 2 * time.Second

// maxSteps is how many steps can be undone.
const maxSteps = 500

// Action names what a person did, in words that can be put behind "Undo": a
// text with fmt's verbs, and what goes there. Texts are translated when they are
// shown.
type Action struct {
	Format string
	Args   []any
	// Merge joins what is done in a row to the same thing, as typing into one
	// field; empty: each is a step of its own.
	Merge string
}

// Act is an Action.
func Act(format string, args ...any) Action { return Action{Format: format, Args: args} }

// In makes an action one that is joined with the one before to the same field.
func (a Action) In(field string) Action {
	a.Merge = field
	return a
}

// step is one edit.
type step struct {
	action        Action
	before, after design.Design
	at            time.Time
}

// Document is one open design.
type Document struct {
	session *Session
	// key names the design's draft.
	key    string
	path   string
	design design.Design
	// savedID is the design's ID on disk, "" for none.
	savedID      string
	past, future []step
	checked      checks
	planned      planned
	draft        draft
	measured     measures
	menu         *MenuPreview
	// beside are files of a template that are not written yet.
	beside []assets.TemplateFile
	// recovered is when the draft was kept that it was recovered from.
	recovered time.Time
	// browsing is by page.
	browsing map[Section]*Browsing
	// version counts the changes of the design.
	version int
	// unclaim gives the claim of the file back.
	unclaim func()
}

// newDocument is a design that was read from path, or that is not saved yet.
func (s *Session) newDocument(d design.Design, path string) *Document {
	doc := &Document{session: s, design: d, path: path, key: randomKey()}
	if path != "" {
		doc.savedID = design.ID(d)
	}
	return doc
}

func randomKey() string {
	var b [12]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// Design is the design as it is now. It must not be changed but by Edit.
func (d *Document) Design() design.Design { return d.design }

// Path is the project file, "" before it was saved.
func (d *Document) Path() string { return d.path }

// Title is what the design is called.
func (d *Document) Title() string {
	switch {
	case d.design.Name != "":
		return d.design.Name
	case d.path != "":
		return filepath.Base(d.path)
	}
	return d.session.Words().Say("Untitled design")
}

// Dirty tells whether there is something that is not saved.
func (d *Document) Dirty() bool { return design.ID(d.design) != d.savedID }

// Edit changes the design in one step that can be undone. An edit that changes
// nothing is none.
func (d *Document) Edit(a Action, change func(*design.Design)) {
	after := design.Clone(d.design)
	change(&after)
	after = design.Tidy(after)
	if design.ID(after) == design.ID(d.design) {
		return
	}
	now := d.session.env.Now()
	last := len(d.past) - 1
	if last >= 0 && a.Merge != "" && d.past[last].action.Merge == a.Merge && now.Sub(d.past[last].at) < mergeWithin {
		d.past[last].after, d.past[last].at = after, now
	} else {
		d.past = append(d.past, step{a, d.design, after, now})
		if len(d.past) > maxSteps {
			d.past = d.past[1:]
		}
	}
	d.future = nil
	d.become(after)
}

// Undo takes the last step back, Redo does the last one that was taken back
// again. Neither does anything where there is none.
func (d *Document) Undo() {
	if n := len(d.past); n > 0 {
		last := d.past[n-1]
		d.past, d.future = d.past[:n-1], append(d.future, last)
		d.become(last.before)
	}
}

// Redo does again what Undo took back.
func (d *Document) Redo() {
	if n := len(d.future); n > 0 {
		next := d.future[n-1]
		// What is typed now is no part of a step that was done before.
		next.at = time.Time{}
		d.future, d.past = d.future[:n-1], append(d.past, next)
		d.become(next.after)
	}
}

// UndoText and RedoText say what Undo and Redo would do, in the person's
// language; "" for nothing.
func (d *Document) UndoText() string {
	if n := len(d.past); n > 0 {
		return d.session.Words().Say("Undo: %s", d.said(d.past[n-1].action))
	}
	return ""
}

// RedoText says what Redo would do.
func (d *Document) RedoText() string {
	if n := len(d.future); n > 0 {
		return d.session.Words().Say("Redo: %s", d.said(d.future[n-1].action))
	}
	return ""
}

func (d *Document) said(a Action) string { return d.session.Words().Say(a.Format, a.Args...) }

// become makes another design the present one.
func (d *Document) become(to design.Design) {
	to.Dir = d.design.Dir
	d.design = to
	d.version++
	d.keepDraft()
	d.check()
	if d.menu != nil {
		d.menu.outdated()
	}
	d.session.tell(Change{What: DesignChanged, Doc: d})
	d.replan()
}
