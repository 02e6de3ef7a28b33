package iso

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/diskfs/go-diskfs/backend"
	"github.com/diskfs/go-diskfs/partition/gpt"
	"github.com/google/uuid"
)

const (
	// mbrCodeSize is the room before the disk signature.
	mbrCodeSize = 440
	// grubKernel is where boot_hybrid.img has the 64-bit address, in blocks
	// of 512 bytes, of the core image's second block.
	grubKernel      = 0x1B0
	grubKernelSkips = 4
	// isohybridSize is the length of isohdpfx.bin. Behind it stands the 64-bit
	// address, in blocks of 512 bytes, of isolinux.bin.
	isohybridSize  = 432
	mbrDiskID      = 440
	mbrTable       = 446
	mbrEntrySize   = 16
	typeProtective = 0xEE
	typeESP        = 0xEF
	// isoAttributes mark partition 1 as needed (bit 0) and read-only (bit 60).
	isoAttributes = 1<<60 | 1
)

// mbr makes the first 512 bytes: boot code and a protective partition table,
// UEFI 5.2.3. For old BIOSes, which start only from a drive that has an active
// partition, an empty one is marked active.
func (w *Writer) mbr(blocks int64) []byte {
	b := make([]byte, blockSize)
	if bios := w.opts.BIOS; bios != nil && len(bios.MBRCode) > 0 {
		w.bootCode(b, bios)
		dummy := b[mbrTable+mbrEntrySize:]
		copy(dummy, []byte{0x80, 0, 1, 0, 0, 0, 1, 0})
		binary.LittleEndian.PutUint32(dummy[12:], 1)
	}
	copy(b[mbrTable:], []byte{0, 0, 2, 0, typeProtective, 0, 0, 0, 1, 0, 0, 0})
	copy(b[mbrTable+5:], chs(blocks-1))
	binary.LittleEndian.PutUint32(b[mbrTable+12:], uint32(min(blocks-1, 1<<32-1)))
	b[510], b[511] = 0x55, 0xAA
	return b
}

// bootCode puts the loader's code into the MBR and tells it where it goes on.
func (w *Writer) bootCode(mbr []byte, bios *BIOSBoot) {
	copy(mbr[:mbrCodeSize], bios.MBRCode)
	core := uint64(w.find(bios.ElTorito).lba) * blocksPerSector
	if bios.Loader == Isolinux {
		binary.LittleEndian.PutUint64(mbr[isohybridSize:], core)
		id := w.derive("mbr disk id")
		copy(mbr[mbrDiskID:], id[:4])
		return
	}
	binary.LittleEndian.PutUint64(mbr[grubKernel:], core+grubKernelSkips)
}

// chs is a block's cylinder, head and sector as the MBR packs them. BIOSes guess
// a USB drive's geometry from it: 64 heads and 32 sectors up to 1 GiB, 255 and
// 63 above; beyond 1024 cylinders it is the last address there is.
func chs(block int64) []byte {
	heads, perTrack := int64(64), int64(32)
	if block >= 1024*heads*perTrack {
		heads, perTrack = 255, 63
	}
	cylinder, head, sector := block/(heads*perTrack), block/perTrack%heads, block%perTrack+1
	if cylinder > 1023 {
		cylinder, head, sector = 1023, 254, 63
	}
	return []byte{byte(head), byte(sector | cylinder>>8<<6), byte(cylinder)}
}

// writePartitions writes MBR and GPT. Partition 1 spans the file system up to
// the sector isoEnd.
func (w *Writer) writePartitions(size int64, isoEnd uint32, esp Extent) error {
	if _, err := w.out.WriteAt(w.mbr(size/blockSize), 0); err != nil {
		return fmt.Errorf("write the MBR: %w", err)
	}
	table := gpt.Table{
		LogicalSectorSize:  blockSize,
		PhysicalSectorSize: blockSize,
		GUID:               w.guid("disk"),
		Partitions: []*gpt.Partition{{
			Index:      1,
			Start:      partitionStart * blocksPerSector,
			End:        uint64(isoEnd)*blocksPerSector - 1,
			Type:       gpt.MicrosoftBasicData,
			Name:       "ISO9660",
			GUID:       w.guid("iso9660"),
			Attributes: isoAttributes,
		}},
	}
	if esp.Size > 0 {
		first := uint64(esp.LBA) * blocksPerSector
		table.Partitions = append(table.Partitions, &gpt.Partition{
			Index: 2,
			Start: first,
			End:   first + uint64(esp.Size)/blockSize - 1,
			Type:  gpt.EFISystemPartition,
			Name:  "ESP",
			GUID:  w.guid("esp"),
		})
	}
	f := &gptFile{WriterAt: w.out}
	if err := table.Write(f, size); err != nil {
		if f.err != nil {
			err = f.err // the library does not wrap it
		}
		return fmt.Errorf("write the GPT: %w", err)
	}
	return nil
}

// guid derives a GUID from the seed: version 8 of RFC 9562.
func (w *Writer) guid(what string) string {
	sum := w.derive(what)
	id := uuid.UUID(sum[:16])
	id[6] = id[6]&0x0F | 0x80
	id[8] = id[8]&0x3F | 0x80
	return id.String()
}

func (w *Writer) derive(what string) [32]byte {
	h := sha256.New()
	fmt.Fprintf(h, "isowright %s\x00", what)
	h.Write(w.opts.Seed)
	return [32]byte(h.Sum(nil))
}

// gptFile is the part of a file that the GPT writer uses.
type gptFile struct {
	backend.File // never called
	io.WriterAt
	err error
}

func (f *gptFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.WriterAt.WriteAt(p, off)
	f.err = err
	return n, err
}
