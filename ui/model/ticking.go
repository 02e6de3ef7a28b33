package model

import (
	"slices"

	"github.com/isowright/isowright/builder/catalog/offer"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/hardware"
)

// Consents are what a person has to agree to before the packages are ticked in
// the design in front, without what it has the consent of already. Packages that
// are not known need none.
func (s *Session) Consents(names ...string) []offer.Consent {
	o := s.Catalogue()
	if o == nil || o.Catalogue == nil {
		return nil
	}
	var list []offer.Consent
	d := design.Clone(s.current.design)
	for _, name := range names {
		it, ok := o.Catalogue.Get(name)
		if !ok {
			continue
		}
		for _, c := range offer.Consents(it) {
			if agree(&d, c) {
				list = append(list, c)
			}
		}
	}
	return list
}

// agree notes a consent in a design. It tells whether that had it not.
func agree(d *design.Design, c offer.Consent) bool {
	at := &d.Archive.Components
	if c.Field != "archive.components" {
		if d.NixOS == nil {
			d.NixOS = &design.NixOS{}
		}
		switch c.Field {
		case "nixos.unfree":
			at = &d.NixOS.Unfree
		case "nixos.insecure":
			at = &d.NixOS.Insecure
		default:
			at = &d.NixOS.Broken
		}
	}
	if slices.Contains(*at, c.Value) {
		return false
	}
	*at = append(*at, c.Value)
	return true
}

// Tick adds packages to the design with the consents that the person gave, in
// one step.
func (d *Document) Tick(a Action, consents []offer.Consent, names ...string) {
	d.Edit(a, func(to *design.Design) {
		for _, c := range consents {
			agree(to, c)
		}
		for _, name := range names {
			if !slices.Contains(to.Packages, name) {
				to.Packages = append(to.Packages, name)
			}
		}
	})
}

// Untick takes a package out. Consents stay: they are about the package, not
// about this tick.
func (d *Document) Untick(name string) {
	d.Edit(Act("untick %s", name), func(to *design.Design) {
		to.Packages = slices.DeleteFunc(to.Packages, func(p string) bool { return p == name })
	})
}

// Replace takes another package in the place of one that does not exist.
func (d *Document) Replace(name, with string, consents []offer.Consent) {
	d.Edit(Act("take %s instead of %s", with, name), func(to *design.Design) {
		for _, c := range consents {
			agree(to, c)
		}
		at := slices.Index(to.Packages, name)
		switch {
		case at < 0:
		case slices.Contains(to.Packages, with):
			to.Packages = slices.Delete(to.Packages, at, at+1)
		default:
			to.Packages[at] = with
		}
	})
}

// AddDrivers asks for drivers, with the consents that they need, in one step.
func (d *Document) AddDrivers(a Action, labels ...hardware.Label) {
	d.Edit(a, func(to *design.Design) {
		for _, l := range labels {
			*to = l.Add(*to)
		}
	})
}

// DropDriver takes a driver out.
func (d *Document) DropDriver(l hardware.Label) {
	if l.Package {
		d.Untick(l.Driver)
		return
	}
	d.Edit(Act("untick %s", l.Driver), func(to *design.Design) {
		to.Drivers = slices.DeleteFunc(to.Drivers, func(name string) bool { return name == l.Driver })
	})
}

// NeedsConsent tells whether a driver needs a consent that a design lacks.
func NeedsConsent(d design.Design, l hardware.Label) bool {
	if l.Package {
		return l.Component != "main" && !slices.Contains(d.Archive.Components, l.Component)
	}
	var n design.NixOS
	if d.NixOS != nil {
		n = *d.NixOS
	}
	return lacks(n.Unfree, l.Unfree) || lacks(n.Insecure, l.Insecure)
}

func lacks(list, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(list, w) })
}
