package model

import (
	"context"
	"slices"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
)

// checks is what is known of a design's faults. Values are looked at with every
// edit, files and the plan afterwards.
type checks struct {
	values, files design.Problems
	cancel        context.CancelFunc
}

// check looks at the design as it is now: at its values at once, at its files in
// the background.
func (d *Document) check() {
	d.checked.values = slices.Concat(design.Validate(d.design), builder.Refuse(d.design))
	d.session.tell(Change{What: ProblemsChanged, Doc: d})
	if d.checked.cancel != nil {
		d.checked.cancel()
	}
	ctx, cancel := context.WithCancel(d.session.ctx)
	d.checked.cancel = cancel
	seen := d.design
	go func() {
		found := design.CheckFiles(seen)
		d.session.env.Post(func() {
			if ctx.Err() != nil {
				return
			}
			if !slices.Equal(d.checked.files, found) {
				d.checked.files = found
				d.session.tell(Change{What: ProblemsChanged, Doc: d})
			}
		})
	}()
}

// Problems are the faults of the design that are known now, by page and field.
func (d *Document) Problems() design.Problems {
	all := slices.Concat(d.checked.values, d.checked.files, d.planned.problems)
	seen := map[design.Problem]bool{}
	all = slices.DeleteFunc(all, func(p design.Problem) bool {
		p.Line = 0
		again := seen[p]
		seen[p] = true
		return again
	})
	return all
}

// ProblemsIn are those of one page.
func (d *Document) ProblemsIn(section Section) design.Problems {
	return slices.DeleteFunc(slices.Clone(d.Problems()), func(p design.Problem) bool { return SectionOf(p.Field) != section })
}

// ProblemAt is the first fault of a field or of what lies in it.
func (d *Document) ProblemAt(field string) (design.Problem, bool) {
	for _, p := range d.Problems() {
		if p.Field == field || within(p.Field, field) {
			return p, true
		}
	}
	return design.Problem{}, false
}

// within tells whether one field lies in another.
func within(field, outer string) bool {
	return len(field) > len(outer) && field[:len(outer)] == outer && (field[len(outer)] == '.' || field[len(outer)] == '[')
}
