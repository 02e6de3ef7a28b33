package hardware

import (
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/source"
)

// TestTableNamesRealDrivers holds the table and the list of drivers to the
// catalogue, and to each other.
func TestTableNamesRealDrivers(t *testing.T) {
	labels, err := parseLabels(assets.Drivers)
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]Label{}
	for _, l := range labels {
		key := l.distribution + " " + l.Driver
		if _, twice := byName[key]; twice {
			t.Errorf("%s is in the list twice", key)
		}
		byName[key] = l
	}
	for _, d := range source.Drivers() {
		if _, ok := byName["nixos "+d.Name]; !ok {
			t.Errorf("the list lacks NixOS's driver %s", d.Name)
		}
		delete(byName, "nixos "+d.Name)
	}
	for key := range byName {
		if strings.HasPrefix(key, "nixos ") {
			t.Errorf("there is no driver %s", key)
		}
	}
	debianReleases := []string{"bookworm", "trixie", "sid"}
	for _, e := range table() {
		for _, w := range e.wants {
			if w.need == note || w.distribution == nixos {
				if w.need != note && !slices.ContainsFunc(source.Drivers(), func(d source.Driver) bool { return d.Name == w.driver }) {
					t.Errorf("%s: there is no driver %s", e.title, w.driver)
				}
				continue
			}
			l, ok := byName["debian "+w.driver]
			if !ok {
				t.Errorf("%s: the list lacks Debian's package %s", e.title, w.driver)
			}
			for _, r := range debianReleases {
				offered := len(w.releases) == 0 || slices.Contains(w.releases, r)
				if there := len(l.releases) == 0 || slices.Contains(l.releases, r); offered && !there && len(w.releases) > 0 {
					t.Errorf("%s: %s is not in %s", e.title, w.driver, r)
				}
			}
		}
		for _, f := range e.machine {
			if f.name != "model" && !slices.Contains(dmiFields, f.name) {
				t.Errorf("%s: nobody reads the field %s", e.title, f.name)
			}
		}
	}
}

// TestTableReleases: a release that no design can name is a slip of the pen.
func TestTableReleases(t *testing.T) {
	for _, e := range table() {
		for _, w := range e.wants {
			for _, r := range w.releases {
				d := design.WithDefaults(design.Design{Name: "x", Distribution: w.distribution, Base: "minimal", Release: r})
				for _, p := range design.Validate(d) {
					if p.Field == "release" {
						t.Errorf("%s: %s: %s", e.title, w.driver, p.Text)
					}
				}
			}
		}
	}
}

// TestTableIsStrict: what is not understood is refused, with the line.
func TestTableIsStrict(t *testing.T) {
	const good = "hardware X\n  group G\n  pci 14e4 43a0\n  nixos required wl : why\n"
	if _, err := parseTable(good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, says string }{
		{"pci 14e4 43a0\n", "before any hardware"},
		{"hardware X\n  group G\n  nixos required wl : why\n", "nothing tells it"},
		{"hardware X\n  pci 14e4 43a0\n  nixos required wl : why\n", "without a title or a group"},
		{"hardware X\n  group G\n  pci 14e4 43a0\n", "wants nothing"},
		{good + "  pci 14e4\n", "line 5: no product"},
		{good + "  pci 14E4 43a0\n", "four hex digits"},
		{good + "  pci 14e4 43a\n", "four hex digits"},
		{good + "  pci 14e4 43a0-4300\n", "backwards"},
		{good + "  pci\n", "nothing after"},
		{good + "  colour red\n", "unknown word"},
		{good + "  class 03zz\n", "no class"},
		{good + "  machine sys_vendor [\n", "no pattern"},
		{good + "  machine sys_vendor\n", "no pattern"},
		{good + "  nixos required wl\n", "a reason"},
		{good + "  nixos perhaps wl : why\n", "no need"},
		{good + "  nixos required : why\n", "names no driver"},
		{good + "  nixos required wl kernel<six : why\n", "no kernel series"},
		{good + "  nixos required wl moon=full : why\n", "unknown condition"},
	} {
		if _, err := parseTable(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v, want %q", c.text, err, c.says)
		}
	}
}

func TestLabelsAreStrict(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"nixos a : b\n", "before any group"},
		{"== G\nnixos a\n", "is no driver"},
		{"== G\nnixos a b : c\n", "too many words"},
		{"== G\ndebian a main : c\n", "no component and sizes"},
		{"== G\ndebian a main 1 -1 : c\n", "no size"},
		{"== G\ndebian a main 1 NaN : c\n", "no size"},
		{"== G\ndebian a main 1 2 moon=full : c\n", "unknown word"},
	} {
		if _, err := parseLabels(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v, want %q", c.text, err, c.says)
		}
	}
}

// TestTargets: what a design says about the kernel and the firmware.
func TestTargets(t *testing.T) {
	for _, c := range []struct {
		name     string
		design   design.Design
		series   series
		firmware bool
	}{
		{"default", design.Design{Distribution: "nixos", Base: "minimal", Release: "26.05"}, series{6, 18}, true},
		{"netboot", design.Design{Distribution: "nixos", Base: "netboot", Release: "25.11"}, series{6, 12}, false},
		{"older kernel", design.Design{Distribution: "nixos", Base: "minimal", Release: "26.05", NixOS: &design.NixOS{Kernel: "linuxPackages_6_12"}}, series{6, 12}, true},
		{"newest kernel", design.Design{Distribution: "nixos", Base: "minimal", Release: "25.05", NixOS: &design.NixOS{Kernel: "latest"}}, series{99, 0}, true},
		{"no firmware", design.Design{Distribution: "nixos", Base: "minimal", NixOS: &design.NixOS{Firmware: "none"}}, series{6, 18}, false},
		{"firmware", design.Design{Distribution: "nixos", Base: "netboot", NixOS: &design.NixOS{Firmware: "redistributable"}}, series{6, 18}, true},
		{"debian", design.Design{Distribution: "debian", Base: "minimal", Release: "bookworm"}, series{6, 1}, false},
	} {
		got := TargetOf(c.design)
		if got.series() != c.series || got.Firmware != c.firmware {
			t.Errorf("%s: kernel %v, firmware %v, want %v, %v", c.name, got.series(), got.Firmware, c.series, c.firmware)
		}
	}
}

// TestLabels: what is said of a driver.
func TestLabels(t *testing.T) {
	find := func(target Target, name string) Label {
		t.Helper()
		all := Labels(target)
		i := slices.IndexFunc(all, func(l Label) bool { return l.Driver == name })
		if i < 0 {
			return Label{}
		}
		return all[i]
	}
	nix := Target{Distribution: "nixos", Release: "26.05", Firmware: true}
	if l := find(nix, "broadcom_sta"); l.Group != "Wi-Fi" || l.Licence != "unfree" || len(l.Insecure) != 1 || len(l.Warnings) != 3 || !strings.Contains(l.Cost, "compiled") || l.Included || l.Package {
		t.Errorf("broadcom_sta: %+v", l)
	}
	if l := find(nix, "iwlwifi"); !l.Included || l.Cost != "" {
		t.Errorf("iwlwifi: %+v", l)
	}
	if l := find(nix, "amdgpu"); l.Included {
		t.Errorf("amdgpu does more than bring firmware: %+v", l)
	}
	arm := nix
	arm.Architecture = "arm64"
	if l := find(arm, "broadcom_sta"); l.Driver != "" {
		t.Errorf("broadcom_sta is offered for arm64")
	}
	trixie, bookworm := Target{Distribution: "debian", Release: "trixie"}, Target{Distribution: "debian", Release: "bookworm"}
	if l := find(trixie, "firmware-iwlwifi"); !l.Package || l.Component != "non-free-firmware" || l.Download != 16_700_000 || l.Licence != "redistributable" {
		t.Errorf("firmware-iwlwifi: %+v", l)
	}
	if find(trixie, "firmware-mediatek").Driver == "" || find(bookworm, "firmware-mediatek").Driver != "" {
		t.Error("firmware-mediatek is trixie's")
	}
	for query, first := range map[string]string{"macbook wifi": "broadcom_sta", "realtek wlan 8821au": "rtl8821au", "macbook wi-fi": "broadcom_sta", "thinkpad wireless": "iwlwifi", "rtx": "nvidia", "bcm4360": "broadcom_sta"} {
		got, err := Find(Labels(nix), query)
		if err != nil || len(got) == 0 || got[0].Driver != first {
			t.Errorf("%s: %+v, %v, want %s first", query, got, err, first)
		}
	}
	if all, err := Find(Labels(nix), " "); err != nil || len(all) != len(Labels(nix)) {
		t.Errorf("no query finds %d, %v", len(all), err)
	}
}

// FuzzTables: no text makes the readers of the tables fail in a bad way, and
// what they take can be matched.
func FuzzTables(f *testing.F) {
	f.Add("hardware X\n  group G\n  pci 14e4 43a0 *\n  usb 0bda 0-f\n  cpu A\n  metal\n  nixos required wl : why\n")
	f.Add("== G\ndebian a main 1 2 release=a,b arch=c : d {e}\n  warning : f\nnixos a : b\n")
	f.Add(assets.Hardware[:4000])
	f.Add(assets.Drivers[:4000])
	f.Fuzz(func(t *testing.T, text string) {
		labels, err := parseLabels(text)
		for _, l := range labels {
			if err == nil && (l.Title == "" || l.Driver == "" || l.Group == "" || l.Download < 0) {
				t.Errorf("%+v", l)
			}
		}
		entries, err := parseTable(text)
		if err != nil {
			return
		}
		for _, e := range entries {
			for _, s := range e.pci {
				if !e.fits(Device{Bus: PCI, Vendor: s.vendor, Product: s.to, Class: strings.Join(e.class[:min(1, len(e.class))], "")}) && len(e.machine) == 0 {
					t.Errorf("%+v does not fit its own %v", e, s)
				}
			}
		}
	})
}
