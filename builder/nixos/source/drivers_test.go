package source_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/source"
)

// TestDriverTable looks for mistakes that no evaluation shows.
func TestDriverTable(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range source.Drivers() {
		if seen[d.Name] {
			t.Errorf("two drivers %s", d.Name)
		}
		seen[d.Name] = true
		if d.Summary == "" || d.License == "" || strings.HasSuffix(d.Summary, ".") {
			t.Errorf("%s: summary %q, license %q", d.Name, d.Summary, d.License)
		}
		if (d.License == "unfree") != (len(d.Unfree) > 0) {
			t.Errorf("%s: license %s, consent to %v", d.Name, d.License, d.Unfree)
		}
		if len(d.KernelModules)+len(d.InitrdModules)+len(d.ModulePackages)+len(d.Firmware)+len(d.Options) == 0 {
			t.Errorf("%s does nothing", d.Name)
		}
		one := design.Design{Format: 1, Name: "x", Distribution: "nixos", Base: "minimal", Drivers: []string{d.Name}}
		if p := design.Validate(one); len(p) > 0 {
			t.Errorf("%s: %v", d.Name, p)
		}
	}
	if len(seen) < 100 {
		t.Errorf("%d drivers", len(seen))
	}
}

// TestDriversThatDoNotFit: what is said about drivers that cannot work.
func TestDriversThatDoNotFit(t *testing.T) {
	minimal := func(change func(*design.Design), drivers ...string) design.Design {
		d := design.Design{Format: 1, Name: "x", Distribution: "nixos", Release: "26.05", Base: "minimal", Drivers: drivers, NixOS: &design.NixOS{}}
		if change != nil {
			change(&d)
		}
		return d
	}
	for _, c := range []struct {
		name    string
		design  design.Design
		fault   string // of drivers[0] or drivers[1], "" for none
		warning string
	}{
		{"free", minimal(nil, "sof-firmware", "kvm-intel"), "", ""},
		{"unknown", minimal(nil, "wl"), "no driver", ""},
		{"another architecture", minimal(func(d *design.Design) { d.Architecture = "arm64" }, "kvm-intel"), "amd64 only", ""},
		{"no consent", minimal(nil, "b43"), "b43-firmware", ""},
		{"consent", minimal(func(d *design.Design) { d.NixOS.Unfree = []string{"b43-firmware"} }, "b43"), "", ""},
		{"too new a kernel", minimal(nil, "rtl8812au"), "", "before 6.15"},
		{"latest kernel", minimal(func(d *design.Design) { d.NixOS.Kernel = "latest" }, "rtl8812au"), "", "before 6.15"},
		{"newer series", minimal(func(d *design.Design) { d.NixOS.Kernel = "linuxPackages_7_0" }, "rtl8812au"), "", "before 6.15"},
		{"older series", minimal(func(d *design.Design) { d.NixOS.Kernel = "linuxPackages_6_12" }, "rtl8812au"), "", ""},
		{"older release", minimal(func(d *design.Design) { d.Release = "25.11" }, "rtl8812au"), "", ""},
		{"same option twice", minimal(nil, "intel-media", "amdgpu"), "", ""},
		{"options that contradict", minimal(func(d *design.Design) {
			d.NixOS.Unfree = []string{"nvidia-x11", "nvidia-kernel-modules", "nvidia-settings"}
		}, "nvidia", "nvidia-proprietary"), "in its own way", ""},
	} {
		src, err := source.Generate(c.design, source.Options{})
		var problems design.Problems
		errors.As(err, &problems)
		says := func(list []design.Problem, text string) bool {
			return slices.ContainsFunc(list, func(p design.Problem) bool {
				return strings.HasPrefix(p.Field, "drivers[") && strings.Contains(p.Text, text)
			})
		}
		if c.fault == "" && err != nil || c.fault != "" && !says(problems, c.fault) {
			t.Errorf("%s: %v, want %q", c.name, err, c.fault)
		}
		if err == nil && says(src.Warnings, "made for Linux") != (c.warning != "") || c.warning != "" && !says(src.Warnings, c.warning) {
			t.Errorf("%s: warns of %v, want %q", c.name, src.Warnings, c.warning)
		}
	}
}
