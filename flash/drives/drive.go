// Package drives finds the block devices of this computer: what they are,
// what lies on them, and which of them the running system stands on.
//
// It reads sysfs, mountinfo, swaps and udev's data, and writes nowhere.
package drives

import (
	"fmt"
	"slices"
	"time"
)

// Drive is a whole disk, not a partition. Texts that a device gives about
// itself (model, serial, labels) are cleaned of control and bidirectional
// characters.
type Drive struct {
	// Name is the kernel's ("sdb"), Path the device file ("/dev/sdb").
	Name string `json:"name"`
	Path string `json:"path"`
	// ByID are the stable links in /dev/disk/by-id, shortest useful one first.
	ByID   []string `json:"by_id,omitempty"`
	Vendor string   `json:"vendor,omitempty"`
	Model  string   `json:"model,omitempty"`
	Serial string   `json:"serial,omitempty"`
	// Bus is "usb", "nvme", "ata", "mmc", "virtio", "loop", "scsi" or "".
	Bus string `json:"bus,omitempty"`
	// Size in bytes; 0: no medium. SectorSize (logical) and PhysicalSize in bytes.
	Size         int64 `json:"size"`
	SectorSize   int   `json:"sector_size"`
	PhysicalSize int   `json:"physical_sector_size"`
	Removable    bool  `json:"removable"`
	ReadOnly     bool  `json:"read_only"`
	// Optical drives are listed, but written by other means.
	Optical bool `json:"optical,omitempty"`
	// Sequence is the kernel's diskseq: another medium in the same slot has
	// another number. 0: the kernel does not tell.
	Sequence uint64 `json:"sequence,omitempty"`
	// Major and Minor are the device number.
	Major uint32 `json:"major"`
	Minor uint32 `json:"minor"`
	// Parts are the partitions, in the order of their start. A file system on
	// the whole disk is one part with Number 0.
	Parts []Part `json:"parts,omitempty"`
	// System says why the running system needs this disk, one reason an
	// element ("/ lies on it through LVM volume vg-root on sda2"). Empty: it
	// does not.
	System []string `json:"system,omitempty"`
	// InUse says what uses it besides, mounts and holders through all layers
	// ("/media/me/KEYS lies on it through the LUKS volume luks-1 on sdb1").
	InUse []string `json:"in_use,omitempty"`
	// Held are those users that unmounting does not end: an array, a volume
	// group, a pool, a loop device on a file.
	Held []string `json:"held,omitempty"`
	// Mounted are all places where something on it is mounted, through any
	// layer, as the kernel writes them.
	Mounted []string `json:"mounted,omitempty"`
	// Seen is when these facts were read.
	Seen time.Time `json:"-"`
}

// Part is a partition, or the whole disk where there are none.
type Part struct {
	Number int    `json:"number"`
	Name   string `json:"name"`
	Path   string `json:"path"`
	Start  int64  `json:"start"` // bytes
	Size   int64  `json:"size"`  // bytes
	// FileSystem, Label and UUID as udev found them.
	FileSystem string `json:"file_system,omitempty"`
	Label      string `json:"label,omitempty"`
	UUID       string `json:"uuid,omitempty"`
	// Mounts are the places where it is mounted, directly.
	Mounts []string `json:"mounts,omitempty"`
	// Holders are devices above it ("dm-0 (vg-root)", "md0").
	Holders []string `json:"holders,omitempty"`
}

// Identity is what has to stay the same between choosing and writing.
type Identity struct {
	ByID     string `json:"by_id,omitempty"`
	Serial   string `json:"serial,omitempty"`
	Model    string `json:"model,omitempty"`
	Size     int64  `json:"size"`
	Sequence uint64 `json:"sequence,omitempty"`
}

// Identity of the drive as it is now.
func (d Drive) Identity() Identity {
	id := Identity{Serial: d.Serial, Model: d.Model, Size: d.Size, Sequence: d.Sequence}
	if len(d.ByID) > 0 {
		id.ByID = d.ByID[0]
	}
	return id
}

// Changed says in what the drive is not the one that was chosen; "" if nothing
// speaks against it. What the identity does not tell is not compared.
func (id Identity) Changed(d Drive) string {
	switch {
	case id.Serial != "" && id.Serial != d.Serial:
		return fmt.Sprintf("its serial number is %q, not %q", d.Serial, id.Serial)
	case id.ByID != "" && !slices.Contains(d.ByID, id.ByID):
		return fmt.Sprintf("it is not %s", id.ByID)
	case id.Model != "" && id.Model != d.Model:
		return fmt.Sprintf("it is a %q, not a %q", d.Model, id.Model)
	case id.Size != 0 && id.Size != d.Size:
		return fmt.Sprintf("its size is %d bytes, not %d", d.Size, id.Size)
	case id.Sequence != 0 && d.Sequence != 0 && id.Sequence != d.Sequence:
		return "it, or its medium, was exchanged or plugged in again"
	}
	return ""
}
