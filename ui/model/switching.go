package model

import (
	"reflect"
	"slices"

	"github.com/isowright/isowright/builder/design"
)

// SwitchDistribution makes the design one of another distribution, in one step.
// It keeps what both have; left names what the other one has no place for:
// "archive", "nixos", "desktop". What else does not fit becomes a problem.
func (d *Document) SwitchDistribution(to, title string) (left []string) {
	if d.design.Distribution == to {
		return nil
	}
	d.Edit(Act("switch to %s", title), func(now *design.Design) {
		now.Distribution = to
		now.Release = design.WithDefaults(design.Design{Distribution: to}).Release
		if to == "nixos" && !reflect.ValueOf(now.Archive).IsZero() {
			now.Archive = design.Archive{}
			left = append(left, "archive")
		}
		if to != "nixos" && now.NixOS != nil {
			now.NixOS = nil
			left = append(left, "nixos")
		}
		if now.Desktop != "" && !slices.Contains(design.Desktops(to), now.Desktop) {
			now.Desktop = ""
			left = append(left, "desktop")
		}
	})
	return left
}

// PinState holds the design to the packages that its plan has seen, in one step.
// Without a plan of the design as it is now it does nothing.
func (d *Document) PinState() {
	p, fresh := d.Plan()
	if !fresh {
		return
	}
	d.Edit(Act("pin the present state"), func(now *design.Design) {
		if now.Distribution != "nixos" {
			now.Archive.State = p.State.ID
			return
		}
		if p.Nix != nil {
			if now.NixOS == nil {
				now.NixOS = &design.NixOS{}
			}
			now.NixOS.Revision, now.NixOS.Hash = p.Nix.Revision, p.Nix.Hash
		}
	})
}

// Unpin lets each build take the newest packages.
func (d *Document) Unpin() {
	d.Edit(Act("unpin"), func(now *design.Design) {
		now.Archive.State = ""
		if now.NixOS != nil {
			now.NixOS.Revision, now.NixOS.Hash = "", ""
		}
	})
}

// Pinned is the state that the design is held to, "" for none.
func Pinned(d design.Design) string {
	if d.NixOS != nil && d.NixOS.Revision != "" {
		return d.NixOS.Revision
	}
	return d.Archive.State
}
