package drives

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
)

// reasonLimit is how many reasons a drive is given; a computer with many
// containers would have hundreds.
const reasonLimit = 8

// List returns every disk, sorted by name: also those that cannot be written,
// with what stands against it. Left out are devices that the kernel makes of
// others (LVM, RAID, crypt, zram), which are accounted to their disks, and loop
// and network devices that nothing is behind.
//
// It fails where the mounts or devices cannot be read: a list that is not
// certain is worse than none.
func List(ctx context.Context, s Source) ([]Drive, error) {
	c, err := readComputer(ctx, s)
	if err != nil {
		return nil, err
	}
	found, doubts := c.survey()
	mounts := c.mountPoints()
	var all []Drive
	for _, d := range sorted(c.everyDevice()) {
		if d.disk != nil || !c.listed(d) {
			continue
		}
		drive := c.drive(d, mounts)
		if f := found[d.name]; f != nil {
			drive.System, drive.InUse, drive.Held = shorten(f.system), shorten(f.used), shorten(f.held)
			drive.Mounted = f.mounted
		}
		for _, doubt := range doubts {
			drive.System = append(drive.System, "it cannot be ruled out that the running system needs it: "+doubt)
		}
		all = append(all, drive)
	}
	return all, nil
}

// shorten drops doubles and the end of a long list of reasons.
func shorten(reasons []string) []string {
	var all []string
	for _, r := range reasons {
		if !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	if len(all) > reasonLimit {
		more := len(all) - reasonLimit
		all = append(all[:reasonLimit], fmt.Sprintf("and %d more", more))
	}
	return all
}

// listed tells whether a whole device is shown as a drive.
func (c *computer) listed(d *device) bool {
	if c.attribute(d.dir, "hidden") == "1" {
		return false
	}
	if base, boot, ok := strings.Cut(d.name, "boot"); ok && strings.HasPrefix(base, "mmcblk") && len(boot) == 1 {
		return false // eMMC's own boot areas
	}
	if !d.virtual() {
		return !c.exists(d.dir, "partition")
	}
	switch {
	case strings.HasPrefix(d.name, "loop"):
		return c.attribute(d.dir, "loop/backing_file") != ""
	case strings.HasPrefix(d.name, "nbd"), strings.HasPrefix(d.name, "rbd"), strings.HasPrefix(d.name, "ublk"):
		return d.size > 0
	}
	return false
}

// mountPoints are where a device, or a file system that it is a part of, is
// mounted, by the device's name.
func (c *computer) mountPoints() map[string][]string {
	points := map[string][]string{}
	for _, t := range c.tables {
		for _, m := range t.all {
			if slices.Contains(layered, m.kind) {
				continue
			}
			for _, d := range c.mounted(t, m).devices {
				point := cleanPath(m.point)
				if !slices.Contains(points[d.name], point) {
					points[d.name] = append(points[d.name], point)
				}
			}
		}
	}
	return points
}

// cleanPath keeps a path as it is, so that it can be used, unless it would harm
// a terminal.
func cleanPath(p string) string {
	if cleaned := cleanText(p); len(cleaned) != len(p) && strings.ContainsFunc(p, harmful) {
		return cleaned
	}
	return p
}

// drive fills in what is known of a disk.
func (c *computer) drive(d *device, points map[string][]string) Drive {
	drive := Drive{
		Name: cleanText(d.name), Path: d.path(), ByID: c.byID(d), Bus: c.bus(d), Size: d.size,
		SectorSize:   int(c.number(d.dir, "queue/logical_block_size")),
		PhysicalSize: int(c.number(d.dir, "queue/physical_block_size")),
		Removable:    c.attribute(d.dir, "removable") == "1" || c.attribute(d.dir, "device/type") == "SD",
		ReadOnly:     c.attribute(d.dir, "ro") == "1",
		Optical:      d.udev.properties["ID_CDROM"] == "1" || strings.HasPrefix(d.name, "sr"),
		Sequence:     c.number(d.dir, "diskseq"), Major: d.number.major, Minor: d.number.minor, Seen: time.Now(),
	}
	drive.Vendor, drive.Model, drive.Serial = c.names3(d)
	slices.SortFunc(d.parts, func(a, b *device) int {
		return cmp.Compare(c.number(a.dir, "start"), c.number(b.dir, "start"))
	})
	if whole := c.part(d, points); len(d.parts) == 0 && whole.FileSystem != "" || len(whole.Mounts)+len(whole.Holders) > 0 {
		drive.Parts = append(drive.Parts, whole)
	}
	for _, p := range d.parts {
		drive.Parts = append(drive.Parts, c.part(p, points))
	}
	return drive
}

func (c *computer) part(d *device, points map[string][]string) Part {
	p := Part{
		Number: int(c.number(d.dir, "partition")), Name: cleanText(d.name), Path: d.path(), Size: d.size,
		Start:      int64(c.number(d.dir, "start") * 512),
		FileSystem: d.udev.text("ID_FS_TYPE"), Label: d.udev.text("ID_FS_LABEL"), UUID: d.udev.text("ID_FS_UUID"),
		Mounts: points[d.name],
	}
	for _, upper := range sorted(d.upper) {
		p.Holders = append(p.Holders, holder(upper.name, cleanText(c.attribute(upper.dir, "dm/name"))))
	}
	return p
}

func holder(device, name string) string {
	if name == "" {
		return device
	}
	return device + " (" + name + ")"
}

// byID are a disk's links in /dev/disk/by-id: those that carry names before
// those of numbers, shorter ones first.
func (c *computer) byID(d *device) []string {
	var all []string
	for link, to := range c.links {
		if name, ok := strings.CutPrefix(link, "disk/by-id/"); ok && to == d {
			all = append(all, "/dev/disk/by-id/"+cleanText(name))
		}
	}
	plainness := func(link string) int {
		for i, prefix := range []string{"usb-", "mmc-", "ata-", "nvme-", "virtio-", "scsi-", "wwn-"} {
			if strings.HasPrefix(path.Base(link), prefix) && !strings.HasPrefix(path.Base(link), "nvme-eui.") {
				return i
			}
		}
		return 100
	}
	slices.SortFunc(all, func(a, b string) int {
		return cmp.Or(cmp.Compare(plainness(a), plainness(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	return all
}

// bus tells how a disk is connected. Its folder in sysfs says more than udev's
// ID_BUS, which calls many USB bridges "ata".
func (c *computer) bus(d *device) string {
	if d.virtual() {
		return strings.TrimRight(d.name, "0123456789")
	}
	for _, b := range []struct{ part, bus string }{
		{"/usb", "usb"}, {"/nvme", "nvme"}, {"/mmc_host/", "mmc"}, {"/virtio", "virtio"}, {"/ata", "ata"},
		{"/firewire", "firewire"}, {"/host", "scsi"},
	} {
		if strings.Contains(d.dir, b.part) {
			return b.bus
		}
	}
	return ""
}

// names3 are vendor, model and serial number, from udev or, without it, from
// the device's own attributes.
func (c *computer) names3(d *device) (vendor, model, serial string) {
	vendor, model = d.udev.text("ID_VENDOR"), d.udev.text("ID_MODEL")
	serial = cmp.Or(d.udev.text("ID_SERIAL_SHORT"), d.udev.text("ID_SCSI_SERIAL"))
	if vendor == "" {
		vendor = cleanText(c.attribute(d.dir, "device/vendor"))
	}
	if strings.HasPrefix(vendor, "0x") {
		vendor = "" // a number of PCI or virtio
	}
	if model == "" {
		model = cleanText(cmp.Or(c.attribute(d.dir, "device/model"), c.attribute(d.dir, "device/name")))
	}
	if serial == "" {
		serial = cleanText(cmp.Or(c.attribute(d.dir, "device/serial"), c.attribute(d.dir, "serial"), c.usbSerial(d)))
	}
	if model == "" && strings.HasPrefix(d.name, "loop") {
		model = cleanText(path.Base(c.attribute(d.dir, "loop/backing_file")))
	}
	return vendor, model, serial
}

// usbSerial is the serial number of the USB device that a disk belongs to.
func (c *computer) usbSerial(d *device) string {
	if c.bus(d) != "usb" {
		return ""
	}
	for dir := path.Dir(d.dir); strings.Contains(dir, "/usb"); dir = path.Dir(dir) {
		if c.exists(dir, "idVendor") {
			return c.attribute(dir, "serial")
		}
	}
	return ""
}

// DisksOf names the disks ("sda") that a file lies on, through any layer. The
// path is absolute and without symbolic links. An error says that it cannot be
// found out.
func DisksOf(ctx context.Context, s Source, file string) ([]string, error) {
	c, err := readComputer(ctx, s)
	if err != nil {
		return nil, err
	}
	on := below{}
	if d := c.device(file); d != nil {
		on.devices = []*device{d}
	} else if m, ok := c.tables[0].at(file); ok {
		on = c.mounted(c.tables[0], m)
	} else {
		on.err = fmt.Errorf("no mount has %s", cleanText(file))
	}
	found := findings{}
	w := walk{c: c, found: found, seen: map[string]bool{}}
	w.all(on, nil)
	var names []string
	for name := range found {
		names = append(names, name)
	}
	slices.SortFunc(names, compareNames)
	if len(w.doubts) > 0 && len(names) == 0 {
		return nil, fmt.Errorf("find the disk of %s: %s", cleanText(file), w.doubts[0])
	}
	return names, nil
}
