package offer

import (
	"strings"
	"testing"
)

func TestConsents(t *testing.T) {
	type asked struct{ field, value, words string }
	for name, c := range map[string]struct {
		it   Item
		want []asked
	}{
		"main":     {Item{Name: "git", Component: "main"}, nil},
		"contrib":  {Item{Name: "tor", Component: "contrib"}, []asked{{"archive.components", "contrib", "tor comes from contrib"}}},
		"non-free": {Item{Name: "rar", Component: "non-free", Unfree: true}, []asked{{"archive.components", "non-free", "rar is not free software"}}},
		"firmware": {Item{Name: "fw", Component: "non-free-firmware", Unfree: true}, []asked{{"archive.components", "non-free-firmware", "fw is firmware"}}},
		"free":     {Item{Name: "git", Licences: []string{"GPL-2.0-only"}}, nil},
		"unfree":   {Item{Name: "a.vscode", PName: "code", Unfree: true, Licences: []string{"unfree"}}, []asked{{"nixos.unfree", "code", "(licence: unfree)"}}},
		"listed":   {Item{Name: "a.vscode", Unfree: true}, []asked{{"nixos.unfree", "vscode", "a.vscode is not free software"}}},
		"both": {Item{Name: "v", PName: "v", Unfree: true, Insecure: true, Reasons: []string{"known to be insecure: CVE-1", "other"}}, []asked{
			{"nixos.unfree", "v", "not free"}, {"nixos.insecure", "v", "security holes, and nobody has mended them: CVE-1"}}},
		"insecure": {Item{Name: "v", PName: "v", Insecure: true}, []asked{{"nixos.insecure", "v", "nobody has mended them."}}},
		"broken":   {Item{Name: "v", PName: "v", Broken: true}, []asked{{"nixos.broken", "v", "broken"}}},
	} {
		got := Consents(c.it)
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", name, got)
			continue
		}
		for i, want := range c.want {
			if g := got[i]; g.Field != want.field || g.Value != want.value || !strings.Contains(g.What, want.words) || strings.Contains(g.What, "%!") {
				t.Errorf("%s: %+v", name, g)
			}
		}
	}
}

func TestLicence(t *testing.T) {
	for want, it := range map[string]Item{
		"free software": {Component: "main"}, "free, needs what is not": {Component: "contrib"}, "not free": {Component: "non-free"},
		"firmware, not free": {Component: "non-free-firmware"}, "MIT, ISC": {Licences: []string{"MIT", "ISC"}}, "": {},
	} {
		if got := it.Licence(); got != want {
			t.Errorf("%+v: %q", it, got)
		}
	}
}
