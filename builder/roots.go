package builder

import (
	"context"

	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/plan"
)

// Roots lists the results of earlier NixOS builds that are kept in the Nix
// store, oldest first.
func Roots(ctx context.Context, o Options) ([]nix.Root, error) {
	roots, err := newNixOS(o).Roots(ctx)
	return roots, explain("roots", err, plan.Plan{})
}

// FreeRoots gives results up, by the names of their links or all of them, and
// tells which these were. Its error is *nixos.UnknownRootError where a name is
// none; nothing is given up then.
func FreeRoots(ctx context.Context, o Options, names []string, all bool) ([]nix.Root, error) {
	roots, err := newNixOS(o).FreeRoots(ctx, names, all)
	return roots, explain("roots", err, plan.Plan{})
}
