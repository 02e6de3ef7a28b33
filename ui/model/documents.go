package model

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/internal/safefile"
)

// Documents are the open designs in the order they were opened.
func (s *Session) Documents() []*Document { return slices.Clone(s.docs) }

// Current is the design in front, nil for none.
func (s *Session) Current() *Document { return s.current }

// Open reads a project file and brings it to the front. One that is open
// already is only brought to the front. The error is design.Problems where the
// file is no design.
func (s *Session) Open(path string) (*Document, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	for _, doc := range s.docs {
		if doc.path == path {
			s.Select(doc)
			return doc, nil
		}
	}
	d, err := design.Load(path)
	if err != nil {
		return nil, err
	}
	doc := s.newDocument(d, path)
	s.add(doc)
	s.remember(doc)
	return doc, nil
}

// NewFrom begins a design from a template. Files of the template's are written
// when the design is first saved.
func (s *Session) NewFrom(t assets.Template) (*Document, error) {
	d, err := design.Parse([]byte(t.Text), s.env.Home)
	if err != nil {
		return nil, fmt.Errorf("read the template %s: %w", t.Name, err)
	}
	doc := s.newDocument(d, "")
	doc.beside = t.Files
	s.add(doc)
	return doc, nil
}

// add puts a document in front and begins to look at it.
func (s *Session) add(doc *Document) {
	s.docs = append(s.docs, doc)
	doc.claim()
	s.Select(doc)
	doc.check()
	doc.replan()
}

// Select brings a design to the front, nil none.
func (s *Session) Select(doc *Document) {
	before := s.current
	s.current = doc
	switch {
	case doc == nil:
		s.place = Place{Section: Start}
	case before == nil, s.place.Section == Start:
		s.place = Place{Section: Overview}
	}
	s.tell(Change{What: DocumentsChanged, Doc: doc})
	s.tell(Change{What: PlaceChanged, Doc: doc})
}

// Close closes a design, whatever is unsaved in it.
func (s *Session) Close(doc *Document) {
	at := slices.Index(s.docs, doc)
	if at < 0 {
		return
	}
	doc.forget()
	s.docs = slices.Delete(s.docs, at, at+1)
	if s.current != doc {
		s.tell(Change{What: DocumentsChanged})
		return
	}
	if at == len(s.docs) {
		at--
	}
	if at < 0 {
		s.Select(nil)
		return
	}
	s.Select(s.docs[at])
}

// Save writes the design to its file, all or nothing.
func (d *Document) Save() error {
	if d.path == "" {
		return fmt.Errorf("save the design: it has no file yet")
	}
	return d.SaveAs(d.path)
}

// SaveAs writes the design to a file and keeps to it. Relative paths in the
// design start from its folder then.
func (d *Document) SaveAs(path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("save the design: %w", err)
	}
	for _, f := range d.beside {
		to := filepath.Join(filepath.Dir(path), filepath.FromSlash(f.Path))
		if _, err := os.Lstat(to); err == nil {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return fmt.Errorf("write the template's files: %w", err)
		}
		if err := safefile.Write(to, 0o644, []byte(f.Text)); err != nil {
			return fmt.Errorf("write the template's files: %w", err)
		}
	}
	if err := design.Save(path, d.design); err != nil {
		return fmt.Errorf("save the design: %w", err)
	}
	d.beside, d.recovered = nil, time.Time{}
	moved := path != d.path
	d.path, d.design.Dir = path, filepath.Dir(path)
	d.savedID = design.ID(d.design)
	d.dropDraft()
	if moved {
		d.claim()
	}
	d.session.pictured(d)
	d.check()
	d.session.tell(Change{What: DocumentsChanged, Doc: d})
	return nil
}
