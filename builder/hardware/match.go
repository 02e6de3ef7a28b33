package hardware

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// Suggestion is a driver that a device wants.
type Suggestion struct {
	// Label is what is to be known of the driver.
	Label
	// Need is Required, Better or Instead.
	Need string `json:"need"`
	// Why is half a sentence ("the driver is in the kernel, its firmware is not").
	Why string `json:"why"`
}

// Found is a device, or the computer as a whole, and what it wants.
type Found struct {
	// Device is its name for people.
	Device string `json:"device"`
	// Kind and Group are of the table ("Intel Wi-Fi", "Wi-Fi"); "" where the
	// table does not know the device.
	Kind  string `json:"kind,omitempty"`
	Group string `json:"group,omitempty"`
	// Bus is PCI, USB, "cpu" or "machine", Place where on it.
	Bus   string `json:"bus"`
	Place string `json:"place,omitempty"`
	// ID is vendor and product ("14e4:43a0"), of devices.
	ID string `json:"id,omitempty"`
	// Driver of the kernel that is in use now, "" for none.
	Driver string `json:"driver,omitempty"`
	// Works: a driver of the kernel serves it now.
	Works bool `json:"works"`
	// Count of such devices in the computer.
	Count int          `json:"count"`
	Wants []Suggestion `json:"wants"`
	// Notes say what no driver can help.
	Notes []string `json:"notes,omitempty"`
	// Included: the table's firmware for it is in the base already.
	Included bool `json:"included,omitempty"`
}

// Look says what each device of a computer wants for a target, those that need
// something first. Bridges and hubs that want nothing are left out.
func Look(m Machine, t Target, names Names) []Found {
	labels := map[string]Label{}
	for _, l := range Labels(t) {
		labels[l.Driver] = l
	}
	entries := table()
	var all []Found
	for _, d := range m.Devices {
		f := Found{Wants: []Suggestion{}, Bus: d.Bus, Place: d.Place, ID: d.ID(), Driver: strings.Join(d.Drivers, ", "), Count: 1}
		working := serving(d.Drivers, nil)
		for _, e := range entries {
			if e.fits(d) {
				working = serving(working, e.idle)
				f.add(e, t, labels)
			}
		}
		f.Works = len(working) > 0
		if f.Kind != "" && !f.Works && !f.Included && len(f.Wants)+len(f.Notes) == 0 {
			f.Notes = []string{"The distribution has no driver for it."}
		}
		f.Device = cmp.Or(names.device(d), f.Kind, d.describe(names))
		if len(f.Wants)+len(f.Notes) > 0 || !d.dull() {
			all = append(all, f)
		}
	}
	all = append(all, computer(m, t, entries, labels)...)
	all = merge(all)
	slices.SortStableFunc(all, func(a, b Found) int { return cmp.Compare(a.urgency(), b.urgency()) })
	return all
}

// computer is what the processor and the machine as a whole want.
func computer(m Machine, t Target, entries []entry, labels map[string]Label) []Found {
	var all []Found
	for _, e := range entries {
		f := Found{Wants: []Suggestion{}, Works: true, Count: 1}
		switch {
		case e.cpu != "" && e.cpu == m.CPU && !(e.metal && m.Virtual):
			f.Bus, f.Device = "cpu", e.title
		case len(e.machine) > 0 && e.fitsMachine(m):
			f.Bus = "machine"
			f.Device = strings.TrimSpace(m.Fields["sys_vendor"] + " " + cmp.Or(m.Fields["product_name"], m.Fields["model"]))
			f.Device = cmp.Or(f.Device, e.title)
		default:
			continue
		}
		if f.add(e, t, labels); f.Included || len(f.Wants)+len(f.Notes) > 0 {
			all = append(all, f)
		}
	}
	return all
}

// fits tells whether a device is of the entry.
func (e entry) fits(d Device) bool {
	if slices.ContainsFunc(e.bound, func(name string) bool { return slices.Contains(d.Drivers, name) }) {
		return true
	}
	spans, prefixes, classes := e.pci, e.class, []string{d.Class}
	if d.Bus == USB {
		spans, prefixes, classes = e.usb, e.usbClass, d.Interfaces
	}
	if len(spans)+len(prefixes) == 0 || len(e.machine) > 0 {
		return false
	}
	if len(spans) > 0 && !slices.ContainsFunc(spans, func(s span) bool { return s.has(d) }) {
		return false
	}
	return len(prefixes) == 0 || slices.ContainsFunc(prefixes, func(p string) bool {
		return slices.ContainsFunc(classes, func(c string) bool { return strings.HasPrefix(c, p) })
	})
}

// fitsMachine tells whether what the firmware says is of the entry.
func (e entry) fitsMachine(m Machine) bool {
	return !slices.ContainsFunc(e.machine, func(f field) bool {
		ok, _ := path.Match(f.pattern, m.Fields[f.name]) // parseTable has tried the pattern
		return !ok
	})
}

// add takes over what an entry wants. A driver that two entries want is there
// once, for the stronger need.
func (f *Found) add(e entry, t Target, labels map[string]Label) {
	f.Kind, f.Group = e.title, e.group // the table goes from the general to the special
	for _, w := range e.wants {
		if !t.meets(w) {
			continue
		}
		if w.need == note {
			f.Notes = append(f.Notes, w.why)
			continue
		}
		label, ok := labels[w.driver]
		if !ok { // not for this architecture
			continue
		}
		if label.Included {
			f.Included = true
			continue
		}
		s := Suggestion{Label: label, Need: w.need, Why: w.why}
		i := slices.IndexFunc(f.Wants, func(o Suggestion) bool { return o.Driver == s.Driver })
		switch {
		case i < 0:
			f.Wants = append(f.Wants, s)
		case needRank(s.Need) < needRank(f.Wants[i].Need):
			f.Wants[i] = s
		}
	}
	slices.SortStableFunc(f.Wants, func(a, b Suggestion) int { return cmp.Compare(needRank(a.Need), needRank(b.Need)) })
}

func needRank(need string) int { return slices.Index([]string{Required, Better, Instead}, need) }

// urgency orders what was found.
func (f Found) urgency() int {
	switch {
	case len(f.Wants) > 0 && f.Wants[0].Need == Required && !f.Works:
		return 0
	case len(f.Wants) > 0:
		return 1 + needRank(f.Wants[0].Need)
	case len(f.Notes) > 0:
		return 4
	}
	return 5
}

// serving leaves out drivers that take a device without serving it.
func serving(drivers, idle []string) []string {
	var out []string
	for _, d := range drivers {
		if d != "usb" && d != "vfio-pci" && d != "pci-stub" && !slices.Contains(idle, d) {
			out = append(out, d)
		}
	}
	return out
}

// merge counts devices of one kind.
func merge(all []Found) []Found {
	var out []Found
	for _, f := range all {
		i := slices.IndexFunc(out, func(o Found) bool {
			return f.ID != "" && o.Bus == f.Bus && o.ID == f.ID && o.Driver == f.Driver
		})
		if i < 0 {
			out = append(out, f)
		} else {
			out[i].Count++
		}
	}
	return out
}

// dull are bridges between buses, and hubs: nobody needs drivers for those.
func (d Device) dull() bool {
	if d.Bus == PCI {
		return strings.HasPrefix(d.Class, "06") || strings.HasPrefix(d.Class, "0580")
	}
	return d.Vendor == 0x1d6b || len(d.Interfaces) > 0 && !slices.ContainsFunc(d.Interfaces, func(c string) bool { return !strings.HasPrefix(c, "09") })
}
