package hardware

import (
	"bufio"
	"cmp"
	"io"
	"io/fs"
	"strings"
)

// Names are the names of devices in the lists of a system, for the devices of
// one computer.
type Names struct {
	// vendors by bus and id ("pci 14e4"), devices likewise ("pci 14e4:43a0").
	vendors, devices map[string]string
}

// maxNames bounds how much of a list is read; the real ones have about 1.5 MB.
const maxNames = 16 << 20

// ReadNames looks up a computer's devices in pci.ids and usb.ids where root has
// them. What is not there has no name of its own.
func ReadNames(root fs.FS, m Machine) Names {
	n := Names{map[string]string{}, map[string]string{}}
	for _, d := range m.Devices {
		n.vendors[d.Bus+" "+hex4(d.Vendor)] = ""
		n.devices[d.Bus+" "+d.ID()] = ""
	}
	for _, bus := range []string{PCI, USB} {
		for _, folder := range []string{"usr/share/misc", "usr/share/hwdata", "run/current-system/sw/share/hwdata"} {
			name := folder + "/" + bus + ".ids"
			info, err := fs.Stat(root, name)
			if err != nil || !info.Mode().IsRegular() {
				continue
			}
			if f, err := root.Open(name); err == nil {
				n.read(bus, io.LimitReader(f, maxNames))
				f.Close()
				break
			}
		}
	}
	return n
}

// read takes the names that are wanted from a list: a vendor's line is
// "14e4  Broadcom Inc.", its devices follow behind a tab. Classes, at the end,
// begin with a letter and a blank (https://pci-ids.ucw.cz, "Formal definition").
func (n Names) read(bus string, r io.Reader) {
	lines := bufio.NewScanner(r)
	vendor := ""
	for lines.Scan() {
		line := lines.Text()
		inner := strings.HasPrefix(line, "\t")
		id, name, ok := strings.Cut(strings.TrimPrefix(line, "\t"), "  ")
		switch {
		case line == "" || line[0] == '#' || !ok || len(id) != 4:
			if !inner {
				vendor = ""
			}
		case inner && vendor != "":
			if key := bus + " " + vendor + ":" + id; n.wanted(n.devices, key) {
				n.devices[key] = clean(name)
			}
		case !inner:
			vendor = id
			if key := bus + " " + id; n.wanted(n.vendors, key) {
				n.vendors[key] = clean(name)
			}
		}
	}
}

func (n Names) wanted(m map[string]string, key string) bool {
	_, ok := m[key]
	return ok
}

// vendor is a device's maker: of the lists, else of those that we know.
func (n Names) vendor(d Device) string {
	key := d.Bus + " " + hex4(d.Vendor)
	return cmp.Or(n.vendors[key], makers[key])
}

// device is a device's full name, "" where the lists do not have it.
func (n Names) device(d Device) string {
	name := n.devices[d.Bus+" "+d.ID()]
	if name == "" {
		name = d.Name
	}
	if name == "" {
		return ""
	}
	vendor := n.vendor(d)
	if strings.HasPrefix(strings.ToLower(name), strings.ToLower(vendor)) {
		return name
	}
	return vendor + " " + name
}

// describe says what can be said of a device without a name.
func (d Device) describe(n Names) string {
	what := "device"
	for _, c := range append([]string{d.Class}, d.Interfaces...) {
		if s := classes[d.Bus+" "+c[:min(2, len(c))]]; s != "" {
			what = s
			break
		}
	}
	return strings.TrimSpace(n.vendor(d) + " " + what)
}

// classes are the first two digits of PCI's and USB's classes.
var classes = map[string]string{
	"pci 01": "storage controller", "pci 02": "network adapter", "pci 03": "graphics", "pci 04": "sound device",
	"pci 05": "memory controller", "pci 06": "bridge", "pci 07": "serial controller", "pci 08": "system device",
	"pci 09": "input device", "pci 0c": "bus controller", "pci 0d": "wireless adapter", "pci 10": "encryption device",
	"pci 11": "signal processor", "pci 12": "accelerator",
	"usb 01": "sound device", "usb 02": "modem", "usb 03": "keyboard, mouse or the like", "usb 06": "camera",
	"usb 07": "printer", "usb 08": "drive", "usb 09": "hub", "usb 0b": "smart card reader", "usb 0e": "camera",
	"usb e0": "wireless adapter",
}

// makers are those whose devices have drivers in the catalogue, for systems
// without the lists.
var makers = map[string]string{
	"pci 1002": "AMD", "pci 1022": "AMD", "pci 106b": "Apple", "pci 10de": "NVIDIA", "pci 10ec": "Realtek",
	"pci 1217": "O2 Micro", "pci 14c3": "MediaTek", "pci 14e4": "Broadcom", "pci 15ad": "VMware", "pci 15b3": "Mellanox",
	"pci 15b7": "SanDisk", "pci 144d": "Samsung", "pci 168c": "Qualcomm Atheros", "pci 17cb": "Qualcomm",
	"pci 1969": "Qualcomm Atheros", "pci 1af4": "virtio", "pci 1b36": "QEMU", "pci 1234": "QEMU", "pci 1d0f": "Amazon",
	"pci 1f0a": "Motorcomm", "pci 1b21": "ASMedia", "pci 8086": "Intel", "pci 80ee": "VirtualBox", "pci 11ab": "Marvell",
	"pci 1b4b": "Marvell", "pci 5853": "Xen", "pci 1ab8": "Parallels", "pci bdbd": "Blackmagic Design",
	"usb 046d": "Logitech", "usb 045e": "Microsoft", "usb 05ac": "Apple", "usb 06cb": "Synaptics", "usb 0a5c": "Broadcom",
	"usb 0bda": "Realtek", "usb 0cf3": "Qualcomm Atheros", "usb 0e8d": "MediaTek", "usb 138a": "Validity",
	"usb 148f": "Ralink", "usb 1050": "Yubico", "usb 1532": "Razer", "usb 17e9": "DisplayLink", "usb 1d6b": "Linux",
	"usb 27c6": "Goodix", "usb 2357": "TP-Link", "usb 28de": "Valve", "usb 8087": "Intel", "usb 256c": "Huion",
	"usb 20a0": "Nitrokey", "usb 0b05": "ASUS", "usb 2001": "D-Link", "usb 0846": "Netgear", "usb 7392": "Edimax",
}
