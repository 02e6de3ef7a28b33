package nixos

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/nixos/assemble"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/plan"
)

// Realise has Nix build what the plan says. The result stays in the Nix store
// until its link in RootsDir is removed.
func (s *System) Realise(ctx context.Context, p plan.Plan, dir string) (*plan.Product, error) {
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
	product, err := s.product(ctx, n, p, out[0], dir)
	if err != nil {
		return nil, err
	}
	if product.Installed, err = installed(ctx, n, p); err != nil {
		return nil, err
	}
	return product, nil
}

// product is what nix built, for the image writers.
func (s *System) product(ctx context.Context, n *nix.Nix, p plan.Plan, out, dir string) (*plan.Product, error) {
	if p.Nix.Output == "manifest" {
		return s.assemble(ctx, n, p, out, dir)
	}
	_, places, err := s.readable(ctx, n, out, dir)
	if err != nil {
		return nil, err
	}
	product := &plan.Product{Close: func() error { return nil }}
	if p.Design.Base == "netboot" {
		product.Made, err = bundle(places, out, filepath.Join(dir, "bundle"))
	} else {
		product.Made, err = nix.FindImage(places.Of(out))
	}
	return product, err
}

// bundle makes the folder dir with links to the files of a network boot bundle,
// which is itself one of links into the store.
func bundle(places nix.Places, out, dir string) (string, error) {
	entries, err := os.ReadDir(places.Of(out))
	if err != nil {
		return "", fmt.Errorf("read the bundle: %w", err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return "", fmt.Errorf("read the bundle: %w", err)
	}
	for _, e := range entries {
		file, err := places.Resolve(path.Join(out, e.Name()))
		if err != nil {
			return "", err
		}
		if err := os.Symlink(file, filepath.Join(dir, e.Name())); err != nil {
			return "", fmt.Errorf("read the bundle: %w", err)
		}
	}
	return dir, nil
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

// assemble prepares an image of our own making from a manifest.
func (s *System) assemble(ctx context.Context, n *nix.Nix, p plan.Plan, manifest, dir string) (*plan.Product, error) {
	_, places, err := s.readable(ctx, n, manifest, dir)
	if err != nil {
		return nil, err
	}
	image, err := assemble.Assemble(ctx, assemble.Options{
		Design: p.Design, Manifest: manifest, Place: places.Of, Progress: s.Progress,
	})
	if err != nil {
		return nil, err
	}
	if image.VolumeID != p.VolumeID {
		return nil, fmt.Errorf("the system looks for the medium %q, the plan names it %q: plan again", image.VolumeID, p.VolumeID)
	}
	return &plan.Product{
		Root: image.Root, RootPath: image.RootPath, Medium: image.Medium, OwnFiles: true,
		Boot:  plan.Boot{ESP: image.ESP, ElTorito: image.ElTorito, MBRCode: image.MBRCode, Isolinux: true},
		Close: func() error { return nil },
	}, nil
}

// readable gives the closure of a store path, and sees to it that it can be read
// on this computer; dir is for what has to be copied.
func (s *System) readable(ctx context.Context, n *nix.Nix, out, dir string) ([]nix.PathInfo, nix.Places, error) {
	closure, err := n.PathInfo(ctx, out)
	if err != nil {
		return nil, nix.Places{}, withHint(err)
	}
	paths := make([]string, len(closure))
	for i, info := range closure {
		paths[i] = info.Path
	}
	places, err := n.Readable(ctx, filepath.Join(dir, "nix"), paths...)
	return closure, places, withHint(err)
}
