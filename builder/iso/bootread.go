package iso

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/google/uuid"
)

// BootEntry is one entry of the El Torito boot catalog.
type BootEntry struct {
	// Platform is PlatformBIOS, PlatformUEFI or another number of El Torito.
	Platform byte
	Bootable bool
	// Emulation is 0 for none, else a kind of floppy or disk.
	Emulation byte
	// LoadBlocks is how many blocks of 512 bytes the firmware is told to
	// load.
	LoadBlocks uint16
	// LBA is the image's first sector of 2048 bytes.
	LBA uint32
	// BootInfo and GRUBInfo tell that the image holds the boot information
	// table of mkisofs, with a right checksum, and the address that GRUB 2
	// looks for.
	BootInfo, GRUBInfo bool
}

// MBRPartition is a used entry of the MBR; addresses are in blocks of 512
// bytes.
type MBRPartition struct {
	Number        int
	Active        bool
	Type          byte
	Start, Blocks uint32
}

// GPT is a GUID partition table.
type GPT struct {
	DiskGUID   string
	Partitions []GPTPartition
	// FromBackup tells that the primary table is damaged.
	FromBackup bool
}

// GPTPartition is a used entry of the GPT; addresses are in blocks of 512
// bytes.
type GPTPartition struct {
	Number        int
	Type, GUID    string
	Name          string
	Start, Blocks uint64
	Attributes    uint64
}

// readCatalog reads the boot catalog, El Torito 2.0 to 2.4. What it finds
// before an error stays.
func (im *Image) readCatalog() error {
	b, err := im.readAt(int64(im.Catalog)*sectorSize, sectorSize)
	if err != nil {
		return err
	}
	var sum uint16
	for i := 0; i < 32; i += 2 {
		sum += binary.LittleEndian.Uint16(b[i:])
	}
	if b[0] != 1 || b[30] != 0x55 || b[31] != 0xAA || sum != 0 {
		return errors.New("broken validation entry")
	}
	im.addBootEntry(b[1], b[32:64])
	for pos := 64; pos+32 <= len(b); {
		head := b[pos : pos+32]
		if head[0] != 0x90 && head[0] != 0x91 {
			return nil
		}
		pos += 32
		for range binary.LittleEndian.Uint16(head[2:]) {
			if pos+32 > len(b) {
				return errors.New("it goes on behind its sector")
			}
			im.addBootEntry(head[1], b[pos:pos+32])
			pos += 32
			for pos+32 <= len(b) && b[pos] == 0x44 { // extensions
				pos += 32
			}
		}
		if head[0] == 0x91 {
			return nil
		}
	}
	return nil
}

func (im *Image) addBootEntry(platform byte, b []byte) {
	le := binary.LittleEndian
	e := BootEntry{Platform: platform, Bootable: b[0] == 0x88, Emulation: b[1] & 0x0F,
		LoadBlocks: le.Uint16(b[6:]), LBA: le.Uint32(b[8:])}
	if head, err := im.readAt(int64(e.LBA)*sectorSize, 2*sectorSize); err == nil && platform == PlatformBIOS {
		e.GRUBInfo = le.Uint64(head[grubInfo:]) == uint64(e.LBA)*blocksPerSector+grubInfoSkips
		size := int64(le.Uint32(head[bootInfo+8:]))
		if le.Uint32(head[bootInfo+4:]) == e.LBA && size > bootInfoEnd && size <= maxElTorito {
			whole, err := im.readAt(int64(e.LBA)*sectorSize, size)
			e.BootInfo = err == nil && wordSum(whole[bootInfoEnd:]) == le.Uint32(head[bootInfo+12:])
		}
	}
	im.Boot = append(im.Boot, e)
}

// readPartitions reads the MBR and, if it is a protective one, the GPT.
func (im *Image) readPartitions() error {
	b, err := im.readAt(0, blockSize)
	if err != nil {
		return err
	}
	if b[510] != 0x55 || b[511] != 0xAA {
		return nil
	}
	im.BootCode = slices.ContainsFunc(b[:mbrCodeSize], func(c byte) bool { return c != 0 })
	protective := false
	for i := range 4 {
		e := b[mbrTable+i*mbrEntrySize:][:mbrEntrySize]
		p := MBRPartition{Number: i + 1, Active: e[0]&0x80 != 0, Type: e[4],
			Start: binary.LittleEndian.Uint32(e[8:]), Blocks: binary.LittleEndian.Uint32(e[12:])}
		if p.Type != 0 || p.Blocks != 0 {
			im.MBR = append(im.MBR, p)
		}
		protective = protective || p.Type == typeProtective
	}
	if !protective {
		return nil
	}
	im.GPT, err = im.readGPT(1)
	if err == nil {
		return nil
	}
	backup, backupErr := im.readGPT(im.size/blockSize - 1)
	if backupErr == nil {
		im.GPT, backup.FromBackup = backup, true
	}
	return fmt.Errorf("primary GPT: %w", err)
}

const (
	gptSignature  = "EFI PART"
	gptHeaderSize = 92
	// maxGPTEntries bounds the partition array; 128 is usual.
	maxGPTEntries = 1024
)

// readGPT reads the table whose header is at a block: UEFI 5.3.
func (im *Image) readGPT(block int64) (*GPT, error) {
	b, err := im.readAt(block*blockSize, blockSize)
	if err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	if string(b[:8]) != gptSignature {
		return nil, errors.New("no signature")
	}
	header := slices.Clone(b[:gptHeaderSize])
	clear(header[16:20])
	if le.Uint32(b[12:]) != gptHeaderSize || crc32.ChecksumIEEE(header) != le.Uint32(b[16:]) {
		return nil, errors.New("wrong checksum of the header")
	}
	if le.Uint64(b[24:]) != uint64(block) {
		return nil, errors.New("the header belongs elsewhere")
	}
	count, size := le.Uint32(b[80:]), le.Uint32(b[84:])
	if count > maxGPTEntries || size < 128 || size > 4096 || le.Uint64(b[72:]) > 1<<50 {
		return nil, fmt.Errorf("impossible partition array of %d entries with %d bytes", count, size)
	}
	array, err := im.readAt(int64(le.Uint64(b[72:]))*blockSize, int64(count)*int64(size))
	if err != nil {
		return nil, err
	}
	if crc32.ChecksumIEEE(array) != le.Uint32(b[88:]) {
		return nil, errors.New("wrong checksum of the partition array")
	}
	g := &GPT{DiskGUID: guidString(b[56:72])}
	for i := range int(count) {
		e := array[i*int(size):][:128]
		if start, end := le.Uint64(e[32:]), le.Uint64(e[40:]); start != 0 && end >= start {
			g.Partitions = append(g.Partitions, GPTPartition{
				Number: i + 1, Type: guidString(e[:16]), GUID: guidString(e[16:32]), Name: fromUTF16(e[56:128]),
				Start: start, Blocks: end - start + 1, Attributes: le.Uint64(e[48:])})
		}
	}
	return g, nil
}

// guidString writes a GUID, whose first three fields are little-endian.
func guidString(b []byte) string {
	id := uuid.UUID{b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6]}
	copy(id[8:], b[8:16])
	return strings.ToUpper(id.String())
}

func fromUTF16(b []byte) string {
	var units []uint16
	for i := 0; i+1 < len(b); i += 2 {
		u := binary.LittleEndian.Uint16(b[i:])
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return string(utf16.Decode(units))
}
