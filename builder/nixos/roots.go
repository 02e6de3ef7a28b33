package nixos

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/isowright/isowright/builder/nixos/nix"
)

// Roots lists the results of earlier builds that are kept in the Nix store,
// oldest first. Where nothing was ever built it needs no Nix.
func (s *System) Roots(ctx context.Context) ([]nix.Root, error) {
	dir := RootsDir(s.CacheDir)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil, nil
	}
	n, err := s.find(ctx, nil)
	if err != nil {
		return nil, err
	}
	return n.Roots(ctx, dir)
}

// UnknownRootError is a name that no kept result has.
type UnknownRootError struct {
	Name string
	// Names are those that there are.
	Names []string
}

// Error names it.
func (e *UnknownRootError) Error() string {
	return fmt.Sprintf("no result of an earlier build is kept as %q", e.Name)
}

// FreeRoots takes the links of results away, by their names or all of them, and
// gives those that it took. Where a name is unknown it takes none. What they
// kept stays in the store until the garbage is collected.
func (s *System) FreeRoots(ctx context.Context, names []string, all bool) ([]nix.Root, error) {
	roots, err := s.Roots(ctx)
	if err != nil {
		return nil, err
	}
	there := make([]string, len(roots))
	for i, r := range roots {
		there[i] = filepath.Base(r.Link)
	}
	for _, name := range names {
		if !slices.Contains(there, name) {
			return nil, &UnknownRootError{name, there}
		}
	}
	var freed []nix.Root
	for i, r := range roots {
		if !all && !slices.Contains(names, there[i]) {
			continue
		}
		n, err := s.find(ctx, nil)
		if err != nil {
			return freed, err
		}
		if err := n.Free(r); err != nil {
			return freed, err
		}
		freed = append(freed, r)
	}
	return freed, nil
}
