package model

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
)

// planPause is how long a design is left in peace after an edit before it is
// planned anew.
const planPause = 1500 * time.Millisecond

// planned is what is known of a design's plan.
type planned struct {
	plan *plan.Plan
	// id is that of the design which the plan, or the error, is of.
	id       string
	err      error
	problems design.Problems
	running  bool
	cancel   context.CancelFunc
}

// Plan is the newest plan, nil before there was one, and whether it is of the
// design as it is now.
func (d *Document) Plan() (p *plan.Plan, fresh bool) {
	return d.planned.plan, d.planned.plan != nil && d.planned.id == design.ID(d.design)
}

// PlanError says why there is no plan of the design as it is now; nil: there is
// one, or it was not tried yet.
func (d *Document) PlanError() error { return d.planned.err }

// Planning tells whether a plan is being worked out.
func (d *Document) Planning() bool { return d.planned.running }

// replan plans a while after the last edit, with what is on this computer. It
// fetches nothing: MakePlan does, when a person asks for it. Designs with faults
// are not planned, and those of NixOS only when asked, since an evaluation takes
// many seconds.
func (d *Document) replan() {
	d.stopPlanning()
	d.planned.problems, d.planned.err = nil, nil
	if len(d.checked.values) > 0 || d.design.Distribution == "nixos" || d.session.env.Actions.Plan == nil {
		return
	}
	d.startPlan(planPause, true)
}

// MakePlan works the plan out now, fetching what is missing.
func (d *Document) MakePlan() {
	d.stopPlanning()
	d.startPlan(0, false)
}

func (d *Document) stopPlanning() {
	if d.planned.cancel != nil {
		d.planned.cancel()
	}
	d.planned.cancel, d.planned.running = nil, false
}

// startPlan plans in the background after a pause.
func (d *Document) startPlan(pause time.Duration, offline bool) {
	s := d.session
	ctx, cancel := context.WithCancel(s.ctx)
	d.planned.cancel, d.planned.running = cancel, true
	seen, id := d.design, design.ID(d.design)
	o := s.Options()
	o.Offline = offline
	s.tell(Change{What: PlanChanged, Doc: d})
	go func() {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		p, err := s.env.Actions.Plan(ctx, seen, o)
		// Planning reads lists of many megabytes, once: the window stays small.
		debug.FreeOSMemory()
		s.env.Post(func() {
			if ctx.Err() == nil {
				cancel()
				d.planIs(id, p, err, offline)
			}
		})
	}()
}

// planIs takes what came of planning.
func (d *Document) planIs(id string, p plan.Plan, err error, offline bool) {
	d.planned.running, d.planned.cancel = false, nil
	d.planned.problems, d.planned.err = nil, nil
	var problems design.Problems
	switch {
	case err == nil:
		d.planned.plan, d.planned.id = &p, id
	case errors.As(err, &problems):
		d.planned.problems = problems
	case !offline:
		d.planned.err = err
	}
	d.session.tell(Change{What: PlanChanged, Doc: d})
	d.session.tell(Change{What: ProblemsChanged, Doc: d})
}

// Options are the builder's for this computer and the design in front.
func (s *Session) Options() builder.Options {
	file := ""
	if s.current != nil {
		file = s.current.path
	}
	return builder.WithSettings(builder.Options{CacheDir: s.env.CacheDir, Now: s.env.Now(), Log: s.env.Log}, s.env.Settings, file)
}
