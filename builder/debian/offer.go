package debian

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/design"
)

// Lists are the archive's package lists in one state, for a design with its
// defaults filled in: without newest those on this computer, where there are
// any.
func (s *System) Lists(ctx context.Context, d design.Design, newest bool) (*archive.State, error) {
	c := s.archive(d, d.Archive.State)
	if !newest && !c.Offline {
		c.Offline = true
		state, err := archive.Fetch(ctx, c, s.Progress)
		if !errors.Is(err, archive.ErrOffline) {
			return state, withHint(err)
		}
		c.Offline = false
	}
	state, err := archive.Fetch(ctx, c, s.Progress)
	return state, withHint(err)
}

// Listed reads the packages of a state.
func Listed(ctx context.Context, state *archive.State) (iter.Seq[catalog.Listed], error) {
	x, err := state.Load(ctx)
	if err != nil {
		return nil, withHint(err)
	}
	return x.Listed(), nil
}

// Present are the names of packages that an image of a design has for its
// base, its settings and its ticks, without what these need and what is
// essential; sorted.
func Present(d design.Design) []string {
	names := slices.Concat(base(design.WithDefaults(d)).Packages, d.Packages)
	slices.Sort(names)
	return slices.Compact(names)
}
