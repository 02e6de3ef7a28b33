package nixos

import (
	"context"
	"errors"
	"time"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/nixos/source"
)

// Export writes the design as a flake and a classic expression. Without Nix on
// this computer, or offline, it is locked only where the design pins nixpkgs.
func (s *System) Export(ctx context.Context, d design.Design, _ time.Time, dir, _ string) error {
	var o source.Options
	n, err := s.find(ctx, nil)
	var missing *nix.MissingError
	switch {
	case errors.As(err, &missing) || err == nil && s.Offline:
		s.Log.Warn("nixpkgs is not locked: the one who builds takes the channel as it is then")
	case err != nil:
		return err
	default:
		pin, err := s.pin(ctx, n, design.WithDefaults(d))
		if err != nil {
			return err
		}
		o.Pin = pin.Pin
	}
	src, err := source.Generate(d, o)
	if err != nil {
		return err
	}
	for _, w := range src.Warnings {
		s.Log.Warn(w.String())
	}
	return src.Write(dir)
}
