package builder

import (
	"maps"
	"strings"

	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/settings"
)

// WithSettings puts a person's settings into the options. file is the project
// file, which advice about Nix names.
func WithSettings(o Options, s settings.Settings, file string) Options {
	o.Mirror, o.SecurityMirror = s.Debian.Mirror, s.Debian.SecurityMirror
	options := map[string]string{}
	maps.Copy(options, s.Nix.Options)
	if line := s.Nix.SSHLine(); line != "" {
		options["ssh-options"] = strings.TrimSpace(options["ssh-options"] + " " + line)
	}
	o.Nix = nix.Search{
		Path: s.Nix.Command, Design: file,
		Settings: nix.Settings{
			Builders: s.Nix.BuildersLine(), MaxJobs: s.Nix.MaxJobs, Store: s.Nix.Store, Nixpkgs: s.Nix.Nixpkgs,
			Options: options,
		},
		Container: nix.ContainerSearch{Engine: s.Nix.Container, Image: s.Nix.Image, Volume: s.Nix.Volume},
	}
	return o
}
