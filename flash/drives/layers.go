package drives

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// below are what a device lies on directly. An error says that it lies on
// something that cannot be found out.
type below struct {
	devices []*device
	err     error
}

func (b *below) add(other below) {
	b.devices = append(b.devices, other.devices...)
	b.err = errors.Join(b.err, other.err)
}

// layer looks one step down from a device that is no partition.
func (c *computer) layer(d *device) below {
	under := below{devices: slices.Clone(d.lower)}
	for _, name := range d.missing {
		under.err = errors.Join(under.err, fmt.Errorf("%s is connected with %s, which is not to be seen", d.name, name))
	}
	if !d.virtual() {
		return under
	}
	switch {
	case strings.HasPrefix(d.name, "loop"):
		under.add(c.loop(d))
		return under
	case strings.HasPrefix(d.name, "zram"):
		under.add(c.zram(d))
		return under
	case strings.HasPrefix(d.name, "ram"), strings.HasPrefix(d.name, "rbd"):
		return under // memory; the network
	case strings.HasPrefix(d.name, "zd"):
		under.add(c.volume(d))
	case strings.HasPrefix(d.name, "bcache"):
		under.add(c.bcache(d))
	}
	if len(under.devices) == 0 && under.err == nil {
		under.err = fmt.Errorf("what %s lies on cannot be found out", c.title(d))
	}
	return under
}

// loop is the file, or the device, behind a loop device. The kernel shows its
// path as seen from the reader's root.
func (c *computer) loop(d *device) below {
	if !c.exists(d.dir, "loop") {
		return below{} // nothing is behind it now
	}
	file := c.attribute(d.dir, "loop/backing_file")
	if file == "" {
		return below{err: fmt.Errorf("the file behind %s is out of sight", d.name)}
	}
	live := strings.TrimSuffix(file, " (deleted)")
	if dev := c.device(live); dev != nil {
		return below{devices: []*device{dev}}
	}
	under := c.file(live)
	if !c.Recorded && live == file && !c.mayExist(file) {
		under.err = errors.Join(under.err, fmt.Errorf("the file %s behind %s is out of sight", cleanText(file), d.name))
	}
	return under
}

// zram may write back to a device.
func (c *computer) zram(d *device) below {
	backing := c.attribute(d.dir, "backing_dev")
	if backing == "" || backing == "none" {
		return below{}
	}
	if dev := c.device(backing); dev != nil {
		return below{devices: []*device{dev}}
	}
	return c.file(backing)
}

// bcache lies on its backing device (a slave) and on all caches of its set,
// which appear in /sys/fs/bcache/SET alone.
func (c *computer) bcache(d *device) below {
	var under below
	sets, err := c.names("sys/fs/bcache")
	if err != nil {
		return below{err: err}
	}
	for _, set := range sets {
		members := c.members("sys/fs/bcache/" + set)
		if slices.ContainsFunc(members, func(m *device) bool { return slices.Contains(d.lower, m) }) {
			under.devices = append(under.devices, members...)
		}
	}
	return under
}

// members are the devices of a set of bcache: its entries "bdev0" and "cache0"
// lead to the folder "bcache" of a device.
func (c *computer) members(set string) []*device {
	var all []*device
	entries, _ := c.names(set)
	for _, entry := range entries {
		if !strings.HasPrefix(entry, "bdev") && !strings.HasPrefix(entry, "cache") {
			continue
		}
		if to, err := c.target(path.Join(set, entry)); err == nil {
			if d := c.devices[path.Base(path.Dir(to))]; d != nil {
				all = append(all, d)
			}
		}
	}
	return all
}

// file is what a file lies on, looked up in every table of mounts.
func (c *computer) file(name string) below {
	var all below
	found := false
	for _, t := range c.tables {
		here, ok := c.place(t, name)
		all.add(here)
		found = found || ok
	}
	if !found {
		all.err = errors.Join(all.err, fmt.Errorf("what %s lies on cannot be found out", cleanText(name)))
	}
	return all
}

// title names a device for people: "the LUKS volume cryptroot".
func (c *computer) title(d *device) string {
	switch {
	case strings.HasPrefix(d.name, "dm-"):
		return c.mapperTitle(d)
	case strings.HasPrefix(d.name, "md"):
		return "the RAID " + d.name
	case strings.HasPrefix(d.name, "loop"):
		if file := cleanText(c.attribute(d.dir, "loop/backing_file")); file != "" {
			return d.name + " (the file " + file + ")"
		}
	case strings.HasPrefix(d.name, "zd"):
		return "the ZFS volume " + d.name
	case strings.HasPrefix(d.name, "zram"):
		return "compressed memory (" + d.name + ")"
	case strings.HasPrefix(d.name, "nbd"):
		return "the network block device " + d.name
	}
	return d.name
}

// mapperTitle goes by the prefix of the device mapper's UUID, which says whose
// the device is.
func (c *computer) mapperTitle(d *device) string {
	name := cleanText(c.attribute(d.dir, "dm/name"))
	if name == "" {
		return d.name
	}
	uuid := c.attribute(d.dir, "dm/uuid")
	switch {
	case strings.HasPrefix(uuid, "LVM-"):
		return "the LVM volume " + name
	case strings.HasPrefix(uuid, "CRYPT-LUKS"):
		return "the LUKS volume " + name
	case strings.HasPrefix(uuid, "CRYPT-VERITY"):
		return "the verified volume " + name
	case strings.HasPrefix(uuid, "CRYPT-"):
		return "the encrypted volume " + name
	case strings.Contains(uuid, "mpath-"):
		return "the multipath disk " + name
	}
	return "the mapped device " + name
}
