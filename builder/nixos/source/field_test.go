package source

import (
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

func TestFieldsOfLines(t *testing.T) {
	d := minimal()
	d.Packages = []string{"git", "jq", "python3Packages.requests"}
	d.NixOS.Modules = []design.NixModule{{Name: "own", Text: "{ ... }:\n{\n  services.gpm.enable = true;\n}"}}
	d.NixOS.Specialisations = []design.Specialisation{{Name: "a", Config: "services.gpm.enable = true;\nservices.x = 1;"}}
	d.NixOS.Menu.GRUB = []design.GRUBEntry{{Title: "One", Commands: "true"}, {Title: "Two", Commands: "true\nfalse"}}
	s := generate(t, d)
	for _, c := range []struct{ file, contains, field string }{
		{"packages.nix", "pkgs.git", "packages[0]"},
		{"packages.nix", "python3Packages", "packages[2]"},
		{"packages.nix", "environment.systemPackages", "packages"},
		{"modules/own.nix", "services.gpm", "nixos.modules[0]"},
		{"specialisations/a-own.nix", "services.x", "nixos.specialisations[0].config"},
		{"menu/entries.grub", "false", "nixos.menu.grub[1].commands"},
		{"menu.nix", "timeout", "boot.timeout"},
		{"flake.nix", "nixpkgs.url", "nixos.channel"},
		{"base.nix", "hostPlatform", "architecture"},
		{"base.nix", "installation-cd-minimal", "base"},
		{"outputs.nix", "let", ""},
	} {
		lines := strings.Split(fileText(t, s, c.file), "\n")
		found := false
		for i, l := range lines {
			if !strings.Contains(l, c.contains) {
				continue
			}
			found = true
			for _, file := range []string{c.file, "./" + c.file, "/nix/store/abc-source/" + c.file} {
				if got := s.FieldAt(file, i+1); got != c.field {
					t.Errorf("%s:%d %q comes from %q, want %q", file, i+1, l, got, c.field)
				}
			}
			break
		}
		if !found {
			t.Errorf("%s has no line with %q", c.file, c.contains)
		}
	}
	for _, c := range []struct {
		file string
		line int
	}{{"packages.nix", 0}, {"packages.nix", -1}, {"packages.nix", 9999}, {"unknown.nix", 1}, {"", 1}} {
		if got := s.FieldAt(c.file, c.line); got != "" {
			t.Errorf("%s:%d comes from %q", c.file, c.line, got)
		}
	}
}

func TestFieldsOfOptions(t *testing.T) {
	d := minimal()
	d.Users = []design.User{{Name: "anna"}, {Name: "bob", FullName: "Bob"}}
	d.NixOS.Settings = map[string]any{"max-jobs": 2}
	d.NixOS.Specialisations = []design.Specialisation{{Name: "a", Kernel: "latest"}}
	s := generate(t, d)
	for option, want := range map[string]string{
		"boot.loader.timeout":                                "boot.timeout",
		"users.users.bob.description":                        "users[1].full_name",
		"users.users.\"bob\".description":                    "users[1].full_name",
		"users.users.anna":                                   "users[0].name",
		"isoImage.volumeID":                                  "volume_label",
		"nix.settings.max-jobs":                              "nixos.settings.max-jobs",
		"environment.etc.packages":                           "nixos.package_list",
		"specialisation.a.configuration.boot.kernelPackages": "nixos.specialisations[0].kernel",
		"nixpkgs.hostPlatform":                               "architecture",
		"security.sudo.extraRules":                           "",
		"boot.loader.timeoutStyle":                           "",
		"":                                                   "",
	} {
		if got := s.FieldOf(option); got != want {
			t.Errorf("%s is set by %q, want %q", option, got, want)
		}
	}
}
