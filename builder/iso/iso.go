// Package iso writes and reads bootable hybrid ISO 9660 images.
//
// The writer streams: each file's bytes go straight to their place in the
// image, and Close adds what describes them (directory records, path tables,
// volume descriptors, boot catalog, EFI system partition, MBR and GPT). Memory
// grows with the number of files only, and nothing is copied twice.
//
// An image made for booting is laid out in sectors of 2048 bytes like this:
//
//	0       MBR with GRUB's boot code, primary GPT
//	16..19  volume descriptors: primary, El Torito, Joliet, terminator
//	32..34  the same descriptors again for partition 1, which begins at
//	        sector 16 and counts its own sectors from there
//	39      a zero sector, the address of every empty file and symlink
//	40..    file data, in the order of the calls
//	        directory records and path tables, once for the whole device
//	        and once for partition 1; /boot/boot.cat
//	        partition 2: the EFI system partition, a FAT16 file system
//	        padding of 300 KiB, backup GPT
//
// Formats: ECMA-119 (ISO 9660) level 3, SUSP 1.12 and RRIP 1.12 (Rock Ridge),
// Joliet, El Torito 1.0, UEFI 2.10 chapter 5 (MBR and GPT).
//
// The package does not choose what lies in an image, makes no boot loader,
// and writes no hard links, device nodes, extended attributes, HFS+ or UDF. The
// reader knows no UDF and does not unpack zisofs.
package iso

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	// sectorSize is the logical block of ISO 9660, and what an LBA counts in
	// this package unless it says otherwise.
	sectorSize = 2048
	// blockSize is what the MBR, the GPT and El Torito sector counts count.
	blockSize       = 512
	blocksPerSector = sectorSize / blockSize

	// systemArea is the number of sectors before the volume descriptors.
	systemArea = 16
	// partitionStart is the first sector of partition 1.
	partitionStart = 16
	// emptyLBA is the zero sector that entries without data point at.
	emptyLBA  = 39
	firstData = 40
	// paddingSectors at the end keep read-ahead inside the medium and hold
	// the backup GPT.
	paddingSectors = 150

	// maxExtent is the most one directory record can describe: a whole number
	// of sectors below 4 GiB. Larger files have several.
	maxExtent = 1<<32 - sectorSize
)

// File is where an image is written; an *os.File is one. It must belong to the
// writer alone until Close.
type File interface {
	io.WriterAt
	// Truncate sets the size in bytes; what is added reads as zeros.
	Truncate(size int64) error
}

// Options describe an image as a whole. Equal options and equal calls give
// equal bytes.
type Options struct {
	// VolumeID names the volume: 1 to 32 printable ASCII characters without
	// blanks, written as they are. ECMA-119 knows only A-Z, 0-9 and "_"; all
	// readers take the others, and a system that finds its medium by the name
	// needs them unchanged. The Joliet tree shows the first 16 characters.
	VolumeID string
	// ModTime is every date in the image, in seconds since 1970-01-01 UTC; at
	// the latest in the year 2107, which is as far as FAT counts.
	ModTime int64
	// Application, Publisher and Preparer are free texts of at most 128
	// printable ASCII characters.
	Application, Publisher, Preparer string
	// Seed is what the GUIDs and the FAT serial number are derived from.
	// Images that should differ in them need different seeds.
	Seed []byte
	// BIOS and UEFI make the image bootable; nil for not at all. With either
	// the image gets a partition table.
	BIOS *BIOSBoot
	UEFI *UEFIBoot
}

// BIOSBoot is what a PC BIOS starts.
type BIOSBoot struct {
	// Loader is the program that MBRCode and ElTorito belong to.
	Loader Loader
	// MBRCode starts the image from a USB drive: GRUB's boot_hybrid.img, of
	// which 440 bytes are used, or the 432 bytes of SYSLINUX's isohdpfx.bin.
	// Empty for an image that boots as a CD only.
	MBRCode []byte
	// ElTorito is the path in the image of GRUB's i386-pc-eltorito core image
	// or of isolinux.bin. AddFile recognises it and writes the boot
	// information tables into it.
	ElTorito string
}

// Loader is a boot loader for PC BIOS.
type Loader int

// The boot loaders.
const (
	GRUB Loader = iota
	// Isolinux is SYSLINUX's loader for CDs; isohybrid's MBR starts it from USB.
	Isolinux
)

// UEFIBoot is what UEFI firmware starts.
type UEFIBoot struct {
	// Files lie in the EFI system partition; one of them should be
	// EFI/BOOT/BOOTX64.EFI. Together they can have about 31 MiB.
	Files []ESPFile
}

// ESPFile is one file of the EFI system partition.
type ESPFile struct {
	// Path has "/" between its elements; missing directories are made.
	Path string
	Data []byte
}

// ErrExists is wrapped by the error about a path that is added twice.
var ErrExists = errors.New("already in the image")

func (o *Options) bootable() bool { return o.BIOS != nil || o.UEFI != nil }

func (o *Options) check() error {
	unseen := func(r rune) bool { return r <= ' ' || r > '~' }
	if o.VolumeID == "" || len(o.VolumeID) > 32 || strings.ContainsFunc(o.VolumeID, unseen) {
		return fmt.Errorf("volume ID %q: use 1 to 32 printable ASCII characters without blanks", o.VolumeID)
	}
	if year := time.Unix(o.ModTime, 0).UTC().Year(); o.ModTime < 0 || year > 2107 {
		return fmt.Errorf("modification time %d s: the year must lie in 1970 to 2107", o.ModTime)
	}
	texts := []struct{ name, text string }{
		{"application", o.Application}, {"publisher", o.Publisher}, {"preparer", o.Preparer}}
	for _, t := range texts {
		bad := strings.ContainsFunc(t.text, func(r rune) bool { return r < ' ' || r > '~' })
		if bad || len(t.text) > 128 {
			return fmt.Errorf("%s %q: use at most 128 printable ASCII characters", t.name, t.text)
		}
	}
	return o.BIOS.check()
}

// check holds the MBR's boot code to the size that its loader has.
func (b *BIOSBoot) check() error {
	switch {
	case b == nil || len(b.MBRCode) == 0:
	case b.Loader == Isolinux && len(b.MBRCode) != isohybridSize:
		return fmt.Errorf("the MBR boot code has %d bytes, SYSLINUX's isohdpfx.bin has %d",
			len(b.MBRCode), isohybridSize)
	case b.Loader == GRUB && len(b.MBRCode) < mbrCodeSize:
		return fmt.Errorf("the MBR boot code has %d bytes, GRUB's boot_hybrid.img has at least %d",
			len(b.MBRCode), mbrCodeSize)
	}
	return nil
}
