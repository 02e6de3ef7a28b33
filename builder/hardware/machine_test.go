package hardware_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/isowright/isowright/builder/hardware"
)

// TestThisComputer reads the computer that the test runs on: as many PCI
// devices as its kernel lists, and nothing that the kernel does not say.
func TestThisComputer(t *testing.T) {
	m, err := hardware.Read(os.DirFS("/"))
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("/sys/bus/pci/devices/*")
	if err != nil {
		t.Fatal(err)
	}
	pci := map[string]string{}
	for _, d := range m.Devices {
		if d.Bus == hardware.PCI {
			pci[d.Place] = d.ID()
		}
	}
	if len(pci) != len(paths) {
		t.Errorf("%d devices, the kernel lists %d", len(pci), len(paths))
	}
	for _, p := range paths {
		vendor, err1 := os.ReadFile(p + "/vendor")
		device, err2 := os.ReadFile(p + "/device")
		want := strings.TrimSpace(strings.TrimPrefix(string(vendor), "0x")) + ":" + strings.TrimSpace(strings.TrimPrefix(string(device), "0x"))
		if err1 != nil || err2 != nil || pci[filepath.Base(p)] != want {
			t.Errorf("%s: %s, want %s (%v, %v)", p, pci[filepath.Base(p)], want, err1, err2)
		}
	}
	for _, target := range targets {
		hardware.Look(m, parseTarget(target, ""), hardware.ReadNames(os.DirFS("/"), m))
	}
}

func TestNotAComputer(t *testing.T) {
	if _, err := hardware.Read(fstest.MapFS{"etc/passwd": {}}); !errors.Is(err, hardware.ErrNothing) {
		t.Error(err)
	}
}

// TestNames: names come from the lists where there are any.
func TestNames(t *testing.T) {
	root, _ := computer(t, "pci 0000:03:00.0 14e4:43a0 028000\npci 0000:04:00.0 14e4:9999 020000 other\nusb 1-1 0bda:0811 stick\npci 0000:05:00.0 8086:1234 0c0500\n")
	files := root.(fstest.MapFS)
	files["usr/share/hwdata/pci.ids"] = &fstest.MapFile{Data: []byte("# comment\n14e4  Broadcom Inc. and subsidiaries\n\t43a0  BCM4360 802.11ac\n\t\t106b 0117  Apple's own\n14e5  Another\n\t9999  not this\nC 02  Network controller\n\t80  other\n")}
	files["usr/share/misc/usb.ids"] = &fstest.MapFile{Data: []byte("0bda  Realtek Semiconductor Corp.\n\t0811  Realtek 8811AU\n")}
	m, err := hardware.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range hardware.Look(m, parseTarget("nixos 26.05", ""), hardware.ReadNames(root, m)) {
		got[f.ID] = f.Device
	}
	for id, want := range map[string]string{
		"14e4:43a0": "Broadcom Inc. and subsidiaries BCM4360 802.11ac", "14e4:9999": "Broadcom Inc. and subsidiaries network adapter",
		"0bda:0811": "Realtek Semiconductor Corp. Realtek 8811AU", "8086:1234": "Intel bus controller",
	} {
		if got[id] != want {
			t.Errorf("%s is %q, want %q", id, got[id], want)
		}
	}
}

// TestFlood: more devices than any computer has are not all looked at.
func TestFlood(t *testing.T) {
	root := fstest.MapFS{}
	for i := range 10_000 {
		root[fmt.Sprintf("sys/bus/pci/devices/%05d/uevent", i)] = &fstest.MapFile{Data: []byte("PCI_ID=14E4:43A0\nPCI_CLASS=28000\n")}
	}
	m, err := hardware.Read(root)
	if err != nil || len(m.Devices) != 4096 {
		t.Fatalf("%d devices, %v", len(m.Devices), err)
	}
	found := hardware.Look(m, parseTarget("nixos 26.05", ""), hardware.ReadNames(root, m))
	if len(found) != 1 || found[0].Count != 4096 {
		t.Errorf("%+v", found)
	}
}

// TestHostileTree: garbage, huge files, pipes and loops end
// soon and with little memory, and nothing unprintable comes out.
func TestHostileTree(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		name = filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("sys/bus/pci/devices/0000/uevent", "PCI_ID=14E4:43A0\nPCI_CLASS=28000\nDRIVER=\x1b[31mred\x00\xff\n")
	write("sys/bus/usb/devices/1-1/uevent", "PRODUCT=bda/811/1\n")
	write("sys/bus/usb/devices/1-1/product", strings.Repeat("\x1b]0;title\x07é", 5000))
	write("sys/bus/usb/devices/1-2/uevent", "PRODUCT=fffff/811/1\n")
	write("sys/bus/usb/devices/1-3/uevent", "PRODUCT=//\nINTERFACE=999/1/1\n")
	write("sys/bus/usb/devices/1-1:1.0/uevent", "PRODUCT=bda/811/1\nINTERFACE=256/-1/x\n")
	write("sys/class/dmi/id/sys_vendor", "QEMU\x00\x1b[2J"+strings.Repeat("A", 100000))
	write("usr/share/misc/pci.ids", "\t43a0  before any vendor\n14e4  "+strings.Repeat("B", 1<<20)+"\n\t43a0  never read\n")
	if err := errors.Join(
		os.Truncate(filepath.Join(dir, "sys/bus/usb/devices/1-3/uevent"), 1<<40),
		os.MkdirAll(filepath.Join(dir, "proc"), 0o755),
		syscall.Mkfifo(filepath.Join(dir, "proc/cpuinfo"), 0o644),
		os.MkdirAll(filepath.Join(dir, "sys/bus/usb/devices/1-4"), 0o755),
		os.Symlink("uevent", filepath.Join(dir, "sys/bus/usb/devices/1-4/uevent")),
		os.MkdirAll(filepath.Join(dir, "sys/bus/usb/devices/1-5/uevent"), 0o755),
	); err != nil {
		t.Fatal(err)
	}
	m, err := hardware.Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Devices) != 2 {
		t.Errorf("%d devices", len(m.Devices))
	}
	for _, f := range hardware.Look(m, parseTarget("nixos 26.05", ""), hardware.ReadNames(os.DirFS(dir), m)) {
		for _, s := range []string{f.Device, f.Driver, f.Place} {
			if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd }) || len(s) > 400 {
				t.Errorf("%q", s)
			}
		}
	}
}

// FuzzRead gives the readers of the kernel's files anything.
func FuzzRead(f *testing.F) {
	f.Add([]byte("PCI_CLASS=28000\nPCI_ID=14E4:43A0\nDRIVER=wl\n"), []byte("PRODUCT=bda/811/200\nINTERFACE=224/1/1\n"), []byte("vendor_id\t: GenuineIntel\nflags : hypervisor\n\n"), []byte("14e4  Broadcom\n\t43a0  BCM4360\n"))
	f.Add([]byte("=\n\x00"), []byte("PRODUCT=//"), []byte(":\n:"), []byte("\t\n\t\t  \nC "))
	f.Fuzz(func(t *testing.T, pci, usb, cpu, names []byte) {
		root := fstest.MapFS{
			"sys/bus/pci/devices/0000:00:00.0/uevent": {Data: pci},
			"sys/bus/usb/devices/1-1/uevent":          {Data: usb}, "sys/bus/usb/devices/1-1/product": {Data: cpu},
			"sys/bus/usb/devices/1-1:1.0/uevent": {Data: usb}, "proc/cpuinfo": {Data: cpu},
			"sys/class/dmi/id/sys_vendor": {Data: pci}, "usr/share/misc/pci.ids": {Data: names}, "usr/share/misc/usb.ids": {Data: names},
		}
		m, err := hardware.Read(root)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range []string{targets[0], targets[2]} {
			for _, found := range hardware.Look(m, parseTarget(target, ""), hardware.ReadNames(root, m)) {
				if found.Device == "" || found.Count < 1 || strings.ContainsAny(found.Device+found.Driver, "\n\x00\x1b") {
					t.Errorf("%+v", found)
				}
			}
		}
	})
}
