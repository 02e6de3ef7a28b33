package builder

import (
	"context"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/debian"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
)

// System is one distribution.
type System interface {
	// Available says whether this computer can build for the distribution.
	Available(ctx context.Context) error
	// Base is what the distribution needs for a design's base and settings;
	// its error is design.Problems where the design asks for what it has not.
	Base(d design.Design) (catalog.Base, error)
	// Index is the distribution's offer for a design, fetched where needed.
	Index(ctx context.Context, d design.Design) (catalog.Index, error)
	// Missing is how much of a plan's packages is not in the cache, in bytes.
	Missing(p plan.Plan) int64
	// Realise makes the plan's system, using dir for what is too large for
	// memory. The product must be closed before dir is removed.
	Realise(ctx context.Context, p plan.Plan, dir string) (*plan.Product, error)
	// Remove takes a work folder away, whoever owns the files in it.
	Remove(ctx context.Context, dir string) error
	// Export writes the distribution's own source of a plan into dir, using work
	// as Realise does.
	Export(ctx context.Context, p plan.Plan, dir, work string) error
}

// newSystem is the list of distributions.
func newSystem(name string, o Options) (System, error) {
	if name == "debian" {
		return debian.New(debian.Config{
			CacheDir: o.CacheDir, Mirror: o.Mirror, Security: o.SecurityMirror,
			Clean: o.Clean, Offline: o.Offline, WorkOnDisk: o.WorkOnDisk, Now: o.Now, Log: o.Log, Progress: o.Progress,
		}), nil
	}
	return nil, design.Problems{{
		Field: "distribution", Text: "this version builds no " + name + " image",
		Hint: `use distribution = "debian"`,
	}}
}
