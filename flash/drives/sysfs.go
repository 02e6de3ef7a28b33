package drives

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// device is a block device as sysfs shows it: a disk, a partition, or one that
// the kernel makes of others.
type device struct {
	name   string // "sda1", as sysfs writes it ("!" for "/")
	dir    string // its folder in sysfs, links resolved
	number devno
	disk   *device // of a partition
	parts  []*device
	size   int64 // bytes
	udev   udevData
	// udevKnown is false where udev's data could not be read.
	udevKnown bool
	// lower and upper are slaves and holders; missing are names among them
	// that sysfs has no device for.
	lower, upper []*device
	missing      []string
}

// path is the device file; sysfs has "!" where the name has "/".
func (d *device) path() string { return "/dev/" + strings.ReplaceAll(d.name, "!", "/") }

// whole is the disk of a partition, or the device itself.
func (d *device) whole() *device {
	if d.disk != nil {
		return d.disk
	}
	return d
}

// virtual devices are made by the kernel of something else.
func (d *device) virtual() bool { return strings.HasPrefix(d.dir, "sys/devices/virtual/block/") }

// computer is everything that was read at one moment.
type computer struct {
	Source
	devices  map[string]*device
	byNumber map[devno]*device
	// links are the names below /dev that udev gave ("disk/by-id/usb-…").
	links  map[string]*device
	tables []mounts
	swaps  []swap
	zfs    zfsPools
}

// readComputer reads all devices, mounts and swaps.
func readComputer(ctx context.Context, s Source) (*computer, error) {
	c := &computer{Source: s, devices: map[string]*device{}, byNumber: map[devno]*device{}, links: map[string]*device{}}
	if err := c.readDevices(ctx); err != nil {
		return nil, fmt.Errorf("list block devices: %w", err)
	}
	if err := c.readMounts(); err != nil {
		return nil, fmt.Errorf("list mounts: %w", err)
	}
	if err := c.readSwaps(); err != nil {
		return nil, fmt.Errorf("list swap space: %w", err)
	}
	c.readPools()
	return c, nil
}

func (c *computer) readDevices(ctx context.Context) error {
	names, err := fs.ReadDir(c.FS, "sys/class/block")
	if err != nil {
		return err
	}
	for _, entry := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.readDevice(entry.Name()); err != nil {
			return err
		}
	}
	for _, d := range c.devices {
		if c.exists(d.dir, "partition") {
			// A disk that has just gone is not listed, nor are its partitions.
			if d.disk = c.devices[path.Base(path.Dir(d.dir))]; d.disk != nil {
				d.disk.parts = append(d.disk.parts, d)
			}
		}
		if err := c.readNeighbours(d); err != nil {
			return err
		}
	}
	c.readByID()
	return nil
}

// readDevice reads what is the same for all kinds. A device that goes away in
// the meantime is left out.
func (c *computer) readDevice(name string) error {
	dir, err := c.target(path.Join("sys/class/block", name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	number, err := parseDevno(c.attribute(dir, "dev"))
	if err != nil {
		// Hidden paths of an NVMe disk, and devices that have just gone.
		return nil
	}
	d := &device{name: name, dir: dir, number: number, size: int64(c.number(dir, "size") * 512)}
	if data, err := c.read("run/udev/data/b"+number.String(), tableLimit); err == nil {
		d.udev, d.udevKnown = parseUdev(data), true
		for _, link := range d.udev.links {
			c.links[link] = d
		}
	}
	c.devices[name], c.byNumber[number] = d, d
	return nil
}

// readNeighbours reads what lies directly below and above a device.
func (c *computer) readNeighbours(d *device) error {
	for _, side := range []struct {
		folder string
		to     *[]*device
	}{{"slaves", &d.lower}, {"holders", &d.upper}} {
		names, err := c.names(d.dir, side.folder)
		if err != nil {
			return err
		}
		for _, name := range names {
			if other := c.devices[name]; other != nil {
				*side.to = append(*side.to, other)
			} else {
				d.missing = append(d.missing, name)
			}
		}
	}
	return nil
}

// readByID adds the links in /dev/disk/by-id, for computers whose udev keeps
// no data that we can read.
func (c *computer) readByID() {
	names, _ := c.names("dev/disk/by-id")
	for _, name := range names {
		to, err := c.target(path.Join("dev/disk/by-id", name))
		if err != nil {
			continue
		}
		if d := c.devices[strings.ReplaceAll(strings.TrimPrefix(to, "dev/"), "/", "!")]; d != nil {
			c.links["disk/by-id/"+name] = d
		}
	}
}

// readMounts reads the table of this process and of the first one: a sandboxed
// caller does not see all.
func (c *computer) readMounts() error {
	data, err := c.read("proc/self/mountinfo", tableLimit)
	if err != nil {
		return err
	}
	own, err := parseMountinfo(data)
	if err != nil {
		return err
	}
	if len(own.all) == 0 {
		return errors.New("/proc/self/mountinfo is empty")
	}
	c.tables = []mounts{own}
	first, err := c.read("proc/1/mountinfo", tableLimit)
	if err != nil || len(first) == 0 || string(first) == string(data) {
		return nil
	}
	other, err := parseMountinfo(first)
	if err != nil {
		return err
	}
	c.tables = append(c.tables, other)
	return nil
}

func (c *computer) readSwaps() error {
	data, err := c.read("proc/swaps", tableLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a kernel without swap
	}
	if err != nil {
		return err
	}
	c.swaps, err = parseSwaps(data)
	return err
}

// device finds the one that a path below /dev names, or nil.
func (c *computer) device(name string) *device {
	for range 8 {
		rest, ok := strings.CutPrefix(path.Clean(name), "/dev/")
		if !ok {
			return nil
		}
		if d := c.devices[strings.ReplaceAll(rest, "/", "!")]; d != nil {
			return d
		}
		if d := c.links[rest]; d != nil {
			return d
		}
		if d := c.mapped(rest); d != nil {
			return d
		}
		to, err := c.target("dev/" + rest)
		if err != nil {
			return c.byNode("dev/" + rest)
		}
		name = "/" + to
	}
	return nil
}

// mapped finds mapper/NAME by the name that the device mapper keeps.
func (c *computer) mapped(rest string) *device {
	name, ok := strings.CutPrefix(rest, "mapper/")
	if !ok {
		return nil
	}
	for _, d := range c.devices {
		if strings.HasPrefix(d.name, "dm-") && c.attribute(d.dir, "dm/name") == name {
			return d
		}
	}
	return nil
}

// sorted orders devices by name, numbers as numbers.
func sorted(all []*device) []*device {
	return slices.SortedFunc(slices.Values(all), func(a, b *device) int {
		return compareNames(a.name, b.name)
	})
}

// compareNames puts sdb before sdaa and loop2 before loop10.
func compareNames(a, b string) int {
	stem := func(s string) (string, string) {
		cut := strings.TrimRight(s, "0123456789")
		return cut, s[len(cut):]
	}
	as, an := stem(a)
	bs, bn := stem(b)
	if as == bs {
		if len(an) != len(bn) {
			return len(an) - len(bn)
		}
		return strings.Compare(an, bn)
	}
	if len(as) != len(bs) && as[:min(2, len(as))] == bs[:min(2, len(bs))] {
		return len(as) - len(bs)
	}
	return strings.Compare(as, bs)
}
