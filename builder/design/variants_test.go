package design

import (
	"reflect"
	"testing"
)

func TestVariants(t *testing.T) {
	d := Design{Name: "Rescue", Distribution: "debian", Boot: Boot{Variants: []string{"serial", "to-ram"}}}
	got := WithDefaults(d)
	if !reflect.DeepEqual(WithDefaults(got), got) {
		t.Error("defaults twice are not the same")
	}
	want := []BootEntry{
		{Title: "Rescue", Kind: "live"},
		{Title: variantsTitle, Kind: "submenu", Entries: []BootEntry{
			{Title: "Rescue (copy to RAM)", Kind: "live", ToRAM: true},
			{Title: "Rescue (serial console)", Kind: "live", Parameters: []string{"console=tty0", "console=ttyS0,115200n8"}},
		}},
		{Title: "UEFI firmware settings", Kind: "firmware"},
	}
	if !equalEntries(got.Boot.Entries, want) {
		t.Errorf("entries %+v", got.Boot.Entries)
	}
	// Beside entries of one's own they stand behind the last that starts the system.
	d.Boot.Entries = []BootEntry{{Title: "a"}, {Title: "b", Kind: "reboot"}, {Title: "c", Kind: "live"}, {Title: "d", Kind: "disk"}}
	if got := WithDefaults(d).Boot.Entries; len(got) != 5 || got[3].Title != variantsTitle || got[4].Title != "d" {
		t.Errorf("entries %+v", got)
	}
	if len(d.Boot.Entries) != 4 || d.Boot.Entries[3].Title != "d" {
		t.Error("the design's own entries were changed")
	}
	d.Boot.Default = variantsTitle + ">Rescue (copy to RAM)"
	for _, p := range Validate(d) {
		if p.Field == "boot.default" || p.Field == "boot.variants" {
			t.Error(p)
		}
	}
	// nixpkgs's own menu has no entries of a design.
	d.Distribution, d.NixOS, d.Boot.Entries = "nixos", &NixOS{Assembler: "nix"}, nil
	if got := WithDefaults(d).Boot.Entries; got != nil {
		t.Errorf("entries %+v", got)
	}
}

func equalEntries(a, b []BootEntry) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !equalEntries(a[i].Entries, b[i].Entries) {
			return false
		}
		x, y := a[i], b[i]
		x.Entries, y.Entries = nil, nil
		if !reflect.DeepEqual(x, y) {
			return false
		}
	}
	return true
}

// TestBootLookProblems: each new field of the menu is refused where it makes no
// sense, by name.
func TestBootLookProblems(t *testing.T) {
	entry := func(e BootEntry) Boot { e.Title = "x"; return Boot{Entries: []BootEntry{{Title: "live"}, e}} }
	for field, b := range map[string]Boot{
		"boot.variants[1]":         {Variants: []string{"serial", "turbo"}},
		"boot.background_colour":   {BackgroundColour: "red"},
		"boot.font_size":           {FontSize: 4},
		"boot.entries[1].image":    entry(BootEntry{Kind: "iso"}),
		"boot.entries[1].image ":   entry(BootEntry{Kind: "iso", Image: "images/x.iso"}),
		"boot.entries[1].image  ":  entry(BootEntry{Kind: "memtest", Image: "/x.iso"}),
		"boot.entries[1].to_ram":   entry(BootEntry{Kind: "memtest", ToRAM: true}),
		"boot.entries[1].image   ": entry(BootEntry{Kind: "iso", Image: "/a/../x.iso"}),
	} {
		want := ""
		for _, c := range field {
			if c != ' ' {
				want += string(c)
			}
		}
		found := false
		for _, p := range Validate(Design{Format: 1, Name: "x", Distribution: "debian", Base: "minimal", Boot: b}) {
			found = found || p.Field == want && p.Hint != ""
		}
		if !found {
			t.Errorf("%s is not refused in %+v", want, b)
		}
	}
	d := Design{Format: 1, Name: "x", Distribution: "nixos", Base: "minimal", NixOS: &NixOS{Assembler: "isowright"}, Boot: entry(BootEntry{Kind: "memtest"})}
	if ps := Validate(d); len(ps) != 1 || ps[0].Field != "boot.entries" {
		t.Errorf("memtest on NixOS without nixos.menu.memtest: %v", ps)
	}
}
