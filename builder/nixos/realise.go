package nixos

import (
	"context"
	"fmt"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/plan"
)

// Realise has Nix build what the plan says. The result stays in the Nix store
// until its link in RootsDir is removed.
func (s *System) Realise(ctx context.Context, p plan.Plan, _ string) (*plan.Product, error) {
	n, err := s.find(ctx, nil)
	if err != nil {
		return nil, err
	}
	if err := s.storeSpace(n, p); err != nil {
		return nil, err
	}
	link, err := s.root(p)
	if err != nil {
		return nil, err
	}
	// The derivation, not the source: so what is built is what was planned.
	out, err := n.Build(ctx, nix.Spec{Installable: p.Nix.Derivation + "^out", OutLink: link})
	if err != nil {
		return nil, withHint(err)
	}
	product, err := s.product(ctx, n, p, out[0])
	if err != nil {
		return nil, err
	}
	if product.Installed, err = installed(ctx, n, p); err != nil {
		return nil, err
	}
	return product, nil
}

// product is what nix built, for the image writers.
func (s *System) product(ctx context.Context, n *nix.Nix, p plan.Plan, out string) (*plan.Product, error) {
	nothing := func() error { return nil }
	switch {
	case p.Nix.Output == "manifest":
		return s.assemble(ctx, n, p, out)
	case p.Design.Base == "netboot":
		return &plan.Product{Made: out, Close: nothing}, nil
	}
	image, err := nix.FindImage(out)
	if err != nil {
		return nil, err
	}
	return &plan.Product{Made: image, Close: nothing}, nil
}

// installed lists the closure of the system: every store path with its version
// and size. Where only the finished image came here from another store, it is
// the plan's packages.
func installed(ctx context.Context, n *nix.Nix, p plan.Plan) ([]catalog.Package, error) {
	here, err := n.Sizes(ctx, "", p.Nix.Toplevel)
	if err != nil {
		return nil, withHint(err)
	}
	if len(here) == 0 {
		return p.Packages, nil
	}
	closure, err := n.PathInfo(ctx, p.Nix.Toplevel)
	if err != nil {
		return nil, withHint(err)
	}
	all := make([]catalog.Package, 0, len(closure))
	for _, info := range closure {
		name, version := catalog.OfStorePath(info.Path)
		all = append(all, catalog.Package{
			Name: name, Version: version, Architecture: p.Design.Architecture,
			Installed: info.NarSize, SHA256: info.NarHash,
		})
	}
	return all, nil
}

// assemble reads the manifest and prepares an image of our own making.
func (s *System) assemble(ctx context.Context, n *nix.Nix, p plan.Plan, manifest string) (*plan.Product, error) {
	return nil, fmt.Errorf("assemble: to come")
}
