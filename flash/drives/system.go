package drives

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// core are the places that a Linux system is made of. Where it cannot be found
// out what one of them lies on, no disk can be ruled out.
var core = []string{
	"/", "/usr", "/nix", "/nix/store", "/nix/.ro-store", "/iso", "/boot", "/boot/efi", "/efi", "/var", "/home",
	"/root", "/etc", "/persist", "/run/live/medium", "/run/initramfs/live", "/run/archiso/bootmnt", "/cdrom",
	"/lib/live/mount/medium", "/gnu/store", "/bin", "/sbin", "/lib",
}

// guests are the places where people and desktops mount what comes and goes.
// A mount anywhere else is taken for a part of the running system.
var guests = []string{"/media", "/run/media", "/mnt", "/tmp", "/var/run/media"}

// guest tells whether a mount point is one of a passing medium.
func guest(point string) bool {
	if point == "/mnt" {
		return true
	}
	for _, g := range guests {
		if point != g && under(point, g) {
			return true
		}
	}
	return false
}

// finding is what was found out about one disk; see Drive.
type finding struct{ system, used, held, mounted []string }

// on returns the finding of a disk, a new one at first.
func (f findings) on(d *device) *finding {
	name := d.whole().name
	if f[name] == nil {
		f[name] = &finding{}
	}
	return f[name]
}

// findings are by the name of the whole device.
type findings map[string]*finding

// use is one thing that needs devices.
type use struct {
	what string // "/ lies", "swap space lies"
	// point is where it is mounted, as it is written; "" for other uses.
	point string
	// system: the running system needs it. core: it cannot do without.
	system, core bool
	on           below
}

// uses lists what is mounted and swapped to, the most important first.
func (c *computer) uses() []use {
	var all []use
	seen := map[string]bool{}
	for _, t := range c.tables {
		for _, m := range t.all {
			key := m.point + "\x00" + m.device.String() + "\x00" + m.source
			if seen[key] {
				continue
			}
			seen[key] = true
			point := cleanText(m.point)
			all = append(all, use{
				what: point + " lies", point: m.point, system: !guest(m.point), core: slices.Contains(core, m.point), on: c.mounted(t, m),
			})
		}
		all = append(all, c.automounted(t)...)
	}
	slices.SortStableFunc(all, func(a, b use) int { return rank(a) - rank(b) })
	return append(all, c.swapUses()...)
}

// rank orders reasons: core places in their order, then others.
func rank(u use) int {
	if i := slices.Index(core, u.point); i >= 0 {
		return i
	}
	return len(core)
}

func (c *computer) swapUses() []use {
	var all []use
	for _, s := range c.swaps {
		u := use{what: "swap space lies", system: true, core: true}
		if d := c.device(s.path); d != nil {
			u.on.devices = []*device{d}
		} else if s.file {
			u.what = "the swap file " + cleanText(s.path) + " lies"
			u.on = c.file(s.path)
		} else {
			u.on.err = fmt.Errorf("the swap device %s cannot be found", cleanText(s.path))
		}
		all = append(all, u)
	}
	for _, name := range slices.Sorted(maps.Keys(c.zfs.imported)) {
		if on := c.pool(name); on.err == nil {
			all = append(all, use{what: "the ZFS pool " + cleanText(name) + " lies", on: on})
		}
	}
	return all
}

// survey follows every use down to the disks. Doubts are reasons why no disk
// can be ruled out.
func (c *computer) survey() (found findings, doubts []string) {
	found = findings{}
	for _, u := range c.uses() {
		w := walk{c: c, use: u, found: found, seen: map[string]bool{}}
		w.all(u.on, nil)
		if u.core && len(w.doubts) > 0 {
			doubts = append(doubts, w.doubts...)
		}
	}
	for _, d := range sorted(c.everyDevice()) {
		c.hold(d, found)
	}
	slices.Sort(doubts)
	return found, slices.Compact(doubts)
}

func (c *computer) everyDevice() []*device {
	all := make([]*device, 0, len(c.devices))
	for _, d := range c.devices {
		all = append(all, d)
	}
	return all
}

// walk goes down from one use.
type walk struct {
	c      *computer
	use    use
	found  findings
	seen   map[string]bool
	doubts []string
	// open are the whole devices between the use and here.
	open map[string]bool
}

func (w *walk) all(b below, via []string) {
	if b.err != nil {
		w.doubts = append(w.doubts, b.err.Error())
	}
	for _, d := range b.devices {
		w.down(d, via)
	}
}

// down marks the whole device that d is (on), and goes on with what it lies on.
func (w *walk) down(d *device, via []string) {
	whole, on := d.whole(), "it"
	if w.open[whole.name] {
		// The path of a loop device's file is that of a mount which is gone, as
		// in Fedora's live system, and means something else now.
		w.doubts = append(w.doubts, fmt.Sprintf("what %s lies on is out of sight: it seems to lie on itself", w.c.title(whole)))
		return
	}
	if w.seen[d.name] {
		return
	}
	w.seen[d.name] = true
	if w.open == nil {
		w.open = map[string]bool{}
	}
	w.open[whole.name] = true
	defer delete(w.open, whole.name)
	if d.disk != nil {
		on = d.name
	}
	reason := w.use.what + " on " + on
	if len(via) > 0 {
		reason = w.use.what + " on it through " + strings.Join(via, ", ")
		if d.disk != nil {
			reason += " on " + d.name
		}
	}
	f := w.found.on(d)
	switch {
	case w.use.system:
		f.system = append(f.system, reason)
	case w.use.point == "":
		f.held = append(f.held, reason)
	default:
		f.used = append(f.used, reason)
	}
	if w.use.point != "" && !slices.Contains(f.mounted, w.use.point) {
		f.mounted = append(f.mounted, w.use.point)
	}
	title := w.c.title(whole)
	if d.disk != nil && whole.virtual() {
		title = d.name + ", " + title
	}
	w.all(w.c.layer(whole), append(slices.Clone(via), title))
}

// hold notes holders that no use has led to: an array or volume that is active
// but not mounted, a loop device on a file. One whose top is out of sight could
// be anything.
func (c *computer) hold(d *device, found findings) {
	f := found.on(d)
	for _, name := range d.missing {
		f.system = append(f.system, fmt.Sprintf("%s is held by %s, of which nothing can be seen: it cannot be ruled out that the running system needs it",
			cleanText(d.name), cleanText(name)))
	}
	c.holders(d, d, f, map[string]bool{})
	if d.virtual() && strings.HasPrefix(d.name, "loop") && d.disk == nil {
		c.holdFile(d, found)
	}
}

// holders goes up from a device. What is encrypted can be closed by itself; all
// else has to be ended by a person who knows what it is.
func (c *computer) holders(bottom, d *device, f *finding, seen map[string]bool) {
	for _, upper := range sorted(d.upper) {
		if seen[upper.name] {
			continue
		}
		seen[upper.name] = true
		reason := fmt.Sprintf("%s is in use by %s", cleanText(bottom.name), c.title(upper))
		uuid := c.attribute(upper.dir, "dm/uuid")
		if strings.HasPrefix(uuid, "CRYPT-") && !strings.HasPrefix(uuid, "CRYPT-VERITY") {
			f.used = append(f.used, reason)
		} else {
			f.held = append(f.held, reason)
		}
		c.holders(bottom, upper, f, seen)
	}
}

// holdFile marks the disk that a loop device's file lies on: writing to that
// disk would pull the file away.
func (c *computer) holdFile(d *device, found findings) {
	file := c.attribute(d.dir, "loop/backing_file")
	if file == "" {
		return
	}
	u := use{what: "the file " + cleanText(path.Base(file)) + " of " + d.name + " lies", on: c.loop(d)}
	w := walk{c: c, use: u, found: found, seen: map[string]bool{d.name: true}}
	w.all(u.on, nil)
}
