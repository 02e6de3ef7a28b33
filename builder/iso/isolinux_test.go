package iso

import (
	"bytes"
	"encoding/binary"
	"os"
	"strings"
	"testing"
	"time"
)

const (
	isolinuxDir = "/usr/lib/ISOLINUX/"
	modulesDir  = "/usr/lib/syslinux/modules/bios/"
)

// isolinuxConfig prints, by isolinux's own means, the marker and a file of the
// image on the serial line.
const isolinuxConfig = `SERIAL 0 115200
DEFAULT show
PROMPT 0
LABEL show
COM32 cat.c32
APPEND /payload/text
`

// isolinuxImage starts with isolinux and has a volume ID as NixOS gives them.
func isolinuxImage(t *testing.T) (string, Result) {
	t.Helper()
	read := func(name string) string {
		b, err := os.ReadFile(name)
		if err != nil {
			needed(t, "needs isolinux and syslinux-common: %v", err)
		}
		return string(b)
	}
	opts := hybridOptions()
	opts.VolumeID = "nixos-26.05-x86_64"
	opts.BIOS = &BIOSBoot{Loader: Isolinux, ElTorito: "/isolinux/isolinux.bin", MBRCode: []byte(read(isolinuxDir + "isohdpfx.bin"))}
	items := []item{
		{path: "payload/text", data: bootMarker + " isolinux\npayload read\n"},
		{path: "isolinux/isolinux.bin", data: read(isolinuxDir + "isolinux.bin")},
		{path: "isolinux/isolinux.cfg", data: isolinuxConfig},
	}
	for _, name := range []string{"ldlinux.c32", "libcom32.c32", "cat.c32"} {
		items = append(items, item{path: "isolinux/" + name, data: read(modulesDir + name)})
	}
	return newImage(t, opts, items)
}

// TestBootsIsolinux starts the real isolinux, from CD and through isohybrid's
// MBR from USB.
func TestBootsIsolinux(t *testing.T) {
	path, _ := isolinuxImage(t)
	for _, usb := range []bool{false, true} {
		start := time.Now()
		line := boot(t, path, false, usb)
		if !strings.Contains(line, bootMarker+" isolinux") {
			t.Errorf("isolinux said %q", line)
		}
		t.Logf("usb %v: %s after %.1f s", usb, line, time.Since(start).Seconds())
	}
}

// TestIsolinuxTables holds what is written into isolinux.bin and the MBR to the
// same made by xorriso's rules.
func TestIsolinuxTables(t *testing.T) {
	path, res := isolinuxImage(t)
	image, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	mbr, err := os.ReadFile(isolinuxDir + "isohdpfx.bin")
	if err != nil {
		t.Fatal(err)
	}
	at := res.Files["isolinux/isolinux.bin"]
	le := binary.LittleEndian
	if !bytes.Equal(image[:432], mbr) {
		t.Error("the MBR does not begin with isohdpfx.bin")
	}
	if got := le.Uint64(image[432:]); got != uint64(at.LBA)*4 {
		t.Errorf("the MBR goes on at block %d, isolinux.bin is at %d", got, at.LBA*4)
	}
	bin := image[at.Offset():][:at.Size]
	var sum uint32
	padded := append(bytes.Clone(bin), 0, 0, 0)
	for i := 64; i < len(bin); i += 4 {
		sum += le.Uint32(padded[i:])
	}
	want := []uint32{16, at.LBA, uint32(at.Size), sum}
	for i, w := range want {
		if got := le.Uint32(bin[8+4*i:]); got != w {
			t.Errorf("boot information %d is %d, want %d", i, got, w)
		}
	}
	original, err := os.ReadFile(isolinuxDir + "isolinux.bin")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(bin[64:], original[64:]) || !bytes.Equal(bin[:8], original[:8]) {
		t.Error("more than the boot information was written into isolinux.bin")
	}
	if !bytes.Equal(image[16*sectorSize+40:][:32], []byte("nixos-26.05-x86_64              ")) {
		t.Errorf("volume ID %q", image[16*sectorSize+40:][:32])
	}
	report := strings.Join(bootReport(t, path), "\n")
	if !strings.Contains(report, "isohybrid") || strings.Contains(report, "grub2-mbr") || !strings.Contains(report, "GPT") {
		t.Errorf("xorriso sees something else in the system area:\n%s", report)
	}
}
