package cli

import (
	"cmp"
	"errors"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/settings"
)

// nixFlags say for one run which Nix builds, and where. They come before the
// settings.
type nixFlags struct {
	command, nixpkgs, store, container string
	builders                           []string
	// design is the project file, for advice.
	design string
}

// settings reads the person's settings. Without a home folder there are none.
func (a *app) settings() (settings.Settings, error) {
	path, err := settings.Path(a.Getenv)
	if err != nil {
		return settings.Settings{}, nil
	}
	s, err := settings.Load(path)
	var problems design.Problems
	if errors.As(err, &problems) {
		return s, &designError{path, problems}
	}
	return s, err
}

// apply puts settings and flags into the builder's options.
func apply(o *builder.Options, s settings.Settings, f builderFlags) error {
	s.Nix.Command = cmp.Or(f.nix.command, s.Nix.Command)
	s.Nix.Nixpkgs = cmp.Or(f.nix.nixpkgs, s.Nix.Nixpkgs)
	s.Nix.Store = cmp.Or(f.nix.store, s.Nix.Store)
	s.Nix.Container = cmp.Or(f.nix.container, s.Nix.Container)
	if len(f.nix.builders) > 0 {
		s.Nix.Builders = f.nix.builders
	}
	if s.Nix.Container == "never" {
		s.Nix.Container = ""
	}
	// What the file may not say, the command line may not either.
	if problems := settings.Check(settings.Settings{Nix: s.Nix}); len(problems) > 0 {
		return &usageError{text: problems[0].Text, hint: problems[0].Hint}
	}
	s.Debian.Mirror, s.Debian.SecurityMirror = cmp.Or(f.mirror, s.Debian.Mirror), cmp.Or(f.securityMirror, s.Debian.SecurityMirror)
	*o = builder.WithSettings(*o, s, f.nix.design)
	return nil
}
