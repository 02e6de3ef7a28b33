package builder

import (
	"context"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
)

// Offer gives every package that Debian's archive has for a design, with sizes.
// What NixOS offers is in package catalog/nixpkgs, which has no sizes.
func Offer(ctx context.Context, d design.Design, o Options) ([]catalog.Package, catalog.State, error) {
	packages, state, err := newDebian(o).Offer(ctx, design.WithDefaults(d))
	return packages, state, explain("catalogue", err, plan.Plan{})
}
