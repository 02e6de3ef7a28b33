package hardware_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/hardware"
	"github.com/isowright/isowright/builder/nixos/source"
)

// TestAddEveryDriver: with what Add writes into a design, its generator asks
// for no further consent, and the design it began with is as before.
func TestAddEveryDriver(t *testing.T) {
	before := design.Design{Format: 1, Name: "x", Distribution: "nixos", Release: "26.05", Base: "minimal", Packages: []string{"git"}, NixOS: &design.NixOS{Unfree: []string{"own"}}}
	for _, l := range hardware.Labels(hardware.TargetOf(before)) {
		if l.Has(before) {
			t.Errorf("%s is in the design before", l.Driver)
		}
		d := l.Add(l.Add(before))
		if !l.Has(d) || len(d.Drivers) != 1 || !slices.Contains(d.NixOS.Unfree, "own") {
			t.Errorf("%s: %+v", l.Driver, d)
		}
		_, err := source.Generate(d, source.Options{})
		var problems design.Problems
		errors.As(err, &problems)
		for _, p := range problems {
			if strings.HasPrefix(p.Field, "drivers") {
				t.Errorf("%s: %s", l.Driver, p.Text)
			}
		}
	}
	if len(before.Drivers) > 0 || !reflect.DeepEqual(before.NixOS.Unfree, []string{"own"}) {
		t.Errorf("the design before was changed: %+v", before)
	}
}

// TestAddPackages: Debian's drivers are packages of a component, and make valid
// designs.
func TestAddPackages(t *testing.T) {
	before := design.Design{Format: 1, Name: "x", Distribution: "debian", Release: "trixie", Base: "minimal", Packages: []string{"git"}}
	labels := hardware.Labels(hardware.TargetOf(before))
	if len(labels) < 40 {
		t.Errorf("%d labels", len(labels))
	}
	for _, l := range labels {
		d := l.Add(before)
		if !l.Has(d) || len(d.Packages) != 2 || len(d.Archive.Components) > 0 != (l.Component != "main") {
			t.Errorf("%s: %+v", l.Driver, d)
		}
		if p := design.Validate(design.WithDefaults(d)); len(p) > 0 {
			t.Errorf("%s: %v", l.Driver, p)
		}
	}
}
