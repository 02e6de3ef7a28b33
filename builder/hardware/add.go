package hardware

import (
	"slices"

	"github.com/isowright/isowright/builder/design"
)

// Has tells whether a design asks for a driver already.
func (l Label) Has(d design.Design) bool {
	if l.Package {
		return slices.Contains(d.Packages, l.Driver)
	}
	return slices.Contains(d.Drivers, l.Driver)
}

// Add gives a design that asks for the driver too, with the consents and the
// part of the archive that it needs: ask the person before. It leaves d alone.
func (l Label) Add(d design.Design) design.Design {
	if l.Package {
		d.Packages = with(d.Packages, l.Driver)
		if l.Component != "main" {
			d.Archive.Components = with(d.Archive.Components, l.Component)
		}
		return d
	}
	d.Drivers = with(d.Drivers, l.Driver)
	if len(l.Unfree)+len(l.Insecure) == 0 {
		return d
	}
	var n design.NixOS
	if d.NixOS != nil {
		n = *d.NixOS
	}
	n.Unfree, n.Insecure = with(n.Unfree, l.Unfree...), with(n.Insecure, l.Insecure...)
	d.NixOS = &n
	return d
}

// with is a new list with words that it lacks.
func with(list []string, words ...string) []string {
	list = slices.Clone(list)
	for _, w := range words {
		if !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return list
}
