package iso

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/diskfs/go-diskfs/partition/gpt"
)

// Start tells whether one kind of firmware finds something to start on one
// kind of medium.
type Start struct {
	// Firmware is "BIOS" or "UEFI", Medium "CD" or "USB".
	Firmware, Medium string
	OK               bool
	// Why names what is started, or what is missing.
	Why string
}

// Starts judges the four ways to start an image by its boot records; the boot
// loaders themselves are not judged.
func (im *Image) Starts() []Start {
	list := []Start{{Firmware: "BIOS", Medium: "CD"}, {Firmware: "BIOS", Medium: "USB"},
		{Firmware: "UEFI", Medium: "CD"}, {Firmware: "UEFI", Medium: "USB"}}
	for i, judge := range []func() (bool, string){im.biosCD, im.biosUSB, im.uefiCD, im.uefiUSB} {
		list[i].OK, list[i].Why = judge()
	}
	return list
}

func (im *Image) biosCD() (bool, string) {
	for _, e := range im.Boot {
		if e.Platform != PlatformBIOS || !e.Bootable {
			continue
		}
		if e.LBA == 0 || int64(e.LBA)*sectorSize >= im.size {
			return false, fmt.Sprintf("the El Torito image at sector %d lies outside the image", e.LBA)
		}
		return true, fmt.Sprintf("El Torito image at sector %d", e.LBA)
	}
	return false, "no bootable El Torito entry for BIOS"
}

func (im *Image) biosUSB() (bool, string) {
	if im.BootCode {
		return true, "boot code in the MBR"
	}
	return false, "no boot code in the MBR"
}

func (im *Image) uefiCD() (bool, string) {
	why := "no bootable El Torito entry for UEFI"
	for _, e := range im.Boot {
		if e.Platform != PlatformUEFI || !e.Bootable {
			continue
		}
		// Load counts are often wrong, so the file system tells its own size.
		name, err := im.espLoader(int64(e.LBA) * sectorSize)
		if err == nil {
			return true, name
		}
		why = fmt.Sprintf("El Torito image at sector %d: %v", e.LBA, err)
	}
	return false, why
}

func (im *Image) uefiUSB() (bool, string) {
	why := "no EFI system partition"
	for _, start := range im.espStarts() {
		if start > uint64(im.size/blockSize) {
			return false, "the EFI system partition lies outside the image"
		}
		name, err := im.espLoader(int64(start) * blockSize)
		if err == nil {
			return true, name
		}
		why = fmt.Sprintf("EFI system partition at block %d: %v", start, err)
	}
	return false, why
}

// espStarts are the first blocks of the EFI system partitions.
func (im *Image) espStarts() []uint64 {
	var list []uint64
	if im.GPT != nil {
		for _, p := range im.GPT.Partitions {
			if p.Type == string(gpt.EFISystemPartition) {
				list = append(list, p.Start)
			}
		}
	}
	for _, p := range im.MBR {
		if p.Type == typeESP {
			list = append(list, uint64(p.Start))
		}
	}
	return list
}

// espLoader looks for EFI/BOOT/BOOT*.EFI in the FAT file system at an offset.
func (im *Image) espLoader(off int64) (string, error) {
	if off < 0 || off >= im.size {
		return "", fmt.Errorf("it lies outside the image")
	}
	fat, err := openFAT(io.NewSectionReader(im.r, off, im.size-off))
	if err != nil {
		return "", err
	}
	names, err := fat.list("EFI/BOOT")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		if ok, _ := path.Match("BOOT*.EFI", strings.ToUpper(name)); ok {
			return "EFI/BOOT/" + name, nil
		}
	}
	return "", fmt.Errorf("no EFI/BOOT/BOOT*.EFI in it")
}
