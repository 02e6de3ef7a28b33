// Package hardware reads which devices a running Linux has, gives them names
// for people, and says which drivers of a distribution's catalogue each wants
// and why. It only reads, and only below the root that it is given.
package hardware

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// The buses of a Device.
const (
	PCI = "pci"
	USB = "usb"
)

// Device is a piece of hardware as the kernel lists it.
type Device struct {
	// Bus is PCI or USB.
	Bus string `json:"bus"`
	// Place is where it is on its bus: "0000:03:00.0", "1-4".
	Place           string `json:"place"`
	Vendor, Product uint16 `json:"-"`
	// Class is PCI's, six hex digits ("028000").
	Class string `json:"class,omitempty"`
	// Interfaces are the classes of a USB device's interfaces ("e00101").
	Interfaces []string `json:"interfaces,omitempty"`
	// Drivers of the kernel are bound to it, one for each interface at most.
	Drivers []string `json:"drivers,omitempty"`
	// Name is the device's own word for itself, of USB devices.
	Name string `json:"-"`
}

// ID is vendor and product as people write them ("14e4:43a0").
func (d Device) ID() string { return hex4(d.Vendor) + ":" + hex4(d.Product) }

// hex4 writes four hex digits.
func hex4(n uint16) string {
	s := strconv.FormatUint(uint64(n), 16)
	return "0000"[len(s):] + s
}

// Machine is a computer.
type Machine struct {
	Devices []Device
	// CPU is the maker as the processor says it ("GenuineIntel"), "" where it
	// does not.
	CPU string
	// Virtual: the processor knows of a hypervisor above it.
	Virtual bool
	// Fields are what the firmware says: files of /sys/class/dmi/id
	// ("sys_vendor"), and "model" of a device tree.
	Fields map[string]string
}

// Bounds of what is read. A real computer stays far below them.
const (
	maxDevices = 4096     // on each bus
	maxSmall   = 16 << 10 // bytes of a file about one device
	maxCPU     = 64 << 10 // bytes of cpuinfo: the first processor is enough
	maxText    = 128      // bytes of a name
)

// ErrNothing says that a root is not that of a running Linux.
var ErrNothing = errors.New("neither /sys/bus nor /proc/cpuinfo can be read")

// Read lists a computer's devices; root is its root folder. Whatever cannot be
// read is left out: a computer without PCI is still a computer. The error is
// ErrNothing.
func Read(root fs.FS) (Machine, error) {
	m := Machine{Fields: fields(root)}
	cpu := small(root, "proc/cpuinfo", maxCPU)
	m.CPU, m.Virtual = processor(cpu)
	_, err := fs.Stat(root, "sys/bus")
	if err != nil && cpu == nil {
		return m, ErrNothing
	}
	m.Devices = append(pciDevices(root), usbDevices(root)...)
	return m, nil
}

// fields reads what the firmware says of the computer.
func fields(root fs.FS) map[string]string {
	all := map[string]string{}
	for _, name := range dmiFields {
		if s := text(small(root, "sys/class/dmi/id/"+name, maxSmall)); s != "" {
			all[name] = s
		}
	}
	if s := text(small(root, "proc/device-tree/model", maxSmall)); s != "" {
		all["model"] = s
	}
	return all
}

// dmiFields are those that any user may read and that say what a machine is.
var dmiFields = []string{"sys_vendor", "product_name", "product_version", "product_family", "board_vendor", "board_name", "chassis_type"}

// processor finds the maker of the first processor, and whether a hypervisor
// is above it.
func processor(cpuinfo []byte) (maker string, virtual bool) {
	for line := range bytes.Lines(cpuinfo) {
		key, value, ok := strings.Cut(string(line), ":")
		if !ok && strings.TrimSpace(key) == "" && maker != "" {
			break
		}
		switch strings.TrimSpace(key) {
		case "vendor_id":
			maker = clean(value)
		case "flags":
			virtual = slices.Contains(strings.Fields(value), "hypervisor")
		}
	}
	return maker, virtual
}

func pciDevices(root fs.FS) []Device {
	var all []Device
	const folder = "sys/bus/pci/devices"
	for _, place := range list(root, folder) {
		u := uevent(small(root, folder+"/"+place+"/uevent", maxSmall))
		vendor, product, ok := ids(u["PCI_ID"])
		if !ok {
			continue
		}
		d := Device{Bus: PCI, Place: clean(place), Vendor: vendor, Product: product}
		if class, err := strconv.ParseUint(u["PCI_CLASS"], 16, 24); err == nil {
			d.Class = strconv.FormatUint(class|1<<24, 16)[1:]
		}
		if name := clean(u["DRIVER"]); name != "" {
			d.Drivers = []string{name}
		}
		if slices.Contains(bridges, u["DRIVER"]) {
			d.Drivers = append(d.Drivers, behind(root, folder+"/"+place)...)
		}
		all = append(all, d)
	}
	return all
}

// bridges are drivers that make a bus of Broadcom's own inside a chip: whether
// its radio has a driver is seen on that bus alone.
var bridges = []string{"bcma-pci-bridge", "b43-pci-bridge"}

// behind lists the drivers of the cores behind a bridge ("bcma0:1", "ssb0:0").
func behind(root fs.FS, folder string) []string {
	var all []string
	for _, name := range list(root, folder) {
		if !strings.HasPrefix(name, "bcma") && !strings.HasPrefix(name, "ssb") {
			continue
		}
		u := uevent(small(root, folder+"/"+name+"/uevent", maxSmall))
		if driver := clean(u["DRIVER"]); driver != "" && !slices.Contains(all, driver) {
			all = append(all, driver)
		}
	}
	return all
}

// usbDevices lists devices with what their interfaces say: the kernel binds
// drivers to interfaces.
func usbDevices(root fs.FS) []Device {
	const folder = "sys/bus/usb/devices"
	byPlace := map[string]*Device{}
	for _, entry := range list(root, folder) {
		u := uevent(small(root, folder+"/"+entry+"/uevent", maxSmall))
		// PRODUCT is vendor/product/version in hex without leading zeros.
		product := strings.Split(u["PRODUCT"], "/")
		if len(product) != 3 {
			continue
		}
		vendor, number, ok := ids(product[0] + ":" + product[1])
		place, _, isInterface := strings.Cut(entry, ":")
		if !ok {
			continue
		}
		d := byPlace[place]
		if d == nil {
			d = &Device{Bus: USB, Place: clean(place), Vendor: vendor, Product: number}
			byPlace[place] = d
		}
		if !isInterface {
			d.Name = clean(text(small(root, folder+"/"+entry+"/product", maxSmall)))
			continue
		}
		if class, ok := interfaceClass(u["INTERFACE"]); ok {
			d.Interfaces = append(d.Interfaces, class)
		}
		if name := clean(u["DRIVER"]); name != "" && !slices.Contains(d.Drivers, name) {
			d.Drivers = append(d.Drivers, name)
		}
	}
	var all []Device
	for _, d := range byPlace {
		all = append(all, *d)
	}
	slices.SortFunc(all, func(a, b Device) int { return cmp.Compare(a.Place, b.Place) })
	return all
}

// interfaceClass turns "224/1/1" into "e00101".
func interfaceClass(s string) (string, bool) {
	parts := strings.Split(s, "/")
	if len(parts) != 3 {
		return "", false
	}
	var out string
	for _, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil {
			return "", false
		}
		out += strconv.FormatUint(n|1<<8, 16)[1:]
	}
	return out, true
}

// ids reads "14E4:43A0"; zeros in front may be missing.
func ids(s string) (vendor, product uint16, ok bool) {
	a, b, _ := strings.Cut(s, ":")
	v, err1 := strconv.ParseUint(a, 16, 16)
	p, err2 := strconv.ParseUint(b, 16, 16)
	return uint16(v), uint16(p), err1 == nil && err2 == nil
}

// uevent reads the lines KEY=value that the kernel sends and keeps for each
// device (Documentation/ABI/testing/sysfs-uevent).
func uevent(data []byte) map[string]string {
	all := map[string]string{}
	for line := range bytes.Lines(data) {
		if key, value, ok := strings.Cut(strings.TrimSpace(string(line)), "="); ok {
			all[key] = value
		}
	}
	return all
}

// list gives the names in a folder, sorted, no more than maxDevices.
func list(root fs.FS, folder string) []string {
	f, err := root.Open(folder)
	if err != nil {
		return nil
	}
	defer f.Close()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil
	}
	entries, _ := dir.ReadDir(maxDevices) // what came before an error counts
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	slices.Sort(names)
	return names
}

// small reads a regular file, no more than limit bytes of it, nil where there
// is none.
func small(root fs.FS, name string, limit int) []byte {
	info, err := fs.Stat(root, name)
	if err != nil || !info.Mode().IsRegular() { // a pipe would wait forever
		return nil
	}
	f, err := root.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, _ := io.ReadAll(io.LimitReader(f, int64(limit))) // what came before an error counts
	return data
}

// text is the first line of a file; device trees end theirs with a zero byte.
func text(data []byte) string {
	s, _, _ := strings.Cut(string(data), "\n")
	return clean(strings.TrimRight(s, "\x00"))
}

// clean makes a text of the hardware fit to be shown: printable, one line,
// short.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}
