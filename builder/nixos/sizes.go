package nixos

import (
	"context"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/nixos/source"
	"github.com/isowright/isowright/builder/plan"
)

// sizes estimates what a plan costs. A system that is in the store or a cache
// already is measured; of others only what is fetched is known, which counts some of what
// is needed for building too.
func (s *System) sizes(ctx context.Context, n *nix.Nix, p plan.Plan, dry nix.Plan) (plan.Sizes, error) {
	size := plan.Sizes{Download: dry.Download, Packages: dry.Download, Installed: dry.Unpacked}
	known, err := n.SizesAnywhere(ctx, p.Nix.Toplevel)
	if err != nil {
		return size, withHint(err)
	}
	for _, info := range known {
		size.Installed = max(size.Installed, info.ClosureSize)
	}
	for _, cost := range p.Nix.Offline {
		if cost.Level == p.Design.NixOS.Offline.Level {
			size.Installed = max(size.Installed, cost.Added)
			size.Image, size.Store = cost.Image, cost.Space
		}
	}
	var medium int64
	for _, f := range p.Files {
		medium += f.Size
	}
	size.Image = max(size.Image, int64(float64(size.Installed)*ratio(p.Design.Compression))+bootSize) + medium
	needed := dry.Unpacked
	if p.Nix.Output == "image" {
		// The SquashFS, the image around it and the copy that becomes the
		// result are there at the same time.
		needed += size.Image * 5 / 2
	}
	size.Store = max(size.Store, needed)
	size.Work = size.Image
	return size, nil
}

// offline estimates what each level of offline installation costs, for a design
// that has one.
func (s *System) offline(ctx context.Context, n *nix.Nix, p plan.Plan) ([]plan.OfflineCost, error) {
	if p.Design.NixOS.Offline.Level == "" {
		return nil, nil
	}
	known := source.OfflineKnown{Ratio: ratio(p.Design.Compression)}
	here, err := n.SizesAnywhere(ctx, p.Nix.Toplevel)
	if err != nil {
		return nil, withHint(err)
	}
	for _, info := range here {
		known.Image = info.ClosureSize
	}
	var all []plan.OfflineCost
	for _, c := range source.OfflineSizes(known) {
		all = append(all, plan.OfflineCost(c))
	}
	return all, nil
}

// bootSize is about what kernel, initrd and menus take on the medium, in bytes.
const bootSize = 60e6

// ratio is the packed size of a typical store over its unpacked size.
func ratio(c design.Compression) float64 {
	switch {
	case c.Method == "none":
		return 1
	case c.Method == "xz":
		return 0.30
	case c.Method == "zstd" && c.Level >= 15:
		return 0.34
	}
	return 0.40
}
