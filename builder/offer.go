package builder

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/catalog/nixpkgs"
	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/debian"
	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
)

// Want says how Catalogue may come by a catalogue.
type Want struct {
	// Newest asks whether there is a newer list than the one on this computer,
	// and fails where nobody can be asked.
	Newest bool
	// Everything looks also into the components of Debian's archive that the
	// design does not have, so that a package in them can be found and
	// consented to. It holds for designs that pin no state.
	Everything bool
	// Channels is the address of NixOS's channels, empty for the usual one.
	Channels string
}

// Catalogue gives what a design's distribution and release offer: from the
// lists on this computer, else from fetched ones. Where nothing can be fetched,
// for NixOS it is the small list inside the program, and for Debian an error
// that is offer.ErrAbsent. Notes are sentences about what a person should know
// of all this. The caller closes the catalogue.
func Catalogue(ctx context.Context, d design.Design, o Options, w Want) (*offer.Catalogue, []string, error) {
	d = design.WithDefaults(d)
	switch d.Distribution {
	case "nixos":
		c := nixpkgs.Config{Dir: nixpkgs.Dir(o.CacheDir), Base: w.Channels, Now: o.Now, Progress: o.Progress}
		cat, notes, err := nixpkgs.Load(ctx, c, d.NixOS.Channel, nixpkgs.Want{Offline: o.Offline, Newest: w.Newest})
		if err != nil {
			return nil, notes, explain("catalogue", err, plan.Plan{})
		}
		return offer.NixOS(cat), notes, nil
	case "debian":
		cat, notes, err := debianCatalogue(ctx, d, o, w)
		return cat, notes, explain("catalogue", err, plan.Plan{})
	}
	_, err := newSystem(d.Distribution, o)
	return nil, nil, err
}

// Present are the names of packages that a design has without what these need:
// its base's, its settings' and its ticks. With them the catalogue's Set tells
// what a further one adds. It is nil for NixOS, where that is not known.
func Present(d design.Design) []string {
	if d.Distribution != "debian" {
		return nil
	}
	return debian.Present(d)
}

func debianCatalogue(ctx context.Context, d design.Design, o Options, w Want) (*offer.Catalogue, []string, error) {
	state, notes, err := debianState(ctx, d, o, w)
	if err != nil {
		return nil, nil, err
	}
	lists := offer.Lists{
		State: state.State, Release: state.Release, Components: state.Components,
		Packages: func(ctx context.Context) (iter.Seq[catalog.Listed], error) { return debian.Listed(ctx, state) },
	}
	cat, more, err := offer.Debian(ctx, offer.Dir(o.CacheDir), lists, o.Progress)
	return cat, append(notes, more...), err
}

// debianState gives the state of the archive to look into.
func debianState(ctx context.Context, d design.Design, o Options, w Want) (*archive.State, []string, error) {
	wide := d
	if w.Everything && d.Archive.State == "" {
		wide.Archive.Components = design.Components()
	}
	state, err := newDebian(o).Lists(ctx, wide, w.Newest)
	if !out(err) || w.Newest && !o.Offline {
		return state, nil, err
	}
	o.Offline = true
	if own, failed := newDebian(o).Lists(ctx, d, false); failed == nil {
		return own, []string{"The lists of contrib and of non-free packages are not on this computer yet, so these packages are missing here."}, nil
	}
	return nil, nil, fmt.Errorf("%w: %w", offer.ErrAbsent, err)
}

// out tells the errors of a computer without a network.
func out(err error) bool {
	return errors.Is(err, archive.ErrOffline) || errors.Is(err, archive.ErrUnreachable)
}
