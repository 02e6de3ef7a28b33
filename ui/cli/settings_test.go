package cli

import (
	"errors"
	"testing"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/settings"
)

// TestApply holds that the command line comes before the settings, and both
// arrive where they are used.
func TestApply(t *testing.T) {
	jobs := 0
	s := settings.Settings{
		Nix: settings.Nix{
			Command: "/opt/nix/bin/nix", Builders: []string{"ssh-ng://a@one.example.org", "ssh-ng://b@two.example.org"}, MaxJobs: &jobs,
			SSHOptions: []string{"-p", "2222"}, Nixpkgs: "github:NixOS/nixpkgs/nixos-25.11",
			Options: map[string]string{"cores": "4"},
		},
		Debian: settings.Debian{Mirror: "http://mirror.example.org/debian"},
	}
	var o builder.Options
	if err := apply(&o, s, builderFlags{}); err != nil {
		t.Fatal(err)
	}
	got := o.Nix.Settings
	if o.Nix.Path != "/opt/nix/bin/nix" || got.Builders != "ssh-ng://a@one.example.org ; ssh-ng://b@two.example.org" ||
		*got.MaxJobs != 0 || got.Nixpkgs != "github:NixOS/nixpkgs/nixos-25.11" ||
		got.Options["ssh-options"] != "-p 2222" || got.Options["cores"] != "4" || o.Mirror != "http://mirror.example.org/debian" {
		t.Errorf("%+v", o)
	}
	f := builderFlags{mirror: "http://other.example.org/debian", nix: nixFlags{
		command: "/usr/bin/nix", nixpkgs: "path:/src/nixpkgs", builders: []string{"ssh-ng://c@three.example.org"},
	}}
	if err := apply(&o, s, f); err != nil {
		t.Fatal(err)
	}
	got = o.Nix.Settings
	if o.Nix.Path != "/usr/bin/nix" || got.Nixpkgs != "path:/src/nixpkgs" ||
		got.Builders != "ssh-ng://c@three.example.org" || o.Mirror != "http://other.example.org/debian" {
		t.Errorf("%+v", o)
	}
	s = settings.Settings{Nix: settings.Nix{Container: "podman", Image: "localhost/nix"}}
	if err := apply(&o, s, builderFlags{}); err != nil || o.Nix.Container.Engine != "podman" || o.Nix.Container.Image != "localhost/nix" {
		t.Errorf("%+v: %v", o.Nix.Container, err)
	}
	never := builderFlags{nix: nixFlags{container: "never"}}
	if err := apply(&o, settings.Settings{Nix: settings.Nix{Container: "podman"}}, never); err != nil || o.Nix.Container.Engine != "" {
		t.Errorf("%+v: %v", o.Nix.Container, err)
	}
	var usage *usageError
	if err := apply(&o, settings.Settings{}, builderFlags{nix: nixFlags{store: "nonsense"}}); !errors.As(err, &usage) {
		t.Errorf("%v", err)
	}
}
