package hardware

import (
	"regexp"
	"slices"

	"github.com/isowright/isowright/builder/design"
)

// The distributions of a Target.
const (
	nixos  = "nixos"
	debian = "debian"
)

// Target is the system that is to run on the hardware.
type Target struct {
	// Distribution is "nixos" or "debian".
	Distribution string
	// Release as designs name it ("26.05", "trixie").
	Release string
	// Architecture as designs name it; "" is amd64.
	Architecture string
	// Kernel is the series ("6.18"); "" is the release's own.
	Kernel string
	// Firmware: the base brings all firmware that may be passed on.
	Firmware bool
}

// TargetOf is the system that a design describes.
func TargetOf(d design.Design) Target {
	d = design.WithDefaults(d)
	t := Target{Distribution: d.Distribution, Release: d.Release, Architecture: d.Architecture}
	if d.Distribution != nixos || d.NixOS == nil {
		return t
	}
	switch d.NixOS.Firmware {
	case "none":
	case "":
		t.Firmware = d.Base != "netboot" // whose base turns it off
	default:
		t.Firmware = true
	}
	if m := kernelName.FindStringSubmatch(d.NixOS.Kernel); m != nil {
		t.Kernel = m[1] + "." + m[2]
	} else if d.NixOS.Kernel == "latest" {
		t.Kernel = newest
	}
	return t
}

// kernelName is a NixOS kernel of one series: linuxPackages_6_12.
var kernelName = regexp.MustCompile(`_([0-9]{1,2})_([0-9]{1,2})$`)

// newest stands for a kernel that is newer than every condition of the table.
const newest = "99.0"

// kernels are the series that releases bring.
var kernels = map[string]string{
	"24.11": "6.6", "25.05": "6.12", "25.11": "6.12", "26.05": "6.18", "26.11": "6.18", "unstable": "6.18",
	"bookworm": "6.1", "trixie": "6.12", "sid": newest,
}

// series is the target's kernel.
func (t Target) series() series {
	name := t.Kernel
	if name == "" {
		name = kernels[t.Release]
	}
	s, err := parseSeries(name)
	if err != nil {
		s, _ = parseSeries(newest)
	}
	return s
}

// meets tells whether a line of the table is for the target.
func (t Target) meets(w want) bool {
	s := t.series()
	return w.distribution == t.Distribution &&
		(len(w.releases) == 0 || slices.Contains(w.releases, t.Release)) &&
		(w.before == series{} || s.less(w.before)) &&
		(w.since == series{} || !s.less(w.since))
}

// architecture is that of the target.
func (t Target) architecture() string {
	if t.Architecture == "" {
		return "amd64"
	}
	return t.Architecture
}
