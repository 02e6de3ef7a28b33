package debian

import (
	"context"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
)

// Offer gives what the archive has for a design: the newest version of every
// package, sorted by name, without a reason.
func (s *System) Offer(ctx context.Context, d design.Design) ([]catalog.Package, catalog.State, error) {
	x, err := s.index(ctx, d, d.Archive.State)
	if err != nil {
		return nil, catalog.State{}, err
	}
	records := x.Records()
	packages := make([]catalog.Package, len(records))
	for i, r := range records {
		packages[i] = r.Package("")
	}
	return packages, x.state.State, nil
}
