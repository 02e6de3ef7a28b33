package hardware

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/catalog/search"
	"github.com/isowright/isowright/builder/nixos/source"
)

// Label is a driver by the hardware that people know.
type Label struct {
	// Driver is a name for a design: of drivers (NixOS) or packages (Debian).
	Driver string `json:"driver"`
	// Title is the hardware ("Broadcom Wi-Fi in MacBooks until 2015").
	Title string `json:"title"`
	// Summary says more, where there is more to say.
	Summary string `json:"summary,omitempty"`
	// Group is the kind of hardware ("Wi-Fi").
	Group string `json:"group"`
	// Licence is an SPDX expression, "redistributable" or "unfree"; "" where
	// the package itself says it (Debian's main).
	Licence string `json:"licence,omitempty"`
	// Unfree and Insecure need consent under [nixos], Component (Debian) is to
	// be in archive.components; "main" is always there.
	Unfree    []string `json:"unfree,omitempty"`
	Insecure  []string `json:"insecure,omitempty"`
	Component string   `json:"component,omitempty"`
	// Package: the driver is one of the design's packages.
	Package bool `json:"package"`
	// Download and Installed are bytes, 0 where not known.
	Download  int64 `json:"download,omitempty"`
	Installed int64 `json:"installed,omitempty"`
	// Cost says what it takes, "" for nothing worth telling.
	Cost string `json:"cost,omitempty"`
	// Included: the base brings it already.
	Included bool     `json:"included,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	// words are what people may look for besides.
	words                   string
	distribution            string
	releases, architectures []string
}

// Labels lists what there is for a target, by group and from the usual to the
// rare.
func Labels(t Target) []Label {
	all, err := parseLabels(assets.Drivers)
	if err != nil {
		panic(err) // held by the tests
	}
	drivers := map[string]source.Driver{}
	for _, d := range source.Drivers() {
		drivers[d.Name] = d
	}
	var out []Label
	for _, l := range all {
		if l.distribution != t.Distribution || len(l.releases) > 0 && !slices.Contains(l.releases, t.Release) {
			continue
		}
		if l.distribution == nixos {
			l.fromDriver(drivers[l.Driver], t)
		}
		if len(l.architectures) == 0 || slices.Contains(l.architectures, t.architecture()) {
			out = append(out, l)
		}
	}
	return out
}

// fromDriver takes over what NixOS's catalogue says of a driver.
func (l *Label) fromDriver(d source.Driver, t Target) {
	l.Summary, l.Licence = d.Summary, d.License
	l.Unfree, l.Insecure, l.architectures = d.Unfree, d.Insecure, d.Architectures
	l.Included = t.Firmware && redistributable(d)
	switch {
	case len(d.ModulePackages) > 0 && len(d.Unfree) > 0:
		l.Cost = "compiled for the image's kernel: NixOS's cache has no unfree packages"
	case len(d.ModulePackages) > 0:
		l.Cost = "a kernel module; NixOS's cache has it for the usual kernels, for others it is compiled"
	case len(d.Unfree) > 0:
		l.Cost = "unfree: not from NixOS's cache, but fetched from its maker and built"
	}
	if d.KernelBefore != "" {
		l.Warnings = append(l.Warnings, fmt.Sprintf("Made for kernels before Linux %s.", d.KernelBefore))
	}
}

// redistributable tells drivers that hardware.enableRedistributableFirmware,
// which most bases turn on, contains
// (nixos/modules/hardware/all-firmware.nix).
func redistributable(d source.Driver) bool {
	inside := []string{"linux-firmware", "wireless-regdb", "rtl8192su-firmware", "rtl8761b-firmware", "zd1211fw",
		"alsa-firmware", "sof-firmware", "libreelec-dvb-firmware", "raspberrypiWirelessFirmware"}
	for _, o := range d.Options {
		if o.Path != "networking.enableIntel2200BGFirmware" && o.Path != "hardware.enableRedistributableFirmware" {
			return false
		}
	}
	for _, f := range d.Firmware {
		if !slices.Contains(inside, f) {
			return false
		}
	}
	return len(d.ModulePackages)+len(d.Unfree)+len(d.InitrdModules) == 0 && len(d.Firmware)+len(d.Options) > 0
}

// labelLine is a line of assets/drivers.txt:
//
//	nixos DRIVER : TITLE {WORDS}
//	debian PACKAGE COMPONENT DOWNLOAD INSTALLED [release=A,B] [arch=A] : TITLE {WORDS}
//	  warning : TEXT
//
// Sizes are megabytes; WORDS are what people may look for. Groups begin with
// "== ", comments with #.
var labelLine = regexp.MustCompile(`^(nixos|debian) (\S+)((?: [^ :]+)*) : ([^{}]+?)(?: \{([^{}]*)\})?$`)

// parseLabels reads the list of drivers. Errors name the line.
func parseLabels(text string) ([]Label, error) {
	var all []Label
	group, number := "", 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "== "):
			group = line[len("== "):]
		case strings.HasPrefix(line, "warning : ") && len(all) > 0:
			last := &all[len(all)-1]
			last.Warnings = append(last.Warnings, strings.TrimPrefix(line, "warning : "))
		case group == "":
			err = fmt.Errorf("%q before any group", line)
		default:
			var l Label
			l, err = parseLabel(line)
			l.Group = group
			all = append(all, l)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	return all, nil
}

func parseLabel(line string) (Label, error) {
	m := labelLine.FindStringSubmatch(line)
	if m == nil {
		return Label{}, fmt.Errorf("%q is no driver", line)
	}
	l := Label{distribution: m[1], Driver: m[2], Title: m[4], words: m[5]}
	facts := strings.Fields(m[3])
	if l.distribution == nixos {
		if len(facts) > 0 {
			return Label{}, fmt.Errorf("%q has too many words", line)
		}
		return l, nil
	}
	if len(facts) < 3 {
		return Label{}, fmt.Errorf("%q has no component and sizes", line)
	}
	l.Package, l.Component = true, facts[0]
	if l.Component != "main" {
		l.Licence = "redistributable"
	}
	var err error
	for i, to := range []*int64{&l.Download, &l.Installed} {
		if *to, err = megabytes(facts[1+i]); err != nil {
			return Label{}, err
		}
	}
	for _, f := range facts[3:] {
		key, list, _ := strings.Cut(f, "=")
		switch key {
		case "release":
			l.releases = strings.Split(list, ",")
		case "arch":
			l.architectures = strings.Split(list, ",")
		default:
			return Label{}, fmt.Errorf("unknown word %q", f)
		}
	}
	return l, nil
}

// megabytes reads "16.7".
func megabytes(s string) (int64, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(f >= 0 && f < 1e6) {
		return 0, fmt.Errorf("%q is no size in megabytes", s)
	}
	return int64(f*10+0.5) * 100_000, nil
}

// Find gives the labels that fit a query, the likeliest first; all of them for
// an empty one.
func Find(labels []Label, query string) ([]Label, error) {
	if strings.TrimSpace(query) == "" {
		return labels, nil
	}
	items := make([]search.Item, len(labels))
	for i, l := range labels {
		text := strings.Join([]string{l.Title, l.Group, l.words, l.Summary}, " ")
		if strings.Contains(text, "Wi-Fi") {
			text += " wifi wlan"
		}
		items[i] = search.Item{Name: l.Driver, Summary: text}
	}
	x, err := search.New(search.Sets, items)
	if err != nil {
		return nil, err
	}
	var out []Label
	for _, i := range x.Search(query, len(labels)) {
		out = append(out, labels[i])
	}
	return out, nil
}
