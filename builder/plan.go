package builder

import (
	"context"
	"errors"
	"io/fs"
	"os"

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
	sys, err := checked(d, o)
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
	p, err := sys.Plan(ctx, d, o.Date)
	if err != nil {
		return plan.Plan{}, suggest(ctx, d, o, err)
	}
	small, err := spaceWarnings(p, o)
	p.Warnings = append(p.Warnings, small...)
	return p, err
}

// checked checks a design and gives its distribution; its error is
// design.Problems.
func checked(d design.Design, o Options) (System, error) {
	whole := design.WithDefaults(d)
	problems := append(design.Validate(whole), design.CheckFiles(whole)...)
	if len(problems) > 0 {
		return nil, problems
	}
	sys, err := newSystem(d.Distribution, o)
	if err != nil {
		return nil, err
	}
	if problems := sys.Refuse(whole); len(problems) > 0 {
		return nil, problems
	}
	return sys, nil
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

// Export writes the distribution's own source of a design into the folder dir,
// which must not exist or be empty.
func Export(ctx context.Context, d design.Design, dir string, o Options) error {
	err := export(ctx, d, dir, o)
	return explain("export", err, plan.Plan{})
}

func export(ctx context.Context, d design.Design, dir string, o Options) error {
	sys, err := checked(d, o)
	if err != nil {
		return err
	}
	if err := emptyFolder(dir); err != nil {
		return err
	}
	w, err := newWork(ctx, o.CacheDir, sys.Remove)
	if err != nil {
		return err
	}
	err = sys.Export(ctx, d, o.Date, dir, w.dir)
	return errors.Join(err, w.close(sys.Remove))
}

// emptyFolder makes dir and refuses one that holds anything.
func emptyFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 {
		err = &fs.PathError{Op: "export into", Path: dir, Err: errors.New("the folder is not empty")}
	}
	return err
}
