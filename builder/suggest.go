package builder

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/catalog/nixpkgs"
	"github.com/isowright/isowright/builder/design"
)

// suggest adds to what is wrong with packages of a NixOS design the names that
// may be meant, from the catalogue on this computer, else from the list inside
// the program. It fetches nothing.
func suggest(ctx context.Context, d design.Design, o Options, err error) error {
	var problems design.Problems
	if d.Distribution != "nixos" || !errors.As(err, &problems) {
		return err
	}
	channel := design.WithDefaults(d).NixOS.Channel
	cat, _, failed := nixpkgs.Load(ctx, nixpkgs.Config{Dir: nixpkgs.Dir(o.CacheDir)}, channel, nixpkgs.Want{Offline: true})
	if failed != nil {
		return err // of the two errors the design's is the one to tell
	}
	defer cat.Close()
	problems = slices.Clone(problems)
	for i, p := range problems {
		attr := namedPackage(d, p.Field)
		if _, known := cat.Package(attr); attr == "" || known {
			continue
		}
		problems[i].Hint = withNames(p.Hint, cat.Near(attr))
	}
	return problems
}

// withNames adds names to a hint that does not have them yet: Nix knows some
// itself.
func withNames(hint string, names []string) string {
	names = slices.DeleteFunc(names, func(name string) bool { return strings.Contains(hint, name) })
	switch list := strings.Join(names, ", "); {
	case len(names) == 0:
		return hint
	case strings.Contains(hint, "did you mean"):
		return hint + " The catalogue also has " + list + "."
	case hint == "":
		return "did you mean " + list + "?"
	default:
		return hint + "; did you mean " + list + "?"
	}
}

// namedPackage is the package that a field of a design names, "" for others.
func namedPackage(d design.Design, field string) string {
	for i, attr := range d.Packages {
		if field == fmt.Sprintf("packages[%d]", i) {
			return attr
		}
	}
	return ""
}
