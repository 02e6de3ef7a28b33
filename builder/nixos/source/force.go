package source

import (
	"strconv"
	"strings"
)

// forced says whether the person wants a field to replace whatever else sets its
// options.
func (g *generator) forced(field string) bool {
	hit := false
	for _, f := range g.n.Force {
		if within(field, f) || within(f, field) {
			g.obeyed[f] = true
			hit = true
		}
	}
	return hit
}

// within says whether a field is another one or a part of it.
func within(field, of string) bool {
	return field == of || strings.HasPrefix(field, of+".") || strings.HasPrefix(field, of+"[")
}

// checkForce refuses what cannot be forced: isoImage.contents holds the image's
// own boot files, and many fields set no option.
func (g *generator) checkForce() {
	for i, f := range g.n.Force {
		at := element("nixos.force", i)
		switch {
		case f == "nixos.contents" || f == "nixos.menu.grub" || f == "nixos.menu.isolinux":
			g.fault(at, strconv.Quote(f)+" is added to what the image needs to start and cannot replace it", "remove it from nixos.force")
		case !g.obeyed[f]:
			g.fault(at, strconv.Quote(f)+" sets nothing in this design that the base or an import could set too", "remove it from nixos.force")
		}
	}
}

// overrides lists the settings that replace something, for the plan.
func (g *generator) overrides() {
	lines := []line{
		{text: "# Fields of the design and the options in which they replace what base.nix sets."},
		{text: "["},
	}
	for _, m := range g.modules {
		for _, s := range m.settings {
			if s.how != force {
				continue
			}
			names := make([]string, len(s.option))
			for i, n := range s.option {
				names[i] = quoted(n)
			}
			lines = append(lines, line{"  { field = " + quoted(s.field) + "; option = [ " + strings.Join(names, " ") + " ]; }", s.field})
		}
	}
	g.addLines("overrides.nix", append(lines, line{text: "]"}))
}
