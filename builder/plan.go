package builder

import (
	"context"
	"errors"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
)

// Plan resolves a design. Faults of the design come all at once as
// design.Problems, other reasons as *StepError.
func Plan(ctx context.Context, d design.Design, o Options) (plan.Plan, error) {
	p, err := makePlan(ctx, d, o)
	return p, explain("plan", err, p)
}

func makePlan(ctx context.Context, d design.Design, o Options) (plan.Plan, error) {
	d = design.WithDefaults(d)
	problems := append(design.Validate(d), design.CheckFiles(d)...)
	if len(problems) > 0 {
		return plan.Plan{}, problems
	}
	sys, err := newSystem(d.Distribution, o)
	if err != nil {
		return plan.Plan{}, err
	}
	base, err := sys.Base(d)
	if err != nil {
		return plan.Plan{}, err
	}
	if err := sys.Available(ctx); err != nil {
		return plan.Plan{}, err
	}
	// What a killed build left needs not wait for the next build.
	if err := sweepWork(ctx, o.CacheDir, sys.Remove); err != nil {
		return plan.Plan{}, err
	}
	index, err := sys.Index(ctx, d)
	if err != nil {
		return plan.Plan{}, err
	}
	p, err := plan.Make(ctx, d, base, index, o.Date)
	if err != nil {
		return plan.Plan{}, err
	}
	p.Sizes.Download = sys.Missing(p)
	p.Warnings, err = spaceWarnings(p, o)
	return p, err
}

// spaceWarnings tells early what would stop a build here. The plan itself is
// good: it can be built elsewhere.
func spaceWarnings(p plan.Plan, o Options) ([]design.Problem, error) {
	if o.Out == "" {
		o.Out = p.Output
	}
	var small *spaceError
	err := checkSpace(p, o, p.Sizes.Download)
	if errors.As(err, &small) {
		return []design.Problem{{Text: small.Error(), Hint: small.Hint()}}, nil
	}
	return nil, err
}

// Export writes the distribution's own source of a plan into the folder dir,
// which must not exist or be empty.
func Export(ctx context.Context, p plan.Plan, dir string, o Options) error {
	sys, err := newSystem(p.Design.Distribution, o)
	if err != nil {
		return err
	}
	w, err := newWork(ctx, o.CacheDir, sys.Remove)
	if err != nil {
		return explain("export", err, p)
	}
	err = sys.Export(ctx, p, dir, w.dir)
	return explain("export", errors.Join(err, w.close(sys.Remove)), p)
}
