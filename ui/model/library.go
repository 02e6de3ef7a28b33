package model

import (
	"errors"
	"strconv"

	"github.com/isowright/isowright/builder/store"
)

// inBackground does something to the library, and tells the observers when it is
// done. That it fails is in the log only: nothing that matters hangs on it.
func (s *Session) inBackground(do func() error) {
	go func() {
		if err := do(); err != nil {
			s.env.Log.Warn("the library", "error", err)
		}
		s.env.Post(func() { s.tell(Change{What: LibraryChanged}) })
	}()
}

// remember notes a design among the recent ones.
func (s *Session) remember(d *Document) {
	library := s.env.Library
	if library == nil {
		return
	}
	r := s.recent(d)
	s.inBackground(func() error { return library.Touch(r) })
}

// recent is a design as the list of recent ones has it.
func (s *Session) recent(d *Document) store.Recent {
	return store.Recent{Path: d.path, Name: d.design.Name, Distribution: d.design.Distribution, Base: d.design.Base, Opened: s.env.Now()}
}

// claim notes that this window has a design's file open, soon. A person whose
// design another window has too is told of it.
func (d *Document) claim() {
	s := d.session
	d.release()
	if s.env.Library == nil || d.path == "" {
		return
	}
	path := d.path
	go func() {
		release, holder, err := s.env.Library.Claim("design:"+path, s.env.Now())
		if s.ctx.Err() != nil {
			release()
			return
		}
		s.env.Post(func() { d.claimed(path, release, holder, err) })
	}()
}

// claimed takes what came of a claim.
func (d *Document) claimed(path string, release func(), holder store.Holder, err error) {
	s := d.session
	switch {
	case d.path != path || !d.open():
		release()
	case err == nil:
		d.unclaim = release
	case errors.Is(err, store.ErrClaimed):
		s.Tell(Message{Kind: "warning", Text: s.Words().Say(
			"This design is open in another window of Isowright (process %s). What is saved last in either of them counts.", strconv.Itoa(holder.PID))})
	default:
		s.env.Log.Warn("claim a design", "error", err)
	}
}

// release gives the claim back.
func (d *Document) release() {
	if d.unclaim != nil {
		d.unclaim()
		d.unclaim = nil
	}
}
