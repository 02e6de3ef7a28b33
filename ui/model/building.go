package model

import (
	"context"
	"log/slog"
	"path/filepath"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/progress"
)

// BuildOptions are what a person chooses for one build.
type BuildOptions struct {
	// Out is the image's path; empty: see Document.Out.
	Out string
	// Clean builds everything anew.
	Clean bool
}

// Built is the result of a build.
type Built struct {
	Image builder.Image
	Plan  plan.Plan
	// Record is the build's number in the history, 0 where it is not noted.
	Record uint64
}

// Out is where the design's image is built: beside its project file, else in the
// person's folder for images.
func (d *Document) Out() string {
	dir := d.session.env.Images
	if d.path != "" {
		dir = filepath.Dir(d.path)
	}
	return filepath.Join(dir, design.WithDefaults(d.design).Output)
}

// Build plans the design in front as it is now, fetching what is missing, and
// builds it. The builds' history has it afterwards, however it ends.
func (s *Session) Build(o BuildOptions) (*Job, bool) {
	doc := s.current
	if doc == nil || s.env.Actions.Build == nil {
		return nil, false
	}
	if o.Out == "" {
		o.Out = doc.Out()
	}
	doc.stopPlanning()
	b := &building{session: s, doc: doc, design: doc.design, path: doc.path, options: o}
	return s.StartJob(Build, s.Words().Say("Build of %s", doc.Title()), b.work)
}

// building is one build. Its fields do not change while it runs.
type building struct {
	session *Session
	doc     *Document
	design  design.Design
	path    string
	options BuildOptions
}

// work is the job's.
func (b *building) work(ctx context.Context, sink progress.Sink, log func(string)) (any, error) {
	s := b.session
	o := s.Options()
	o.Progress, o.Out, o.Clean = sink, b.options.Out, b.options.Clean
	o.Log = slog.New(&logLines{add: log})
	p, err := s.env.Actions.Plan(ctx, b.design, o)
	if err != nil {
		return nil, err
	}
	s.env.Post(func() { b.doc.planIs(design.ID(b.design), p, nil, false) })
	record := builder.NewRecord(b.path, p, s.env.Now(), &o)
	image, err := s.env.Actions.Build(ctx, p, o)
	done := Built{Image: image, Plan: p}
	if s.env.Library == nil {
		return done, err
	}
	id, failed := s.env.Library.AddBuild(record.End(ctx, image, err, s.env.Now()))
	if failed != nil {
		log("the build is not in the history: " + failed.Error())
	}
	done.Record = id
	s.env.Post(func() { s.tell(Change{What: LibraryChanged}) })
	return done, err
}
