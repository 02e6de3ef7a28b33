package iso

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// Image is an opened ISO 9660 image, of this package or of another writer.
type Image struct {
	// The texts of the primary volume descriptor, without filling spaces.
	VolumeID, SystemID, Publisher, Preparer, Application string
	// Created and Modified are zero where the image does not say.
	Created, Modified time.Time
	// Blocks is the volume's size in sectors of 2048 bytes.
	Blocks uint32
	// RockRidge and Joliet tell which extensions there are. Names come from
	// the first one present, else from plain ISO 9660.
	RockRidge, Joliet bool
	// Catalog is the sector of the El Torito boot catalog, 0 without one.
	Catalog uint32
	// Boot are the entries of the boot catalog.
	Boot []BootEntry
	// BootCode tells that the MBR begins with code.
	BootCode bool
	// MBR are the used entries of the MBR, empty without one.
	MBR []MBRPartition
	// GPT is nil if there is none.
	GPT *GPT
	// Faults are what is wrong with the boot equipment, in words. They do not
	// keep files from being read.
	Faults []string

	r    io.ReaderAt
	size int64
	root Entry
	// useJoliet says that the tree is that of the supplementary descriptor.
	useJoliet bool
	// skip is how many bytes of each system use field are not SUSP.
	skip int
}

// maxDescriptors bounds the search for the terminator.
const maxDescriptors = 64

// Open reads what describes an image of size bytes. It fails if there is no
// ISO 9660 file system in it.
func Open(r io.ReaderAt, size int64) (*Image, error) {
	im := &Image{r: r, size: size}
	primary, joliet, err := im.readDescriptors()
	if err != nil {
		return nil, err
	}
	if err := im.readPrimary(primary); err != nil {
		return nil, err
	}
	if err := im.chooseTree(primary, joliet); err != nil {
		return nil, err
	}
	if im.Catalog != 0 {
		if err := im.readCatalog(); err != nil {
			im.Faults = append(im.Faults, fmt.Sprintf("boot catalog: %v", err))
		}
	}
	if err := im.readPartitions(); err != nil {
		im.Faults = append(im.Faults, fmt.Sprintf("partition table: %v", err))
	}
	return im, nil
}

// Size is that of the image in bytes.
func (im *Image) Size() int64 { return im.size }

// Missing is how many bytes an image lacks that was cut off, else 0.
func (im *Image) Missing() int64 {
	return max(0, int64(im.Blocks)*sectorSize-im.size)
}

// readAt reads a piece that must lie in the image.
func (im *Image) readAt(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off > im.size-n {
		return nil, fmt.Errorf("bytes %d to %d lie outside the image of %d bytes", off, off+n, im.size)
	}
	b := make([]byte, n)
	if got, err := im.r.ReadAt(b, off); got < len(b) {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	return b, nil
}

// readDescriptors finds the primary and the Joliet descriptor; the latter is
// nil if there is none.
func (im *Image) readDescriptors() (primary, joliet []byte, err error) {
	for i := range int64(maxDescriptors) {
		d, err := im.readAt((systemArea+i)*sectorSize, sectorSize)
		if err != nil {
			return nil, nil, fmt.Errorf("read volume descriptor: %w", err)
		}
		if string(d[1:6]) != standardID {
			if i == 0 {
				return nil, nil, errors.New("not an ISO 9660 image: no volume descriptor at sector 16")
			}
			break // some writers leave the terminator out
		}
		if d[0] == typeTerminator {
			break
		}
		switch {
		case d[0] == typePrimary && primary == nil:
			primary = d
		case d[0] == typeSupplementary && joliet == nil && isJoliet(d):
			joliet = d
		case d[0] == typeBootRecord && im.Catalog == 0 && bytes.HasPrefix(d[7:], []byte(elToritoID)):
			im.Catalog = binary.LittleEndian.Uint32(d[0x47:])
			if i != 1 {
				im.Faults = append(im.Faults, fmt.Sprintf(
					"the El Torito descriptor is at sector %d; firmware looks at sector 17 only", systemArea+i))
			}
		}
	}
	if primary == nil {
		return nil, nil, errors.New("not an ISO 9660 image: no primary volume descriptor")
	}
	return primary, joliet, nil
}

func isJoliet(d []byte) bool {
	escape := string(d[88:91])
	return escape == "%/@" || escape == "%/C" || escape == "%/E"
}

func (im *Image) readPrimary(d []byte) error {
	if size := binary.LittleEndian.Uint16(d[128:]); size != sectorSize {
		return fmt.Errorf("logical blocks of %d bytes; only 2048 are supported", size)
	}
	im.SystemID, im.VolumeID = trimmed(d[8:40]), trimmed(d[40:72])
	im.Publisher, im.Preparer, im.Application = trimmed(d[318:446]), trimmed(d[446:574]), trimmed(d[574:702])
	im.Blocks = binary.LittleEndian.Uint32(d[80:])
	im.Created, im.Modified = parseLongDate(d[813:830]), parseLongDate(d[830:847])
	return nil
}

func trimmed(b []byte) string {
	return strings.ToValidUTF8(string(bytes.TrimRight(b, " \x00")), "\uFFFD")
}

// chooseTree takes the primary tree if it has Rock Ridge, else Joliet's, else
// the primary tree as it is.
func (im *Image) chooseTree(primary, joliet []byte) error {
	im.Joliet = joliet != nil
	root, err := rootEntry(primary)
	if err != nil {
		return err
	}
	im.root = root
	if err := im.detectRockRidge(); err != nil {
		return fmt.Errorf("read the root directory: %w", err)
	}
	if im.RockRidge || joliet == nil {
		return nil
	}
	im.useJoliet = true
	im.root, err = rootEntry(joliet)
	return err
}

// parseLongDate is ECMA-119 8.4.26.1.
func parseLongDate(b []byte) time.Time {
	t, err := time.Parse("20060102150405", string(b[:14]))
	if err != nil {
		return time.Time{}
	}
	hundredths, _ := strconv.Atoi(string(b[14:16]))
	zone := time.Duration(int8(b[16])) * 15 * time.Minute
	return t.Add(time.Duration(hundredths)*10*time.Millisecond - zone)
}

// parseShortDate is ECMA-119 9.1.5, in seconds since 1970.
func parseShortDate(b []byte) int64 {
	if b[1] == 0 {
		return 0
	}
	t := time.Date(1900+int(b[0]), time.Month(b[1]), int(b[2]), int(b[3]), int(b[4]), int(b[5]), 0, time.UTC)
	return t.Unix() - int64(int8(b[6]))*15*60
}

// fromUCS2 decodes big-endian 16-bit units.
func fromUCS2(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}
