// Package nixos realises designs as NixOS systems: source turns a design into
// Nix, nix evaluates and builds that, and assemble puts the image together
// where the design leaves that to us.
//
// It knows neither Nix's language nor the formats of images.
package nixos

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/progress"
)

// Config are the surroundings of a System.
type Config struct {
	// CacheDir has the sources of plans that are being made, and the links that
	// keep results in the Nix store.
	CacheDir string
	// Nix says where the nix command is and how the person uses it.
	Nix nix.Search
	// Offline asks no network for what a channel is now.
	Offline  bool
	Log      *slog.Logger
	Progress progress.Sink
}

// System builds NixOS images. It serves one caller at a time.
type System struct {
	Config
	// found is the nix command, once it was looked for.
	found *nix.Nix
}

// New makes a System.
func New(c Config) *System {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &System{Config: c}
}

// RootsDir is the folder of the links that keep results in the Nix store.
func RootsDir(cacheDir string) string { return filepath.Join(cacheDir, "nixos", "roots") }

// Available says whether this computer can evaluate and build.
func (s *System) Available(ctx context.Context) error {
	_, err := s.find(ctx, nil)
	return err
}

// find gives the nix command. warn, which may be nil, gets what a person should
// know.
func (s *System) find(ctx context.Context, warn func(*nix.Error)) (*nix.Nix, error) {
	if s.found == nil {
		search := s.Nix
		search.Home = filepath.Join(s.CacheDir, "nixos", "home")
		search.Container.Watch = s.watch(nil)
		search.Container.Dir = filepath.Join(s.CacheDir, "nixos", "builtin")
		search.Container.Folders = append(search.Container.Folders, RootsDir(s.CacheDir))
		n, err := nix.Find(ctx, search)
		if err != nil {
			return nil, withHint(err)
		}
		s.found = n
	}
	return s.found.With(s.watch(warn)), nil
}

func (s *System) watch(warn func(*nix.Error)) nix.Watch {
	return nix.Watch{
		Progress: s.Progress,
		Log:      func(line string) { s.Log.Info(line, "program", "nix") },
		Warn: func(e *nix.Error) {
			s.Log.Warn(e.Text, "program", "nix")
			if warn != nil {
				warn(e)
			}
		},
	}
}

// Refuse says what a design asks for that this version cannot do.
func (s *System) Refuse(d design.Design) design.Problems {
	var problems design.Problems
	if d.NixOS == nil || d.NixOS.Assembler != "isowright" {
		return nil
	}
	refuse := func(text string) {
		problems = append(problems, design.Problem{Field: "nixos.assembler", Text: text, Hint: `use assembler = "nix"`})
	}
	switch {
	case d.Base == "netboot":
		refuse("a network boot bundle has no image to put together")
	case d.NixOS.Medium == "sd":
		refuse("Isowright puts ISO images together, no card images")
	case d.Architecture != "amd64":
		refuse("Isowright puts images together for amd64 only")
	}
	return problems
}

// Missing is what has to be fetched into the cache folder: nothing, Nix has its
// own store.
func (s *System) Missing(plan.Plan) int64 { return 0 }

// Remove takes a work folder away.
func (s *System) Remove(_ context.Context, dir string) error { return os.RemoveAll(dir) }

// root is the link that keeps a plan's result.
func (s *System) root(p plan.Plan) (string, error) {
	dir := RootsDir(s.CacheDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make the folder of results: %w", err)
	}
	return filepath.Join(dir, cmp.Or(design.Slug(p.Design.Name), "image")+"-"+p.LiveID), nil
}
