package design

import "testing"

func TestTidy(t *testing.T) {
	no := false
	for _, c := range []struct {
		name string
		n    NixOS
		left bool
	}{
		{"nothing", NixOS{}, false},
		{"empty lists", NixOS{Unfree: []string{}, Settings: map[string]any{}, Flake: NixFlake{Modules: []string{}}}, false},
		{"a text", NixOS{Channel: "nixos-unstable"}, true},
		{"a no", NixOS{Installer: &no}, true},
		{"something deeper", NixOS{Offline: NixOffline{Unattended: true}}, true},
		{"a list", NixOS{Imports: []string{"a.nix"}}, true},
	} {
		d := Tidy(Design{NixOS: &c.n})
		if (d.NixOS != nil) != c.left {
			t.Errorf("of %s is left %v", c.name, d.NixOS)
		}
	}
	if d := Tidy(Design{Name: "a"}); d.Name != "a" || d.NixOS != nil {
		t.Errorf("without the section it is %v", d)
	}
}
