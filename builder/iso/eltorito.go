package iso

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// catalogPath is where the boot catalog is visible as a file.
const catalogPath = "boot/boot.cat"

// The platforms of boot catalog entries.
const (
	PlatformBIOS = 0
	PlatformUEFI = 0xEF
)

const (
	// biosLoadBlocks is how much the BIOS loads; the image loads the rest.
	biosLoadBlocks = 4
	// maxElTorito bounds the core image that is held in memory.
	maxElTorito = 8 << 20
	// bootInfo is the boot information table of mkisofs: primary descriptor,
	// own address, own size, checksum and 40 reserved bytes, from offset 8.
	// The checksum covers the words from offset 64.
	bootInfo    = 8
	bootInfoEnd = 64
	// grubInfo is where GRUB 2 expects its own address in blocks of 512 bytes,
	// as a 64-bit number that points behind the first five of them.
	grubInfo      = 2548
	grubInfoSkips = 5
)

// patchElTorito reads a core image and tells it that it lies at lba.
func (b *BIOSBoot) patchElTorito(r io.Reader, lba uint32) (io.Reader, error) {
	image, err := io.ReadAll(io.LimitReader(r, maxElTorito+1))
	if err != nil {
		return nil, err
	}
	least, what := grubInfo+8, "GRUB's i386-pc-eltorito core image"
	if b.Loader == Isolinux {
		least, what = bootInfoEnd+4, "isolinux.bin"
	}
	if len(image) < least || len(image) > maxElTorito {
		return nil, fmt.Errorf("it has %d bytes; %s has %d to %d", len(image), what, least, maxElTorito)
	}
	if b.Loader == GRUB {
		binary.LittleEndian.PutUint64(image[grubInfo:], uint64(lba)*blocksPerSector+grubInfoSkips)
	}
	clear(image[bootInfo:bootInfoEnd])
	le := binary.LittleEndian
	le.PutUint32(image[bootInfo:], systemArea)
	le.PutUint32(image[bootInfo+4:], lba)
	le.PutUint32(image[bootInfo+8:], uint32(len(image)))
	le.PutUint32(image[bootInfo+12:], wordSum(image[bootInfoEnd:]))
	return bytes.NewReader(image), nil
}

// wordSum adds up 32-bit little-endian words; the last is filled with zeros.
func wordSum(b []byte) uint32 {
	var sum uint32
	for len(b) >= 4 {
		sum += binary.LittleEndian.Uint32(b)
		b = b[4:]
	}
	var last [4]byte
	copy(last[:], b)
	return sum + binary.LittleEndian.Uint32(last[:])
}

// bootCatalog makes the catalog of the boot images: El Torito figures 2 to 5.
func (w *Writer) bootCatalog(esp Extent) ([]byte, error) {
	catalog := make([]byte, sectorSize)
	first, platform := catalog[32:], byte(PlatformUEFI)
	if w.opts.BIOS != nil {
		n := w.find(w.opts.BIOS.ElTorito)
		if n == nil || n.mode&modeType != modeFile {
			return nil, fmt.Errorf("the El Torito image %q was not added", w.opts.BIOS.ElTorito)
		}
		platform = PlatformBIOS
		bootEntry(first, biosLoadBlocks, n.lba)
		section := catalog[64:]
		section[0] = 0x91 // the last section header
		section[1] = PlatformUEFI
		section[2] = 1
		first = catalog[96:]
		if w.opts.UEFI == nil {
			clear(section[:32])
		}
	}
	if w.opts.UEFI != nil {
		blocks := esp.Size / blockSize
		if blocks > 1<<16-1 {
			return nil, errors.New("the EFI system partition is too large for El Torito")
		}
		bootEntry(first, uint16(blocks), esp.LBA)
	}
	validationEntry(catalog, platform)
	return catalog, nil
}

func validationEntry(b []byte, platform byte) {
	b[0], b[1] = 1, platform
	b[30], b[31] = 0x55, 0xAA
	var sum uint16
	for i := 0; i < 32; i += 2 {
		sum += binary.LittleEndian.Uint16(b[i:])
	}
	binary.LittleEndian.PutUint16(b[28:], -sum)
}

// bootEntry is a bootable entry without emulation.
func bootEntry(b []byte, blocks uint16, lba uint32) {
	b[0] = 0x88
	binary.LittleEndian.PutUint16(b[6:], blocks)
	binary.LittleEndian.PutUint32(b[8:], lba)
}
